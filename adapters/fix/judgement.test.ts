import { describe, expect, test } from 'vitest';
import type { FixSessionOptionsInput } from './options.ts';
import { expectTranscript } from './testing/expect-transcript.ts';
import { bench, play } from './testing/transcript.ts';

/** An order that nobody objects to, from FIX 4.2 to FIX 5.0 SP2. */
const order = '11=ID|21=1|38=100|40=1|54=1|55=INTC|60=20261110-14:30:00';

async function answer(line: string, options: Partial<FixSessionOptionsInput>, version = ''): Promise<string> {
  const table = bench({ validate: 'full', ...options });
  await play(table, `connect\n< 35=A|34=1|98=0|108=30${version}`);
  const said = await play(table, line);
  return said.split('\n').slice(1).join('\n');
}

const without = (tag: number): string => order.replace(new RegExp(`(^|\\|)${tag}=[^|]*`), '');

describe('with validate: full, of a FIX 4.4 message is told', () => {
  test.each([
    ['a tag that is in no table', `35=D|34=2|${order}|999=x`, 'Invalid tag number|371=999', 0],
    ['a tag of the users', `35=D|34=2|${order}|5000=x`, 'Invalid tag number|371=5000', 0],
    ['tag 0', `35=D|34=2|${order}|0=x`, 'Invalid tag number|371=0', 0],
    ['a tag below 0', `35=D|34=2|${order}|-1=x`, 'Invalid tag number|371=-1', 0],
    ['what is missing', `35=D|34=2|${without(54)}`, 'Required tag missing|371=54', 1],
    ['the lowest of two that are missing', '35=D|34=2|38=1|40=1', 'Required tag missing|371=11', 1],
    [
      'a field of another message',
      `35=D|34=2|${order}|17=x`,
      'Tag not defined for this message type|371=17',
      2,
    ],
    ['no value', `35=D|34=2|${order}|58=`, 'Tag specified without a value|371=58', 4],
    [
      'a value of no list',
      `35=D|34=2|${order}|77=w`,
      'Value is incorrect (out of range) for this tag|371=77',
      5,
    ],
    ['a wrong form', `35=D|34=2|${order}|126=20261110`, 'Incorrect data format for value|371=126', 6],
    ['a sign before a decimal', `35=D|34=2|${order}|44=+1.0`, 'Incorrect data format for value|371=44', 6],
    ['a tag twice', `35=D|34=2|${order}|54=2`, 'Tag appears more than once|371=54', 13],
    [
      'a wrong count',
      `35=D|34=2|${order}|386=3|336=1|336=2`,
      'Incorrect NumInGroup count for repeating group|371=386',
      16,
    ],
  ])('%s', async (_, line, text, reason) => {
    expect(await answer(`< ${line}`, {})).toBe(
      `> 35=3|34=2|45=2|58=${text}|372=D|373=${reason}\n~ trouble FIX_MESSAGE_REJECTED`,
    );
  });

  test('a MsgType(35) of no table, without naming a field', async () => {
    expect(await answer('< 35=*|34=2', {})).toBe(
      '> 35=3|34=2|45=2|58=Invalid MsgType|372=*|373=11\n~ trouble FIX_MESSAGE_REJECTED',
    );
  });

  test('a header field behind the body', async () => {
    expect(await answer(`<< 35=D|49=THEM|56=US|52=@0|${order}|34=2`, {})).toContain(
      '58=Tag specified out of required order|371=34|372=D|373=14',
    );
  });

  test.each([
    ['the order before what is missing', `<< 35=D|49=THEM|56=US|52=@0|${without(54)}|34=2`, 'order|371=34'],
    ['what is missing before a wrong value', `< 35=D|34=2|${without(54)}|77=w`, 'missing|371=54'],
    ['the header before the body', `< 35=D|34=2|97=w|${without(40)}|40=w`, 'value|371=97'],
    ['of two fields the lower one', `< 35=D|34=2|${without(40)}|126=w|40=w`, 'this tag|371=40'],
    ['of one field that it is there twice', `< 35=D|34=2|${order}|54=w`, 'more than once|371=54'],
    ['the count before what stands in the group', `< 35=D|34=2|${order}|386=2|336=`, 'group|371=386'],
    [
      'what stands in a group by the count of the outermost one',
      `< 35=D|34=2|${order}|453=1|448=A|802=1|523=|126=w`,
      'value|371=126',
    ],
    [
      'what the message lacks before what an entry lacks',
      '< 35=E|34=2|66=L|68=1|73=1|11=A|67=1|55=X',
      'missing|371=394',
    ],
    [
      'what an entry lacks before a wrong value',
      '< 35=E|34=2|66=L|394=w|68=1|73=1|11=A|67=1|55=X',
      'missing|371=54',
    ],
  ])('of several faults one: %s', async (_, line, told) => {
    expect(await answer(line, {})).toContain(told);
  });

  test('of a group whose fields are in another order, the first one of them (14j of the pack, which its own engine does not pass)', async () => {
    const line = `< 35=D|34=2|${order}|78=2|80=50|79=acct1|80=150|79=acct2`;
    const told = '> 35=3|34=2|45=2|58=Repeating group fields out of order|371=80|372=D';
    expect(await answer(line, { beginString: 'FIX.4.2' })).toContain(`${told}\n`);
    expect(await answer(line, {})).toContain(`${told}|373=15`);
    expect(await answer(line, { validateUnorderedGroupFields: false })).toBe('');
  });

  test.each([
    ['one entry in order', '453=1|448=F|447=D|452=1', undefined],
    ['two entries in order', '453=2|448=F|447=D|448=G|447=D', undefined],
    ['what is left out leaves no hole', '453=1|448=F|452=1', undefined],
    ['the second field behind the third', '453=1|448=F|452=1|447=D', 447],
    ['in the second entry', '453=2|448=F|447=D|448=G|452=1|447=D', 447],
    ['a group inside of a group', '453=1|448=F|452=1|802=1|523=x|803=1', undefined],
    ['behind a group inside of a group', '453=1|448=F|802=1|523=x|803=1|447=D', 447],
  ])('of groups: %s', async (_, group, tag) => {
    const line = `< 35=D|34=2|${order}|${group}`;
    const told = `58=Repeating group fields out of order|371=${tag}|372=D|373=15`;
    if (tag === undefined) expect(await answer(line, {})).toBe('');
    else expect(await answer(line, {})).toContain(told);
    expect(await answer(line, { validateUnorderedGroupFields: false })).toBe('');
  });

  test('of a separator inside a value, the field that it stands in (14k of the pack, which its own engine does not pass)', async () => {
    const line = `< 35=D|34=2|${order}|386=2|336=PRE-\u0001OPEN|336=AFTER-HOURS`;
    const told = '> 35=3|34=2|45=2|58=Non-data value includes field delimiter|371=336|372=D';
    expect(await answer(line, { beginString: 'FIX.4.2' })).toContain(`${told}\n`);
    expect(await answer(line, {})).toContain(`${told}|373=17`);
    expect(await answer(`< 35=D|34=2|${order}|58=x\u00014y=z`, {})).toContain(
      '58=Invalid tag number|372=D|373=0',
    );
  });

  test('nothing of an order that is right, nor of its routing', async () => {
    expect(await answer(`< 35=D|34=2|115=JCD|${order}|386=2|336=1|336=2`, {})).toBe('');
  });
});

