import assert from 'node:assert/strict';
import { createServer } from 'node:net';

/**
 * A TCP port of 127.0.0.1 that nobody listened on a moment ago. Somebody else may take it before the caller does: where
 * a server can bind port 0 by itself and say which it got, do that.
 */
export function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const address = server.address();
      assert(typeof address === 'object' && address !== null);
      server.close(() => resolve(address.port));
    });
  });
}
