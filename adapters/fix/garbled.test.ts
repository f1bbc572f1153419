import { describe, expect, onTestFinished, test } from 'vitest';
import { fixIssue } from '../../codecs/fix/issues.ts';
import { connectRaw, logon } from '../../test/support/raw-peer.ts';
import { writeMessage, writeSum } from './compose.ts';
import type { FixSessionOptionsInput } from './options.ts';
import { greeted } from './testing/expect-transcript.ts';
import { stand } from './testing/loopback.ts';
import { type Bench, bench, play, shownEntry } from './testing/transcript.ts';
import { fixTime } from './time.ts';

/** A TestRequest(1) of theirs, whole; its bytes are spoilt by who asks for it. */
function request(table: Bench, number: number, type = '1'): string {
  const header = [
    [34, String(number)],
    [49, 'THEM'],
    [52, fixTime(table.now, 'milliseconds')],
    [56, 'US'],
  ] as const;
  return Buffer.from(writeMessage('FIX.4.4', type, header, [[112, 'T']])).toString('latin1');
}

function summed(text: string): string {
  const bytes = Buffer.from(text, 'latin1');
  writeSum(bytes);
  return bytes.toString('latin1');
}

const spoilt = {
  FIX_CHECKSUM: (text: string) => text.replace(/10=\d{3}/, '10=999'),
  FIX_BODY_LENGTH: (text: string) => summed(text.replace(/\u00019=\d+/, '\u00019=7')),
} as const;

async function told(
  code: keyof typeof spoilt,
  options: Partial<FixSessionOptionsInput>,
  { number = 2, more = '', type = '1' } = {},
): Promise<{ readonly said: string[]; readonly table: Bench }> {
  const table = bench(options);
  await play(table, greeted);
  const bytes = Buffer.from(spoilt[code](request(table, number, type)) + more, 'latin1');
  table.machine.garbled(table.now, 500, bytes, fixIssue(code, 'spoilt'));
  return { said: await table.said(), table };
}

describe('a garbled message', () => {
  test.each([
    'FIX_CHECKSUM',
    'FIX_BODY_LENGTH',
  ] as const)('with %s is kept, and no number taken', async (code) => {
    const { said, table } = await told(code, {});
    expect(said).toEqual([]);
    expect(table.store.state.nextIn).toBe(2);
    expect(table.store.frames.at(-1)).toMatchObject({ kind: 'quarantine', issues: [{ code }] });
  });

  test.each([
    ['FIX_CHECKSUM', 'validateChecksum'],
    ['FIX_BODY_LENGTH', 'validateBodyLength'],
  ] as const)('with %s is a message where %s is off, and what is wrong stands beside it', async (code, option) => {
    const { said, table } = await told(code, { [option]: false });
    expect(said).toEqual(['> 35=0|34=2|112=T']);
    const taken = table.store.frames.find((frame) => shownEntry(frame) === 'message 0/in:2 1');
    expect(taken?.issues.map(({ code: told, severity }) => `${told} ${severity}`)).toEqual([
      `${code} warning`,
    ]);
    const other = option === 'validateChecksum' ? 'validateBodyLength' : 'validateChecksum';
    expect((await told(code, { [other]: false })).said).toEqual([]);
  });

  test('whose sum is wrong as well needs both switches', async () => {
    const table = bench({ validateBodyLength: false });
    await play(table, greeted);
    const bytes = Buffer.from(spoilt.FIX_CHECKSUM(spoilt.FIX_BODY_LENGTH(request(table, 2))), 'latin1');
    table.machine.garbled(table.now, 500, bytes, fixIssue('FIX_BODY_LENGTH', 'spoilt'));
    expect(await table.said()).toEqual([]);
  });

  test('that swallowed the next one is none, whatever is switched off', async () => {
    const table = bench();
    const { said } = await told(
      'FIX_BODY_LENGTH',
      { validateBodyLength: false },
      { more: request(table, 3) },
    );
    expect(said).toEqual([]);
  });

  test('is rejected under the expected number where that is asked for, and its number is taken', async () => {
    const { said, table } = await told('FIX_CHECKSUM', { rejectGarbledMessage: true });
    expect(said).toEqual([
      '> 35=3|34=2|45=2|58=Message failed basic validity check|372=1',
      '~ trouble FIX_CHECKSUM',
    ]);
    expect(table.store.frames.map(shownEntry)).toContain('quarantine 0/in:2 1');
    expect(await play(table, '< 35=1|34=3|112=T')).toContain('> 35=0|34=3|112=T');
  });

  test.each([
    ['another number', { number: 3 }],
    ['a Logon(A)', { type: 'A' }],
    ['a second message behind it', { more: '8=FIX.4.4\u00019=5\u000135=0\u000110=000\u0001' }],
  ])('is not rejected with %s: the gap shows it', async (_, given) => {
    const { said, table } = await told('FIX_CHECKSUM', { rejectGarbledMessage: true }, given);
    expect(said).toEqual([]);
    expect(table.store.state.nextIn).toBe(2);
    expect(table.store.frames.map(shownEntry).at(-1)).toBe('quarantine 0/conn');
  });

  test('in place of the Logon(A) is kept and hung up on, and not rejected', async () => {
    const table = bench({ rejectGarbledMessage: true });
    table.connect();
    const bytes = Buffer.from(spoilt.FIX_CHECKSUM(request(table, 1)), 'latin1');
    table.machine.garbled(table.now, 0, bytes, fixIssue('FIX_CHECKSUM', 'spoilt'));
    expect(await table.said()).toEqual(['! us: the Logon(A) is garbled']);
    expect(table.store.frames.map(shownEntry)).toEqual(['quarantine 0/conn']);
  });

  test('leaves nothing where it is no more than a line end, or where nobody is connected', async () => {
    const table = bench();
    const bytes = Buffer.from('\n');
    table.machine.garbled(table.now, 0, bytes, fixIssue('FIX_GARBAGE', 'rest of a connection'));
    await play(table, greeted);
    table.machine.garbled(table.now, 0, bytes, fixIssue('FIX_SEPARATOR', 'line end'));
    expect(await table.said()).toEqual([]);
    expect(table.store.frames.filter(({ kind }) => kind === 'quarantine')).toEqual([]);
  });
});

describe('a Logon(A) with a wrong sum', () => {
  async function answerTo(options: Partial<FixSessionOptionsInput>): Promise<string> {
    const { session, port } = await stand({ senderCompId: 'DESK', targetCompId: 'FIRM', ...options });
    onTestFinished(() => session.close('the test ends'));
    const peer = await connectRaw(port);
    onTestFinished(() => void peer.socket.destroy());
    peer.write(Buffer.from(spoilt.FIX_CHECKSUM(Buffer.from(logon()).toString('latin1')), 'latin1'));
    await Promise.race([peer.closed, peer.waitFor(/35=A/)]);
    return peer.received();
  }

  test('is let in where sums are not validated, and hung up on elsewhere', async () => {
    expect(await answerTo({ validateChecksum: false })).toContain('|35=A|34=1|');
    expect(await answerTo({})).toBe('');
    expect(await answerTo({ validateBodyLength: false })).toBe('');
  });
});
