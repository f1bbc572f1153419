import { execFileSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { createReadStream, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { sftp } from '../../adapters/sftp/index.ts';
import { openSshMissing, startOpenSsh } from '../support/openssh.ts';

/**
 * A file of 100 MB there and back: the SFTP adapter against OpenSSH's own client, on the same server, taking turns. Each
 * logs in, since that is what a poll does; the adapter puts by temporary name and rename, the client does not.
 */
const megabytes = 100;
const rounds = Number(process.argv[2] ?? 5);

const missing = openSshMissing();
if (missing === undefined) await compare();
else process.stderr.write(`left out: ${missing}\n`);

async function compare(): Promise<void> {
  const server = await startOpenSsh();
  try {
    const local = join(server.root, '..', 'local');
    writeFileSync(local, randomBytes(megabytes * 1_000_000));
    const results: {
      readonly put: number;
      readonly get: number;
      readonly byUs: Way;
      readonly byClient: Way;
    }[] = [];
    for (let round = 0; round < rounds; round++) {
      const byUs = await ours(server, local);
      const byClient = theirs(server, local);
      results.push({ byUs, byClient, put: byUs.put / byClient.put, get: byUs.get / byClient.get });
    }
    for (const way of ['put', 'get'] as const) {
      const rate = (of: 'byUs' | 'byClient'): string =>
        (megabytes / median(results.map((one) => one[of][way]))).toFixed(0);
      const ratio = median(results.map((one) => one[way])).toFixed(2);
      process.stdout.write(
        `${way} ${megabytes} MB: sftp client ${rate('byClient')} MB/s, adapter ${rate('byUs')} MB/s, time ratio ${ratio}\n`,
      );
    }
  } finally {
    await server.stop();
  }
}

/** Seconds. */
interface Way {
  readonly put: number;
  readonly get: number;
}

type Server = Awaited<ReturnType<typeof startOpenSsh>>;

async function ours(server: Server, local: string): Promise<Way> {
  const options = sftp.options.parse({
    host: '127.0.0.1',
    port: server.port,
    username: server.username,
    hostKeys: server.fingerprints,
    privateKey: server.privateKey,
    folder: server.root,
  });
  const put = await timed(async () => {
    const source = await sftp.open(options);
    await source.put('ours', createReadStream(local, { highWaterMark: 1 << 18 }));
    await source.close();
  });
  const get = await timed(async () => {
    const source = await sftp.open(options);
    let bytes = 0;
    for await (const piece of source.fetch('ours', 0, new AbortController().signal)) bytes += piece.length;
    await source.close();
    if (bytes !== statSync(local).size) throw new Error('the file came back otherwise');
  });
  rmSync(join(server.root, 'ours'));
  return { put, get };
}

function theirs(server: Server, local: string): Way {
  const client = (command: string): void => {
    execFileSync(
      'sftp',
      [
        ...['-q', '-b', '-', '-P', String(server.port), '-i', server.privateKeyFile],
        ...['-o', 'StrictHostKeyChecking=no', '-o', 'UserKnownHostsFile=/dev/null', '-o', 'LogLevel=ERROR'],
        `${server.username}@127.0.0.1`,
      ],
      { input: `${command}\n`, stdio: ['pipe', 'ignore', 'pipe'] },
    );
  };
  const seconds = (act: () => void): number => {
    const start = performance.now();
    act();
    return (performance.now() - start) / 1000;
  };
  const there = join(server.root, 'theirs');
  const put = seconds(() => client(`put ${local} ${there}`));
  const get = seconds(() => client(`get ${there} ${local}.back`));
  rmSync(there);
  rmSync(`${local}.back`);
  return { put, get };
}

async function timed(act: () => Promise<void>): Promise<number> {
  const start = performance.now();
  await act();
  return (performance.now() - start) / 1000;
}

function median(values: readonly number[]): number {
  return values.toSorted((left, right) => left - right)[Math.floor(values.length / 2)] ?? 0;
}
