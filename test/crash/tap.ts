import { connect, createServer, type Server, type Socket } from 'node:net';
import { freePort } from '../support/free-port.ts';

/**
 * A pass-through between the gateway and its counterparty that counts the bytes on their way to the gateway: so a kill
 * hits at a chosen byte, in the middle of a message as well as between two.
 */
export interface Tap {
  readonly port: number;
  /**
   * Calls `cut` once, right after so many more bytes (at least 1) were handed to the gateway. With `hold`, nothing behind
   * that byte gets through any more on that connection.
   */
  after(bytes: number, hold: boolean, cut: () => void): void;
  /** Forgets what was planned and not reached: it was meant for a gateway that is gone. */
  forget(): void;
  close(): Promise<void>;
}

/** A tap in front of a port of this machine. */
export async function openTap(targetPort: number): Promise<Tap> {
  const port = await freePort();
  const sockets = new Set<Socket>();
  let plan: Plan | undefined;

  const toGateway = (gateway: Socket, far: Socket, chunk: Buffer): void => {
    const part = chunk.subarray(0, Math.min(chunk.length, plan?.left ?? chunk.length));
    const rest = chunk.subarray(part.length);
    const due = plan !== undefined && plan.left === part.length ? plan : undefined;
    if (due !== undefined) plan = undefined;
    if (plan !== undefined) plan.left -= part.length;
    const flowing = gateway.write(part, () => due?.cut());
    if (due?.hold === true) hold(gateway, far);
    else if (rest.length > 0) toGateway(gateway, far, rest);
    else if (!flowing) far.pause();
  };
  const server = createServer((gateway) => {
    const far = connect(targetPort, '127.0.0.1');
    gateway.pipe(far);
    far.on('data', (chunk: Buffer) => toGateway(gateway, far, chunk));
    gateway.on('drain', () => far.resume());
    pair(gateway, far, sockets);
  });
  await listen(server, port);
  return {
    port,
    after(bytes, hold, cut) {
      plan = { left: bytes, hold, cut };
    },
    forget() {
      plan = undefined;
    },
    close: () =>
      new Promise((resolve) => {
        for (const socket of sockets) socket.destroy();
        server.close(() => resolve());
      }),
  };
}

interface Plan {
  left: number;
  readonly hold: boolean;
  readonly cut: () => void;
}

/** Nothing gets through any more, and both ends stay: what a peer sees of a gateway that is about to be killed. */
function hold(gateway: Socket, far: Socket): void {
  gateway.removeAllListeners('drain');
  far.removeAllListeners('data');
  far.pause();
}

/** When one side goes, the other goes too; a reset connection is what a kill looks like from outside, and no error. */
function pair(left: Socket, right: Socket, sockets: Set<Socket>): void {
  for (const [one, other] of [
    [left, right],
    [right, left],
  ] as const) {
    one.setNoDelay(true);
    sockets.add(one);
    one.on('error', () => undefined);
    one.on('close', () => {
      sockets.delete(one);
      other.destroy();
    });
  }
}

function listen(server: Server, port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, '127.0.0.1', () => resolve());
  });
}
