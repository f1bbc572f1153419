import { fixSession, fixSessionOptions, sentStore } from '../../adapters/fix/index.ts';
import { systemClock } from '../../src/core/clock.ts';
import { limits } from '../../src/core/limits.ts';

/** A FIX session that accepts, with a store in memory that holds what QuickFIX's holds: what was sent. Says its port; ends with its input. */
const options = fixSessionOptions.parse({
  role: 'acceptor',
  port: 0,
  beginString: 'FIX.4.4',
  senderCompId: 'OPSGW',
  targetCompId: 'BRKRDC',
  heartBtInt: 60,
});
const session = await fixSession.open(options, {
  store: sentStore(),
  clock: systemClock(),
  limits,
  report: (signal) => {
    if (signal.signal === 'listening') process.stdout.write(`port ${signal.address.split(':').at(-1)}\n`);
  },
});
process.stdin.resume();
process.stdin.on('end', () => void session.close('the bench is over'));
