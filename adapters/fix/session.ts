import type { Session, SessionPorts, SessionStores } from '../../src/contract/session.ts';
import { GatewayError } from '../../src/core/errors.ts';
import { withDialect } from './dialect.ts';
import { Hub } from './hub.ts';
import { type FixSessionOptions, fixSessionOptions, speaksTls } from './options.ts';
import { RunningSession } from './running-session.ts';
import { requireHours } from './schedule.ts';
import { TemplateSession } from './template-session.ts';
import { requireReadable } from './transport.ts';

/**
 * A running session: an initiator connects and connects again, an acceptor listens. Rejects with `FIX_OPTIONS`, `FIX_TLS`,
 * `FIX_DICTIONARY` or `FIX_LISTEN`; what happens later is told through `ports.report`.
 */
export async function openFixSession(
  options: FixSessionOptions,
  ports: SessionPorts,
  hub = ports.shared instanceof Hub ? ports.shared : new Hub(),
): Promise<Session> {
  const checked = fixSessionOptions.safeParse(options);
  if (!checked.success) {
    const [first] = checked.error.issues;
    const place = first?.path.join('.') ?? '';
    throw new GatewayError('FIX_OPTIONS', `${place}: ${first?.message ?? 'wrong'}`, { place, exitCode: 2 });
  }
  requireHours(checked.data, ports);
  if (speaksTls(checked.data)) requireReadable(checked.data);
  const dialect = withDialect(checked.data);
  const session = new RunningSession(dialect, ports, await ports.store.load());
  if (!checked.data.template) {
    await session.start(hub);
    return session;
  }
  const template = new TemplateSession(dialect, ports, storesOf(ports), session);
  await template.start(hub);
  return template;
}

function storesOf({ sessions }: SessionPorts): SessionStores {
  if (sessions !== undefined) return sessions;
  const message = 'template: whoever opens sessions by template has to give each its memory';
  throw new GatewayError('FIX_OPTIONS', message, { place: 'template', exitCode: 2 });
}
