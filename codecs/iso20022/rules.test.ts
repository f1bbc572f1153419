import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { utf8Bytes } from '../../src/core/bytes.ts';
import type { JsonValue } from '../../src/core/json.ts';
import { iso20022 } from './index.ts';
import { ruleApplies, rulesFor } from './rules.ts';
import { element, type WrittenElement, writeXml } from './write-xml.ts';

type Json = { [name: string]: JsonValue };
type Patch = Readonly<Record<string, JsonValue>>;
const file = new URL('tables/rules/seev.031-samples.json', import.meta.url);
const { base, samples }: { base: Json; samples: { rule: string; good: Patch; bad: Patch }[] } = JSON.parse(
  readFileSync(file, 'utf8'),
);

/** The message of the base document with a patch: a path to what stands there instead, null for nothing. */
function patched(patch: Patch) {
  const json = structuredClone(base);
  for (const [path, value] of Object.entries(patch)) set(json, steps(path), value);
  const content = elementOf('CorpActnNtfctn', json);
  const namespace = 'urn:iso:std:iso:20022:tech:xsd:seev.031.001.15';
  const bytes = writeXml(element('Document', [content], { xmlns: namespace }));
  const { message, issues } = iso20022.decode({ bytes: utf8Bytes(Buffer.from(bytes).toString('utf8')) });
  if (message === undefined) throw new Error(JSON.stringify(issues));
  const told = issues.filter(({ code }) => code === 'MX_RULE').map(({ message: text }) => text.split(':')[0]);
  return { message, told };
}

function steps(path: string): readonly (string | number)[] {
  return path.split('/').flatMap((step) => {
    const match = /^(\w+)\[(\d+)\]$/.exec(step);
    return match === null ? [step] : [match[1] ?? '', Number(match[2])];
  });
}

function set(json: Json, path: readonly (string | number)[], value: JsonValue): void {
  const [step = '', ...rest] = path;
  const holder = json as Record<string | number, JsonValue>;
  if (rest.length > 0) {
    holder[step] ??= typeof rest[0] === 'number' ? [] : {};
    set(holder[step] as Json, rest, value);
  } else if (value !== null) holder[step] = value;
  else if (Array.isArray(json)) json.splice(Number(step), 1);
  else delete holder[step];
}

function elementOf(name: string, value: JsonValue): WrittenElement {
  if (typeof value !== 'object' || value === null) return element(name, String(value));
  const json = value as Json;
  if (typeof json['@Ccy'] === 'string') return element(name, String(json['#']), { Ccy: json['@Ccy'] });
  return element(
    name,
    Object.entries(json).flatMap(([inner, one]) =>
      Array.isArray(one) ? one.map((item) => elementOf(inner, item)) : [elementOf(inner, one)],
    ),
  );
}

const rules = rulesFor(patched({}).message);

test('there are at least sixty rules, each with samples and with words of its own', () => {
  expect(rules.length).toBeGreaterThanOrEqual(60);
  expect(samples.map(({ rule }) => rule)).toEqual(rules.map(({ id }) => id));
  expect(new Set(rules.map(({ id }) => id)).size).toBe(rules.length);
  expect(new Set(rules.map(({ words }) => words)).size).toBe(rules.length);
});

test('the base document keeps all rules', () => {
  expect(patched({}).told).toEqual([]);
});

describe.each(samples)('$rule', ({ rule: id, good, bad }) => {
  const rule = rules.find((one) => one.id === id);

  test('has something to say of its good sample, and nothing against it', () => {
    const { message, told } = patched(good);
    expect(rule !== undefined && ruleApplies(message, rule)).toBe(true);
    expect(told).not.toContain(id);
  });

  test('is broken by its bad sample', () => {
    expect(patched(bad).told).toContain(id);
  });
});
