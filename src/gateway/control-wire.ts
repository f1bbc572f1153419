import { createConnection, type Socket } from 'node:net';
import { GatewayError, systemCode } from '../core/errors.ts';
import { type ControlResponse, errorOf } from './control-protocol.ts';
import { gatewayIssues } from './issues.ts';

/** A connection to whoever listens on the socket; undefined where nobody does, be there a file or not. */
export function connect(path: string): Promise<Socket | undefined> {
  return new Promise((resolve, reject) => {
    const socket = createConnection(path);
    const fail = (cause: Error): void => {
      const nobody = ['ENOENT', 'ECONNREFUSED', 'ENOTSOCK'].includes(systemCode(cause) ?? '');
      if (nobody) resolve(undefined);
      else
        reject(
          new GatewayError('CONTROL_CLOSED', 'the control socket cannot be reached', { place: path, cause }),
        );
    };
    socket.once('error', fail);
    socket.once('connect', () => {
      socket.off('error', fail);
      resolve(socket);
    });
  });
}

/** Requests over one connection. */
export class ControlWire {
  readonly #socket: Socket;
  readonly #waiting = new Map<number, (response: ControlResponse | undefined) => void>();
  #rest = '';
  #last = 0;
  #closed = false;

  constructor(socket: Socket) {
    this.#socket = socket;
    socket.setEncoding('utf8');
    socket.on('data', (text: string) => this.#read(text));
    socket.on('error', () => socket.destroy());
    socket.on('close', () => this.#end());
  }

  /** What the gateway answers. Throws what it threw, or `CONTROL_CLOSED` where it went away. */
  async ask(method: string, ...params: readonly unknown[]): Promise<unknown> {
    const id = ++this.#last;
    const response = await new Promise<ControlResponse | undefined>((resolve) => {
      this.#waiting.set(id, resolve);
      if (this.#closed) this.#end();
      else this.#socket.write(`${JSON.stringify({ id, method, params })}\n`);
    });
    if (response === undefined) {
      const { meaning, remedy } = gatewayIssues.CONTROL_CLOSED;
      throw new GatewayError('CONTROL_CLOSED', meaning, { remedy, retryable: true });
    }
    if ('error' in response) throw errorOf(response.error);
    return response.result;
  }

  close(): Promise<void> {
    return new Promise((resolve) => {
      if (this.#closed) return resolve();
      this.#socket.once('close', () => resolve());
      this.#socket.end();
    });
  }

  #read(text: string): void {
    const lines = (this.#rest + text).split('\n');
    this.#rest = lines.pop() ?? '';
    for (const line of lines) {
      const response: ControlResponse = JSON.parse(line);
      this.#waiting.get(response.id)?.(response);
      this.#waiting.delete(response.id);
    }
  }

  #end(): void {
    this.#closed = true;
    for (const resolve of this.#waiting.values()) resolve(undefined);
    this.#waiting.clear();
  }
}
