import type {
  AccountSaid,
  AmountSaid,
  CorporateActionSaid,
  CorporateActionStatus,
  DateSaid,
  ElectionSaid,
  MovementSaid,
  OptionSaid,
  QuantityUnit,
  RateSaid,
  SaidSecurity,
} from '../../src/contract/corporate-action.ts';
import tables from './tables/corporate-action.json' with { type: 'json' };
import { type WriteOptions, type WrittenField, writeMt } from './write.ts';

export interface CorporateActionMtOptions {
  readonly lineEnd?: '\r\n' | '\n';
  /** False: a bare block 4, even where sender and receiver are known. */
  readonly envelope?: boolean;
}

/**
 * The bytes of the MT564, 565, 566, 567 or 568 that says this, in the order of the standard. Values are written as they
 * stand: `compose` judges them, this does not. A statement has no message in ISO 15022: it is written as an MT564.
 * Source: ISO 15022, MT564 to MT568.
 */
export function writeCorporateActionMt(
  said: CorporateActionSaid,
  options: CorporateActionMtOptions = {},
): Uint8Array {
  const types: Readonly<Record<string, string>> = tables.types;
  const type = types[said.message] ?? '564';
  const fields = [...general(said), ...body(said)];
  const line: WriteOptions = options.lineEnd === undefined ? {} : { lineEnd: options.lineEnd };
  const { sender, receiver } = said;
  if (sender === undefined || receiver === undefined || options.envelope === false)
    return writeMt(type, fields, line);
  const inputTime = digitsOf(said.preparedAt ?? '2000-01-01T00:00:00Z').slice(2, 12);
  return writeMt(type, fields, { ...line, envelope: { sender, receiver, inputTime } });
}

function general(said: CorporateActionSaid): WrittenField[] {
  const { page, preparedAt } = said;
  const processing = tables.processing.find(
    ({ completeness, confirmed }) => completeness === said.completeness && confirmed === said.confirmed,
  );
  const pages = page?.number === 1 && page.last ? 'ONLY' : page?.last ? 'LAST' : 'MORE';
  const links = [
    ...given('20C', 'PREV', said.previousId),
    ...given('20C', 'RELA', said.instructionId),
    ...(said.linkedEvents ?? []).flatMap((id) => given('20C', 'CORP', id)),
  ];
  return sequence('GENL', [
    ...(page === undefined ? [] : [['28E', `${page.number}/${pages}`] as const]),
    ...given('20C', 'CORP', said.eventId),
    ...given('20C', 'SEME', said.messageId),
    ...given('20C', 'COAF', said.officialId),
    ['23G', said.function],
    ...given('22F', 'CAEV', said.kind),
    ...given('22F', 'CAMV', said.participation),
    ...given('98E', 'PREP', preparedAt === undefined ? undefined : `${digitsOf(preparedAt)}/00`),
    ...given('25D', 'PROC', processing?.code),
    ...links.flatMap((link) => sequence('LINK', [link])),
    ...(said.statuses ?? []).flatMap(status),
    ...(said.reversalReason === undefined ? [] : sequence('REVR', given('24B', 'REVR', said.reversalReason))),
  ]);
}

function status({ kind, code, scheme = '', reasons, text }: CorporateActionStatus): WrittenField[] {
  const words = given('70D', 'REAS', text === undefined ? undefined : wrapped(text));
  return sequence('STAT', [
    ['25D', `:${kind}/${scheme}/${code}`],
    ...reasons.flatMap((reason, index) =>
      sequence('REAS', [
        ['24B', `:${code}/${reason.scheme ?? ''}/${reason.code}`],
        ...(index === 0 ? words : []),
      ]),
    ),
  ]);
}

function body(said: CorporateActionSaid): WrittenField[] {
  switch (said.message) {
    case 'status':
      return [...statusDetails(said), ...additional(said)];
    case 'instruction':
    case 'instruction-cancellation':
      return [...underlying(said), ...election(said.election)];
    case 'confirmation':
      return [
        ...underlying(said),
        ...details(said),
        ...(said.options ?? []).flatMap((one) => option(one, 'CACONF')),
        ...additional(said),
      ];
    case 'narrative':
      return [...underlying(said), ...additional(said)];
    default:
      return [
        ...underlying(said),
        ...details(said),
        ...(said.options ?? []).flatMap((one) => option(one, 'CAOPTN')),
        ...additional(said),
      ];
  }
}

