import { createInterface } from 'node:readline';
import { orderOf } from '../../adapters/fix/peer/numbered-message.ts';
import type { Session, SessionSignal, SessionState, SessionStore } from '../../src/contract/session.ts';
import { latin1Text } from '../../src/core/bytes.ts';
import { systemClock } from '../../src/core/clock.ts';
import { limits as usual } from '../../src/core/limits.ts';
import { makingOf } from '../../src/gateway/desk.ts';
import { builtIn, createLogger, loadConfiguration, logStore } from '../../src/gateway/index.ts';
import { openSqliteLog } from '../../src/log/index.ts';

/**
 * Our side of the soak: one session of a configuration over the real log, in a process that can be killed. It says and does
 * what settings-peer.cpp says and does: `at N`, `ready ADDRESS`, `logon`, `logout`, `upto N`, `numbers OUT IN`, `asked`, `trouble CODE`.
 * Arguments: the configuration, the channel, the mark of its ids, and limits that differ from the usual ones.
 */
const [path = '', name = '', mark = 'C', changed = '{}'] = process.argv.slice(2);
const limits = { ...usual, ...JSON.parse(changed) };
/** Orders on their way to the log at the same time. */
const together = 256;

const clock = systemClock();
const wiring = builtIn();
const configuration = await loadConfiguration(path, process.env);
const channel = configuration.channels.get(name);
const adapter = wiring.adapters.get('fix');
if (channel === undefined || adapter?.shape !== 'session') throw new Error(`no session ${name}`);
const log = await openSqliteLog(configuration.data, { clock });
const logger = createLogger({ level: 'error', mask: configuration.mask });
const store = logStore({ ...makingOf({ configuration, wiring, log, clock, logger }, name), log });
const beginString = (channel.options() as { readonly beginString: string }).beginString;

let sent = await sentSoFar(store, await store.load());
say(`at ${sent}`);
const told: SessionStore = {
  load: () => store.load(),
  readOut: (from, to) => store.readOut(from, to),
  append(frames, state) {
    for (const { direction, message } of frames)
      if (direction === 'out' && message?.type === '2') say('requested');
    return store.append(frames, state);
  },
};
const session = await adapter.open(channel.options(), { store: told, clock, limits, report });
say(`ready ${session.status().address}`);
for await (const line of createInterface({ input: process.stdin })) await obey(session, line);

async function obey(open: Session, line: string): Promise<void> {
  const [word = '', count = '0'] = line.split(' ');
  if (word === 'upto') await sendUpTo(open, Number(count));
  if (word === 'numbers') {
    const { state, gap } = open.status();
    say(`numbers ${state.nextOut} ${state.nextIn} ${gap === undefined ? 'whole' : 'gap'}`);
  }
  // Asks once more for what came already: the other side's numbers from there on.
  if (word === 'again') await open.command({ command: 'set', nextIn: Number(count) });
  if (word === 'quit') {
    await open.close('enough');
    await log.close();
    process.exit(0);
  }
}

async function sendUpTo(open: Session, target: number): Promise<void> {
  while (sent < target) {
    const batch = Math.min(together, target - sent);
    const first = sent + 1;
    const orders = Array.from({ length: batch }, (_, at) => orderOf(beginString, mark, first + at));
    await Promise.all(orders.map((order) => open.send('D', order)));
    sent += batch;
    say(`upto ${sent}`);
  }
  if (target <= sent) say(`upto ${sent}`);
}

/** How far the log says that this side came: the last order that is committed. */
async function sentSoFar(from: SessionStore, { nextOut }: SessionState): Promise<number> {
  for (let number = nextOut - 1; number > 0; number--) {
    for await (const { bytes } of from.readOut(number, number)) {
      const text = latin1Text(bytes);
      const index = /\u000111=[^-\u0001]*-(\d+)\u0001/.exec(text)?.[1];
      if (text.includes('\u000135=D\u0001') && index !== undefined) return Number(index);
    }
  }
  return 0;
}

function report(signal: SessionSignal): void {
  if (signal.signal === 'up') say('logon');
  else if (signal.signal === 'down') say(`logout ${signal.by} ${signal.reason}`);
  else if (signal.signal === 'gap') say(`asked ${signal.from} ${signal.to}`);
  else if (signal.signal === 'held') say(`held ${signal.issue.code} ${signal.issue.message}`);
  else if (signal.signal === 'trouble') say(`trouble ${signal.issue.code} ${signal.issue.message}`);
}

function say(line: string): void {
  process.stdout.write(`${line}\n`);
}
