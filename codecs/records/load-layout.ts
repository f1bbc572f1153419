import { hash } from 'node:crypto';
import type { Issue } from '../../src/core/issue.ts';
import { canonicalJson, type JsonValue } from '../../src/core/json.ts';
import type { SchemaIssue } from '../../src/core/schema-words.ts';
import { readYamlSource, type YamlSource } from '../../src/core/yaml-source.ts';
import { recordsIssue } from './issues.ts';
import type { Field, Layout, RecordType } from './layout.ts';
import { type FieldData, type LayoutData, layoutSchema } from './layout-schema.ts';
import { schemaProblems } from './schema-problems.ts';

/** The largest family of layouts seen has a thousand fields: a hundred kilobytes. */
const layoutBytesMax = 256 * 1024;

/** A layout where the text is one, and everything that is wrong with it. */
export interface LoadedLayout {
  readonly layout?: Layout;
  readonly issues: readonly Issue[];
}

/**
 * The layout that a YAML text describes; `source` names it. Fails with `LAYOUT_SYNTAX` and `LAYOUT_SCHEMA`, with line and
 * column. Whether the layout makes sense is asked of `checkLayout`.
 */
export function loadLayout(text: string, source: string): LoadedLayout {
  const read = readYamlSource(text, { name: 'layout', bytesMax: layoutBytesMax });
  if (read.problems.length > 0) {
    return { issues: read.problems.map(({ message, at }) => recordsIssue('LAYOUT_SYNTAX', message, at)) };
  }
  const parsed = layoutSchema.safeParse(read.data);
  if (parsed.success) return { layout: layoutOf(parsed.data, read, source), issues: [] };
  const problems = schemaProblems(parsed.error.issues as readonly SchemaIssue[], read.data);
  return {
    issues: problems.map(({ message, path, what }) =>
      recordsIssue('LAYOUT_SCHEMA', message, { ...read.place(path, what), field: path.join('.') }),
    ),
  };
}

function layoutOf(data: LayoutData, read: YamlSource, source: string): Layout {
  const records = Object.entries(data.records).map(([name, record]): RecordType => {
    const fields = record.fields.map((field, index) => fieldOf(field, index, data.form.kind === 'fixed'));
    return {
      name,
      title: record.title ?? name,
      role: record.role,
      length: record.length ?? 0,
      fields,
      byName: new Map(fields.filter(({ name }) => name !== undefined).map((field) => [field.called, field])),
      marks: fields.filter(({ is }) => is !== undefined),
      events: record.events,
    };
  });
  return {
    name: data.layout,
    version: data.version,
    title: data.title,
    data,
    records,
    byName: new Map(records.map((record) => [record.name, record])),
    controls: data.controls.map(({ record, field, counts, sums }) => ({
      record,
      field,
      counts: counts && new Set(counts),
      sums: sums && new Map(Object.entries(sums)),
    })),
    fingerprint: fingerprintOf(data),
    source,
    place: (path, what) => read.place(path, what),
  };
}

function fieldOf(field: FieldData, index: number, fixed: boolean): Field {
  const { from = 0, to = 0, at = 0 } = field;
  const where = fixed ? (from === to ? `col ${from}` : `cols ${from}-${to}`) : `field ${at}`;
  const called = field.name ?? where;
  return { ...field, called, index, where, width: fixed ? Math.max(0, to - from + 1) : 0 };
}

/** Of what reading goes by: a corrected title does not make another decoder of it. */
function fingerprintOf(data: LayoutData): string {
  const read = { ...data, title: '', note: '', source: '', samples: [] };
  return hash('sha256', canonicalJson(JSON.parse(JSON.stringify(read)) as JsonValue));
}
