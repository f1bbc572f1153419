import type { StatedPenalty } from '../../src/contract/statement.ts';
import type { Issue } from '../../src/core/issue.ts';
import { moneyOf, securityOf, sequenceReader } from './statement-values.ts';
import { findFields, findSequences, type MtSequence, sequencesIn } from './tree.ts';
import { dateOf } from './values.ts';

/**
 * The penalties of a PENA of MT537: one for each PENDET of each counterparty of each currency. Positive is what the party
 * is entitled to. Source: ISO 15022, MT537, sequence D, field 19A::AMCO.
 */
export function penaltiesIn(pena: MtSequence, problems: Issue[]): readonly StatedPenalty[] {
  return sequencesIn(pena, 'PENACUR').flatMap((currency) => {
    const party = findFields(currency, '95a::ASPT')[0]?.content;
    return sequencesIn(currency, 'PENACOUNT').flatMap((count) => {
      const counterparty = findFields(count, '95a::PANP')[0]?.content;
      return sequencesIn(count, 'PENDET').flatMap((details) =>
        penaltyIn(details, { party, counterparty }, problems),
      );
    });
  });
}

function penaltyIn(
  details: MtSequence,
  between: Pick<StatedPenalty, 'party' | 'counterparty'>,
  problems: Issue[],
): readonly StatedPenalty[] {
  const reader = sequenceReader(details, problems);
  const money = reader.need('19A::AMCO', moneyOf);
  if (money === undefined) return [];
  const [computed] = sequencesIn(details, 'CALDET');
  const day =
    computed === undefined ? undefined : sequenceReader(computed, problems).read('98a::PEDA', dateOf);
  const security = findSequences(details, 'CALDET/FIA').flatMap((fia) => findFields(fia, '35B'))[0];
  const references = sequencesIn(details, 'RELTRAN').flatMap((inner) => findFields(inner, '20a'));
  const instruction = references.find(({ qualifier }) => qualifier === 'RELA' || qualifier === 'ACOW');
  return [
    {
      ...securityOf(security?.value ?? ''),
      ...between,
      reference: reader.content('20C::PREF') ?? reader.content('20C') ?? '',
      instructionId: instruction?.content,
      type: reader.content('22H::PNTP'),
      amount: money.amount,
      currency: money.currency,
      date: day,
      status: reader.content('25D::PNST'),
    },
  ];
}
