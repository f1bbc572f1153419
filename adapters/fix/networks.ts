import { BlockList, isIP, isIPv4 } from 'node:net';

/** Addresses that a list of networks has: `192.0.2.0/24`, `2001:db8::/32`, or single ones. */
export interface Networks {
  has(address: string | undefined): boolean;
}

/** Lists that were read: every connection asks the same ones. */
const read = new WeakMap<readonly string[], Networks>();

/** The list as it is asked about; an IPv4 address that a dual-stack socket writes as `::ffff:192.0.2.1` is that address. */
export function networksOf(list: readonly string[]): Networks {
  const known = read.get(list) ?? readList(list);
  read.set(list, known);
  return known;
}

function readList(list: readonly string[]): Networks {
  const found = new BlockList();
  for (const network of list) {
    const [address = '', bits] = network.split('/');
    const family = isIPv4(address) ? 'ipv4' : 'ipv6';
    found.addSubnet(address, bits === undefined ? (family === 'ipv4' ? 32 : 128) : Number(bits), family);
  }
  return {
    has(address = '') {
      const plain = plainAddress(address);
      if (isIP(plain) === 0) return false;
      return found.check(plain, isIPv4(plain) ? 'ipv4' : 'ipv6');
    },
  };
}

/** An address without the prefix of a mapped one and without the zone of a link. */
export function plainAddress(address: string): string {
  const mapped = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i.exec(address);
  return mapped?.[1] ?? address.replace(/%.*$/, '');
}