describe('the switches', () => {
  const lines = {
    order: `<< 35=D|49=THEM|56=US|52=@0|${order}|34=2`,
    value: `< 35=D|34=2|${order}|58=`,
    users: `< 35=D|34=2|${order}|5000=x`,
    unknown: `< 35=D|34=2|${order}|999=x`,
    elsewhere: `< 35=D|34=2|${order}|17=x`,
    listed: `< 35=D|34=2|${order}|77=w`,
    typed: `< 35=D|34=2|${order}|44=w`,
    admin: '< 35=1|34=2|112=x|999=x',
  };
  test.each([
    ['validateFieldsOutOfOrder', false, ['order']],
    ['validateFieldsHaveValues', false, ['value']],
    ['validateUserDefinedFields', false, ['users']],
    ['allowUnknownMsgFields', true, ['unknown', 'elsewhere', 'admin']],
    ['allowUnknownEnumValues', true, ['listed']],
    ['validateIncomingMessage', false, Object.keys(lines).filter((name) => name !== 'admin')],
  ])('%s: %s takes %j and nothing else', async (name, value, taken) => {
    const rejected: string[] = [];
    for (const [which, line] of Object.entries(lines)) {
      expect(await answer(line, {})).toContain('> 35=3|');
      if ((await answer(line, { [name]: value })).includes('> 35=3|')) rejected.push(which);
    }
    expect(rejected).toEqual(Object.keys(lines).filter((which) => !taken.includes(which)));
  });

  test('enableRefTagId: false leaves RefTagID(371) out', async () => {
    expect(await answer(lines.typed, { enableRefTagId: false })).toContain(
      '58=Incorrect data format for value|372=D|373=6',
    );
  });
});

