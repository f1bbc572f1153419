import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { z } from 'zod';
import type { Codec, CodecFamily } from '../contract/codec.ts';
import type { MessageSourceAdapter } from '../contract/source.ts';
import { latin1Text } from '../core/bytes.ts';
import { systemClock } from '../core/clock.ts';
import { memoryLog } from '../log/index.ts';
import { makingOf } from './desk.ts';
import { entryOf } from './entry-making.ts';
import {
  builtIn,
  checkText,
  codecNamed,
  codecNames,
  configurationSchema,
  openGateway,
  type Wiring,
} from './index.ts';
import { discardQuarantined, repairQuarantined, showQuarantined } from './quarantine.ts';
import { replay } from './replay.ts';
import { fakeQueue } from './testing/fake-queue.ts';
import { configurationOf, deskOver, entriesOf, lineChannel, listening, start } from './testing/fixture.ts';
import { lineCodec } from './testing/line-codec.ts';
import { waitUntil } from './testing/waiting.ts';

let directory: string;

beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'clearport-codecs-'));
});

afterEach(async () => {
  await rm(directory, { recursive: true });
});

/** The line codec under another name, for messages that begin with a mark of its own. */
function marked(mark: string, recognizes = true): Codec {
  const { recognizes: _, ...codec } = lineCodec();
  const own = { ...codec, id: `line-${mark.toLowerCase()}` };
  return recognizes ? { ...own, recognizes: (bytes) => latin1Text(bytes).startsWith(mark) } : own;
}

/** A description is good when it says so; `overlap` in it is an error with a place. */
const family: CodecFamily = {
  family: true,
  id: 'shapes',
  issues: {
    SHAPE_OVERLAP: { severity: 'error', meaning: 'Two fields overlap.', remedy: 'Move one of them.' },
    SHAPE_ODD: { severity: 'warning', meaning: 'A field is odd.', remedy: 'Look at it.' },
  },
  names: ['round'],
  open: (name) => ({ codec: { ...lineCodec(), id: `shapes:${name}` }, issues: [] }),
  openText: (text, source) => {
    const at = { line: 3, column: 7, field: 'fields.1' };
    if (text.includes('overlap')) {
      const message = 'columns 3 to 4 stand in two fields';
      return { issues: [{ code: 'SHAPE_OVERLAP', severity: 'error', message, at }] };
    }
    const odd = { code: 'SHAPE_ODD', severity: 'warning', message: 'odd', at } as const;
    const issues = text.includes('odd') ? [odd] : [];
    return { codec: { ...lineCodec(), id: `shapes:${source.split('/').at(-1)}` }, issues };
  },
};

const queue = fakeQueue();
const fake: MessageSourceAdapter<{ readonly name: string }> = {
  shape: 'messages',
  id: 'fake',
  options: z.strictObject({ name: z.string() }),
  secrets: [],
  open: () => queue.open(),
};

function wiring(): Wiring {
  const known = builtIn();
  return {
    ...known,
    adapters: new Map([...known.adapters, ['fake', fake]]),
    codecs: new Map([
      ['line', lineCodec()],
      ['line-t', marked('T')],
      ['line-a', marked('A')],
      ['line-x', marked('X', false)],
    ]),
    families: new Map([['shapes', family]]),
  };
}

function check(channel: string) {
  const text = `version: 1\ntenant: acme\nchannels:\n  one:\n    perspective: clearer\n${channel}`;
  return checkText(text, join(directory, 'clearport.yaml'), {}, wiring());
}

const files = (codec: string) =>
  check(`    adapter: directory\n    codec: ${codec}\n    options: { path: in }\n`);
const messages = (codec: string, more = '') =>
  check(`    adapter: fake\n    codec: ${codec}\n    options: { name: q }\n${more}`);

describe('the codecs of a channel', () => {
  test('are named, described by the product, or described beside the configuration', async () => {
    await mkdir(join(directory, 'shapes'));
    await writeFile(join(directory, 'shapes/mine.yaml'), 'odd');
    const ids = async (codec: string) =>
      (await files(codec)).configuration?.channels.get('one')?.codecs?.map(({ id }) => id);
    expect(await ids('line')).toEqual(['line']);
    expect(await ids('shapes:round')).toEqual(['shapes:round']);
    expect(await ids('shapes:./shapes/mine.yaml')).toEqual(['shapes:mine.yaml']);
    const listed = await messages('[line-t, line-a, shapes:round]');
    expect(listed.findings).toMatchObject([{ code: 'CONFIG_VALUE', at: { field: 'channels.one.codec.2' } }]);
    const { configuration } = await messages('[line-t, line-a]', '    messages: { key: ref }\n');
    expect(configuration?.channels.get('one')).toMatchObject({
      codec: 'line-t, line-a',
      messages: { key: 'ref', poison: 'reject' },
    });
  });

  test('tell what is wrong in a layout with its place in the layout', async () => {
    const path = join(directory, 'mine.yaml');
    await writeFile(path, 'overlap');
    const { configuration, findings } = await files('shapes:./mine.yaml');
    expect(configuration).toBeUndefined();
    expect(findings).toEqual([
      {
        code: 'SHAPE_OVERLAP',
        severity: 'error',
        message: 'columns 3 to 4 stand in two fields',
        at: { line: 3, column: 7, field: 'fields.1' },
        remedy: 'Move one of them.',
        file: path,
      },
    ]);
    await writeFile(path, 'odd');
    const odd = await files('shapes:./mine.yaml');
    expect(odd.configuration).toBeDefined();
    expect(odd.findings).toMatchObject([{ code: 'SHAPE_ODD', severity: 'warning', file: path }]);
  });

  test.each([
    ['lime', 'Did you mean "line"?'],
    ['shapes:rond', 'Did you mean "shapes:round"?'],
    ['shapes', undefined],
    ['shapes:./none.yaml', 'Name a file that is there; a relative path counts from the configuration.'],
    ['[line-t, line-a]', undefined],
  ])('cannot be %s for files', async (codec, remedy) => {
    const { configuration, findings } = await files(codec);
    expect(configuration).toBeUndefined();
    expect(findings).toMatchObject([{ code: 'CONFIG_VALUE', at: { line: 7 } }]);
    if (remedy !== undefined) expect(findings[0]?.remedy).toBe(remedy);
  });

  test('are in the list that editors offer', () => {
    const text = JSON.stringify(configurationSchema(wiring()));
    expect(text).toContain('"shapes:round"');
    expect(text).toContain('"^shapes:.+"');
    expect(codecNames(wiring())).toContain('shapes:round');
    expect(codecNamed(wiring(), 'shapes:round')?.codec?.id).toBe('shapes:round');
    expect(codecNamed(wiring(), 'shapes:square')).toBeUndefined();
  });
});

