import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { latin1Text } from '../../src/core/bytes.ts';
import type { Definition, Profile } from './definition.ts';
import { definitionCharsMax, parseDefinition } from './grammar.ts';
import { definitionIssues } from './issues.ts';

function parsed(
  lines: readonly string[],
  profile: Profile = 'quickfix',
  files: Record<string, string> = {},
): Definition {
  const text = lines.join('\n').replaceAll('|', '\u0001');
  return parseDefinition(text, { name: 'x', file: '/pack/x.def', profile, fileText: (path) => files[path] });
}

/** `DEFINITION_SYNTAX:2`: code and line of everything that is wrong. */
function wrong(definition: Definition): readonly string[] {
  return definition.issues.map(({ code, at }) => `${code}:${at?.line}`);
}

describe('what lines mean', () => {
  test.each([
    ['iCONNECT', { kind: 'connect', client: 1 }],
    ['i2,CONNECT', { kind: 'connect', client: 2 }],
    ['eCONNECT', { kind: 'expect-connect', client: 1 }],
    ['iDISCONNECT', { kind: 'disconnect', client: 1 }],
    ['i0,DISCONNECT', { kind: 'disconnect', client: 0 }],
    ['eDISCONNECT', { kind: 'expect-disconnect', client: 1 }],
    ['e9,DISCONNECT', { kind: 'expect-disconnect', client: 9 }],
    ['I8=FIX.4.4|35=0|', { kind: 'send', client: 1, body: '8=FIX.4.4|35=0|' }],
    ['I3,8=FIX.4.4|35=0|', { kind: 'send', client: 3, body: '8=FIX.4.4|35=0|' }],
    ['I35=0|8=FIX.4.4|', { kind: 'send', client: 1, body: '35=0|8=FIX.4.4|' }],
    ['I12,x', { kind: 'send', client: 1, body: '12,x' }],
    ['R8=FIX.4.2|', { kind: 'send', client: 1, body: '8=FIX.4.2|' }],
    ['E8=FIX.4.4|35=0|', { kind: 'expect', client: 1, body: '8=FIX.4.4|35=0|' }],
    ['E2,8=FIX.4.4|35=0|', { kind: 'expect', client: 2, body: '8=FIX.4.4|35=0|' }],
  ])('%s', (line, step) => {
    const { steps } = parsed([line]);
    const body = 'body' in step ? { body: step.body.replaceAll('|', '\u0001') } : {};
    expect(steps).toEqual([{ ...step, ...body, line: 1, text: line.replaceAll('|', '\u0001') }]);
  });

  test.each([
    ['bars', 'E2,8=FIX.4.4|35=0|58=a|b|', 'E2,8=FIX.4.4\u000135=0\u000158=a|b\u0001'],
    ['bars, a secret too', 'I8=FIX.4.4|35=A|554=hunter2|', 'I8=FIX.4.4\u000135=A\u0001554=hunter2\u0001'],
    ['bars, none at the end', 'I8=FIX.4.4|35=0', 'I8=FIX.4.4\u000135=0\u0001'],
    ['a separator at no place', 'I8=FIX.4.4', 'I8=FIX.4.4'],
    ['what terminals show', 'I8=FIX.4.4^A35=0^A', 'I8=FIX.4.4\u000135=0\u0001'],
    ['bars beside a real separator', 'I8=FIX.4.4|35=0|\u0001', 'I8=FIX.4.4|35=0|\u0001'],
    ['bars in what is no message', 'Igarbage|35=0|', 'Igarbage|35=0|'],
  ])('separators of an editor: %s', (_, line, text) => {
    const options = { name: 'x', file: '/pack/x.def', profile: 'quickfix' } as const;
    const { steps } = parseDefinition(`iCONNECT\n${line}`, options);
    expect(steps[1]?.text).toBe(text);
  });

  test('comments and empty lines are passed over, LF and CRLF both end a line, lines are counted from 1', () => {
    const { steps, issues } = parsed(['# first', '', 'iCONNECT\r', '\r', '#', 'eDISCONNECT']);
    expect(issues).toEqual([]);
    expect(steps.map(({ kind, line }) => `${kind}:${line}`)).toEqual(['connect:3', 'expect-disconnect:6']);
  });

  test.each([
    ['iCONNECT', 'connect'],
    ['eCONNECT', 'listen'],
  ])('a definition that begins with %s is for a runner that has to %s', (line, role) => {
    expect(parsed([line]).role).toBe(role);
  });
});

