import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { FixField } from '../../codecs/fix/index.ts';
import { writeFix } from '../../codecs/fix/index.ts';
import { tempDirectory } from '../../test/support/temp-directory.ts';
import { jsonLines, runCli } from './testing/in-process.ts';
import { logOf, reports } from './testing/messages.ts';

const stream = Buffer.concat(reports(12));

function file(bytes: Uint8Array, name = 'morning.fix'): string {
  const path = join(tempDirectory('cli-decode'), name);
  writeFileSync(path, bytes);
  return path;
}

describe('decode --json', () => {
  test('prints one line a frame with exactly the members of the contract', async () => {
    const { code, stdout, stderr } = await runCli(['decode', '--json', file(stream)]);
    const lines = jsonLines(stdout);
    expect({ code, stderr, count: lines.length }).toEqual({ code: 0, stderr: '', count: 12 });
    const members = [
      'format',
      'standard',
      'type',
      'name',
      'offset',
      'length',
      'ok',
      'issues',
      'message',
      'events',
    ];
    for (const line of lines) expect(Object.keys(line)).toEqual(members);
    expect(lines[0]).toMatchObject({
      format: 'fix',
      standard: 'FIX.4.4',
      type: '8',
      name: 'ExecutionReport',
      offset: 0,
      ok: true,
      issues: [],
      events: [{ type: 'trade.executed', data: { execId: '20E000001' } }],
    });
  });

  test('names garbage with its place and its reason, and ends with 1', async () => {
    const broken = Buffer.from(stream);
    const second = reports(1)[0]?.length ?? 0;
    broken[second + 60] = 0x21;
    const { code, stdout } = await runCli(['decode', '--json', '-'], { input: broken });
    const garbage = jsonLines(stdout).filter((line) => line['garbage'] === true);
    expect(code).toBe(1);
    expect(garbage).toHaveLength(1);
    expect(Object.keys(garbage[0] ?? {})).toEqual(['garbage', 'offset', 'length', 'why']);
    expect(garbage[0]).toMatchObject({ offset: second, why: expect.stringMatching(/^FIX_CHECKSUM: /) });
  });

  test('reads a FIX log by itself, and as a file of several', async () => {
    const log = file(logOf(reports(5)), 'fix.log');
    const { code, stdout } = await runCli(['decode', '--json', log, file(stream)]);
    expect(code).toBe(0);
    expect(jsonLines(stdout).map((line) => line['format'])).toEqual([
      ...Array(5).fill('fix-log'),
      ...Array(12).fill('fix'),
    ]);
  });

  test('an empty file has no lines and nothing wrong', async () => {
    expect(await runCli(['decode', '--json', '-'])).toEqual({ code: 0, stdout: '', stderr: '' });
  });

  test('law: the lengths of all lines add up to the file, whatever is in it', async () => {
    const sources = [stream, logOf(reports(12))];
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom('fix', 'fix-log'),
        fc.constantFrom(...sources),
        fc.array(fc.tuple(fc.nat(stream.length - 1), fc.nat(255)), { maxLength: 20 }),
        fc.nat(200),
        async (format, source, changes, cut) => {
          const bytes = Buffer.from(source.subarray(0, source.length - cut));
          for (const [at, value] of changes) bytes[at % bytes.length] = value;
          const { stdout } = await runCli(['decode', '--json', '--format', format, '-'], { input: bytes });
          let offset = 0;
          for (const line of jsonLines(stdout)) {
            expect(line['offset']).toBe(offset);
            offset += Number(line['length']);
          }
          expect(offset).toBe(bytes.length);
        },
      ),
      { numRuns: 60 },
    );
  });
});

describe('decode for people', () => {
  test('shows fields, words and events, and masks account numbers', async () => {
    const { stdout } = await runCli(['decode', file(stream)]);
    expect(stdout).toContain('FIX.4.4 ExecutionReport(8)  ok');
    expect(stdout).toMatch(/ 150=F +ExecType +Trade\n/);
    expect(stdout).toMatch(/=> trade\.executed {2}\S+ \d+ QSIM/);
    expect(stdout).toMatch(/ 1=\*{6}\d\d +Account/);
    expect(stdout).not.toMatch(/7Q1\d{5}/);
    expect((await runCli(['decode', '--unmasked', file(stream)])).stdout).toMatch(/7Q1\d{5}/);
  });

  test('says what is wrong beside the field that it is about, the second of two as well', async () => {
    const fields: readonly FixField[] = [
      [35, 'AE'],
      [49, 'A'],
      [56, 'B'],
      [34, '1'],
      [52, '20261110-14:30:00'],
      [571, 'T1'],
      [570, 'N'],
      [55, 'ACME'],
      [32, '5'],
      [31, '1'],
      [75, '20261110'],
      [60, '20261110-14:30:00'],
      [552, '2'],
      [54, '1'],
      [37, 'O1'],
      [54, 'Z'],
      [37, 'O2'],
      [1446, '1'],
    ];
    const { stdout } = await runCli(['decode', file(writeFix('FIX.4.4', fields))]);
    const lines = stdout.split('\n');
    const second = lines.findIndex((line) => /^ +- 54=Z +Side$/.test(line));
    expect(lines[second - 2]).toMatch(/^ +- 54=1 +Side +Buy$/);
    expect(lines[second - 1]).toMatch(/^ {9,}37=O1 +OrderID$/);
    expect(lines[second + 1]).toMatch(
      /\^ warning FIX_VALUE_ENUM: Side\(54\) does not list "Z" \(byte \d+\)$/,
    );
    expect(stdout).toMatch(/ 1446=1 +\(\w+, FIX\.5\.0SP2\)\n/);
  });

  test('shows what an envelope holds, and the text of encoded fields', async () => {
    const inner = Buffer.from(
      writeFix('FIX.4.2', [
        [35, '0'],
        [49, 'A'],
        [56, 'B'],
        [34, '1'],
        [52, '20261110-14:30:00'],
      ]),
    );
    const head: readonly FixField[] = [
      [49, 'V'],
      [56, 'US'],
      [34, '7'],
      [52, '20261110-14:30:00'],
    ];
    const envelope = writeFix('FIX.4.4', [[35, 'n'], ...head, [212, String(inner.length)], [213, inner]]);
    expect((await runCli(['decode', file(envelope)])).stdout).toMatch(
      / {2}holds FIX\.4\.2 Heartbeat\(0\)\n +8=FIX\.4\.2 +BeginString/,
    );
    const text = Buffer.from('注文');
    const news = writeFix('FIX.4.4', [
      [35, 'B'],
      ...head,
      [347, 'UTF-8'],
      [148, 'x'],
      [358, '6'],
      [359, text],
    ]);
    const path = file(news);
    expect(Buffer.from((await runCli(['decode', path])).stdout, 'latin1').toString('utf8')).toContain(
      'EncodedHeadline         "注文"',
    );
  });
});

