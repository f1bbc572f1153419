import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { utf8Bytes } from '../../src/core/bytes.ts';
import { limits } from '../../src/core/limits.ts';
import { samplesOf } from '../../test/codec-suite.ts';
import {
  elementsAt,
  iso20022,
  type MxElement,
  readXml,
  textIn,
  writeXml,
  writtenOf,
  xmlEventSource,
} from './index.ts';

/** An element without its place in the bytes. */
function said({ name, uri, attributes, items }: MxElement): unknown {
  return [name, uri, attributes, items.map((item) => (typeof item === 'string' ? item : said(item)))];
}

function rootOf(bytes: Uint8Array): MxElement {
  const { root } = readXml(bytes, limits);
  if (root === undefined) throw new Error('no root');
  return root;
}

const good = samplesOf(iso20022).filter(({ bytes }) => readXml(bytes, limits).root !== undefined);

describe('a tree that is written', () => {
  test.each(good)('reads back equal: $name', ({ bytes }) => {
    const root = rootOf(bytes);
    expect(said(rootOf(writeXml(writtenOf(root))))).toEqual(said(root));
  });

  test('law: any text, attributes and mixed content read back equal', () => {
    const text = fc.string({ unit: fc.constantFrom(...'aé€\u{1f600}<>&"\'\r\n\t ]') });
    const name = fc.constantFrom('A', 'Bb', 'c-1');
    const { element } = fc.letrec<{ element: object }>((tie) => ({
      element: fc.record({
        name,
        attributes: fc.dictionary(name, text, { maxKeys: 3 }),
        content: fc.oneof(
          { depthSize: 'small' },
          text,
          fc.array(fc.oneof(text, tie('element')), { maxLength: 4 }),
        ),
      }),
    }));
    fc.assert(
      fc.property(element, (made) => {
        const once = rootOf(writeXml(made as Parameters<typeof writeXml>[0]));
        expect(said(rootOf(writeXml(writtenOf(once))))).toEqual(said(once));
      }),
    );
  });

  test('law: the text of an element reads back as it was given', () => {
    const text = fc.string({ minLength: 1, unit: fc.constantFrom(...'aé€\u{1f600}<>&"\'\r\n\t ]') });
    fc.assert(
      fc.property(text, text, (content, value) => {
        const root = rootOf(writeXml({ name: 'a', attributes: { b: value }, content }));
        expect([textIn(root), root.attributes[0]?.value]).toEqual([content, value]);
      }),
    );
  });
});

describe('the source of events', () => {
  test('law: tells the same in any split of the bytes', () => {
    const sample = readFileSync(new URL('samples/supplementary.xml', import.meta.url));
    const bytes = Buffer.concat([sample, utf8Bytes('<!-- é \u{1f600} -->')]);
    const told = (chunks: readonly Uint8Array[]): readonly string[] => {
      const events: string[] = [];
      const source = xmlEventSource(
        {
          open: ({ name, uri, line, column }) => events.push(`<${name} ${uri} ${line}:${column}`),
          text: (text) =>
            events.at(-1)?.startsWith('"')
              ? events.push((events.pop() ?? '') + text)
              : events.push(`"${text}`),
          close: () => events.push('>'),
        },
        limits,
      );
      for (const chunk of chunks) expect(source.write(chunk)).toBeUndefined();
      expect(source.end()).toBeUndefined();
      return events;
    };
    const whole = told([bytes]);
    fc.assert(
      fc.property(fc.array(fc.nat(bytes.length), { maxLength: 40 }), (places) => {
        const ends = [...places, bytes.length].sort((left, right) => left - right);
        expect(told(ends.map((end, number) => bytes.subarray(ends[number - 1] ?? 0, end)))).toEqual(whole);
      }),
      { numRuns: 60 },
    );
  });

  test('tells nothing more once something was wrong', () => {
    let opened = 0;
    const source = xmlEventSource({ open: () => opened++, text: () => {}, close: () => {} }, limits);
    const issue = source.write(utf8Bytes('<a><b></c>'));
    expect(issue?.code).toBe('MX_NOT_WELL_FORMED');
    expect(source.write(utf8Bytes('<d/></a>'))).toBe(issue);
    expect(source.end()).toBe(issue);
    expect(opened).toBe(2);
  });
});

test('a path does not see elements of another namespace', () => {
  const root = rootOf(utf8Bytes('<a xmlns="u"><b xmlns="v">theirs</b><b>ours</b><c><b>inner</b></c></a>'));
  expect(elementsAt(root, 'b').map(textIn)).toEqual(['ours']);
  expect(elementsAt(root, 'c/b').map(textIn)).toEqual(['inner']);
  expect(elementsAt(root, 'c/d/b')).toEqual([]);
});
