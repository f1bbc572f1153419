import { isIP } from 'node:net';

/** True for addresses that never leave this machine. A name is believed when it is `localhost`. */
export function isLoopback(host: string): boolean {
  if (host === 'localhost' || host === '::1') return true;
  return isIP(host) === 4 && host.startsWith('127.');
}