/** MT566 and MT568 have one account and hold it in USECU itself; MT564 and MT565 in ACCTINFO. */
function underlying({ message, security, accounts = [] }: CorporateActionSaid): WrittenField[] {
  if (message === 'confirmation' || message === 'narrative') {
    const [only] = accounts;
    return sequence('USECU', [
      ...(only === undefined ? given('97C', 'SAFE', 'GENR') : given('97A', 'SAFE', only.account)),
      ...securityField(security),
      ...balances(only),
    ]);
  }
  const infos = accounts.flatMap((one) =>
    sequence('ACCTINFO', [...given('97A', 'SAFE', one.account), ...balances(one)]),
  );
  const all = sequence('ACCTINFO', [['97C', ':SAFE//GENR']]);
  return sequence('USECU', [...securityField(security), ...(accounts.length === 0 ? all : infos)]);
}

function balances(account: AccountSaid | undefined): WrittenField[] {
  return (account?.balances ?? []).flatMap(({ type, quantity, unit }) =>
    given('93B', type, `${unitCode(unit)}/${quantity.startsWith('-') ? 'N' : ''}${comma(quantity)}`),
  );
}

function details({ dates = [], rates = [], processes = [] }: CorporateActionSaid): WrittenField[] {
  const fields = [
    ...dateFields(dates),
    ...rates.flatMap(rate),
    ...processes.flatMap((code) => given('22F', 'ADDB', code)),
  ];
  return fields.length === 0 ? [] : sequence('CADETL', fields);
}

function statusDetails({ election: said, accounts = [], security }: CorporateActionSaid): WrittenField[] {
  if (said === undefined && accounts.length === 0) return [];
  return sequence('CADETL', [
    ...given('13A', 'CAON', said?.number),
    ...given('22F', 'CAOP', said?.type),
    ...given('97A', 'SAFE', accounts[0]?.account),
    ...securityField(security),
    ...quantity('STAQ', said?.quantity, said?.unit),
  ]);
}

function election(said: ElectionSaid | undefined): WrittenField[] {
  if (said === undefined) return [];
  const money = said.amount === undefined ? undefined : `${said.currency ?? ''}${comma(said.amount)}`;
  return sequence('CAINST', [
    ...given('13A', 'CAON', said.number),
    ...given('22F', 'CAOP', said.type),
    ...quantity('QINS', said.quantity, said.unit),
    ...given('36C', 'QINS', said.quantityCode),
    ...given('19B', 'INST', money),
    ...given('70E', 'INST', said.text === undefined ? undefined : wrapped(said.text)),
  ]);
}

function option(said: OptionSaid, code: 'CAOPTN' | 'CACONF'): WrittenField[] {
  return sequence(code, [
    ...given('13A', 'CAON', said.number),
    ...given('22F', 'CAOP', said.type),
    ...given('22F', 'DISF', said.fractions),
    ...given('22F', 'OSTA', said.status),
    ...given('11A', 'OPTN', said.currency),
    ...given('17B', 'DFLT', said.isDefault === undefined ? undefined : said.isDefault ? 'Y' : 'N'),
    ...dateFields(said.dates ?? []),
    ...(said.rates ?? []).flatMap(rate),
    ...(said.movements ?? []).flatMap((one) => movement(one, code === 'CACONF' ? 'PSTA' : 'ENTL')),
  ]);
}

function movement(said: MovementSaid, moved: 'PSTA' | 'ENTL'): WrittenField[] {
  const { ratio } = said;
  const head = given('22H', 'CRDB', said.direction === 'credit' ? 'CRED' : 'DEBT');
  const terms = (said.rates ?? []).flatMap(rate);
  const days = dateFields(said.dates ?? []);
  if (said.kind === 'securities') {
    const share = ratio && `${comma(ratio.numerator)}/${comma(ratio.denominator)}`;
    return sequence('SECMOVE', [
      ...head,
      ...securityField(said.security),
      ...quantity(moved, said.quantity, said.unit),
      ...given('22F', 'DISF', said.fractions),
      ...terms.filter(([tag]) => tag.startsWith('90')),
      ...(ratio === undefined ? [] : given('92D', ratio.type, share)),
      ...terms.filter(([tag]) => tag.startsWith('92')),
      ...days,
    ]);
  }
  const main =
    said.amount === undefined ? [] : [{ type: moved, amount: said.amount, currency: said.currency ?? '' }];
  return sequence('CASHMOVE', [
    ...head,
    ...given('97A', 'CASH', said.account),
    ...[...main, ...(said.amounts ?? [])].flatMap(amount),
    ...days,
    ...terms.filter(([tag]) => tag.startsWith('92')),
    ...terms.filter(([tag]) => tag.startsWith('90')),
  ]);
}

