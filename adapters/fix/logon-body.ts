import type { Field } from './compose.ts';
import type { Core } from './core.ts';
import { ownApplVerId } from './emit.ts';

/** The fields of our Logon(A); `reset` with ResetSeqNumFlag(141)=Y. Who we are an initiator says, an acceptor was asked. */
export function logonBody(core: Core, reset: boolean): Field[] {
  const { options } = core;
  const body: Field[] = [
    [98, '0'],
    [108, String(core.heartBtInt)],
  ];
  if (reset) body.push([141, 'Y']);
  if (options.testMessage) body.push([464, 'Y']);
  if (options.role === 'initiator') body.push(...credentials(core));
  if (options.nextExpectedMsgSeqNum) body.push([789, String(core.state.nextIn)]);
  const applVerId = ownApplVerId(core);
  if (applVerId !== undefined) body.push([1137, applVerId]);
  return body;
}

function credentials(core: Core): Field[] {
  const { username, password, newPassword, logonFields } = core.options;
  const fields: Field[] = [];
  if (username !== undefined) fields.push([553, username]);
  if (password !== undefined) fields.push([554, password]);
  if (newPassword !== undefined) fields.push([925, newPassword]);
  for (const [tag, value] of Object.entries(logonFields)) fields.push([Number(tag), value]);
  return fields;
}
