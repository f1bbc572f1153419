import { z } from 'zod';
import { GatewayError } from '../core/errors.ts';
import type { JsonValue } from '../core/json.ts';
import type { Control } from './control.ts';
import { gatewayIssues } from './issues.ts';
import type { Mask } from './mask.ts';

/** One line of JSON each way. A request has an id, and its response the same. */
export interface ControlRequest {
  readonly id: number;
  readonly method: string;
  readonly params: readonly unknown[];
}

export type ControlResponse =
  | { readonly id: number; readonly result: unknown }
  | { readonly id: number; readonly error: ControlFailure };

export interface ControlFailure {
  readonly code: string;
  readonly message: string;
  readonly remedy?: string;
  readonly place?: string;
  readonly retryable: boolean;
  readonly exitCode: 2 | 3;
}

/** What can be sent at most (32 MiB), in base64, fits; a longer line is an attack or a bug. */
export const lineBytesMax = 48 * 1024 * 1024;

const person = z.strictObject({ by: z.string(), reason: z.string() });
const offset = z.number().int().min(0);
const sessionNumber = z.number().int().min(1);
const session = z.string().min(1).exactOptional();
const command = z.discriminatedUnion('command', [
  z.strictObject({ command: z.literal('reset'), session }),
  z.strictObject({
    command: z.literal('set'),
    session,
    nextIn: sessionNumber.exactOptional(),
    nextOut: sessionNumber.exactOptional(),
  }),
  z.strictObject({ command: z.literal('logout'), session, text: z.string().exactOptional() }),
]);
const selection = z.strictObject({ channel: z.string().exactOptional(), limit: offset.exactOptional() });
const replayRequest = z.strictObject({
  channel: z.string().exactOptional(),
  from: offset.exactOptional(),
  to: offset.exactOptional(),
  quarantinedOnly: z.boolean().exactOptional(),
  dryRun: z.boolean(),
  limit: offset.exactOptional(),
});

const snapshot = z.strictObject({ channel: z.string(), snapshot: z.string().min(1) });
const baseline = z.strictObject({ positions: snapshot, cash: snapshot.exactOptional() });

const content = z.union([
  z.strictObject({ bytes: z.base64() }),
  z.strictObject({ type: z.string().min(1), data: z.json() }),
]);
const sending = z.strictObject({
  channel: z.string(),
  key: z.string().exactOptional(),
  name: z.string().exactOptional(),
  content,
  asIs: z.boolean().exactOptional(),
});

type Method = (control: Control, params: readonly unknown[]) => Promise<unknown>;

const methods: Readonly<Record<string, Method>> = {
  status: (control) => control.status(),
  session: method(z.tuple([z.string(), command, person]), (control, params) => control.session(...params)),
  quarantine: method(z.tuple([selection]), (control, params) => control.quarantine(...params)),
  quarantined: method(z.tuple([offset]), (control, params) => control.quarantined(...params)),
  release: method(z.tuple([offset, person]), (control, params) => control.release(...params)),
  discard: method(z.tuple([offset, person]), (control, params) => control.discard(...params)),
  repair: method(z.tuple([offset, z.base64(), person]), (control, [at, bytes, by]) =>
    control.repair(at, Buffer.from(bytes, 'base64'), by),
  ),
  replay: method(z.tuple([replayRequest, person]), (control, params) => control.replay(...params)),
  adoptBaseline: method(z.tuple([baseline, person]), (control, params) => control.adoptBaseline(...params)),
  send: method(z.tuple([sending, person]), (control, [{ content: given, ...rest }, by]) => {
    const bytes = 'bytes' in given ? { bytes: Buffer.from(given.bytes, 'base64') } : given;
    return control.send({ ...rest, content: bytes }, by);
  }),
  backup: method(z.tuple([z.string().min(1), person]), (control, params) => control.backup(...params)),
  checkpoint: (control) => control.checkpoint(),
  stop: method(z.tuple([z.string()]), (control, params) => control.stop(...params)),
};

function method<T>(params: z.ZodType<T>, call: (control: Control, params: T) => Promise<unknown>): Method {
  return async (control, given) => {
    const read = params.safeParse(given);
    if (read.success) return call(control, read.data);
    throw requestError(`wrong members: ${read.error.issues[0]?.message ?? ''}`);
  };
}

const request = z.object({ id: z.number().int(), method: z.string(), params: z.array(z.unknown()) });

/** The response to one line. Never throws; `failed` is told of what has no code of its own. */
export async function answer(
  control: Control,
  line: string,
  mask: Mask,
  failed: (cause: unknown) => void,
): Promise<ControlResponse> {
  const read = request.safeParse(parsed(line));
  if (!read.success) return { id: 0, error: failureOf(requestError('is no request'), mask) };
  const { id, method: name, params } = read.data;
  try {
    const act = Object.hasOwn(methods, name) ? methods[name] : undefined;
    if (act === undefined) throw requestError(`there is no "${name.slice(0, 40)}"`);
    return { id, result: (await act(control, params)) ?? null };
  } catch (cause) {
    if (!(cause instanceof GatewayError)) failed(cause);
    return { id, error: failureOf(cause, mask) };
  }
}

/** The error that a response carries, as it was thrown on the other side. */
export function errorOf(failure: ControlFailure): GatewayError {
  const { code, message, ...details } = failure;
  return new GatewayError(code, message, details);
}

export function requestError(message: string): GatewayError {
  return new GatewayError('CONTROL_REQUEST', message, {
    remedy: gatewayIssues.CONTROL_REQUEST.remedy,
    exitCode: 2,
  });
}

function failureOf(cause: unknown, mask: Mask): ControlFailure {
  const { meaning, remedy } = gatewayIssues.CONTROL_FAILED;
  const error =
    cause instanceof GatewayError ? cause : new GatewayError('CONTROL_FAILED', meaning, { remedy });
  return {
    code: error.code,
    message: mask.text(error.message),
    ...(error.remedy !== undefined && { remedy: error.remedy }),
    ...(error.place !== undefined && { place: mask.text(error.place) }),
    retryable: error.retryable,
    exitCode: error.exitCode,
  };
}

function parsed(line: string): JsonValue {
  try {
    return JSON.parse(line);
  } catch {
    return null;
  }
}
