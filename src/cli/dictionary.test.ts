import { readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { writeFix } from '../../codecs/fix/index.ts';
import { tempDirectory } from '../../test/support/temp-directory.ts';
import { jsonLines, runCli } from './testing/in-process.ts';

const samples = new URL('../../codecs/fix/dictionaries/samples/', import.meta.url);
const dropCopy = new URL('drop-copy.yaml', samples).pathname;
const venue = new URL('venue-orchestra.xml', samples).pathname;

function broken(): string {
  const path = join(tempDirectory('dictionary'), 'broken.yaml');
  writeFileSync(path, readFileSync(dropCopy, 'utf8').replace('LastShares', 'LastQty'));
  return path;
}

describe('dictionary check', () => {
  test('tells what is wrong, where, and what to do', async () => {
    const path = broken();
    const { code, stdout } = await runCli(['dictionary', 'check', path]);
    expect(code).toBe(1);
    expect(stdout).toMatch(/error DICTIONARY_REFERENCE: there is no field "LastQty"/);
    expect(stdout).toContain(`at     ${path}:38:15  messages.8.require.0`);
    expect(stdout).toMatch(/mend {3}Mend the name/);
    const [line] = jsonLines((await runCli(['dictionary', 'check', '--json', path])).stdout);
    expect(line).toMatchObject({
      ok: false,
      path,
      findings: [{ code: 'DICTIONARY_REFERENCE', at: { line: 38 } }],
    });
  });

  test('says what a good one is', async () => {
    const { code, stdout } = await runCli(['dictionary', 'check', '--json', dropCopy, venue]);
    expect(code).toBe(0);
    expect(jsonLines(stdout)).toMatchObject([
      {
        ok: true,
        name: 'example-drop-copy',
        form: 'dialect',
        version: 'FIX.4.2',
        messages: 47,
        findings: [],
      },
      { ok: true, form: 'Orchestra XML', version: 'FIX.4.4', messages: 3, fields: 17 },
    ]);
  });

  test.each([
    [['FIX44'], 'did you mean FIX.4.4'],
    [['./none.yaml'], 'CLI_SYSTEM'],
  ])('%s is told with a remedy', async (files, says) => {
    const { code, stderr } = await runCli(['dictionary', 'check', ...files]);
    expect([code, stderr.includes(says)]).not.toContain(false);
    expect(code).toBeGreaterThan(1);
  });
});

test('a dictionary is known by what it is, whatever its file is called', async () => {
  const path = join(tempDirectory('dictionary'), 'venue');
  writeFileSync(path, readFileSync(dropCopy));
  const { code, stdout } = await runCli(['dictionary', 'check', 'venue'], { directory: dirname(path) });
  expect([code, stdout]).toEqual([0, expect.stringContaining('dialect of FIX.4.2')]);
});

test('a number in XML that is none is shown, and what stands twice is called so', async () => {
  const path = join(tempDirectory('dictionary'), 'x.xml');
  const xml = (number: string): string => `<fix type='FIX' major='4' minor='4'><header/><trailer/>
<messages><message name='Note' msgtype='U1' msgcat='app'><field name='Text' required='N'/></message></messages>
<components/>
<fields><field number='58' name='Text' type='STRING'/><field number='${number}' name='Other' type='STRING'/></fields></fix>`;
  writeFileSync(path, xml('x1'));
  expect((await runCli(['dictionary', 'check', path])).stdout).toContain(
    'DICTIONARY_ATTRIBUTE: number: a tag from 1 to 99999, not "x1"',
  );
  writeFileSync(path, xml('58'));
  expect((await runCli(['dictionary', 'check', path])).stdout).toContain(
    'DICTIONARY_TWICE: the number 58 stands twice',
  );
});

describe('dictionary diff', () => {
  test('of one says how it departs from its version', async () => {
    const { code, stdout } = await runCli(['dictionary', 'diff', dropCopy]);
    expect(code).toBe(1);
    expect(stdout).toContain(
      'What is sent by FIX.4.2 can be refused:\n  the header needs LastMsgSeqNumProcessed(369)',
    );
    expect(stdout).toContain('XMLnonFIX(n) is a new message');
    expect(stdout).toContain('4 more differ in names only (--words shows them)');
    expect((await runCli(['dictionary', 'diff', '--words', dropCopy])).stdout).toContain(
      'ExecTransType(20): 2 means TradeCorrection, not Correct',
    );
  });

  test('of two says how the second departs from the first, each in words and in data', async () => {
    const { stdout } = await runCli(['dictionary', 'diff', '--json', 'FIX.4.2', dropCopy]);
    const lines = jsonLines(stdout);
    expect(lines).toHaveLength(31);
    expect(lines).toContainEqual({
      kind: 'required-now',
      weight: 'asks',
      tag: 369,
      messages: ['header'],
      text: 'the header needs LastMsgSeqNumProcessed(369)',
    });
  });

  test('of the same is nothing, and exit code 0', async () => {
    const { code, stdout } = await runCli(['dictionary', 'diff', 'FIX.5.0SP2', 'FIX.5.0SP2']);
    expect([code, stdout]).toEqual([0, 'FIX.5.0SP2 says the same as FIX.5.0SP2\n']);
    expect((await runCli(['dictionary', 'diff', 'FIX.4.2', 'FIX.4.3', 'FIX.4.4'])).code).toBe(2);
  });
});

describe('dictionary show', () => {
  test('shows a message with groups and what is required', async () => {
    const { stdout } = await runCli(['dictionary', 'show', 'FIX.4.4', 'TradeCaptureReport']);
    expect(stdout).toContain('    571! TradeReportID');
    expect(stdout).toContain(
      '    552! NoSides                      numingroup            TrdCapRptSideGrp\n         54! Side',
    );
    const [line] = jsonLines((await runCli(['dictionary', 'show', '--json', 'FIX.4.4', 'AP'])).stdout);
    expect(line).toMatchObject({
      type: 'AP',
      members: expect.arrayContaining([expect.objectContaining({ tag: 453 })]),
    });
  });

  test('shows a field with values, messages and its history', async () => {
    const { stdout } = await runCli(['dictionary', 'show', 'FIX.4.4', '54']);
    expect(stdout).toContain('Side(54)  CHAR\n       1  Buy\n');
    expect(stdout).toContain('FIX.4.1: 7 Undisclosed, 8 Cross');
    const [line] = jsonLines(
      (await runCli(['dictionary', 'show', '--json', dropCopy, 'MDTradeEntryID'])).stdout,
    );
    const types = jsonLines((await runCli(['dictionary', 'show', '--json', dropCopy, 'MsgType'])).stdout)[0];
    expect(types).toMatchObject({ tag: 35, values: { n: 'XMLnonFIX', 8: 'ExecutionReport' } });
    expect(line).toMatchObject({ tag: 37711, type: 'STRING', messages: ['8'], history: [] });
  });

  test('is no wider than the terminal, however many messages hold a field', async () => {
    const { stdout } = await runCli(['dictionary', 'show', 'FIX.4.4', '54'], { columns: 80 });
    const lines = stdout.replace(/\u001b\[\d+m/g, '').split('\n');
    expect(lines.filter((line) => line.length > 80)).toEqual([]);
    expect(lines).toContainEqual(expect.stringMatching(/^ {2}in IOI\(6\), ExecutionReport\(8\), /));
  });

  test.each([
    ['Sidee', 'did you mean Side?'],
    ['TradeCaptureReprt', 'did you mean TradeCaptureReport?'],
    ['1430', 'no message and no field "1430" (VenueType, FIX.5.0SP2)'],
  ])('of %s, which is not there, says what may be meant', async (what, said) => {
    const { code, stderr } = await runCli(['dictionary', 'show', 'FIX.4.4', what]);
    expect([code, stderr]).toEqual([2, expect.stringContaining(said)]);
  });

  test('shows what can be both as both, and all messages of one', async () => {
    const both = jsonLines((await runCli(['dictionary', 'show', '--json', 'FIX.4.4', '8'])).stdout);
    expect(both.map(({ name }) => name)).toEqual(['ExecutionReport', 'BeginString']);
    const all = jsonLines((await runCli(['dictionary', 'show', '--json', 'FIX.4.2'])).stdout);
    expect(all).toHaveLength(46);
    expect((await runCli(['dictionary', 'show', 'FIX.4.2', 'Nothing'])).code).toBe(2);
  });
});

describe('decode --dictionary', () => {
  const message = writeFix('FIX.4.2', [
    [35, 'n'],
    [49, 'VENUE'],
    [56, 'US'],
    [34, '7'],
    [52, '20261110-14:30:00'],
    [369, '3'],
    [37711, 'E'],
  ]);

  test('reads by a dictionary of one own', async () => {
    const path = join(tempDirectory('dictionary'), 'copy.fix');
    writeFileSync(path, message);
    const plain = jsonLines((await runCli(['decode', '--json', path])).stdout)[0];
    const own = jsonLines((await runCli(['decode', '--json', '--dictionary', dropCopy, path])).stdout)[0];
    expect(plain).toMatchObject({ issues: [{ code: 'FIX_MSG_TYPE_LATER' }] });
    expect(own).toMatchObject({ format: 'fix', name: 'XMLnonFIX', issues: [] });
    expect(JSON.stringify(own)).toContain('"name":"MDTradeEntryID"');
  });

  test('says what is wrong with the dictionary, or that the bytes are no FIX', async () => {
    const wrong = await runCli(['decode', '--json', '--dictionary', broken(), '-'], { input: message });
    expect(JSON.parse(wrong.stderr)).toMatchObject({ error: { code: 'DICTIONARY_UNUSABLE' } });
    const other = await runCli(['decode', '--dictionary', dropCopy, '--format', 'mx', '-'], {
      input: '<Document/>',
    });
    expect([other.code, other.stderr.includes('a dictionary reads FIX')]).toEqual([2, true]);
  });
});
