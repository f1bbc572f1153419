import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { sampleContext } from '../../test/sample-context.ts';
import { iso20022 } from './index.ts';
import { cashEntryEvents } from './normalize-cash.ts';
import { elementsAt } from './tree.ts';

function read(name: string, change: (text: string) => string = (text) => text) {
  const text = readFileSync(new URL(`samples/${name}.xml`, import.meta.url), 'utf8');
  const { message, issues } = iso20022.decode({ bytes: Buffer.from(change(text)) });
  if (message === undefined) throw new Error(name);
  return { message, issues, events: iso20022.normalize(message, sampleContext) };
}

describe('what a clearing house says', () => {
  test('a cancelled leg reverses the leg that was told', () => {
    const [told] = read('secl001-equity').events;
    const [taken] = read('secl002-equity').events;
    expect(told?.businessKey).toBe('trade-leg|LCHLGB2L||2026-11-10|LEG1|buy');
    expect(taken?.reverses).toBe(told?.businessKey);
    expect(taken?.businessKey).not.toBe(told?.businessKey);
  });

  test('a statement of legs tells them under the same keys', () => {
    const [told] = read('secl001-equity').events;
    const [listed] = read('secl003-page-1-of-2').events;
    expect(listed?.businessKey).toBe(told?.businessKey);
  });

  test.each([
    ['RECE', 'DBIT', '300', '-7530'],
    ['DELI', 'CRDT', '-300', '7530'],
  ])('%s of securities and %s of money are %s and %s', (movement, side, closing, value) => {
    const { events } = read('secl010-obligations', (text) =>
      text
        .replace('<SctiesMvmntTp>RECE', `<SctiesMvmntTp>${movement}`)
        .replace('<CdtDbtInd>DBIT', `<CdtDbtInd>${side}`),
    );
    expect(events[0]).toMatchObject({ type: 'obligation.netted', data: { closing, value, currency: 'USD' } });
  });

  test('what lies on deposit is summed exactly, and a deficit is due', () => {
    const { events } = read('secl005-deficit');
    expect(events).toHaveLength(1);
    expect(events[0]?.data).toMatchObject({
      required: '125000.5',
      held: '120000.25',
      due: '5000.25',
      state: 'open',
    });
  });

  test('a value that cannot be read gives an error and no events', () => {
    for (const name of [
      'secl001-bad-side',
      'secl003-bad-quantity',
      'secl004-bad-amount',
      'secl010-no-quantity',
      'pacs009-bad-amount',
    ]) {
      const { issues, events } = read(name);
      expect(issues.map(({ code }) => code)).toContain('MX_VALUE_NEEDED');
      expect(events).toEqual([]);
    }
  });
});

test('an entry that is read by itself means what it means in the whole statement', () => {
  const { message, events } = read('camt053-day');
  const [statement] = message.elements('Stmt');
  if (statement === undefined) throw new Error('no statement');
  const single = elementsAt(statement, 'Ntry').flatMap((entry, at) =>
    cashEntryEvents(statement, entry, sampleContext, at + 1, message.header),
  );
  expect(single).toHaveLength(4);
  expect(single).toEqual(events.slice(0, 4));
});

test.each(['02', '04', '06', '08', '10'])('camt.053 of version %s is read', (version) => {
  const { events, issues } = read(`camt053-version-${version}`);
  expect(events.map(({ type }) => type)).toContain('cash.moved');
  expect(issues.filter(({ severity }) => severity === 'error')).toEqual([]);
});

test('a namespace that is none of ISO 20022 is told', () => {
  expect(read('camt053-wrong-namespace').issues.map(({ code }) => code)).toContain('MX_TYPE_UNKNOWN');
});
