import { latin1Text, shownText } from '../core/bytes.ts';
import type { DifferingRecord, FileDifference, RecordText } from '../gateway/index.ts';
import type { Paint } from './terminal.ts';

/** What a held restatement says otherwise than the file that is booked: how many records, and the first of each kind. */
export function differenceLines(difference: FileDifference, unmasked: boolean, paint: Paint): string[] {
  const kinds = ['changed', 'added', 'gone'] as const;
  const counts = kinds.map((kind) => `${difference[kind].count} ${kind}`).join(', ');
  const same = kinds.every((kind) => difference[kind].count === 0);
  const head = same
    ? 'against the booked file: the same records, at most in another order'
    : `against the booked file: ${counts}`;
  const lines = kinds.flatMap((kind) => {
    const { count, first } = difference[kind];
    const more = count - first.length;
    return [
      ...first.flatMap((one) => recordLines(kind, one, unmasked, paint)),
      ...(more > 0 ? [`    and ${more} more ${kind}`] : []),
    ];
  });
  return ['', `  ${paint('strong', head)}`, ...lines];
}

function recordLines(kind: string, one: DifferingRecord, unmasked: boolean, paint: Paint): string[] {
  const { booked, restated } = one;
  const side = (text: RecordText | undefined, sign: string): string[] =>
    text === undefined ? [] : textLines(shownOf(text, unmasked)).map((line) => `      ${sign} ${line}`);
  return [
    `    ${kind}: ${placeOf(one)}`,
    ...side(booked, '-').map((line) => paint('bad', line)),
    ...side(restated, '+').map((line) => paint('good', line)),
  ];
}

function placeOf({ booked, restated }: DifferingRecord): string {
  const was = `record ${booked?.record} of the booked one`;
  if (restated === undefined) return was;
  const is = `record ${restated.record}`;
  return booked === undefined || booked.record === restated.record ? is : `${is}, ${was}`;
}

function shownOf({ shown, bytes }: RecordText, unmasked: boolean): string {
  return unmasked ? shownText(latin1Text(Buffer.from(bytes, 'base64')), 4096) : shown;
}

/** Shown bytes as the lines that they are: a file, a SWIFT message and XML have line ends of their own. */
export function textLines(shown: string): readonly string[] {
  return shown.replace(/(?:\\x0d)?\\x0a$/, '').split(/(?:\\x0d)?\\x0a/);
}
