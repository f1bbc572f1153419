import { describe, expect, test } from 'vitest';
import type { SessionHours, SessionWindow } from '../../src/contract/session.ts';
import { type Micros, microsOfIso } from '../../src/core/clock.ts';
import { expectTranscript, greeted } from './testing/expect-transcript.ts';
import { bench, play, shownEntry } from './testing/transcript.ts';

/** Transcripts begin at 14:30:00 of this day. */
const at = (time: string): Micros => microsOfIso(`2026-11-10T${time}Z`) ?? Number.NaN;

function windows(...pairs: readonly (readonly [from: string, to: string])[]): SessionHours {
  const all: SessionWindow[] = pairs.map(([from, to]) => ({ from: at(from), to: at(to) }));
  return {
    zone: 'UTC',
    at: (instant) => all.find(({ from, to }) => instant >= from && instant < to),
    next: (instant) => all.find(({ from }) => from > instant),
  };
}

/** One session until ten minutes from now, a pause, another session. */
const withPause = windows(['08:00:00', '14:40:00'], ['14:50:00', '20:00:00']);
/** One session follows the other. */
const withoutPause = windows(['08:00:00', '14:40:00'], ['14:40:00', '20:00:00']);
const running = { epoch: 3, nextIn: 7, nextOut: 9, since: at('08:00:00') };
const yesterday = { ...running, since: at('00:00:00') };

