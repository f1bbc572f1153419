import { afterAll, expect, test } from 'vitest';
import { latin1Bytes } from '../../src/core/bytes.ts';
import { below, oneOf, type Random, randomOf } from '../../test/mutation.ts';
import { askRuby, rubyRunner } from '../../test/quickfix-acceptance.ts';
import { program, requirePeer } from '../../test/support/peer.ts';
import { tempDirectory } from '../../test/support/temp-directory.ts';
import { compare } from './compare.ts';
import { wireText } from './wire-text.ts';

const count = 20_000;

const tags = ['8', '9', '10', '34', '35', '42', '49', '52', '56', '58', '60', '112', '122', '052', '10x', ''];
const values = [
  'FIX.4.4',
  '5',
  '0',
  '123',
  '12',
  'Y',
  '',
  'a b',
  'a=b',
  'b=b',
  '=b',
  '=',
  '20261121-12:00:00',
  '20261121-12:00:00.123',
  'x20261121-12:00:00x',
  '2026112-12:00:00',
];

function randomField(random: Random): string {
  const [tag, value] = [oneOf(random, tags), oneOf(random, values)];
  return random() < 0.05 ? (tag ?? '') : `${tag}=${value}`;
}

function randomMessage(random: Random): string {
  const fields = Array.from({ length: below(random, 6) }, () => randomField(random));
  const end = oneOf(random, ['\u0001', '\u0001', '\u0001', '', '\u0001\u0001']) ?? '';
  return fields.length === 0 ? end : fields.join('\u0001') + end;
}

/** The message with a change, or none. */
function changed(message: string, random: Random): string {
  const fields = message.split('\u0001');
  const at = below(random, fields.length);
  const field = randomField(random);
  switch (below(random, 5)) {
    case 0:
      return message;
    case 1:
      return fields.toSpliced(at, 1, field).join('\u0001');
    case 2:
      return fields.toSpliced(at, 1).join('\u0001');
    case 3:
      return fields.toSpliced(at, 0, field).join('\u0001');
    default:
      return fields.map((one) => one.replace(/=.*/, `=${oneOf(random, values)}`)).join('\u0001');
  }
}

function hex(text: string): string {
  return Buffer.from(latin1Bytes(text)).toString('hex');
}

/** Shown with `|` for SOH, where one of them disagrees. */
function shown(text: string): string {
  return text.replaceAll('\u0001', '|');
}

requirePeer('the classes of the Ruby runner', program('ruby', ['--version'], 'apt-get install ruby'), () => {
  const folder = tempDirectory('ruby', afterAll);

  test(`its comparator gives the same verdict on ${count} pairs of messages`, async () => {
    const random = randomOf(20_261_121);
    const pairs = Array.from({ length: count }, () => {
      const expected = randomMessage(random);
      return [expected, changed(expected, random)] as const;
    });
    const questions = pairs.map(([left, right]) => `compare ${hex(left)} ${hex(right)}`);
    const theirs = await askRuby(rubyRunner(folder), questions);
    const ours = pairs.map(([left, right]) =>
      compare('quickfix', left, right).length === 0 ? 'same' : 'different',
    );
    const differing = pairs.flatMap(([left, right], at) =>
      ours[at] === theirs[at]
        ? []
        : [`${shown(left)} ~ ${shown(right)}: ours ${ours[at]}, theirs ${theirs[at]}`],
    );
    expect(differing.slice(0, 10)).toEqual([]);
    expect(ours.filter((verdict) => verdict === 'same').length).toBeGreaterThan(count / 10);
    expect(ours.filter((verdict) => verdict === 'different').length).toBeGreaterThan(count / 10);
  });

  test(`its lines go out as ours do, ${count} of them`, async () => {
    const random = randomOf(1);
    const lines = Array.from({ length: count }, () => {
      const front = oneOf(random, ['8=FIX.4.4\u0001', '8=FIX.4.4\u0001', '8=', '', '35=0\u0001']) ?? '';
      return front + randomMessage(random);
    });
    const theirs = await askRuby(
      rubyRunner(folder),
      lines.map((line) => `fixify ${hex(line)}`),
    );
    const none = { files: new Map<string, string>() };
    const differing = lines.flatMap((line, at) => {
      const ours = wireText({ kind: 'send', body: line }, none, 'quickfix', 0);
      if (hex(ours) === theirs[at]) return [];
      const other = Buffer.from(theirs[at] ?? '', 'hex').toString('latin1');
      return [`${shown(line)}: ours ${shown(ours)}, theirs ${shown(other)}`];
    });
    expect(differing.slice(0, 10)).toEqual([]);
  });
});
