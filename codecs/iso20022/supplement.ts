import { textAt } from './message.ts';
import { elementsIn, type MxElement } from './tree.ts';

/** What a party of its own says in SplmtryData of a message, read by whoever knows it. */
export interface Supplement<T> {
  readonly namespace: string;
  /** All of them that a message has, in their order, wherever they stand in it. */
  of(message: { readonly content: MxElement }): readonly Supplemented<T>[];
}

export interface Supplemented<T> {
  readonly value: T;
  /** PlcAndNm: which element it adds to, as the sender names it. */
  readonly place: string | undefined;
  /** The element that SplmtryData stands in. */
  readonly within: MxElement;
}

/**
 * A reader for what one namespace says in supplementary data, such as a depository's extension of corporate actions. `read` gets
 * the element inside of Envlp; undefined says that it is none of its own. Paths inside of it see its own namespace:
 * `textAt(element, 'CorpActnId')`.
 */
export function supplement<T>(namespace: string, read: (element: MxElement) => T | undefined): Supplement<T> {
  return {
    namespace,
    of: ({ content }) =>
      envelopesIn(content).flatMap(({ data, within }) => {
        const place = textAt(data, 'PlcAndNm');
        const inner = elementsIn(data)
          .filter(({ local }) => local === 'Envlp')
          .flatMap(elementsIn);
        return inner
          .filter(({ uri }) => uri === namespace)
          .flatMap((element) => {
            const value = read(element);
            return value === undefined ? [] : [{ value, place, within }];
          });
      }),
  };
}

interface Found {
  readonly data: MxElement;
  readonly within: MxElement;
}

/** SplmtryData of the message's own namespace, at any depth. */
function envelopesIn(element: MxElement): readonly Found[] {
  return elementsIn(element).flatMap((inner) => {
    if (inner.uri !== element.uri) return [];
    return inner.local === 'SplmtryData' ? [{ data: inner, within: element }] : envelopesIn(inner);
  });
}
