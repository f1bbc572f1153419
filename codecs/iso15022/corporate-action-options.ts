import type { AmountSaid, MovementSaid, OptionSaid, RatioSaid } from '../../src/contract/corporate-action.ts';
import { accountOf, type FieldReader, securityOf } from './corporate-action-fields.ts';
import { amountSaid, quantitySaid, ratioSaid } from './corporate-action-values.ts';
import { findFields, type MtSequence, sequencesIn } from './tree.ts';

/** What CAOPTN of MT564 or CACONF of MT566 says. Source: ISO 15022, MT564 sequence E, MT566 sequence D. */
export function optionsIn(sequence: MtSequence, reader: FieldReader): OptionSaid {
  const one = (path: string): string | undefined => findFields(sequence, path)[0]?.content;
  const isDefault = one('17B::DFLT');
  return {
    number: one('13A::CAON') ?? '',
    type: one('22a::CAOP') ?? '',
    isDefault: isDefault === undefined ? undefined : isDefault === 'Y',
    status: one('22F::OSTA'),
    fractions: one('22F::DISF'),
    currency: one('11A::OPTN'),
    dates: reader.dates(sequence),
    rates: reader.rates(sequence),
    movements: sequencesIn(sequence).flatMap((inner): readonly MovementSaid[] => {
      if (inner.code === 'SECMOVE') return movementIn(inner, 'securities', reader);
      return inner.code === 'CASHMOVE' ? movementIn(inner, 'cash', reader) : [];
    }),
  };
}

/** Nothing, where 22H::CRDB does not say the direction: that is a problem, or a missing field. */
function movementIn(
  sequence: MtSequence,
  kind: 'securities' | 'cash',
  reader: FieldReader,
): readonly MovementSaid[] {
  const one = (path: string) => findFields(sequence, path)[0];
  const direction = reader.read(one('22H::CRDB'), ({ content }) => directions.get(content));
  if (direction === undefined) return [];
  const shared = {
    kind,
    direction,
    fractions: one('22F::DISF')?.content,
    dates: reader.dates(sequence),
    rates: reader.rates(sequence),
  };
  if (kind === 'securities') {
    const moved = reader.read(one('36B::PSTA') ?? one('36B::ENTL'), ({ content }) => quantitySaid(content));
    return [
      {
        ...shared,
        security: securityOf(one('35B')?.value),
        quantity: moved?.quantity,
        unit: moved?.unit,
        ratio: ratioIn(sequence, reader),
      },
    ];
  }
  const amounts = findFields(sequence, '19B')
    .map((field) => reader.read(field, amountSaid))
    .filter((one): one is AmountSaid => one !== undefined);
  const moved = amounts.find(({ type }) => type === 'PSTA') ?? amounts.find(({ type }) => type === 'ENTL');
  return [
    {
      ...shared,
      amount: moved?.amount,
      currency: moved?.currency,
      amounts: amounts.filter((one) => one !== moved),
      account: accountOf(one('97a::CASH')),
    },
  ];
}

const directions = new Map<string, 'credit' | 'debit'>([
  ['CRED', 'credit'],
  ['DEBT', 'debit'],
]);

function ratioIn(sequence: MtSequence, reader: FieldReader): RatioSaid | undefined {
  return reader.read(findFields(sequence, '92D')[0], ratioSaid);
}