describe('progress', () => {
  test('is shown on a terminal that nothing else is printed to, and nowhere else', async () => {
    const path = file(stream);
    const on = await runCli(['decode', '--json', path], { stderrIsTerminal: true });
    expect(on.stderr).toMatch(/\r.*morning\.fix 0\.0 MiB of 0\.0 MiB, 100 %\r[^ ]*$/);
    expect(jsonLines(on.stdout)).toHaveLength(12);
    expect((await runCli(['decode', path], { stderrIsTerminal: true, columns: 100 })).stderr).toBe('');
    expect((await runCli(['decode', path])).stderr).toBe('');
  });
});

test('ISO 15022 is decoded by the policy that the format names, and shows no password', async () => {
  const whole = [
    'DUMMYSECRET1PART111B515/000/GSCCGSCCTRRS',
    ':16R:GENL',
    ':20C::SEME//R1',
    ':16S:GENL',
    '-',
    '',
  ];
  const cut = Buffer.from(whole.join('\r\n').slice(0, -12));
  const read = async (format: string) =>
    (await runCli(['decode', '--json', '--format', format, '-'], { input: cut })).stdout;
  expect(jsonLines(await read('mt:strict'))).toMatchObject([{ garbage: true, length: cut.length }]);
  const [line] = jsonLines(await read('mt:repair'));
  expect(line).toMatchObject({ format: 'mt:repair', type: 'MT515', length: cut.length });
  expect(JSON.stringify(line)).not.toContain('DUMMYSECRET1');
  expect(JSON.stringify(line)).toContain('"repaired"');
});

describe('a format that is not known', () => {
  test('is said, with what is known', async () => {
    const path = file(Buffer.from('hello\n'), 'hello.txt');
    const { code, stdout, stderr } = await runCli(['decode', path, '--json']);
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect(JSON.parse(stderr)).toMatchObject({
      error: { code: 'UNKNOWN_FORMAT', place: path, remedy: expect.stringContaining('fix-log') },
    });
  });

  test('nor is a name of one that comes later', async () => {
    expect(await runCli(['decode', '--format', 'edi', '-'])).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('error UNKNOWN_FORMAT: "edi"'),
    });
  });
});

describe('rewrite', () => {
  test('law: gives the same bytes, whatever is in the file', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom('fix', 'fix-log'),
        fc.array(fc.tuple(fc.nat(stream.length - 1), fc.nat(255)), { maxLength: 5 }),
        async (format, changes) => {
          const bytes = Buffer.from(stream);
          for (const [at, value] of changes) bytes[at] = value;
          const { stdout } = await runCli(['rewrite', '-', '--format', format], { input: bytes });
          expect(Buffer.from(stdout, 'latin1').equals(bytes)).toBe(true);
        },
      ),
      { numRuns: 40 },
    );
  });

  test('says on standard error what is no message, and ends with 1', async () => {
    const { code, stderr } = await runCli(['rewrite', '-'], {
      input: Buffer.concat([stream, Buffer.from('8=FIX')]),
    });
    expect(code).toBe(1);
    expect(stderr).toMatch(/- at \d+: FIX_/);
  });
});

test.each([
  ['|', ''],
  ['^A', '\n'],
])('a log that writes %s for SOH is read as one', async (separator, end) => {
  const [message] = reports(1);
  const text =
    Buffer.from(message ?? '')
      .toString('latin1')
      .replaceAll('\u0001', separator) + end;
  const { code, stdout } = await runCli(['decode', '--json', '-'], { input: text });
  expect(code).toBe(0);
  expect(jsonLines(stdout)).toMatchObject([{ format: 'fix-log', type: '8', ok: true, length: text.length }]);
});
