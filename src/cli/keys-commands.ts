import type { Command } from 'commander';
import { type Add, configOption, numberOption } from './command-adding.ts';
import type { KeyScanOptions, KeysOptions } from './keys.ts';

/** `clearport keys`: what proves who is who. */
export function addKeysCommands(add: Add, program: Command): void {
  const keys = program
    .command('keys')
    .description('host keys, certificates and keys: what is pinned, what expires');
  const load = () => import('./keys.ts');
  add<KeysOptions>(
    'list',
    'every pin, certificate and private key of the configuration, by fingerprint, never the key itself',
    [
      numberOption('--days <number>', 'what expires within so many days is a finding; default 30').default(
        30,
      ),
      configOption,
    ],
    async (context, _args, options) => (await load()).keys(context, options),
    keys,
    true,
  );
  add<KeyScanOptions>(
    'scan <host>',
    'the host keys that an SFTP server shows, as lines to paste',
    [numberOption('--port <number>', 'its port; default 22, or as HOST:PORT says')],
    async (context, [host = ''], options) => (await load()).scanKeys(context, host, options),
    keys,
  );
}