describe('a Reject(3) by version', () => {
  const old = '11=ID|21=1|38=100|40=1|54=1|55=INTC';
  test.each([
    ['FIX.4.0', 'Tag specified without a value (58)'],
    ['FIX.4.1', 'Tag specified without a value (58)'],
    ['FIX.4.2', 'Tag specified without a value|371=58|372=D|373=4'],
    ['FIX.4.3', 'Tag specified without a value|371=58|372=D|373=4'],
  ] as const)('%s', async (beginString, text) => {
    const line = `< 35=D|34=2|${beginString < 'FIX.4.2' ? old : order}|58=`;
    expect(await answer(line, { beginString })).toBe(
      `> 35=3|34=2|45=2|58=${text}\n~ trouble FIX_MESSAGE_REJECTED`,
    );
  });

  test('FIX 4.2 has no reason above 11', async () => {
    const line = `< 35=D|34=2|${order}|54=2`;
    expect(await answer(line, { beginString: 'FIX.4.2' })).toContain('once|371=54|372=D\n');
    expect(await answer(line, { beginString: 'FIX.4.3' })).toContain('once|371=54|372=D|373=13\n');
  });

  test('FIX 4.0 has no locations to be routed back by', async () => {
    const line = `< 35=D|34=2|115=JCD|144=CHI|${old}`;
    expect(await answer(line, { beginString: 'FIX.4.0' })).toContain(
      '> 35=3|34=2|128=JCD|45=2|58=Invalid tag number (144)',
    );
    expect(await answer(`${line}|58=`, { beginString: 'FIX.4.1' })).toContain('|128=JCD|145=CHI|45=2|');
  });

  test('over FIXT a tag is judged by the version that the Logon(A) names, in a message of the session by none', async () => {
    const options = { beginString: 'FIXT.1.1' } as const;
    // MaxTradeVol(1140) came with FIX 5.0 SP1.
    const line = `< 35=D|34=2|${order}|1140=5`;
    expect(await answer(line, options, '|1137=7')).toContain('58=Invalid tag number|371=1140|372=D|373=0');
    expect(await answer(line, options, '|1137=9')).toContain('371=1140|372=D|373=2');
    expect(await answer('< 35=0|34=2|1140=5', options, '|1137=9')).toContain('371=1140|372=0|373=0');
    expect(await answer('< 35=0|34=2|58=text', options, '|1137=9')).toContain('371=58|372=0|373=2');
  });

  test('over FIXT a message may say its version itself', async () => {
    const options = { beginString: 'FIXT.1.1' } as const;
    const line = `< 35=D|34=2|1128=7|${order}|1140=5`;
    expect(await answer(line, options, '|1137=9')).toContain('371=1140|372=D|373=0');
  });
});

describe('what nobody asked for', () => {
  test('SecureData(91) cannot be read, and is not guessed at', async () => {
    await expectTranscript(`
      connect
      < 35=A|34=1|98=0|108=30
      > 35=A|34=1|98=0|108=30
      < 35=8|34=2|90=4|91=abcd
      > 35=3|34=2|45=2|58=Decryption problem|371=91|372=8|373=7
      ~ trouble FIX_ENCRYPTED
      < 35=1|34=3|112=T
      > 35=0|34=3|112=T`);
  });

  test('CompIDs are not compared where that is switched off', async () => {
    await expectTranscript(
      `
      connect
      < 35=A|34=1|98=0|108=30
      > 35=A|34=1|98=0|108=30
      < 35=1|34=2|49=WHO|112=T
      > 35=0|34=2|112=T`,
      { checkCompId: false },
    );
  });
});
