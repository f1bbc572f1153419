import type { Issue, Place } from '../../../src/core/issue.ts';
import type { FixTable } from '../dictionary.ts';
import type { DictionaryIssueCode } from './issues.ts';

/** A table where the text is a dictionary, and everything that is wrong with it. Without a table at least one issue is an error. */
export interface LoadedTable {
  readonly table?: FixTable;
  readonly issues: readonly Issue[];
}

export interface DraftField {
  readonly tag: number;
  readonly name: string;
  readonly type: string;
  readonly values: Map<string, string>;
  readonly at: Place;
  /** The field that says how long this one is, where the dictionary names it. */
  readonly lengthTag?: number;
}

/** A member as it is written; what it names is looked up when everything was read. */
export interface DraftMember {
  readonly kind: 'field' | 'group' | 'component';
  /** As the dictionary refers to it: a name in QuickFIX's form, an id in Orchestra's. */
  refers: string;
  readonly required: boolean;
  readonly inner: DraftMember[];
  readonly at: Place;
}

export interface DraftMessage {
  readonly type: string;
  readonly name: string;
  readonly category: string;
  readonly members: DraftMember[];
  readonly at: Place;
}

export interface DraftComponent {
  readonly name: string;
  readonly members: DraftMember[];
  readonly at: Place;
}

/** A dictionary while it is read. */
export interface Draft {
  version: string;
  readonly header: DraftMember[];
  readonly trailer: DraftMember[];
  /** By what members refer to. */
  readonly fields: Map<string, DraftField>;
  readonly components: Map<string, DraftComponent>;
  /** By MsgType(35). */
  readonly messages: Map<string, DraftMessage>;
  readonly findings: Findings;
}

export function emptyDraft(findings: Findings): Draft {
  return {
    version: '',
    header: [],
    trailer: [],
    fields: new Map(),
    components: new Map(),
    messages: new Map(),
    findings,
  };
}

/** Collects issues up to the limit; errors find a place by pushing lighter ones out. */
export class Findings {
  readonly issues: Issue[] = [];
  readonly #make: (code: DictionaryIssueCode, message: string, at?: Place) => Issue;
  readonly #most: number;

  constructor(make: (code: DictionaryIssueCode, message: string, at?: Place) => Issue, most: number) {
    this.#make = make;
    this.#most = most;
  }

  tell(code: DictionaryIssueCode, message: string, at?: Place): void {
    this.add(this.#make(code, message, at));
  }

  add(issue: Issue): void {
    if (this.issues.length < this.#most) {
      this.issues.push(issue);
      return;
    }
    if (issue.severity !== 'error') return;
    const lighter = this.issues.findLastIndex(({ severity }) => severity !== 'error');
    if (lighter >= 0) this.issues[lighter] = issue;
  }

  get broken(): boolean {
    return this.issues.some(({ severity }) => severity === 'error');
  }
}
