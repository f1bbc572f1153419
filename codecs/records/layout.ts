import type { Place } from '../../src/core/issue.ts';
import type { EventData, FieldData, kinds, LayoutData, roles } from './layout-schema.ts';

export type FieldKind = (typeof kinds)[number];
export type RecordRole = (typeof roles)[number];
/** Keys and indexes from the top of the layout's text. */
export type LayoutPath = readonly (string | number)[];

/** One field of a record: where it stands and how it is read. */
export interface Field extends FieldData {
  /** Its own name; a filler without one is called by its place. */
  readonly called: string;
  /** Its number in its record, from 0. */
  readonly index: number;
  /** `cols 13-21` or `field 4`: where a person finds it. */
  readonly where: string;
  /** Columns that it takes; 0 in a delimited record. */
  readonly width: number;
}

/** One type of record. */
export interface RecordType {
  readonly name: string;
  readonly title: string;
  readonly role: RecordRole;
  /** Columns of the record without its line end; 0 in a delimited file. */
  readonly length: number;
  readonly fields: readonly Field[];
  readonly byName: ReadonlyMap<string, Field>;
  /** The fields that tell this type from the others. */
  readonly marks: readonly Field[];
  readonly events: readonly EventData[];
}

/** A number that the file says of itself: how many records, or the sum of a field over records. */
export interface Control {
  readonly record: string;
  readonly field: string;
  /** Record types that it counts; undefined where it sums. */
  readonly counts: ReadonlySet<string> | undefined;
  /** The field that it sums, by record type; undefined where it counts. */
  readonly sums: ReadonlyMap<string, string> | undefined;
}

/** A layout: what a record file looks like and what its records mean. */
export interface Layout {
  readonly name: string;
  readonly version: string;
  readonly title: string;
  readonly data: LayoutData;
  readonly records: readonly RecordType[];
  readonly byName: ReadonlyMap<string, RecordType>;
  readonly controls: readonly Control[];
  /** Hex SHA-256 of everything that reading goes by: not of titles, notes and samples. */
  readonly fingerprint: string;
  /** The file or the name that it came from. */
  readonly source: string;
  /** Line and column of a part of its text. */
  place(path: LayoutPath, what: 'key' | 'value'): Place;
}

/** The record type of this role that a file begins or ends with, where there is one. */
export function recordOfRole(layout: Layout, role: RecordRole): RecordType | undefined {
  return layout.records.find((record) => record.role === role);
}

export function lineEndOf(layout: Layout): string {
  return layout.data.framing.end === 'crlf' ? '\r\n' : '\n';
}
