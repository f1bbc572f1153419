import { join } from 'node:path';
import { afterAll, afterEach, describe, expect, test } from 'vitest';
import { quickfixDictionaries } from '../../test/quickfix-source.ts';
import { freePort } from '../../test/support/free-port.ts';
import { requirePeer } from '../../test/support/peer.ts';
import { tempDirectory } from '../../test/support/temp-directory.ts';
import type { FixSessionOptionsInput } from './options.ts';
import { type Built, buildProgram } from './peer/build.ts';
import { heardOf, orderOf, reportedOf } from './peer/numbered-message.ts';
import { type PeerSession, peerSettings, type Settings, SettingsPeer } from './peer/settings-peer.ts';
import { type Standing, stand, until, valuesOf } from './testing/loopback.ts';

/** Every version in both roles, its dictionary's checks on at both ends. */
const versions = [
  ['FIX.4.0', undefined, undefined],
  ['FIX.4.1', undefined, undefined],
  ['FIX.4.2', undefined, undefined],
  ['FIX.4.3', undefined, undefined],
  ['FIX.4.4', undefined, undefined],
  ['FIXT.1.1', 'FIX.5.0', '7'],
  ['FIXT.1.1', 'FIX.5.0SP1', '8'],
  ['FIXT.1.1', 'FIX.5.0SP2', '9'],
] as const;
const roles = ['initiator', 'acceptor'] as const;
const matrix = roles.flatMap((role) => versions.map((version) => [role, ...version] as const));

const place = tempDirectory('versions', afterAll);
let built: Built = { missing: 'not asked for' };
const quickfix = (): string | undefined => {
  built = buildProgram('settings-peer');
  return 'missing' in built ? built.missing : undefined;
};
let ours: Standing | undefined;
let theirs: SettingsPeer | undefined;
let folders = 0;

afterEach(async () => {
  await ours?.session.close('test over').catch(() => undefined);
  await theirs?.kill();
  [ours, theirs] = [undefined, undefined];
});

/** Both sides of one session, logged on. */
async function meet(
  role: 'initiator' | 'acceptor',
  options: Partial<FixSessionOptionsInput>,
  session: Pick<PeerSession, 'beginString' | 'applVerId'>,
  further: Settings = {},
): Promise<readonly [Standing, SettingsPeer]> {
  const port = await freePort();
  const plain = { port, senderCompId: 'OPS', targetCompId: 'FIRM', validate: 'full', ...options } as const;
  const other = role === 'initiator' ? 'acceptor' : 'initiator';
  const settings = peerSettings({ ...session, role: other, port, spec: quickfixDictionaries() });
  const folder = join(place, String(++folders));
  const program = 'program' in built ? built.program : '';
  const start = (): SettingsPeer =>
    new SettingsPeer({ program, folder, settings: { ...settings, ...further } });
  if (role === 'acceptor') ours = await stand({ role, ...plain });
  theirs = start();
  await theirs.said('ready');
  ours ??= await stand({ role, ...plain });
  await theirs.said('logon');
  await until('logged on', () => ours?.session.status().loggedOn === true);
  return [ours, theirs];
}

/** Reports of theirs and orders of ours, each as it was sent, nothing rejected on either side. */
async function exchange(beginString: string, [us, peer]: readonly [Standing, SettingsPeer]): Promise<void> {
  const count = 20;
  peer.tell(`upto ${count}`);
  for (let index = 1; index <= count; index++) await us.session.send('D', orderOf(beginString, 'C', index));
  await until('all reports came', () => valuesOf(us.store, 'in', '8', 17).length === count);
  // ExecID(17) is a number in FIX 4.0.
  const mark = beginString === 'FIX.4.0' ? '' : 'P-';
  const values = [17, 55, 54, 32, 31, 58].map((tag) => valuesOf(us.store, 'in', '8', tag));
  const came = Array.from({ length: count }, (_, at) => values.map((column) => column[at] ?? '').join('|'));
  expect(came).toEqual(
    Array.from({ length: count }, (_, at) => `${mark}${reportedOf('P', at + 1).slice(2)}`),
  );
  const heard = (): string[] => peer.heard().flatMap((line) => (line.startsWith('#') ? [] : [line]));
  await until('all orders came', () => heard().length === count);
  const orders = heard().map((line) => line.split(' ').slice(2).join(' '));
  expect(orders).toEqual(Array.from({ length: count }, (_, at) => heardOf('C', at + 1)));
  const objections = us.store.frames
    .filter(({ kind }) => kind === 'quarantine')
    .flatMap(({ issues }) => issues);
  expect(objections).toEqual([]);
  const rejects = us.store.frames.filter(({ message }) => message?.type === '3' || message?.type === 'j');
  expect(rejects).toHaveLength(0);
}

requirePeer('QuickFIX as the counterparty', quickfix, () => {
  describe('logs on and exchanges messages', () => {
    test.each(matrix)('as %s over %s %s', async (role, beginString, applVerId, defaultApplVerId) => {
      const session = { beginString, ...(applVerId !== undefined && { applVerId }) };
      const version = defaultApplVerId === undefined ? {} : { defaultApplVerId };
      await exchange(beginString, await meet(role, { beginString, ...version }, session));
    });
  });

  describe('times', () => {
    test.each([
      ['microseconds', 6],
      ['nanoseconds', 9],
    ] as const)('of %s on both sides', async (timePrecision, digits) => {
      const session = { beginString: 'FIX.4.4' };
      const both = await meet('initiator', { timePrecision }, session, { TimestampPrecision: digits });
      await exchange('FIX.4.4', both);
      const time = new RegExp(`^\\d{8}-\\d\\d:\\d\\d:\\d\\d\\.\\d{${digits}}$`);
      for (const [direction, type] of [
        ['in', '8'],
        ['out', 'D'],
      ] as const)
        expect(valuesOf(both[0].store, direction, type, 52).every((text) => time.test(text))).toBe(true);
    });
  });

  test('LastMsgSeqNumProcessed(369) and NextExpectedMsgSeqNum(789) of ours are taken by an engine that says neither', async () => {
    const options = { lastMsgSeqNumProcessed: true, nextExpectedMsgSeqNum: true };
    const both = await meet('initiator', options, { beginString: 'FIX.4.4' });
    await exchange('FIX.4.4', both);
    expect(valuesOf(both[0].store, 'out', 'A', 789)).toEqual(['1']);
    expect(valuesOf(both[0].store, 'out', 'D', 369).every((text) => Number(text) > 0)).toBe(true);
  });
});