function additional({ text, message }: CorporateActionSaid): WrittenField[] {
  if (text === undefined) return message === 'narrative' ? sequence('ADDINFO', []) : [];
  return sequence('ADDINFO', given('70E', 'ADTX', wrapped(text)));
}

function securityField(security: SaidSecurity | undefined): WrittenField[] {
  if (security === undefined) return [];
  const lines = [
    ...(security.isin === undefined ? [] : [`ISIN ${security.isin}`]),
    ...(security.cusip === undefined ? [] : [`/US/${security.cusip}`]),
  ];
  return [['35B', lines.join('\n')]];
}

/** Dates by their formats; the two ends of a period in one field 69. */
function dateFields(dates: readonly DateSaid[]): WrittenField[] {
  const single = dates.filter(({ type }) => !type.includes('/'));
  const begins = dates.filter(({ type }) => type.endsWith('/from'));
  return [
    ...single.flatMap(({ type, date, time, code }) => {
      if (time?.endsWith('Z')) return given('98E', type, `${digitsOf(time)}/00`);
      if (time !== undefined) return given('98C', type, digitsOf(time));
      return date === undefined ? given('98B', type, code) : given('98A', type, digitsOf(date));
    }),
    ...begins.flatMap((begin) => {
      const type = begin.type.slice(0, 4);
      const end = dates.find((one) => one.type === `${type}/to`);
      const times = begin.time !== undefined && end?.time !== undefined;
      return given(times ? '69B' : '69A', type, `${momentText(begin)}/${momentText(end)}`);
    }),
  ];
}

function momentText(said: DateSaid | undefined): string {
  return said?.code ?? digitsOf(said?.time ?? said?.date ?? '');
}

function rate({ type, value, currency, code }: RateSaid): WrittenField[] {
  const number =
    value === undefined ? '' : `${value.startsWith('-') ? 'N' : ''}${currency ?? ''}${comma(value)}`;
  if (tables.prices.includes(type)) {
    if (value === undefined) return given('90E', type, code);
    return currency === undefined
      ? given('90A', type, `${code ?? 'PRCT'}/${number}`)
      : given('90B', type, `${code ?? 'ACTU'}/${number}`);
  }
  if (value === undefined) return given('92K', type, code);
  if (code !== undefined) return given(currency === undefined ? '92R' : '92J', type, `${code}/${number}`);
  return given(currency === undefined ? '92A' : '92F', type, number);
}

function amount({ type, amount: value, currency }: AmountSaid): WrittenField[] {
  return given('19B', type, `${value.startsWith('-') ? 'N' : ''}${currency}${comma(value)}`);
}

function quantity(type: string, value: string | undefined, unit: QuantityUnit | undefined): WrittenField[] {
  return given('36B', type, value === undefined ? undefined : `${unitCode(unit)}/${comma(value)}`);
}

function unitCode(unit: QuantityUnit | undefined): string {
  return unit === 'face' ? 'FAMT' : 'UNIT';
}

function sequence(code: string, fields: readonly WrittenField[]): WrittenField[] {
  return [['16R', code], ...fields, ['16S', code]];
}

function given(tag: string, qualifier: string, value: string | undefined): WrittenField[] {
  return value === undefined || value === '' ? [] : [[tag, `:${qualifier}//${value}`]];
}

/** The decimal comma is mandatory, also behind a whole number; a minus is said in front of the currency. */
function comma(decimal: string): string {
  const digits = decimal.replace('-', '');
  return digits.includes('.') ? digits.replace('.', ',') : `${digits},`;
}

/** `20261112063000` of `2026-11-12T06:30:00Z`. */
function digitsOf(time: string): string {
  return time.replace(/\D/g, '').slice(0, 14);
}

/** Narrative in lines of at most 35 characters, broken at blanks; no line may begin like a field or the end. */
function wrapped(text: string): string {
  const lines: string[] = [];
  for (const word of text.split(/\s+/).filter((part) => part !== '')) {
    const last = lines.at(-1);
    if (last !== undefined && last.length + 1 + word.length <= 35)
      lines[lines.length - 1] = `${last} ${word}`;
    else if (/^[:-]/.test(word) && last !== undefined) lines[lines.length - 1] = `${last} ${word}`;
    else lines.push(word);
  }
  return lines.join('\n');
}
