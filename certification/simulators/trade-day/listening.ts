import assert from 'node:assert/strict';
import type { Server } from 'node:net';
import { GatewayError } from '../../../src/core/errors.ts';

/** The port that a server listens on, on 127.0.0.1; 0 takes a free one. Throws `SIM_LISTEN`. */
export async function listening(server: Server, port: number): Promise<number> {
  await new Promise<void>((resolve, reject) => {
    server.once('error', (cause) =>
      reject(
        new GatewayError('SIM_LISTEN', `127.0.0.1:${port} cannot be listened on`, {
          cause,
          place: `127.0.0.1:${port}`,
          remedy: 'take another port, or 0 for a free one',
        }),
      ),
    );
    server.listen(port, '127.0.0.1', resolve);
  });
  const address = server.address();
  assert(typeof address === 'object' && address !== null);
  return address.port;
}