describe('several codecs on one channel', () => {
  const person = { by: 'ann', reason: 'agreed by phone' };

  function deskOf(codecs: readonly Codec[]) {
    const channel = lineChannel('status', { codec: codecs.map(({ id }) => id).join(', '), codecs });
    return deskOver(log, configurationOf(directory, [channel]));
  }

  let log = memoryLog();
  beforeEach(() => {
    log = memoryLog();
  });

  async function receive(text: string, codecs: readonly Codec[]): Promise<void> {
    const making = makingOf(deskOf(codecs), 'status');
    const draft = entryOf(making, {
      kind: 'message',
      direction: 'in',
      origin: { scope: 'queue', key: text },
      receivedAt: start,
      bytes: Buffer.from(text),
      issues: [],
      admin: false,
    });
    await log.append('status', [draft]);
  }

  const both = [marked('A'), marked('T')];

  test('read each message by the first that recognizes it, and say which', async () => {
    await receive('T|E1|1', both);
    await receive('A|E2|1', both);
    expect((await entriesOf(log)).map(({ codec, kind }) => `${kind} ${codec?.id}`)).toEqual([
      'message line-t',
      'message line-a',
    ]);
  });

  test('keep what none of them knows, with its beginning, until one does', async () => {
    await receive('U|E1|1|\u0001of a kind that nobody knows', both);
    const [entry] = await entriesOf(log);
    expect(entry).toMatchObject({
      kind: 'quarantine',
      issues: [
        {
          code: 'MESSAGE_UNKNOWN_KIND',
          message: 'none of line-a, line-t recognizes the message; it begins with "U|E1|1||of a kind that n"',
        },
      ],
    });
    expect(entry?.codec).toBeUndefined();
    const early = await replay(deskOf(both), { dryRun: false }, person);
    expect(early).toMatchObject({ read: 1, stillHeld: 1, committed: 0 });
    const more = { ...marked('U'), ...lineCodec({ version: '2' }), id: 'line-u' };
    const known = { ...more, recognizes: marked('U').recognizes ?? (() => false) };
    const late = await replay(deskOf([...both, known]), { dryRun: false }, person);
    expect(late).toMatchObject({ read: 1, understood: 1, committed: 1 });
    expect((await entriesOf(log)).at(-1)).toMatchObject({ kind: 'revision', codec: { id: 'line-u' } });
  });

  test('choose a repair by its own bytes, and leave what was discarded alone', async () => {
    await receive('?|E1|1', both);
    await receive('?|E2|1', both);
    const [first, second] = await entriesOf(log);
    const desk = deskOf(both);
    expect((await showQuarantined(desk, first?.offset ?? 0)).readable).toBe(false);
    await repairQuarantined(desk, first?.offset ?? 0, Buffer.from('T|E1|1'), person);
    expect((await entriesOf(log)).at(-1)).toMatchObject({ kind: 'revision', codec: { id: 'line-t' } });
    await discardQuarantined(desk, second?.offset ?? 0, person);
    expect(await replay(desk, { dryRun: true, quarantinedOnly: true }, person)).toMatchObject({
      read: 2,
      unchanged: 2,
    });
  });
});

test('a channel may name ISO 15022 by its policy', () => {
  const names = ['iso15022', 'iso15022:strict', 'iso15022:repair'];
  expect(codecNames(builtIn())).toEqual(expect.arrayContaining(names));
  const codecs = names.map((name) => codecNamed(builtIn(), name)?.codec);
  expect(codecs.map((codec) => codec?.id)).toEqual(['iso15022', 'iso15022', 'iso15022']);
  expect(new Set(codecs.map((codec) => codec?.fingerprint)).size).toBe(3);
});

test('a queue is a channel of the gateway, with its state', async () => {
  const { configuration } = await messages('[line-t, line-a]');
  if (configuration === undefined) throw new Error('not configured');
  const log = memoryLog();
  const { logger } = listening();
  const gateway = openGateway({ configuration, log, clock: systemClock(), logger, wiring: wiring() });
  queue.put(undefined, 'T|E1|1');
  await gateway.start();
  const status = async () => (await gateway.status()).channels[0];
  await waitUntil(async () => (await status())?.entries === 1);
  expect(await status()).toMatchObject({
    shape: 'messages',
    state: 'running',
    delivery: 'at-least-once',
    quarantined: 0,
  });
  await gateway.stop('over');
  expect(queue.ready).toEqual([]);
});
