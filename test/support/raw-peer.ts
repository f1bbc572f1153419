import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { type FixField, writeFix } from '../../codecs/fix/index.ts';
import { latin1Bytes } from '../../src/core/bytes.ts';

/** A counterparty that writes whatever it is told, right or wrong, and shows what comes back with `|` for SOH. */
export interface RawPeer {
  readonly socket: Socket;
  received(): string;
  /** The match of a pattern in what came back; fails with all of it when the connection ends or time goes by. */
  waitFor(pattern: RegExp, timeoutMs?: number): Promise<RegExpExecArray>;
  write(bytes: Uint8Array): void;
  /** The connection is over, whoever ended it. */
  readonly closed: Promise<void>;
}

export async function connectRaw(port: number): Promise<RawPeer> {
  const socket = connect(port, '127.0.0.1');
  await once(socket, 'connect');
  return rawPeer(socket);
}

/** The same over a connection that somebody else made. */
export function rawPeer(socket: Socket): RawPeer {
  let text = '';
  socket.on('data', (chunk: Buffer) => {
    text += chunk.toString('latin1').replaceAll('\u0001', '|');
  });
  // A reset is one of the ways in which the other side may end it.
  socket.on('error', () => undefined);
  const closed = new Promise<void>((resolve) => socket.once('close', () => resolve()));
  return {
    socket,
    closed,
    received: () => text,
    write: (bytes) => void socket.write(bytes),
    waitFor: async (pattern, timeoutMs = 10_000) => {
      const until = performance.now() + timeoutMs;
      for (;;) {
        const match = pattern.exec(text);
        if (match !== null) return match;
        if (socket.closed || performance.now() > until) throw new Error(`no ${pattern} in:\n${text}`);
        await new Promise((resolve) => setTimeout(resolve, 10));
      }
    },
  };
}

/** Bytes as they are, with `|` for SOH: nothing is added, nothing is put right. */
export function raw(text: string): Uint8Array {
  return latin1Bytes(text.replaceAll('|', '\u0001'));
}

/** A FIX 4.4 message from FIRM to DESK with right length and sum: type, MsgSeqNum(34), and the rest of its fields. */
export function message(
  type: string,
  sequence: number,
  rest: readonly FixField[] = [],
  from = 'FIRM',
): Uint8Array {
  return writeFix('FIX.4.4', [
    [35, type],
    [34, String(sequence)],
    [49, from],
    [56, 'DESK'],
    [52, new Date().toISOString().slice(0, -1).replaceAll('-', '').replace('T', '-')],
    ...rest,
  ]);
}

export function logon(sequence = 1, from = 'FIRM'): Uint8Array {
  return message(
    'A',
    sequence,
    [
      [98, '0'],
      [108, '30'],
    ],
    from,
  );
}

/** An ExecutionReport(8) of one fill. */
export function fill(sequence: number, execId: string, account = '5AB12345'): Uint8Array {
  return message('8', sequence, fillFields(execId, account));
}

/** The same again, with PossDupFlag(43). */
export function fillAgain(sequence: number, execId: string, account = '5AB12345'): Uint8Array {
  return message('8', sequence, [[43, 'Y'], [122, '20261112-14:30:00.000'], ...fillFields(execId, account)]);
}

function fillFields(execId: string, account: string): readonly FixField[] {
  return [
    [37, `O${execId}`],
    [11, `C${execId}`],
    [17, execId],
    [150, 'F'],
    [39, '2'],
    [1, account],
    [55, 'IBM'],
    [54, '1'],
    [38, '100'],
    [32, '100'],
    [31, '101.25'],
    [151, '0'],
    [14, '100'],
    [6, '101.25'],
    [75, '20261112'],
    [60, '20261112-14:30:00.000'],
  ];
}
