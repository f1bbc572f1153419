import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { createServer } from 'node:tls';
import { expect, onTestFinished, test } from 'vitest';
import { program, requirePeer } from '../../test/support/peer.ts';
import { rabbitMqMissing, startRabbitMq } from '../../test/support/rabbitmq.ts';
import { tempDirectory } from '../../test/support/temp-directory.ts';
import { type QueueOptionsInput, queue } from './index.ts';

const openSsl = program('openssl', ['version'], 'apt-get install openssl');
const never = new AbortController().signal;

requirePeer(
  'RabbitMQ with TLS',
  () => rabbitMqMissing() ?? openSsl(),
  () => {
    test('a certificate that is trusted and has the name: in; any other: refused before the password', async () => {
      const home = tempDirectory('queue-tls');
      const ours = certificate(home, 'broker', 'IP:127.0.0.1');
      // Trusted, and of another address than the one that is connected to.
      const misnamed = certificate(home, 'misnamed', 'IP:127.0.0.2');
      const other = certificate(home, 'stranger', 'IP:127.0.0.1');
      const broker = await startRabbitMq({ queues: ['q'], tls: { ca: ours.cert, ...ours } });
      onTestFinished(() => broker.stop());
      const reach = (tls: QueueOptionsInput['tls'], port = broker.tlsPort) => {
        const { username, password } = broker;
        const options = queue.options.parse({
          host: '127.0.0.1',
          port,
          username,
          password,
          source: broker.address('q'),
          connectTimeoutSeconds: 5,
          tls,
        });
        return queue.reach?.(options, never);
      };
      const ca = readFileSync(ours.cert, 'utf8');
      expect((await reach({ ca }))?.told).toContain('TLS, certificate verified');
      const refused = { code: 'QUEUE_TLS', retryable: false };
      await expect(reach({})).rejects.toMatchObject(refused);
      await expect(reach({ ca: readFileSync(other.cert, 'utf8') })).rejects.toMatchObject(refused);
      await expect(reach({ ca, serverName: 'mq.clearer.example' })).rejects.toMatchObject(refused);
      await expect(
        reach({ ca: readFileSync(misnamed.cert, 'utf8') }, await secureServer(misnamed)),
      ).rejects.toMatchObject(refused);
      await expect(reach({ ca: '-----BEGIN CERTIFICATE-----' })).rejects.toMatchObject(refused);
      // A port that speaks no TLS is never spoken to without it.
      await expect(reach({ ca }, broker.port)).rejects.toMatchObject({
        code: expect.stringMatching(/^QUEUE_(TLS|CONNECTION|TIMEOUT)$/),
      });
    });
  },
);

/** Something that speaks TLS and nothing else. */
async function secureServer(files: { readonly cert: string; readonly key: string }): Promise<number> {
  const server = createServer({ cert: readFileSync(files.cert), key: readFileSync(files.key) });
  server.listen(0, '127.0.0.1');
  onTestFinished(() => void server.close());
  await once(server, 'listening');
  const address = server.address();
  assert(typeof address === 'object' && address !== null);
  return address.port;
}

/** A certificate that is its own authority. */
function certificate(
  home: string,
  name: string,
  names: string,
): { readonly cert: string; readonly key: string } {
  const [cert, key] = [join(home, `${name}.pem`), join(home, `${name}.key`)];
  const about = ['-subj', `/CN=${name}`, '-addext', `subjectAltName=${names}`, '-days', '1'];
  execFileSync(
    'openssl',
    ['req', '-x509', '-newkey', 'rsa:2048', '-nodes', '-keyout', key, '-out', cert, ...about],
    {
      stdio: ['ignore', 'ignore', 'pipe'],
    },
  );
  return { cert, key };
}
