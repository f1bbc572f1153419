import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdtempSync, readFileSync, renameSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** Debian's packages that a peer is made with. */
const packages = ['libquickfix-dev', 'libssl-dev', 'g++'];
const header = '/usr/include/quickfix/Session.h';
/** C++14 or older: QuickFIX's headers say `throw(...)`. Its pkg-config file is wrong, so it is linked by hand. */
const flags = ['-O1', '-std=c++14', '-w', '-DHAVE_SSL=1'];
const libraries = ['-lquickfix', '-lpthread', '-lssl', '-lcrypto', '-ldl'];

export type Built = { readonly program: string } | { readonly missing: string };

/** What a program of this folder is called; its source is `<name>.cpp`. */
export type PeerProgram = 'dropcopy-peer' | 'settings-peer';

/**
 * A program over Debian's QuickFIX, compiled once for its source and kept in the system's temporary folder. Where the library is missing, it
 * is installed by apt if we may; if not, says what is missing, and throws where CLEARPORT_PEERS=required.
 */
export function buildProgram(name: PeerProgram): Built {
  const built = installed() ? compiled(name) : { missing: 'libquickfix-dev is not installed, and cannot be' };
  if ('missing' in built && process.env['CLEARPORT_PEERS'] === 'required')
    throw new Error(`CLEARPORT_PEERS=required, but ${built.missing}`);
  return built;
}

function installed(): boolean {
  if (existsSync(header)) return true;
  if (process.getuid?.() !== 0 || !existsSync('/usr/bin/apt-get')) return false;
  const install = ['install', '-y', '--no-install-recommends', ...packages];
  for (const args of [install, ['update'], install]) {
    try {
      execFileSync('apt-get', args, { stdio: 'ignore', timeout: 240_000 });
    } catch {
      continue;
    }
    if (existsSync(header)) return true;
  }
  return false;
}

function compiled(name: PeerProgram): Built {
  const source = fileURLToPath(new URL(`${name}.cpp`, import.meta.url));
  const sha = createHash('sha256').update(readFileSync(source)).digest('hex').slice(0, 16);
  const program = join(tmpdir(), `clearport-${name}-${process.getuid?.() ?? 0}-${sha}`);
  if (existsSync(program)) return { program };
  const place = mkdtempSync(join(tmpdir(), 'clearport-peer-'));
  try {
    const output = join(place, name);
    execFileSync('g++', [...flags, source, '-o', output, ...libraries], { stdio: 'pipe', timeout: 240_000 });
    renameSync(output, program);
    return { program };
  } catch (cause) {
    return {
      missing: `${name} does not compile: ${cause instanceof Error ? cause.message.slice(0, 500) : ''}`,
    };
  } finally {
    rmSync(place, { recursive: true, force: true });
  }
}
