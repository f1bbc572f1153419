import { readdirSync, readFileSync, readlinkSync } from 'node:fs';

/** One TCP socket of a process. The far end of one that listens is `0.0.0.0`, or `::`. */
export interface TcpSocket {
  readonly local: string;
  readonly remote: string;
  readonly listens: boolean;
}

/** TCP sockets of a process, from /proc. Source: proc_pid_net(5), `tcp` and `tcp6`: addresses in hexadecimal, host byte order. */
export function tcpSocketsOf(pid: number): readonly TcpSocket[] {
  const inodes = new Set(
    readdirSync(`/proc/${pid}/fd`).flatMap((name) => /^socket:\[(\d+)\]$/.exec(linkOf(pid, name))?.[1] ?? []),
  );
  return ['tcp', 'tcp6'].flatMap((table) =>
    readFileSync(`/proc/${pid}/net/${table}`, 'utf8')
      .trim()
      .split('\n')
      .slice(1)
      .map((line) => line.trim().split(/\s+/))
      .filter((fields) => inodes.has(fields[9] ?? ''))
      .map(([, local = '', remote = '', state]) => ({
        local: addressOf(local),
        remote: addressOf(remote),
        listens: state === '0A',
      })),
  );
}

function linkOf(pid: number, name: string): string {
  try {
    return readlinkSync(`/proc/${pid}/fd/${name}`);
  } catch {
    return ''; // It was closed meanwhile.
  }
}

/** `0100007F:A1B2` is 127.0.0.1. */
function addressOf(text: string): string {
  const [hex = ''] = text.split(':');
  if (hex.length !== 8) return /^0+$/.test(hex) ? '::' : hex;
  return (hex.match(/../g) ?? [])
    .toReversed()
    .map((byte) => Number.parseInt(byte, 16))
    .join('.');
}
