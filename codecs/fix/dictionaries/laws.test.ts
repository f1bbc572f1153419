import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { dictionaryOf } from '../dictionary.ts';
import { loadDialect } from './dialect.ts';
import { differencesOf } from './difference.ts';
import { membersOf } from './members.ts';
import { dictionaryNames, standardWhole } from './standard-names.ts';

/** A version, one of its messages, and members of it to take away, to require and to need no more. */
const changes = fc.constantFrom(...dictionaryNames).chain((version) => {
  const table = standardWhole(version);
  if (table === undefined) throw new Error(`no ${version}`);
  const types = Object.keys(table.messages).filter(
    (type) => membersOf(table, table.messages[type]?.[2] ?? '').length > 2,
  );
  return fc.constantFrom(...types).chain((type) => {
    const members = membersOf(table, table.messages[type]?.[2] ?? '');
    const ways = fc.constantFrom('remove', 'require', 'optional');
    return fc
      .uniqueArray(fc.record({ member: fc.constantFrom(...members), way: ways }), {
        minLength: 1,
        maxLength: 6,
        selector: ({ member }) => member.tag,
      })
      .map((picked) => ({ version, table, type, picked }));
  });
});

describe('laws of dialects', () => {
  test('a dialect departs from its version in what it says, and in nothing else', () => {
    fc.assert(
      fc.property(changes, ({ version, table, type, picked }) => {
        const list = (wanted: string): string =>
          picked
            .filter(({ way }) => way === wanted)
            .map(({ member }) => member.tag)
            .join(', ');
        const { table: own, issues } = loadDialect(
          `dialect: law\nversion: "1"\ntitle: Law\nextends: ${version}\nsource: a test
messages: { "${type}": { remove: [${list('remove')}], require: [${list('require')}], optional: [${list('optional')}] } }`,
        );
        expect(issues).toEqual([]);
        const told = own === undefined ? [] : differencesOf(table, own);
        const wanted = picked
          .filter(({ member, way }) => way === 'remove' || member.required !== (way === 'require'))
          .map(({ member, way }) => {
            const kind =
              way === 'remove' ? 'member-removed' : way === 'require' ? 'required-now' : 'optional-now';
            return `${kind} ${member.tag} ${type}`;
          });
        expect(told.map(({ kind, tag, types }) => `${kind} ${tag} ${types.join()}`).toSorted()).toEqual(
          wanted.toSorted(),
        );
        // And it is read by what it says.
        const level = own && dictionaryOf(own).message(type)?.level;
        for (const { member, way } of picked) {
          expect(level?.members.includes(member.tag)).toBe(way !== 'remove');
          expect(level?.required.includes(member.tag)).toBe(way === 'require');
        }
      }),
      { numRuns: 25 },
    );
  });

  test('what one says the other one takes back', () => {
    fc.assert(
      fc.property(fc.constantFrom(...dictionaryNames), fc.constantFrom(...dictionaryNames), (left, right) => {
        const [ours, theirs] = [standardWhole(left), standardWhole(right)];
        if (ours === undefined || theirs === undefined) throw new Error('no version');
        const [there, back] = [differencesOf(ours, theirs), differencesOf(theirs, ours)];
        const count = (list: typeof there, kind: string): number =>
          list.filter((one) => one.kind === kind).length;
        const pairs = [
          ['field-added', 'field-removed'],
          ['value-added', 'value-removed'],
          ['message-added', 'message-removed'],
          ['field-renamed', 'field-renamed'],
          ['type-changed', 'type-changed'],
        ] as const;
        for (const [one, other] of pairs) expect(count(there, one)).toBe(count(back, other));
      }),
      { numRuns: 10 },
    );
  });
});