describe('what is wrong', () => {
  test.each([
    ['a word that is none', ['iCONNECT', 'iRECONNECT'], ['DEFINITION_SYNTAX:2']],
    ['a letter that is none', ['iCONNECT', 'X8=FIX.4.4|'], ['DEFINITION_SYNTAX:2']],
    ['a client of two digits', ['i12,CONNECT', 'iCONNECT'], ['DEFINITION_SYNTAX:1']],
    ['a blank behind a word', ['iCONNECT', 'eDISCONNECT '], ['DEFINITION_SYNTAX:2']],
    ['a blank before a line', ['iCONNECT', ' I8=FIX.4.4|'], ['DEFINITION_SYNTAX:2']],
    ['a comment behind a blank', ['iCONNECT', ' # x'], ['DEFINITION_SYNTAX:2']],
    [
      'iSET_SESSION, which only QuickFIX/J knows',
      ['iCONNECT', 'iSET_SESSION a->b NEXTTARGETSEQNUM=1'],
      ['DEFINITION_SYNTAX:2'],
    ],
    ['no connection at all', ['# nothing'], ['DEFINITION_NO_CONNECT:1']],
    ['a client that nobody connected', ['iCONNECT', 'I2,8=FIX.4.4|'], ['DEFINITION_CLIENT:2']],
    ['a message behind iDISCONNECT', ['iCONNECT', 'iDISCONNECT', 'E8=FIX.4.4|'], ['DEFINITION_CLIENT:3']],
    ['iDISCONNECT twice', ['iCONNECT', 'iDISCONNECT', 'iDISCONNECT'], ['DEFINITION_CLIENT:3']],
    ['iCONNECT where we listen', ['eCONNECT', 'i2,CONNECT'], ['DEFINITION_ROLE:2']],
    ['R where we connect', ['iCONNECT', 'R8=FIX.4.4|'], ['DEFINITION_ROLE:2']],
    ['a file that is not there', ['iCONNECT', 'I8=FIX.4.4|58=<FILE:x>|'], ['DEFINITION_FILE:2']],
    ['a time that is none', ['iCONNECT', 'I8=FIX.4.4|52=<TIME+x>|'], ['DEFINITION_MACRO:2']],
    ['a macro without end', ['iCONNECT', 'I8=FIX.4.4|52=<TIME|'], ['DEFINITION_MACRO:2']],
    ['an expected field without tag', ['iCONNECT', 'E8=FIX.4.4|abc|'], ['DEFINITION_FIELD:2']],
    ['a sum without a length', ['iCONNECT', 'E8=FIX.4.4|35=0|10=0|'], ['DEFINITION_LENGTH:2']],
    [
      'several lines, told in their order',
      ['iCONNECT', 'I2,8=FIX.4.4|', 'what'],
      ['DEFINITION_CLIENT:2', 'DEFINITION_SYNTAX:3'],
    ],
    ['an expectation of nothing', ['iCONNECT', 'E'], ['DEFINITION_FIELD:2']],
  ])('%s', (_, lines, issues) => {
    expect(wrong(parsed(lines))).toEqual(issues);
  });

  test('every issue has file, line, cause and remedy', () => {
    const { issues } = parsed(['iCONNECT', 'what']);
    expect(issues).toEqual([
      {
        code: 'DEFINITION_SYNTAX',
        severity: 'error',
        message: '"what" is no line of a definition',
        at: { line: 2, column: 1 },
        file: '/pack/x.def',
        remedy: definitionIssues.DEFINITION_SYNTAX.remedy,
      },
    ]);
  });

  test('a wrong line shows no password', () => {
    expect(parsed(['X554=secret|']).issues[0]?.message).toBe('"X554=***(6)|" is no line of a definition');
  });

  test('what is too large is not read', () => {
    expect(wrong(parsed(['#'.repeat(definitionCharsMax + 1)]))).toEqual(['DEFINITION_LARGE:1']);
  });

  test('what is garbled on purpose is no finding: only what is expected has to be fields', () => {
    expect(wrong(parsed(['iCONNECT', 'Igarbage', 'I8=FIX.4.4|9=x|35|10=1|']))).toEqual([]);
  });

  test('eDISCONNECT leaves the connection to whoever asks again', () => {
    expect(wrong(parsed(['iCONNECT', 'eDISCONNECT', 'iDISCONNECT', 'iCONNECT', 'I8=FIX.4.4|']))).toEqual([]);
  });
});

