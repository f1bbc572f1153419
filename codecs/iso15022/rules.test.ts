import { describe, expect, test } from 'vitest';
import { latin1Bytes } from '../../src/core/bytes.ts';
import { iso15022 } from './index.ts';
import { brokenRules, ruleIssues, ruleRows } from './rules.ts';
import { structureFor } from './structure.ts';
import samples from './tables/rules/samples.json' with { type: 'json' };

const table = new Map(Object.entries(samples));

describe('rules', () => {
  test('each has its own name, types with a structure, a source and samples', () => {
    expect(new Set(ruleRows.map(({ id }) => id)).size).toBe(ruleRows.length);
    expect([...table.keys()].sort()).toEqual(ruleRows.map(({ id }) => id).sort());
    for (const { id, types, source, about } of ruleRows) {
      expect([id, types.length > 0, source !== '', about !== '']).toEqual([id, true, true, true]);
      expect(types.filter((type) => structureFor(type) === undefined)).toEqual([]);
    }
  });

  test.each(ruleRows.flatMap((row) => row.types.map((type) => ({ ...row, type }))))('MT$type $id', ({
    id,
    type,
  }) => {
    const { good = [], bad = [] } = table.get(id) ?? {};
    expect([good.length > 0, bad.length > 0]).toEqual([true, true]);
    for (const text of good) expect([text, brokenOf(type, text).includes(id)]).toEqual([text, false]);
    for (const text of bad) expect([text, brokenOf(type, text).includes(id)]).toEqual([text, true]);
  });

  test('are said beside what breaks them', () => {
    const root = treeOf('548', 'SETTRAN(22H::PAYM//APMT)');
    expect(ruleIssues(root, '548')).toMatchObject(
      [
        { code: 'MT_RULE', severity: 'warning', at: { field: ':22H::PAYM' }, message: /\(MT548 C1 E83\)$/ },
      ].map((issue) => ({ ...issue, message: expect.stringMatching(issue.message) })),
    );
  });

  test('of a type without rules are none', () => {
    expect(ruleIssues(treeOf('599', '20:A'), '599')).toEqual([]);
  });
});

function brokenOf(type: string, text: string): readonly string[] {
  return brokenRules(treeOf(type, text), type).map(({ row }) => row.id);
}

/** The tree of a message of one type whose text is written as `GENL(23G:NEWM LINK(20C::PREV//A))`. */
function treeOf(type: string, text: string) {
  const open: string[] = [];
  const lines = (text.match(/[A-Z0-9]+\(|\)|[^\s()]+/g) ?? []).map((part) => {
    if (part === ')') return `:16S:${open.pop()}`;
    if (!part.endsWith('(')) return `:${part}`;
    open.push(part.slice(0, -1));
    return `:16R:${part.slice(0, -1)}`;
  });
  const wire = `{1:F01HALYUS33AXXX1234567890}{2:I${type}DTCYUS33XXXXN}{4:\r\n${lines.join('\r\n')}\r\n-}`;
  const { message } = iso15022.decode({ bytes: latin1Bytes(wire) });
  if (message === undefined) throw new Error(`no message: ${wire}`);
  return message.root;
}
