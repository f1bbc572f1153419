import { XmlDocument, XsdValidator } from 'libxml2-wasm';
import { decodeMx } from '../../codecs/iso20022/decode.ts';
import { schemaOf } from '../../codecs/iso20022/schema.ts';
import { tableOf } from '../../codecs/iso20022/schema-table.ts';
import { writeXml } from '../../codecs/iso20022/write-xml.ts';
import { randomOf } from '../mutation.ts';
import { anyDocument } from './any-document.ts';
import { mutatedDocument } from './mutated-document.ts';
import { schemaText } from './schema-text.ts';

export interface CrossCheck {
  /** Generated documents of the message: the first with nothing that may be left out, the second with all of it. */
  readonly documents: number;
  /** Changed copies of each. */
  readonly mutants: number;
  readonly seed: number;
  /** The schema; without it the one that says what our table says. */
  readonly xsd?: string;
}

export interface CrossChecked {
  readonly valid: number;
  readonly invalid: number;
  /** Documents that are valid for one and not for the other, with both reasons. */
  readonly disagreed: readonly { readonly ours: string; readonly theirs: string; readonly xml: string }[];
}

/** What our tables and libxml2 say of the same generated documents, valid ones and changed ones. */
export function crossChecked(message: string, { documents, mutants, seed, xsd }: CrossCheck): CrossChecked {
  const table = tableOf(message);
  if (table === undefined) throw new Error(`no table of ${message}`);
  const schema = schemaOf(table);
  const text = XmlDocument.fromString(xsd ?? schemaText(table));
  const validator = XsdValidator.fromDoc(text);
  let valid = 0;
  let invalid = 0;
  const disagreed: { ours: string; theirs: string; xml: string }[] = [];
  try {
    for (let number = 0; number < documents; number++) {
      const random = randomOf(seed * 1_000_003 + number * 7919);
      const optional = number === 0 ? 0 : number === 1 ? 1 : 0.3;
      const document = anyDocument(schema, random, { optional, elementsMax: 150 });
      for (let mutant = 0; mutant <= mutants; mutant++) {
        const bytes = writeXml(mutant === 0 ? document : mutatedDocument(document, random));
        const ours = ourReason(bytes, message);
        const theirs = theirReason(bytes, validator);
        if (theirs === '') valid++;
        else invalid++;
        if ((ours === '') !== (theirs === '') && !blanksAroundDate(theirs))
          disagreed.push({ ours, theirs, xml: Buffer.from(bytes).toString() });
      }
    }
  } finally {
    validator.dispose();
    text.dispose();
  }
  return { valid, invalid, disagreed };
}

/** libxml2 does not take the blanks off a date or a time, which XML Schema Part 2 (4.3.6) says to do. */
function blanksAroundDate(reason: string): boolean {
  return /: '(?:\s[^']*|[^']*\s)' is not a valid value of the atomic type '[^']*(?:Date|Time|Year|Month)/.test(
    reason,
  );
}

function ourReason(bytes: Uint8Array, type: string): string {
  const { message, issues } = decodeMx({ bytes }, () => []);
  const [issue] = issues.filter(({ code }) => code !== 'MX_HEADER' && code !== 'MX_VERSION_FALLBACK');
  // A header alone is no message; what its table says of it is what counts here.
  const lone = type.startsWith('head.') && message !== undefined;
  const [other] = lone ? issues.filter(({ code }) => /^MX_(?:ELEMENT|VALUE)/.test(code)) : [issue];
  return other === undefined ? '' : `${other.code}: ${other.message}`;
}

function theirReason(bytes: Uint8Array, validator: XsdValidator): string {
  let document: XmlDocument | undefined;
  try {
    document = XmlDocument.fromBuffer(bytes);
    validator.validate(document);
    return '';
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  } finally {
    document?.dispose();
  }
}