describe('as QuickFIX/J has it', () => {
  test('a sum without a length is compared as it stands, and no finding', () => {
    expect(wrong(parsed(['iCONNECT', 'E8=FIX.4.4|35=0|10=0|'], 'quickfixj'))).toEqual([]);
  });

  test('blanks behind a line and before a comment are tolerated', () => {
    const { steps, issues } = parsed(['  # x', 'iCONNECT  ', 'eDISCONNECT\t', '   '], 'quickfixj');
    expect(issues).toEqual([]);
    expect(steps).toHaveLength(2);
  });

  test.each([
    ['i1CONNECT', 'connect', 1],
    ['i,CONNECT', 'connect', 1],
    ['i2,CONNECT to the second session', 'connect', 2],
    ['e2DISCONNECT', 'expect-disconnect', 2],
  ])('"%s" is taken as it begins', (line, kind, client) => {
    const { steps } = parsed(['iCONNECT', 'i2,CONNECT', line], 'quickfixj');
    expect(steps[2]).toMatchObject({ kind, client });
    expect(wrong(parsed(['iCONNECT', 'i2,CONNECT', line]))).toEqual(['DEFINITION_SYNTAX:3']);
  });

  test('what it would pass over without a word is told, and no error', () => {
    const definition = parsed(['iCONNECT', 'nonsense'], 'quickfixj');
    expect(wrong(definition)).toEqual(['DEFINITION_SKIPPED:2']);
    expect(definition.issues.map(({ severity }) => severity)).toEqual(['warning']);
  });

  test.each([
    ['NEXTTARGETSEQNUM=5', { nextTarget: 5 }],
    ['NEXTSENDERSEQNUM=7', { nextSender: 7 }],
    ['NEXTTARGETSEQNUM=5 NEXTSENDERSEQNUM=7', { nextTarget: 5, nextSender: 7 }],
  ])('iSET_SESSION with %s', (numbers, read) => {
    const text = `iSET_SESSION FIX.4.4:ISLD->TW ${numbers}`;
    const { steps, issues } = parsed(['iCONNECT', text], 'quickfixj');
    expect(issues).toEqual([]);
    expect(steps[1]).toEqual({ kind: 'set-session', line: 2, text, session: 'FIX.4.4:ISLD->TW', ...read });
  });

  test.each([
    'iSET_SESSION',
    'iSET_SESSION x NEXTTARGETSEQNUM=1',
    'iSET_SESSION a->b',
    'iSET_SESSION a->b NEXTTARGETSEQNUM=x',
  ])('"%s" is an error', (line) => {
    expect(wrong(parsed(['iCONNECT', line], 'quickfixj'))).toEqual(['DEFINITION_SESSION:2']);
  });
});

describe('whatever a file holds', () => {
  const line = fc.oneof(
    fc.constantFrom(
      'iCONNECT',
      'eCONNECT',
      'iDISCONNECT',
      'eDISCONNECT',
      '#',
      '',
      'i2,CONNECT',
      'iSET_SESSION a->b NEXTTARGETSEQNUM=1',
    ),
    fc
      .tuple(fc.constantFrom('I', 'E', 'R', 'I1,', 'E2,', 'x'), fc.string({ unit: 'binary-ascii' }))
      .map((parts) => parts.join('')),
    fc.constantFrom('I8=FIX.4.4|52=<TIME+1>|', 'E8=FIX.4.4|10=0|', 'I<FILE:../../etc/passwd>', 'I<FILE:x>'),
  );

  test.each([
    'quickfix',
    'quickfixj',
  ] as const)('%s: it is read without a throw, and each line is a step, an issue or nothing', (profile) => {
    fc.assert(
      fc.property(fc.array(line, { maxLength: 20 }), (lines) => {
        const { steps, issues } = parsed(lines, profile);
        const all = lines.join('\n').split('\n');
        for (const { line: at } of steps) expect(at).toBeLessThanOrEqual(all.length);
        for (const { at, file, remedy } of issues) {
          expect(at?.line).toBeGreaterThanOrEqual(1);
          expect(file).toBe('/pack/x.def');
          expect(remedy.length).toBeGreaterThan(10);
        }
        const told = new Set([...steps.map((step) => step.line), ...issues.map(({ at }) => at?.line)]);
        for (const [index, text] of all.entries()) {
          const silent = /^\s*(#.*)?\r?$/.test(text);
          if (!silent) expect(told).toContain(index + 1);
        }
      }),
      { numRuns: 300 },
    );
  });

  test('bytes of any kind', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 400 }), (bytes) => {
        parseDefinition(latin1Text(bytes), { name: 'x', file: 'x', profile: 'quickfix' });
      }),
      { numRuns: 300 },
    );
  });
});
