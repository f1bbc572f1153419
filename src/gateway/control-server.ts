import { chmod, rm } from 'node:fs/promises';
import { createServer, type Server, type Socket } from 'node:net';
import { GatewayError, systemCode } from '../core/errors.ts';
import type { Control } from './control.ts';
import { answer, lineBytesMax } from './control-protocol.ts';
import { connect } from './control-wire.ts';
import { gatewayIssues } from './issues.ts';
import { errorView, type Logger } from './logger.ts';
import type { Mask } from './mask.ts';

export interface ControlServer {
  close(): Promise<void>;
}

export interface ControlServerPorts {
  readonly path: string;
  readonly control: Control;
  readonly mask: Mask;
  readonly logger: Logger;
}

/** The longest path of a Unix domain socket: sun_path of 108 bytes, with its end (unix(7)). */
const pathBytesMax = 107;

/**
 * Listens on the control socket, for this user only. A socket file that a crash left behind is replaced. Throws
 * `CONTROL_TAKEN` where somebody answers on it, `CONTROL_PATH`.
 */
export async function serveControl(ports: ControlServerPorts): Promise<ControlServer> {
  const { path } = ports;
  if (Buffer.byteLength(path) > pathBytesMax) throw serverError('CONTROL_PATH', path);
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.on('close', () => sockets.delete(socket));
    converse(socket, ports);
  });
  await listenAlone(server, path);
  // The data directory is ours alone (0700), so nobody can come in between.
  await chmod(path, 0o600);
  return {
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        // What was answered is still written out.
        for (const socket of sockets) socket.destroySoon();
      }),
  };
}

async function listenAlone(server: Server, path: string): Promise<void> {
  try {
    await listen(server, path);
  } catch (cause) {
    if (systemCode(cause) !== 'EADDRINUSE') throw cause;
    const other = await connect(path);
    if (other !== undefined) {
      other.destroy();
      throw serverError('CONTROL_TAKEN', path);
    }
    await rm(path, { force: true });
    await listen(server, path);
  }
}

function listen(server: Server, path: string): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(path, () => {
      server.off('error', reject);
      resolve();
    });
  });
}

function serverError(code: 'CONTROL_PATH' | 'CONTROL_TAKEN', place: string): GatewayError {
  const { meaning, remedy } = gatewayIssues[code];
  return new GatewayError(code, meaning, { place, remedy, exitCode: 2 });
}

/** Answers line by line, in the order of the requests. */
function converse(socket: Socket, { control, mask, logger }: ControlServerPorts): void {
  let rest: string[] = [];
  let restChars = 0;
  let turn = Promise.resolve();
  const failed = (cause: unknown): void => {
    logger.error({ code: 'CONTROL_FAILED', error: errorView(cause) }, 'a control request failed');
  };
  const respond = async (line: string): Promise<void> => {
    const response = await answer(control, line, mask, failed);
    if (socket.writable) socket.write(`${JSON.stringify(response)}\n`);
  };
  socket.setEncoding('utf8');
  socket.on('error', () => socket.destroy());
  socket.on('data', (text: string) => {
    // Pieces are joined once a line: a long one is not copied again with each of its pieces.
    const [first = '', ...more] = text.split('\n');
    rest.push(first);
    restChars += first.length;
    const next = more.pop();
    if (next !== undefined) {
      for (const line of [rest.join(''), ...more]) turn = turn.then(() => respond(line));
      rest = [next];
      restChars = next.length;
    }
    if (restChars > lineBytesMax) socket.destroy();
  });
}
