import fc from 'fast-check';
import { expect } from 'vitest';
import { isAdmin } from '../emit.ts';
import { firstFault } from '../judgement.ts';
import { beginStrings } from '../options.ts';
import { type Bench, type BenchOptions, bench, play } from './transcript.ts';

/**
 * Whatever a peer says in whatever version, under whatever options: the session neither throws, nor takes a number twice, nor goes
 * back, nor says what the version does not know.
 */
export async function expectSessionLaw(numRuns: number): Promise<void> {
  await fc.assert(
    fc.asyncProperty(options, fc.array(step, { maxLength: 30 }), async (given, steps) => {
      const speaks = given.role === 'initiator' && given.beginString === 'FIXT.1.1';
      const table = bench({ ...given, ...(speaks && { defaultApplVerId: '9' }) });
      let before = table.store.state;
      for (const line of [greeting(given), ...steps]) {
        await play(table, line);
        const { state } = table.store;
        const forward = state.nextIn >= before.nextIn && state.nextOut >= before.nextOut;
        expect(state.epoch > before.epoch || (state.epoch === before.epoch && forward)).toBe(true);
        expect(state).toEqual(table.machine.core.state);
        before = state;
      }
      const numbers = table.store.frames.flatMap(({ origin }) =>
        'ordinal' in origin ? [`${origin.scope}:${origin.ordinal}`] : [],
      );
      expect(new Set(numbers).size).toBe(numbers.length);
      expect(objections(table)).toEqual([]);
    }),
    { numRuns },
  );
}

/** Values that a session looks at, right and wrong. */
const value = fc.oneof(
  fc.integer({ min: -2, max: 40 }).map(String),
  fc.constantFrom('Y', 'N', '@0', '@-5', '@500', 'US', 'THEM', '9007199254740993', '00', '1e3', '', '\u00ff'),
  fc.constantFrom('INTC', '20261110-14:30:00', '2', 'x\u0001y', '7', '9'),
);
const ofSession = [34, 43, 49, 52, 56, 97, 122, 7, 16, 36, 123, 98, 108, 141, 789, 112, 58, 45, 553, 554];
const ofApplication = [11, 21, 38, 40, 54, 55, 60, 78, 79, 80, 386, 336, 453, 448, 999, 5001, 0, -1];
const ofHeader = [90, 91, 115, 116, 128, 129, 144, 145, 369, 1128, 1137, 8, 35];
const field = fc.tuple(fc.constantFrom(...ofSession, ...ofApplication, ...ofHeader), value);
const message = fc
  .tuple(
    fc.constantFrom('<', '<', '<', '<<'),
    fc.constantFrom('0', '1', '2', '3', '4', '5', 'A', 'U8', '8', 'D', 'd', 'j', '', '*'),
    fc.integer({ min: 0, max: 12 }),
    fc.array(field, { maxLength: 7 }),
  )
  .map(
    ([how, type, number, fields]) =>
      `${how} ${[`35=${type}`, `34=${number}`, ...fields.map(([tag, text]) => `${tag}=${text}`)].join('|')}`,
  );
const step = fc.oneof(
  { weight: 8, arbitrary: message },
  { weight: 2, arbitrary: fc.constantFrom('send U9|58=x', 'garbage', '+3s', 'logout') },
  { weight: 1, arbitrary: fc.constantFrom('drop\nconnect', '+40s', 'send 3|45=1|58=x') },
);

const onOff = fc.boolean();
const options = fc.record({
  beginString: fc.constantFrom(...beginStrings),
  role: fc.constantFrom('acceptor', 'initiator'),
  checkLatency: fc.constant(false),
  validate: fc.constantFrom('full', 'header'),
  onTooLow: fc.constantFrom('hold', 'logout'),
  resetOnLogon: onOff,
  resetOnLogout: onOff,
  resetOnDisconnect: onOff,
  logoutWaitsForGap: onOff,
  validateUserDefinedFields: onOff,
  allowUnknownMsgFields: onOff,
  enableRefTagId: onOff,
  requiresOrigSendingTime: onOff,
  rejectGarbledMessage: onOff,
  validateChecksum: onOff,
  sendRedundantResendRequests: onOff,
  checkCompId: onOff,
  resendRequestChunkSize: fc.constantFrom(0, 2),
  supportedTypes: fc.constantFrom(undefined, ['8']),
}) satisfies fc.Arbitrary<BenchOptions>;

function greeting({ beginString, role }: BenchOptions): string {
  const version = beginString === 'FIXT.1.1' ? '|1137=7' : '';
  return `connect\n< 35=A|34=1|98=0|108=30${role === 'initiator' ? '|141=Y' : ''}${version}`;
}

/** What the dictionary says of the session's own messages: nothing, whatever they answer. */
function objections({ machine, store }: Bench): string[] {
  const strict = { ...machine.core.options, ...allJudged };
  return store.frames.flatMap(({ direction, kind, bytes, context }) => {
    if (direction !== 'out' || kind !== 'message') return [];
    const { message, issues } = machine.core.codec.decode({
      bytes,
      ...(context !== undefined && { context }),
    });
    if (message === undefined) return ['unreadable'];
    const garbled = issues.filter(({ code }) => /CHECKSUM|BODY_LENGTH|FIRST_FIELDS/.test(code));
    const inbound = { at: 0, offset: 0, bytes, message, issues };
    const ours = isAdmin(message.type) || message.type === 'j';
    const fault = ours ? firstFault(inbound, strict) : undefined;
    const told = [...garbled, ...(fault === undefined ? [] : [fault.issue])];
    return told.map((issue) => `${Buffer.from(bytes).toString('latin1')}: ${issue.message}`);
  });
}

const allJudged = {
  validateFieldsOutOfOrder: true,
  validateFieldsHaveValues: true,
  validateUserDefinedFields: true,
  validateUnorderedGroupFields: true,
  allowUnknownMsgFields: false,
  allowUnknownEnumValues: false,
  validateIncomingMessage: true,
} as const;
