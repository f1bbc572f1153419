import type { Codec } from '../../src/contract/codec.ts';
import type { FileJudge, FileJudgement, FileVerdict } from '../../src/contract/file-judge.ts';
import type { Cut } from '../../src/contract/frame.ts';
import {
  addDecimals,
  compareDecimals,
  decimalText,
  negateDecimal,
  readDecimal,
} from '../../src/core/decimal.ts';
import type { Issue, Place } from '../../src/core/issue.ts';
import type { Limits } from '../../src/core/limits.ts';
import { ControlSums } from './control-sums.ts';
import { fileFact } from './file-facts.ts';
import { type RecordsCode, recordsIssue } from './issues.ts';
import { type Control, type Layout, lineEndOf, recordOfRole } from './layout.ts';
import type { RecordMessage } from './message.ts';

/** Judges whole files of a layout; a file with a record that cannot be read is refused whole. */
export function recordFileJudge(layout: Layout, decode: Codec<RecordMessage>['decode']): FileJudge {
  return { open: (limits) => new RecordFileJudgement(layout, decode, limits) };
}

/** What is told first: the shape of the file, then its records, then what they add up to. */
const ranks = { shape: 0, record: 1, control: 2, field: 3, remark: 4 } as const;
type Rank = keyof typeof ranks;

const shapeOfRecord: ReadonlySet<string> = new Set(['RECORDS_UNKNOWN_RECORD', 'RECORDS_LENGTH']);

/** A record, and where in the file it begins. */
interface Seen {
  readonly message: RecordMessage;
  readonly offset: number;
}

class RecordFileJudgement implements FileJudgement {
  readonly #layout: Layout;
  readonly #decode: Codec<RecordMessage>['decode'];
  readonly #issuesMax: number;
  readonly #sums: ControlSums;
  readonly #found = new Map<Rank, Issue[]>();
  /** Faults of the shape that were told: each of them once. */
  readonly #told = new Set<RecordsCode>();
  /** The records that say counts and totals. */
  readonly #holders = new Map<string, Seen>();
  #header: RecordMessage | undefined;
  #trailer: RecordMessage | undefined;
  #last: RecordMessage | undefined;
  #frames = 0;
  #records = 0;
  #offset = 0;
  #cutShort = false;
  /** A record could not be read: what the file adds up to is not known then. */
  #unread = false;

  constructor(layout: Layout, decode: Codec<RecordMessage>['decode'], limits: Limits) {
    this.#layout = layout;
    this.#decode = decode;
    this.#issuesMax = limits.issuesPerFrameMax;
    this.#sums = new ControlSums(layout);
  }

  add(cut: Cut): void {
    if (cut.kind === 'partial') return;
    if (cut.kind === 'garbage') this.#garbage(cut.why);
    else {
      const { message, issues } = this.#decode(cut);
      if (message !== undefined) this.#record(message, issues);
    }
    this.#offset += cut.bytes.length;
  }

