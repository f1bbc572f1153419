import type { FixTable } from '../dictionary.ts';
import { type Item, items } from '../structure-text.ts';

/**
 * A table as an Orchestra repository, for tests: values as code sets, groups under `groups` with their `numInGroup`, header and trailer
 * as components that every message refers to. It loads to a table that says the same, cut into other components.
 */
export function orchestraText(table: FixTable, version = table.application ?? table.version): string {
  return new OrchestraWriting(table).text(version);
}

class OrchestraWriting {
  readonly #table: FixTable;
  readonly #ids: ReadonlyMap<string, number>;
  readonly #groups: string[] = [];

  constructor(table: FixTable) {
    this.#table = table;
    this.#ids = new Map(Object.keys(table.components).map((name, at) => [name, 2000 + at]));
  }

  text(version: string): string {
    const { header, trailer, components, messages, fields } = this.#table;
    const sets = Object.entries(fields).flatMap(([tag, [, type, values]]) =>
      values === undefined
        ? []
        : `<fixr:codeSet id="${tag}" name="S${tag}" type="${type}">${Object.entries(values)
            .map(
              ([value, name], at) => `<fixr:code id="${tag}${at}" name="${name}" value="${escaped(value)}"/>`,
            )
            .join('')}</fixr:codeSet>`,
    );
    const rows = Object.entries(fields).map(
      ([tag, [name, type, values]]) =>
        `<fixr:field id="${tag}" name="${name}" type="${values === undefined ? type : `S${tag}`}"/>`,
    );
    const blocks = [
      `<fixr:component id="1024" name="StandardHeader">${this.#members(items(header))}</fixr:component>`,
      `<fixr:component id="1025" name="StandardTrailer">${this.#members(items(trailer))}</fixr:component>`,
      ...Object.entries(components).map(
        ([name, text]) =>
          `<fixr:component id="${this.#ids.get(name)}" name="${name}">${this.#members(items(text))}</fixr:component>`,
      ),
    ];
    const bodies = Object.entries(messages).map(
      ([type, [name, category, text]]) =>
        `<fixr:message id="1" name="${name}" msgType="${type}" category="${category === 'admin' ? 'Session' : 'Other'}"><fixr:structure><fixr:componentRef id="1024" presence="required"/>${this.#members(items(text))}<fixr:componentRef id="1025" presence="required"/></fixr:structure></fixr:message>`,
    );
    return `<?xml version="1.0" encoding="UTF-8"?><fixr:repository xmlns:fixr="http://fixprotocol.io/2020/orchestra/repository" name="written" version="${version}">
<fixr:codeSets>${sets.join('\n')}</fixr:codeSets>
<fixr:fields>${rows.join('\n')}</fixr:fields>
<fixr:components>${blocks.join('\n')}</fixr:components>
<fixr:groups>${this.#groups.join('\n')}</fixr:groups>
<fixr:messages>${bodies.join('\n')}</fixr:messages>
</fixr:repository>`;
  }

  #members(list: readonly Item[]): string {
    return list
      .map(({ tag, component, required, inner }) => {
        const presence = required ? ' presence="required"' : '';
        if (component !== undefined)
          return `<fixr:componentRef id="${this.#ids.get(component)}"${presence}/>`;
        if (inner === undefined) return `<fixr:fieldRef id="${tag}"${presence}/>`;
        return `<fixr:groupRef id="${this.#group(tag, inner)}"${presence}/>`;
      })
      .join('');
  }

  #group(tag: number, inner: readonly Item[]): number {
    const members = this.#members(inner);
    const id = 10_000 + this.#groups.length;
    this.#groups.push(
      `<fixr:group id="${id}" name="Group${id}"><fixr:numInGroup id="${tag}"/>${members}</fixr:group>`,
    );
    return id;
  }
}

function escaped(value: string): string {
  return value.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('"', '&quot;');
}
