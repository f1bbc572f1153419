import { type IssueTable, issueMaker } from '../../src/core/issue.ts';

/**
 * What can be wrong with an ISO 20022 document. Lenient: what its schema would refuse and can still be read is a warning;
 * what is no well-formed, plain XML is an error, because two readers could read two things.
 */
export const iso20022Issues = {
  MX_SEPARATOR: {
    severity: 'info',
    meaning: 'Blanks or line ends stand where no document is.',
    remedy: 'Nothing to do.',
  },
  MX_GARBAGE: {
    severity: 'error',
    meaning: 'Bytes belong to no XML document.',
    remedy: 'Look at the bytes; ask the counterparty what it sent, and in which encoding.',
  },
  MX_TRUNCATED: {
    severity: 'error',
    meaning: 'A document begins and does not end: the stream ends, or another document begins inside of it.',
    remedy: 'Ask the counterparty to send the document again.',
  },
  MX_MESSAGE_TOO_LONG: {
    severity: 'error',
    meaning: 'A document is longer than the limit for documents that are read whole.',
    remedy: 'Ask the counterparty for smaller pages, or raise the limit with its reason.',
  },
  MX_NOT_WELL_FORMED: {
    severity: 'error',
    meaning: 'The document is not well-formed XML with namespaces.',
    remedy: 'Look at the place; the counterparty has to send it right.',
  },
  MX_ENCODING: {
    severity: 'error',
    meaning: 'The document is not UTF-8, or declares another encoding. ISO 20022 fixes UTF-8.',
    remedy: 'Ask the counterparty to send UTF-8.',
  },
  MX_FORBIDDEN: {
    severity: 'error',
    meaning:
      'The document has a DOCTYPE or a processing instruction, which ISO 20022 does not use and which can do harm.',
    remedy: 'Treat it as hostile until the counterparty explains it.',
  },
  MX_LIMIT: {
    severity: 'error',
    meaning: 'The document goes beyond a limit of depth, elements, attributes or text.',
    remedy: 'Look at the bytes; no message of the catalogue comes near.',
  },
  MX_DOCUMENTS: {
    severity: 'error',
    meaning: 'One envelope holds more than one Document.',
    remedy: 'Ask the counterparty to send one message an envelope.',
  },
  MX_TYPE_UNKNOWN: {
    severity: 'warning',
    meaning: 'The namespace is none that this build has the tables of; the tree is read all the same.',
    remedy: 'Nothing is normalized from it; the document is kept and can be read again by a later build.',
  },
  MX_VERSION_FALLBACK: {
    severity: 'info',
    meaning: 'The document is of another version or variant than the table that it is judged by.',
    remedy: 'Nothing to do; unknown elements are kept and shown.',
  },
  MX_HEADER: {
    severity: 'warning',
    meaning: 'The business header names another message than the document is.',
    remedy: 'Tell the counterparty; the document counts.',
  },
  MX_ELEMENT_UNKNOWN: {
    severity: 'warning',
    meaning: 'An element or attribute stands where the schema has none of this name.',
    remedy: 'Tell the counterparty; it is kept and shown.',
  },
  MX_ELEMENT_ORDER: {
    severity: 'warning',
    meaning: 'An element stands behind one that the schema puts after it.',
    remedy: 'Tell the counterparty; the element is read all the same.',
  },
  MX_ELEMENT_MISSING: {
    severity: 'warning',
    meaning: 'A mandatory element is missing.',
    remedy: 'Tell the counterparty; what the document says otherwise is read all the same.',
  },
  MX_ELEMENT_REPEATED: {
    severity: 'warning',
    meaning: 'An element stands more often than the schema allows, or a choice says two things.',
    remedy: 'Tell the counterparty; the first one counts. Statuses count all of them.',
  },
  MX_VALUE: {
    severity: 'warning',
    meaning: 'A value does not fit its type: its length, its pattern, its digits or its list of codes.',
    remedy: 'Tell the counterparty; the value is kept as it came.',
  },
  MX_RULE: {
    severity: 'warning',
    meaning:
      'Elements that have to agree do not: a rule across elements, named in front of its words, is broken.',
    remedy: 'Tell the counterparty; what the document says is read as it stands.',
  },
  MX_XSD: {
    severity: 'warning',
    meaning: 'An XML Schema file of your own does not hold the document for valid.',
    remedy: 'Tell the counterparty; the document is read all the same.',
  },
  MX_XSD_LIBRARY: {
    severity: 'error',
    meaning: 'Documents are to be validated by XML Schema files, and the library for it is not installed.',
    remedy: 'Install it beside Clearport: npm install libxml2-wasm.',
  },
  MX_XSD_FOLDER: {
    severity: 'error',
    meaning: 'A folder of XML Schema files cannot be read, holds none, or one that is no schema.',
    remedy: 'Name the folder that holds the .xsd files as the registration authority publishes them.',
  },
  MX_VALUE_NEEDED: {
    severity: 'error',
    meaning: 'A value that the events of the message need is missing or cannot be read.',
    remedy: 'Repair the message in quarantine, or ask the counterparty to send it right.',
  },
  MX_SUM: {
    severity: 'warning',
    meaning: 'The balances, entries and counts of a statement do not agree.',
    remedy: 'Look whether a page or an entry is missing; ask the bank for the statement again.',
  },
  MX_COMMAND: {
    severity: 'error',
    meaning:
      'A command cannot be written as a message: something is missing, or cannot be said in its types.',
    remedy: 'Correct the data of the command where the message says.',
  },
} as const satisfies IssueTable;

export type MxIssueCode = keyof typeof iso20022Issues;

export const mxIssue = issueMaker(iso20022Issues);