describe('a schedule', () => {
  test('ends a session with Logout(5), and begins the next at 1, in a new epoch that says why', async () => {
    const table = await expectTranscript(
      `
      connect
      < 35=A|34=7|98=0|108=0
      > 35=A|34=9|98=0|108=0
      +599.9s
      +0.1s
      > 35=5|34=10|58=outside of the hours of the session
      < 35=5|34=8
      ! us: Logout(5) answered
      drop
      +599.8s
      +0.2s`,
      { hours: withPause, state: running },
    );
    expect(table.store.state).toEqual({ epoch: 4, nextIn: 1, nextOut: 1, since: at('14:50:00') });
    const epoch = table.store.frames.find(({ kind }) => kind === 'epoch');
    expect(JSON.parse(Buffer.from(epoch?.bytes ?? []).toString())).toMatchObject({
      reason: 'schedule: session from 2026-11-10T14:50:00.000000Z',
      epoch: 4,
    });
    await play(table, 'connect\n< 35=A|34=1|98=0|108=0');
    expect(table.store.frames.slice(-3).map(shownEntry)).toEqual([
      'message 4/in:1 A',
      'message 4/out:1 A',
      'signal signal',
    ]);
  });

  test('a session that outlasts its end is the next one only after it was hung up', async () => {
    const table = await expectTranscript(
      `
      connect
      < 35=A|34=7|98=0|108=0
      > 35=A|34=9|98=0|108=0
      +600s
      > 35=5|34=10|58=outside of the hours of the session
      +4.9s
      +0.1s
      ! us: no answer to Logout(5) in time
      drop
      +0.1s
      connect
      < 35=A|34=1|98=0|108=0
      > 35=A|34=1|98=0|108=0`,
      { hours: withoutPause, state: running, logoutTimeoutSeconds: 5 },
    );
    expect(table.store.state).toMatchObject({ epoch: 4, nextIn: 2, nextOut: 2 });
  });

  test('begins anew where the process was down over the border, before anything is read', async () => {
    const table = await expectTranscript(
      `
      connect
      < 35=A|34=1|98=0|108=0
      > 35=A|34=1|98=0|108=0`,
      { hours: withPause, state: yesterday },
    );
    expect(table.store.frames.map(shownEntry)[0]).toBe('epoch epoch');
    expect(table.store.state).toMatchObject({ epoch: 4, since: at('14:30:00') });
  });

  test('does not ask the peer to reset: what it sent since the session began would be lost', async () => {
    await expectTranscript(
      `
      connect
      > 35=A|34=1|98=0|108=30
      < 35=A|34=4|98=0|108=30
      > 35=2|34=2|7=1|16=0
      ~ gap 1-3`,
      { role: 'initiator', hours: withPause, state: yesterday },
    );
  });

  test('what an operator resets is announced, in a session of a schedule too', async () => {
    await expectTranscript(
      `
      reset
      connect
      > 35=A|34=1|98=0|108=30|141=Y`,
      { role: 'initiator', hours: withPause, state: running },
    );
  });

  test('refuses a Logon(A) outside of its hours, with a word and only to whoever has the password', async () => {
    const closed = windows(['15:00:00', '16:00:00']);
    await expectTranscript(
      `
      connect
      < 35=A|34=1|98=0|108=0|554=right
      > 35=5|34=9|58=outside of the hours of the session
      ~ trouble FIX_SESSION_CLOSED
      ! us: outside of the hours of the session`,
      { hours: closed, state: running, password: 'right' },
    );
    await expectTranscript(
      `
      connect
      < 35=A|34=1|98=0|108=0|554=wrong
      ~ trouble FIX_LOGON_CREDENTIALS
      ! us: Username(553) or Password(554) is wrong`,
      { hours: closed, state: running, password: 'right' },
    );
  });

  test('numbers count from their Logon(A), also where the session opened after its connection came', async () => {
    const hours = windows(['14:30:01', '20:00:00']);
    const table = bench({ hours, state: { epoch: 0, nextIn: 1, nextOut: 1 } });
    await play(table, 'connect');
    table.now = at('14:30:02');
    await play(table, '< 35=A|34=1|98=0|108=0');
    expect(table.store.state.since).toBe(at('14:30:02'));
  });

  test('numbers of which nobody knows since when they count are those of now', async () => {
    const table = await expectTranscript(`${greeted}`, {
      hours: withPause,
      state: { epoch: 3, nextIn: 1, nextOut: 1 },
    });
    expect(table.store.state).toEqual({ epoch: 3, nextIn: 2, nextOut: 2, since: at('14:30:00') });
  });

  test('a number that is too low holds the session, but not while the clocks may disagree about its end', async () => {
    const early = bench({ hours: withoutPause, state: running });
    early.now = at('14:39:30');
    expect(await play(early, 'connect\n< 35=A|34=1|98=0|108=0')).toContain('~ trouble FIX_SEQUENCE_TOO_LOW');
    expect(early.machine.core.hold).toBeUndefined();
    const middle = bench({ hours: withoutPause, state: running });
    expect(await play(middle, 'connect\n< 35=A|34=1|98=0|108=0')).toContain('FIX_SEQUENCE_TOO_LOW');
    expect(middle.machine.core.hold?.code).toBe('FIX_SEQUENCE_TOO_LOW');
    // A new session has new numbers: what held the old one is over.
    middle.machine.disconnected(middle.now, 'us', 'held');
    middle.now = at('14:40:00');
    middle.machine.tick(middle.now);
    expect(middle.machine.core.hold).toBeUndefined();
    expect(middle.machine.core.state).toMatchObject({ nextIn: 1, nextOut: 1 });
  });

  test('a peer whose clock is late refuses our new number 1, and holds nobody', async () => {
    const refused = 'connect\n< 35=5|34=9|58=MsgSeqNum too low, expecting 9 but received 1';
    const settings = { role: 'initiator', hours: withoutPause } as const;
    const border = bench({ ...settings, state: { epoch: 3, nextIn: 1, nextOut: 1, since: at('14:40:00') } });
    border.now = at('14:40:30');
    expect(await play(border, refused)).toContain('~ trouble FIX_LOGON_REFUSED');
    expect(border.machine.core.hold).toBeUndefined();
    const later = bench({ ...settings, state: { epoch: 3, nextIn: 1, nextOut: 1, since: at('14:40:00') } });
    later.now = at('14:45:00');
    await play(later, refused);
    expect(later.machine.core.hold?.code).toBe('FIX_LOGON_REFUSED');
  });

  test('a reset by another option counts for the session in which it comes', async () => {
    const table = await expectTranscript(
      `
      connect
      < 35=A|34=7|98=0|108=0
      > 35=A|34=9|98=0|108=0
      +600s
      > 35=5|34=10|58=outside of the hours of the session
      < 35=5|34=8
      ! us: Logout(5) answered
      drop
      +10s`,
      { hours: withoutPause, state: running, resetOnLogout: true },
    );
    expect(table.store.state).toMatchObject({ epoch: 4, nextIn: 1, nextOut: 1 });
    expect(table.store.frames.filter(({ kind }) => kind === 'epoch')).toHaveLength(1);
  });

  test('a reset with every Logon(A) makes no second epoch of a session that has just begun', async () => {
    const acceptor = await expectTranscript(
      `
      connect
      < 35=A|34=1|98=0|108=0
      > 35=A|34=1|98=0|108=0
      drop
      connect
      < 35=A|34=1|98=0|108=0
      > 35=A|34=1|98=0|108=0`,
      { hours: withPause, state: yesterday, resetOnLogon: true },
    );
    // The one of the schedule, and the one of the second Logon(A).
    expect(acceptor.store.state).toMatchObject({ epoch: 5, nextIn: 2, nextOut: 2 });
    await expectTranscript(
      `
      connect
      > 35=A|34=1|98=0|108=30|141=Y`,
      { role: 'initiator', hours: withPause, state: yesterday, resetOnLogon: true },
    );
  });

  test('a reset with every disconnection goes on within a session, and is announced', async () => {
    const table = await expectTranscript(
      `
      connect
      > 35=A|34=9|98=0|108=30
      < 35=A|34=7|98=0|108=30
      drop
      connect
      > 35=A|34=1|98=0|108=30|141=Y`,
      { role: 'initiator', hours: withPause, state: running, resetOnDisconnect: true },
    );
    expect(table.store.state).toMatchObject({ epoch: 4, since: at('14:30:00') });
  });

  test('after a restart an unused epoch is announced where an option may have begun it, and only there', async () => {
    const unused = { epoch: 4, nextIn: 1, nextOut: 1, since: at('14:00:00') };
    const settings = { role: 'initiator', hours: withPause, state: unused } as const;
    await expectTranscript('connect\n> 35=A|34=1|98=0|108=30', settings);
    const announced = 'connect\n> 35=A|34=1|98=0|108=30|141=Y';
    await expectTranscript(announced, { ...settings, resetOnLogout: true });
    // An operator began it while the session did not run: no schedule says since when it counts.
    await expectTranscript(announced, { ...settings, state: { epoch: 4, nextIn: 1, nextOut: 1 } });
  });

  test('without one nothing of this is kept', async () => {
    const table = await expectTranscript(greeted, {});
    expect(table.store.state).toEqual({ epoch: 0, nextIn: 2, nextOut: 2 });
  });
});