  verdict(): FileVerdict {
    const layout = this.#layout;
    if (this.#frames === 0 && !this.#cutShort) {
      this.#tell(
        'shape',
        'RECORDS_EMPTY_FILE',
        `expected ${this.#beginning()}, and the file holds no record`,
      );
    } else {
      this.#judgeEnd();
      if (this.#trailer !== undefined || recordOfRole(layout, 'trailer') === undefined) this.#judgeControls();
    }
    const key = fileFact(layout, this.#header, 'key');
    const businessDate = fileFact(layout, this.#header, 'businessDate');
    const cutAt = fileFact(layout, this.#header, 'cutAt');
    return {
      issues: this.#issues(),
      ...(key !== undefined && { key }),
      ...(businessDate !== undefined && { businessDate }),
      ...(cutAt !== undefined && { cutAt }),
      records: this.#records,
      totals: this.#totals(),
    };
  }

  #garbage(why: Issue): void {
    if (why.severity !== 'error') return;
    this.#cutShort ||= why.code === 'RECORDS_CUT_SHORT';
    if (!this.#told.has(why.code as RecordsCode)) this.#keep('shape', why);
    this.#told.add(why.code as RecordsCode);
  }

  #record(message: RecordMessage, issues: readonly Issue[]): void {
    const role = message.recordType?.role;
    this.#frames++;
    if (this.#frames === 1) this.#judgeFirst(message);
    const behind = this.#trailer !== undefined;
    if (this.#trailer !== undefined && role !== 'header') {
      const text = `${shown(message)} in line ${message.line} stands behind the trailer in line ${this.#trailer.line}`;
      this.#tell('shape', 'RECORDS_BEHIND_TRAILER', text, message);
    }
    if (role === 'header') this.#headerFound(message);
    if (role === 'trailer') this.#trailer ??= message;
    if (role === 'detail' && !behind) this.#records++;
    if (message.recordType === undefined) this.#unread = true;
    else if (!behind) this.#add(message, message.recordType.name);
    this.#last = message;
    for (const issue of issues) this.#keepOf(message, issue);
  }

  #add(message: RecordMessage, type: string): void {
    this.#sums.add(type, (field) => message.value(field));
    this.#unread ||= !message.sound && message.header?.sound !== false;
    const holds = this.#layout.controls.some(({ record }) => record === type);
    if (holds) this.#holders.set(type, { message, offset: this.#offset });
  }

  #judgeFirst(message: RecordMessage): void {
    const header = recordOfRole(this.#layout, 'header');
    if (header === undefined || message.recordType === header) return;
    const text = `expected ${this.#beginning()} in line 1, and found ${shown(message)} in line ${message.line}`;
    this.#tell('shape', 'RECORDS_NO_HEADER', text, message);
  }

  #headerFound(message: RecordMessage): void {
    if (this.#frames === 1) {
      this.#header = message;
      this.#judgeLineEnd(message);
      return;
    }
    const text = `${shown(message)} in line ${message.line} is a second header: the file has one in line 1`;
    if (this.#header !== undefined) this.#tell('shape', 'RECORDS_SECOND_HEADER', text, message);
    else this.#header = message;
  }

  #judgeLineEnd(message: RecordMessage): void {
    const { bytes } = message;
    const crlf = bytes.length > 1 && bytes[bytes.length - 2] === 0x0d;
    if (bytes[bytes.length - 1] !== 0x0a || (lineEndOf(this.#layout) === '\r\n') === crlf) return;
    const text = crlf
      ? 'lines end with CR LF, and the layout says LF'
      : 'lines end with LF, and the layout says CR LF';
    this.#tell('remark', 'RECORDS_LINE_END', text, message);
  }

  #judgeEnd(): void {
    const trailer = recordOfRole(this.#layout, 'trailer');
    if (trailer === undefined || this.#trailer !== undefined || this.#cutShort) return;
    const last = this.#last;
    const found = last === undefined ? 'nothing' : `${shown(last)} in line ${last.line}`;
    const text = `expected the trailer record ${trailer.name} at the end, and the file ends with ${found}`;
    this.#tell('shape', 'RECORDS_NO_TRAILER', text, last);
  }

  #judgeControls(): void {
    for (const { control, value } of this.#sums.values()) {
      const holder = this.#holders.get(control.record);
      const said = readDecimal(holder?.message.value(control.field) ?? '');
      const counts = control.counts !== undefined;
      // A sum over records of which one could not be read would only repeat that.
      if (holder === undefined || !said.ok || (this.#unread && !counts)) continue;
      if (compareDecimals(said.value, value) === 0) continue;
      const difference = decimalText(addDecimals(said.value, negateDecimal(value)));
      const text = controlText(
        control,
        holder.message,
        decimalText(said.value),
        decimalText(value),
        difference,
      );
      const at = {
        line: holder.message.line,
        offset: holder.offset,
        field: `${control.record}.${control.field}`,
      };
      this.#keep('control', recordsIssue(counts ? 'RECORDS_COUNT' : 'RECORDS_TOTAL', text, at));
    }
  }

  #totals(): readonly string[] {
    return this.#sums.values().map(({ control, value }) => {
      const text = decimalText(value);
      return control.counts === undefined ? `${wordsOf(control.field)} ${text}` : recordsText(text);
    });
  }

  #beginning(): string {
    const header = recordOfRole(this.#layout, 'header');
    return header === undefined ? 'a record' : `the header record ${header.name}`;
  }

  /** A fault of the file as a whole, told once. */
  #tell(rank: Rank, code: RecordsCode, text: string, message?: RecordMessage): void {
    const once = rank === 'shape';
    if (once && this.#told.has(code)) return;
    if (once) this.#told.add(code);
    const at: Place = message === undefined ? {} : { line: message.line, offset: this.#offset };
    this.#keep(rank, recordsIssue(code, text, at));
  }

  #keepOf(message: RecordMessage, issue: Issue): void {
    // The header is missing or wrong, and that is told: each record behind it would say it again.
    if (issue.code === 'RECORDS_CONTEXT') return;
    const rank = shapeOfRecord.has(issue.code) ? 'record' : issue.severity === 'error' ? 'field' : 'remark';
    const line = message.line > 0 ? `line ${message.line}: ` : '';
    const offset = this.#offset + (issue.at?.offset ?? 0);
    this.#keep(rank, { ...issue, message: line + issue.message, at: { ...issue.at, offset } });
  }

  #keep(rank: Rank, issue: Issue): void {
    const list = this.#found.get(rank) ?? [];
    this.#found.set(rank, list);
    if (list.length < this.#issuesMax) list.push(issue);
  }

  #issues(): readonly Issue[] {
    const inOrder = (Object.keys(ranks) as Rank[]).flatMap((rank) => this.#found.get(rank) ?? []);
    return inOrder.slice(0, this.#issuesMax);
  }
}

function controlText(
  { counts, field, record }: Control,
  holder: RecordMessage,
  said: string,
  found: string,
  difference: string,
): string {
  const where = holder.recordType?.byName.get(field)?.where ?? field;
  const place = `${record} in line ${holder.line} (${where} ${field})`;
  if (counts !== undefined) return `${place} says ${recordsText(said)}, and the file has ${found}`;
  return `${place} says a ${wordsOf(field)} of ${said}, and the records sum to ${found}: a difference of ${difference}`;
}

function recordsText(count: string): string {
  return `${count} ${count === '1' ? 'record' : 'records'}`;
}

/** `totalMarketValue` in words. */
function wordsOf(name: string): string {
  return name.replace(/[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`);
}

function shown(message: RecordMessage): string {
  return message.recordType === undefined ? 'a record of no known type' : `a record of type ${message.type}`;
}
