import type { Session, SessionPorts } from '../../src/contract/session.ts';
import { GatewayError } from '../../src/core/errors.ts';
import type { FixSessionOptions } from './options.ts';

/** A running session over these options. */
export async function openFixSession(options: FixSessionOptions, _ports: SessionPorts): Promise<Session> {
  throw new GatewayError('FIX_CLOSED', `the session to ${options.targetCompId} cannot run yet`);
}
