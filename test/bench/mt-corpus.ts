import { iso15022Codec } from '../../codecs/iso15022/index.ts';
import { samplesOf } from '../codec-suite.ts';

/**
 * A stream of ISO 15022 messages: every sample with which nothing is wrong by structure, code lists and rules, in turns, each with
 * numbers of its own where it has some. Source of the messages: `codecs/iso15022/samples`, written by us.
 */
export function mtCorpus(count: number): readonly Buffer[] {
  const strict = iso15022Codec({ policy: 'strict' });
  const good = samplesOf(strict)
    .map(({ bytes }) => Buffer.from(bytes))
    .filter((bytes) => {
      const { message, issues } = strict.decode({ bytes });
      return message?.structure !== undefined && !message.envelope.service && issues.every(isInfo);
    });
  return Array.from({ length: count }, (_, number) => numbered(good[number % good.length], number));
}

function isInfo({ severity }: { readonly severity: string }): boolean {
  return severity === 'info';
}

/** The same message with another reference: digits stay digits. */
function numbered(bytes: Buffer | undefined, number: number): Buffer {
  const text = bytes?.toString('latin1') ?? '';
  const digits = String(number % 10_000).padStart(4, '0');
  return Buffer.from(text.replace(/(:20C::SEME\/\/[^\r\n]*?)\d{4}(?=\r?\n)/, `$1${digits}`), 'latin1');
}
