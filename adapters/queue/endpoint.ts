import type { EventContext, link as Link, Session } from 'rhea';
import type { GatewayError } from '../../src/core/errors.ts';
import { type Broker, reasonOf } from './connect.ts';
import { queueError } from './failure.ts';

/** More deliveries than may ever be open at once: the library fails where its own buffer is full. */
const sessionBuffer = { incoming: 8192, outgoing: 8192 };

/** One link in a session of its own, so that what the broker ends because of it ends nothing else. */
export interface Endpoint<L extends Link> {
  readonly link: L;
  readonly session: Session;
}

/**
 * A link that both sides have opened. Throws `QUEUE_ADDRESS`, `QUEUE_TIMEOUT`, and the loss of the connection; after
 * that, `ended` is told once why the link is over.
 */
export async function openEndpoint<L extends Link>(
  broker: Broker,
  address: string,
  timeoutSeconds: number,
  open: (session: Session) => L,
  ended: (cause: GatewayError) => void,
): Promise<Endpoint<L>> {
  const opened = Promise.withResolvers<void>();
  const session = broker.connection.create_session(sessionBuffer);
  const place = `${broker.place} ${address}`;
  const over = (cause: GatewayError): void => {
    opened.reject(cause);
    stopListening();
    clearTimeout(timer);
    ended(cause);
  };
  const stopListening = broker.onLoss(over);
  const timer = setTimeout(
    () => over(queueError('QUEUE_TIMEOUT', `the broker did not open the link in ${timeoutSeconds} s`, place)),
    timeoutSeconds * 1000,
  );
  const refused = (cause: unknown): void => {
    over(queueError('QUEUE_ADDRESS', `the broker ended the link: ${reasonOf(cause)}`, place));
  };
  session.on('session_error', (context: EventContext) => refused(context.session?.error));
  session.on('session_close', (context: EventContext) => refused(context.session?.error));
  session.begin();
  const link = open(session);
  for (const role of ['receiver', 'sender']) {
    link.on(`${role}_error`, () => refused(link.error));
    link.on(`${role}_close`, () => refused(link.error));
    link.on(`${role}_open`, () => {
      // A link that is refused is opened without a terminus first, and closed then. Source: AMQP 1.0, section 2.6.3.
      const terminus = role === 'receiver' ? link.source : link.target;
      if (terminus !== undefined && terminus !== null) opened.resolve();
    });
  }
  try {
    await opened.promise;
    return { link, session };
  } finally {
    clearTimeout(timer);
  }
}

/** Ends link and session, where they are still there. */
export function closeEndpoint({ link, session }: Endpoint<Link>): void {
  for (const event of ['session_error', 'session_close']) {
    session.removeAllListeners(event);
    session.on(event, () => undefined);
  }
  for (const event of ['receiver_error', 'receiver_close', 'sender_error', 'sender_close']) {
    link.removeAllListeners(event);
    link.on(event, () => undefined);
  }
  link.close();
  session.close();
}
