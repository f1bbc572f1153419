import { isIP } from 'node:net';
import { z } from 'zod';
import { limits } from '../../src/core/limits.ts';

const network = z
  .string()
  .refine(isNetwork, 'must be an address or a network, such as 192.0.2.0/24 or 2001:db8::/32');
const networks = z.array(network).min(1).max(limits.fixNetworksMax);

/** Who may come in through an acceptor's door. */
export const doorOptions = {
  allow: networks
    .optional()
    .describe(
      'Acceptor: addresses and networks (`192.0.2.0/24`, `2001:db8::/32`) that may connect; all others are hung up on before a byte is read. Default: any.',
    ),
  proxyProtocol: z
    .enum(['none', 'required'])
    .default('none')
    .describe(
      'Acceptor behind a load balancer: `required` reads the PROXY header, version 1 or 2, that every connection has to begin with, and takes the client’s address from it.',
    ),
  proxies: networks
    .optional()
    .describe(
      'Acceptor with `proxyProtocol`: the load balancers that are believed; nobody else may connect.',
    ),
  template: z
    .boolean()
    .default(false)
    .describe(
      'Acceptor: a session of its own for every counterparty whose CompID `targetCompId` covers, opened at its first Logon(A).',
    ),
  counterparties: z
    .union([z.array(z.string().min(1)).min(1).max(limits.fixTemplateSessionsMax), z.string().min(1)])
    .optional()
    .describe(
      'With `template`: the only CompIDs that get a session, as a list, or as a text with one on each line, such as a reference to a file. Default: all that the pattern covers.',
    ),
  sessionsMax: z
    .number()
    .int()
    .min(1)
    .max(limits.fixTemplateSessionsMax)
    .default(100)
    .describe('With `template`: so many counterparties get a session; further ones are hung up on.'),
} as const;

/** True for an address of version 4 or 6, alone or with the length of its network behind a slash. */
export function isNetwork(text: string): boolean {
  const [address = '', bits, ...rest] = text.split('/');
  const version = isIP(address);
  if (version === 0 || rest.length > 0 || address.includes('%')) return false;
  if (bits === undefined) return true;
  return /^\d{1,3}$/.test(bits) && Number(bits) <= (version === 4 ? 32 : 128);
}

/** What {@link doorContradictions} looks at. */
export interface DoorSettings {
  readonly role: 'initiator' | 'acceptor';
  readonly targetCompId: string;
  readonly failover: readonly unknown[];
  readonly allow?: readonly string[] | undefined;
  readonly proxyProtocol: 'none' | 'required';
  readonly proxies?: readonly string[] | undefined;
  readonly template: boolean;
  readonly counterparties?: readonly string[] | string | undefined;
}

/** What contradicts itself in who comes in and where to go: the option, and why. */
export function doorContradictions(settings: DoorSettings): (readonly [option: string, why: string])[] {
  const { role, targetCompId, failover, allow, proxyProtocol, proxies, template, counterparties } = settings;
  const found: (readonly [string, string])[] = [];
  const acceptors = { allow, proxies, proxyProtocol: proxyProtocol === 'none' ? undefined : proxyProtocol };
  if (role === 'initiator') {
    for (const [option, value] of Object.entries(acceptors))
      if (value !== undefined) found.push([option, 'only an acceptor has a door']);
    if (template) found.push(['template', 'only an acceptor has sessions by template']);
  }
  if (role === 'acceptor' && failover.length > 0) found.push(['failover', 'an acceptor connects to nobody']);
  if (proxyProtocol === 'required' && proxies === undefined)
    found.push(['proxies', 'say which load balancers are believed: anybody can write their header']);
  if (proxyProtocol === 'none' && proxies !== undefined)
    found.push(['proxies', 'needs `proxyProtocol: required`']);
  if (!template && targetCompId.includes('*'))
    found.push(['targetCompId', 'a pattern needs `template: true`']);
  if (!template && counterparties !== undefined) found.push(['counterparties', 'needs `template: true`']);
  return found;
}
