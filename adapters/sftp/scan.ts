import { connect as connectTcp } from 'node:net';
import ssh2, { type ServerHostKeyAlgorithm } from 'ssh2';
import { shownText } from '../../src/core/bytes.ts';
import type { GatewayError } from '../../src/core/errors.ts';
import { hostKeyQuestions, offerOf } from './algorithms.ts';
import { addressOf } from './connect.ts';
import { sftpError } from './failure.ts';
import { type HostKey, hostKeyOf } from './host-key.ts';

const questionTimeoutMs = 15_000;

/**
 * The host keys that a server shows to whoever asks, one connection for each type of key; nobody is logged in and
 * nothing of ours is said. What is shown is only as good as the way to the server: compare it by another way before it is
 * pinned. Throws `SFTP_CONNECTION`, `SFTP_TIMEOUT`, `SFTP_ALGORITHMS` (where the server shows none).
 */
export async function scanHostKeys(
  host: string,
  port: number,
  signal: AbortSignal,
): Promise<readonly HostKey[]> {
  const keys: HostKey[] = [];
  for (const question of hostKeyQuestions) {
    const key = await ask(host, port, question, signal);
    if (key !== undefined) keys.push(key);
  }
  if (keys.length > 0) return keys;
  throw sftpError(
    'SFTP_ALGORITHMS',
    'the server shows no host key that we can read',
    addressOf({ host, port }),
  );
}

/** The key that the server shows when it may only show one of these; undefined where it has none. */
async function ask(
  host: string,
  port: number,
  serverHostKey: readonly ServerHostKeyAlgorithm[],
  signal: AbortSignal,
): Promise<HostKey | undefined> {
  signal.throwIfAborted();
  const sock = connectTcp({ host, port, noDelay: true });
  const client = new ssh2.Client();
  const answer = Promise.withResolvers<HostKey | undefined>();
  const place = addressOf({ host, port });
  const timer = setTimeout(
    () => answer.reject(sftpError('SFTP_TIMEOUT', 'the server answered nothing', place)),
    questionTimeoutMs,
  );
  const stop = (): void => answer.reject(signal.reason);
  signal.addEventListener('abort', stop, { once: true });
  client.on('error', (cause: Error & { readonly level?: string }) => {
    if (/no matching host key/i.test(cause.message)) answer.resolve(undefined);
    else answer.reject(failureOf(cause, place));
  });
  client.on('close', () => answer.reject(failureOf(new Error('the server ended the connection'), place)));
  const hostVerifier = (blob: Buffer): boolean => {
    answer.resolve(hostKeyOf(host, port, blob));
    return false;
  };
  // The name is never said: the connection ends with the key.
  const algorithms = { ...offerOf({ legacy: true }, []), serverHostKey: [...serverHostKey] };
  client.connect({ sock, username: 'nobody', hostVerifier, algorithms, readyTimeout: 0 });
  try {
    return await answer.promise;
  } finally {
    clearTimeout(timer);
    signal.removeEventListener('abort', stop);
    sock.destroy();
  }
}

function failureOf(cause: Error, place: string): GatewayError {
  const reason = shownText(cause.message, 200);
  const code = /no matching/i.test(reason) ? 'SFTP_ALGORITHMS' : 'SFTP_CONNECTION';
  return sftpError(code, `no connection: ${reason}`, place, { cause });
}
