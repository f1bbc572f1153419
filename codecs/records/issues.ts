import { type Issue, type IssueTable, issueMaker, type Place } from '../../src/core/issue.ts';

/** What can be wrong with record files (RECORDS_…) and with the layouts that describe them (LAYOUT_…). */
export const recordsIssues = {
  RECORDS_BLANK_LINE: {
    severity: 'info',
    meaning: 'An empty line between records or behind them.',
    remedy: 'None needed.',
  },
  RECORDS_CUT_SHORT: {
    severity: 'error',
    meaning: 'The file ends inside a record: it is not whole.',
    remedy: 'Fetch the file again once the sender has finished writing it, or ask for it again.',
  },
  RECORDS_LINE_TOO_LONG: {
    severity: 'error',
    meaning: 'A line is longer than any record may be.',
    remedy:
      'Look whether this is the right file; raise recordBytesMax if the sender really writes such lines.',
  },
  RECORDS_EMPTY_FILE: {
    severity: 'error',
    meaning: 'The file holds no record at all.',
    remedy: 'Ask the sender for the file; a day without activity still has a header and a trailer.',
  },
  RECORDS_NO_HEADER: {
    severity: 'error',
    meaning: 'The file does not begin with its header record, so nobody can say which file and day it is.',
    remedy: 'Look whether this is the right file and its beginning is there; ask the sender for it again.',
  },
  RECORDS_SECOND_HEADER: {
    severity: 'error',
    meaning: 'A header record stands in the middle of a file, as in two files that were put together.',
    remedy: 'Ask the sender for one file a header.',
  },
  RECORDS_NO_TRAILER: {
    severity: 'error',
    meaning: 'The file does not end with its trailer record: it was cut off, or is still being written.',
    remedy: 'Fetch the file again once the sender has finished writing it, or ask for it again.',
  },
  RECORDS_BEHIND_TRAILER: {
    severity: 'error',
    meaning: 'There is data behind the trailer record, which has to be the last one.',
    remedy: 'Ask the sender what it is; two files may have been put together.',
  },
  RECORDS_UNKNOWN_RECORD: {
    severity: 'error',
    meaning: 'A record is of no type that the layout describes.',
    remedy: 'Compare the record with the layout: the sender may have added a type, or this is another file.',
  },
  RECORDS_LENGTH: {
    severity: 'error',
    meaning: 'A record has more or fewer columns, or fields, than the layout says.',
    remedy: 'Compare the record with the layout: the sender may have changed it, or the line was damaged.',
  },
  RECORDS_NEEDED: {
    severity: 'error',
    meaning: 'A field that must be filled is blank.',
    remedy: 'Ask the sender for the value, or mark the field as optional in the layout.',
  },
  RECORDS_FIELD: {
    severity: 'error',
    meaning: 'A field does not hold what the layout says: no number, no date, no known code.',
    remedy:
      'Compare the columns that the place names with the layout, and ask the sender for the right value.',
  },
  RECORDS_NEW_CODE: {
    severity: 'warning',
    meaning: 'A field holds a code that its open list does not have.',
    remedy: 'Ask the sender what the code means and add it to the layout.',
  },
  RECORDS_FILLER: {
    severity: 'warning',
    meaning: 'Columns that the layout calls filler are not blank: the sender may have added a field.',
    remedy: 'Ask the sender for the new layout.',
  },
  RECORDS_LINE_END: {
    severity: 'warning',
    meaning: 'The lines of the file do not end as the layout says.',
    remedy: 'None needed for reading; something on the way may have changed the file.',
  },
  RECORDS_CONTEXT: {
    severity: 'error',
    meaning: 'A record needs the header of its file to be understood, and there is none.',
    remedy: 'Read the whole file, with its header.',
  },
  RECORDS_COUNT: {
    severity: 'error',
    meaning: 'The number of records is not the one that the file says of itself.',
    remedy: 'Fetch the file again, or ask the sender for the right one; nothing of it counts until then.',
  },
  RECORDS_TOTAL: {
    severity: 'error',
    meaning: 'A sum over the records is not the one that the file says of itself.',
    remedy: 'Ask the sender for the right file; nothing of it counts until then.',
  },
  LAYOUT_SYNTAX: {
    severity: 'error',
    meaning: 'A layout is no well-formed YAML 1.2.',
    remedy: 'Mend the text at the line and column that are named.',
  },
  LAYOUT_SCHEMA: {
    severity: 'error',
    meaning: 'A layout has a key that does not exist, lacks one, or gives one a value that it cannot have.',
    remedy: 'Read `docs/records.md`, or open the layout in an editor that knows its schema.',
  },
  LAYOUT_COLUMNS: {
    severity: 'error',
    meaning:
      'A field has no place in its record, or one that does not fit: no columns, columns that run backwards.',
    remedy: 'Give from and to in columns counted from 1 (fixed width), or at (delimited).',
  },
  LAYOUT_GAP: {
    severity: 'error',
    meaning: 'Columns of a record belong to no field.',
    remedy: 'Describe them; where nothing stands there, as filler.',
  },
  LAYOUT_OVERLAP: {
    severity: 'error',
    meaning: 'Two fields of a record share columns.',
    remedy: 'Compare both with the published layout and mend their columns.',
  },
  LAYOUT_FIELD: {
    severity: 'error',
    meaning:
      'What a layout says of a field contradicts itself: a format that its kind does not have, a name twice.',
    remedy: 'Read `docs/records.md` about this kind of field.',
  },
  LAYOUT_DISCRIMINATOR: {
    severity: 'error',
    meaning: 'Records of two types could not be told from one another, or a type has nothing to be told by.',
    remedy: 'Give each type a field with `is` whose text no other type has in the same columns.',
  },
  LAYOUT_FILE: {
    severity: 'error',
    meaning: 'The file part, or the roles of the records, name what is not there.',
    remedy: 'Name fields of the header record; give at most one header and one trailer.',
  },
  LAYOUT_CONTROL: {
    severity: 'error',
    meaning: 'A count or total names a record or a field that is not there or is no number.',
    remedy: 'Name the record types that are counted, and for each sum a field of kind number.',
  },
  LAYOUT_EVENT: {
    severity: 'error',
    meaning: 'The mapping to events names a type, an attribute or a field that does not exist.',
    remedy: 'Compare it with `docs/events.md`, and the fields with those of the record.',
  },
  LAYOUT_SNAPSHOT: {
    severity: 'warning',
    meaning:
      'Positions or cash are reported without a `snapshot`: they are in the log, and in no comparison.',
    remedy:
      'Add `snapshot: $file.key` to the data of the event, and a `snapshot.closed`; see `docs/records.md`.',
  },
  LAYOUT_SAME_KEY: {
    severity: 'warning',
    meaning: 'Two events of one sample get the same business key: only the first one would count.',
    remedy:
      'Put everything that tells two rows apart (basis, account, account type, security) into the `id` of the key.',
  },
  LAYOUT_SAMPLE: {
    severity: 'error',
    meaning: 'A sample of the layout does not read as it says.',
    remedy: 'Mend the sample or the layout; one of them is wrong.',
  },
  LAYOUT_UNKNOWN: {
    severity: 'error',
    meaning: 'No layout of this name comes with the product.',
    remedy: 'Name one that does, or the path of a YAML file, which holds a slash or ends in .yaml.',
  },
} as const satisfies IssueTable;

export type RecordsCode = keyof typeof recordsIssues;

const make = issueMaker(recordsIssues);

export function recordsIssue(code: RecordsCode, message: string, at?: Place): Issue {
  return make(code, message, at);
}
