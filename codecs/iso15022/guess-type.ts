import { judgeStructure, type Structure, structureFor } from './structure.ts';
import { structureRows } from './structure-tables.ts';
import { fieldsIn, isSequence, type MtSequence, sequencesIn } from './tree.ts';

/**
 * The type of a text that nothing else says the type of: the one whose structure it departs from least. Empty where a sequence has no place in
 * any, where two fit as well, or where a mandatory part is missing in all.
 */
export function guessType(root: MtSequence): string {
  if (root.items.length === 0) return '';
  const said = functionOf(root);
  const tops = sequencesIn(root).map(({ code }) => code);
  let best: { readonly type: string; readonly weight: number } | undefined;
  let tied = false;
  for (const { type } of structureRows) {
    const structure = structureFor(type);
    if (structure === undefined || !mayBe(structure, tops, root, said)) continue;
    const weight = weightOf(root, structure);
    if (weight === undefined) continue;
    if (best === undefined || weight < best.weight) {
      best = { type, weight };
      tied = false;
    } else if (weight === best.weight) tied = true;
  }
  unname(root);
  return best === undefined || tied ? '' : best.type;
}

/** The function of the message, 23G. */
function functionOf(root: MtSequence): string {
  const inner = sequencesIn(root, 'GENL')[0];
  const field = [...fieldsIn(root), ...(inner === undefined ? [] : fieldsIn(inner))].find(
    ({ tag }) => tag === '23G',
  );
  return field?.value.slice(0, 4) ?? '';
}

function mayBe(
  { top, functions }: Structure,
  tops: readonly string[],
  root: MtSequence,
  said: string,
): boolean {
  if ((top.length === 0) !== (tops.length === 0)) return false;
  if (top.length > 0 && fieldsIn(root).length > 0) return false;
  if (functions.length > 0 && said !== '' && !functions.includes(said)) return false;
  return tops.every((code) => top.some((fact) => fact.code === code));
}

/** How far a text departs from a structure; undefined where it is too far to be one: more than one sequence is missing or has no place. */
function weightOf(root: MtSequence, structure: Structure): number | undefined {
  let sequences = 0;
  let fields = 0;
  for (const { code } of judgeStructure(root, structure)) {
    if (code === 'MT_SEQUENCE_MISSING' || code === 'MT_SEQUENCE_UNKNOWN') sequences++;
    else fields += code === 'MT_FIELD_MISSING' ? 3 : 1;
  }
  // Without sequences there is little else to tell by than what is mandatory.
  const far = structure.top.length === 0 ? fields > 2 : sequences > 1;
  return far ? undefined : sequences * 20 + fields;
}

/** Takes the names away that candidates gave. */
function unname(sequence: MtSequence): void {
  for (const item of sequence.items) {
    if (!isSequence(item)) continue;
    item.id = '';
    unname(item);
  }
}
