import { describe, expect, onTestFinished, test } from 'vitest';
import { beginStrings } from '../../../adapters/fix/index.ts';
import { type FixField, writeFix } from '../../../codecs/fix/index.ts';
import { systemClock } from '../../../src/core/clock.ts';
import { connectRaw, type RawPeer } from '../../../test/support/raw-peer.ts';
import { type AcceptanceNews, type FixAcceptanceOptions, openFixAcceptance } from './fix-acceptance.ts';

async function open(
  settings: FixAcceptanceOptions['settings'] = {},
): Promise<{ port: number; news: AcceptanceNews[] }> {
  const news: AcceptanceNews[] = [];
  const acceptor = await openFixAcceptance({
    port: 0,
    clock: systemClock(),
    settings,
    tell: (one) => void news.push(one),
  });
  onTestFinished(() => acceptor.close());
  return { port: acceptor.port, news };
}

function say(
  peer: RawPeer,
  beginString: string,
  type: string,
  number: number,
  rest: readonly FixField[],
): void {
  const now = new Date().toISOString().replace(/-/g, '').replace('T', '-').slice(0, 17);
  const head = [
    [35, type],
    [34, String(number)],
    [49, 'TW'],
    [52, now],
    [56, 'ISLD'],
  ] as const;
  peer.write(writeFix(beginString, [...head, ...rest]));
}

/** Without what changes from run to run. */
const plain = (peer: RawPeer): string => peer.received().replace(/\|(9|10|52|122)=[^|]*/g, '');

async function logOn(port: number, beginString: string): Promise<RawPeer> {
  const peer = await connectRaw(port);
  onTestFinished(() => void peer.socket.destroy());
  const version: FixField[] = beginString === 'FIXT.1.1' ? [[1137, '8']] : [];
  say(peer, beginString, 'A', 1, [[98, '0'], [108, '30'], ...version]);
  await peer.waitFor(/35=A\|/);
  return peer;
}

const order = [
  [55, 'INTC'],
  [11, 'ID'],
  [21, '3'],
  [40, '1'],
  [54, '1'],
  [38, '100'],
] as const;

describe('the acceptance acceptor', () => {
  test('speaks every version behind one port, at the same time', async () => {
    const { port, news } = await open();
    const peers = await Promise.all(beginStrings.map((version) => logOn(port, version)));
    expect(peers.map((peer) => /^8=([^|]*)/.exec(peer.received())?.[1])).toEqual(beginStrings);
    expect(news.filter((one) => one.news === 'up')).toHaveLength(beginStrings.length);
  });

  test('sends an order back, and again when it is asked for', async () => {
    const { port } = await open();
    const peer = await logOn(port, 'FIX.4.2');
    say(peer, 'FIX.4.2', 'D', 2, [...order, [60, '20261110-14:30:00']]);
    const echo = '|35=D|34=2|49=ISLD|56=TW|11=ID|21=3|38=100|40=1|54=1|55=INTC|60=20261110-14:30:00';
    await peer.waitFor(/35=D\|34=2\|/);
    expect(plain(peer)).toContain(echo);
    say(peer, 'FIX.4.2', '2', 3, [
      [7, '1'],
      [16, '0'],
    ]);
    await peer.waitFor(/43=Y.*43=Y/);
    expect(plain(peer)).toContain('|35=4|34=1|43=Y|49=ISLD|56=TW|36=2|123=Y|');
    expect(plain(peer)).toContain(echo.replace('|34=2', '|34=2|43=Y'));
  });

  test('begins at 1 with every Logon(A), and remembers nothing from before', async () => {
    const { port } = await open();
    const first = await logOn(port, 'FIX.4.4');
    say(first, 'FIX.4.4', 'D', 2, [...order, [60, '20261110-14:30:00']]);
    await first.waitFor(/35=D\|/);
    first.socket.destroy();
    await first.closed;
    const second = await logOn(port, 'FIX.4.4');
    expect(plain(second)).toContain('|35=A|34=1|');
    say(second, 'FIX.4.4', 'D', 2, [[97, 'Y'], ...order, [60, '20261110-14:30:00']]);
    await second.waitFor(/35=D\|34=2\|/);
    say(second, 'FIX.4.4', '2', 3, [
      [7, '2'],
      [16, '0'],
    ]);
    await second.waitFor(/34=2\|43=Y/);
  });

  test.each([
    ['FIX.4.0', '35=3|34=2|49=ISLD|56=TW|45=2|58=Unsupported message type|'],
    ['FIX.4.3', '35=j|34=2|49=ISLD|56=TW|45=2|58=Unsupported Message Type|372=H|380=3|'],
    ['FIXT.1.1', '35=j|34=2|49=ISLD|56=TW|45=2|58=Unsupported Message Type|372=H|380=3|1137=8|'],
  ])('supports no OrderStatusRequest(H) in %s', async (beginString, answer) => {
    const { port } = await open();
    const peer = await logOn(port, beginString);
    say(peer, beginString, 'H', 2, [
      [11, 'ID'],
      [54, '1'],
      [55, 'INTC'],
    ]);
    await peer.waitFor(/Unsupported/);
    expect(plain(peer)).toContain(answer);
  });

  test('an order that cannot be said back is trouble, and the session goes on', async () => {
    const { port, news } = await open({ validateFieldsHaveValues: false });
    const peer = await logOn(port, 'FIX.4.4');
    say(peer, 'FIX.4.4', 'D', 2, [...order, [60, '20261110-14:30:00'], [58, '']]);
    await expect
      .poll(() => news.map((one) => (one.news === 'trouble' ? one.code : '')))
      .toContain('FIX_SEND');
    say(peer, 'FIX.4.4', '1', 3, [[112, 'HELLO']]);
    await peer.waitFor(/35=0\|34=2\|.*112=HELLO/);
  });

  test('a number that is too low ends the connection, and not the session', async () => {
    const { port, news } = await open();
    const peer = await logOn(port, 'FIX.4.4');
    say(peer, 'FIX.4.4', '0', 1, []);
    await peer.waitFor(/58=MsgSeqNum too low, expecting 2 but received 1\|/);
    await peer.closed;
    await logOn(port, 'FIX.4.4');
    expect(news).toContainEqual({
      news: 'trouble',
      session: 'FIX.4.4',
      code: 'FIX_SEQUENCE_TOO_LOW',
      message: 'MsgSeqNum too low, expecting 2 but received 1',
    });
  });
});
