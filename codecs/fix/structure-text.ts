/** A field, a group or a component at its place in a structure. */
export interface Item {
  /** 0 for a component. */
  readonly tag: number;
  readonly component?: string;
  readonly required: boolean;
  /** What an entry of a group holds. */
  readonly inner?: readonly Item[];
}

/** The characters that a component's name may have in a structure text. */
export const componentName = /^[\w.:-]+$/;

/**
 * The items of a structure text, in the standard's order: `55!` is a required field, `453(448 447 @PtysSubGrp)` a group by
 * the number of its count, `@Instrument!` a required component.
 */
export function items(text: string): readonly Item[] {
  const tokens = text.match(/@[\w.:-]+!?|\d+!?\(?|\)/g) ?? [];
  let at = 0;
  const list = (): Item[] => {
    const found: Item[] = [];
    for (let token = tokens[at++]; token !== undefined && token !== ')'; token = tokens[at++]) {
      const required = token.includes('!');
      if (token.startsWith('@')) found.push({ tag: 0, component: token.slice(1).replace('!', ''), required });
      else if (token.endsWith('(')) found.push({ tag: Number.parseInt(token, 10), required, inner: list() });
      else found.push({ tag: Number.parseInt(token, 10), required });
    }
    return found;
  };
  return list();
}

/** The text of items: `items` gives the same ones back. */
export function structureText(list: readonly Item[]): string {
  return list
    .map(({ tag, component, required, inner }) => {
      const name = component === undefined ? String(tag) : `@${component}`;
      return `${name}${required ? '!' : ''}${inner === undefined ? '' : `(${structureText(inner)})`}`;
    })
    .join(' ');
}
