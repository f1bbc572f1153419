import { describe, expect, onTestFinished, test } from 'vitest';
import { sftp } from '../../../adapters/sftp/index.ts';
import type { FileSource } from '../../../src/contract/source.ts';
import { systemClock } from '../../../src/core/clock.ts';
import { openSftpServer, type SftpNews, type SftpServer } from './sftp-server.ts';

const text = (content: string): Uint8Array => new TextEncoder().encode(content);

interface Opened {
  readonly server: SftpServer;
  readonly news: SftpNews[];
  place(change?: Readonly<Record<string, unknown>>): Promise<FileSource>;
}

async function open(): Promise<Opened> {
  const news: SftpNews[] = [];
  const server = await openSftpServer({
    port: 0,
    username: 'demobrkr',
    folders: ['positions'],
    clock: systemClock(),
    tell: (one) => news.push(one),
  });
  onTestFinished(() => server.close());
  return {
    server,
    news,
    async place(change = {}) {
      const settings = {
        host: '127.0.0.1',
        port: server.port,
        hostKeys: [server.hostKey],
        username: 'demobrkr',
        privateKey: server.userKey,
        folder: '/positions',
        ...change,
      };
      const place = await sftp.open(sftp.options.parse(settings));
      onTestFinished(() => place.close());
      return place;
    },
  };
}

async function content(place: FileSource, name: string, from = 0): Promise<string> {
  const pieces: Uint8Array[] = [];
  for await (const piece of place.fetch(name, from, new AbortController().signal)) pieces.push(piece);
  return Buffer.concat(pieces).toString();
}

describe('the simulated SFTP server, to our own adapter', () => {
  test('lists, gives from any offset, and moves into an archive', async () => {
    const { server, news, place } = await open();
    const long = 'POS'.repeat(40_000);
    server.put('/positions/B.TXT', text(long));
    server.put('/positions/A.TXT', text('first'));
    const files = await place();
    expect((await files.list()).map(({ name, size }) => [name, size])).toEqual([
      ['A.TXT', 5],
      ['B.TXT', 120_000],
    ]);
    expect(await content(files, 'B.TXT')).toBe(long);
    expect(await content(files, 'A.TXT', 2)).toBe('rst');
    await files.archive('A.TXT');
    await files.archive('A.TXT');
    expect((await files.list()).map(({ name }) => name)).toEqual(['B.TXT']);
    expect(news.filter((one) => one.news === 'renamed')).toEqual([
      { news: 'renamed', path: '/positions/A.TXT', to: '/positions/archive/A.TXT' },
    ]);
  });

  test('takes a file whole or not at all, and not under a name that is taken', async () => {
    const { server, place } = await open();
    const files = await place();
    async function* pieces(): AsyncGenerator<Uint8Array> {
      yield text('to ');
      yield text('them');
    }
    await files.put('OUT.TXT', pieces());
    expect(await content(files, 'OUT.TXT')).toBe('to them');
    await expect(files.put('OUT.TXT', pieces())).rejects.toMatchObject({ code: 'SFTP_TAKEN' });
    expect(server.tree.in('/positions').map(([name]) => name)).toEqual(['OUT.TXT']);
  });

  test('lets nobody in with another key, and shows a host key that a wrong pin refuses', async () => {
    const { place } = await open();
    const other = await open();
    const stranger = await place({ privateKey: other.server.userKey });
    await expect(stranger.list()).rejects.toMatchObject({ code: 'SFTP_AUTHENTICATION' });
    const mistaken = await place({ hostKeys: [other.server.hostKey] });
    await expect(mistaken.list()).rejects.toMatchObject({ code: 'SFTP_HOST_KEY' });
  });
});
