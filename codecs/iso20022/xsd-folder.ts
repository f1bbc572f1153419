import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { XmlDocument, XsdValidator } from 'libxml2-wasm';
import { utf8Bytes } from '../../src/core/bytes.ts';
import { GatewayError } from '../../src/core/errors.ts';
import type { Issue } from '../../src/core/issue.ts';
import { limits } from '../../src/core/limits.ts';
import { iso20022Issues, mxIssue } from './issues.ts';
import { attributeOf, readXml } from './tree.ts';

/** XML Schema files of a user's own, and what libxml2 says by them. */
export interface XsdFolder {
  /** The namespaces that there are schemas of, sorted. */
  readonly namespaces: readonly string[];
  /**
   * Where a document departs from them: AppHdr and Document are judged wherever they stand, each by the schema of its namespace; one
   * that has none is left alone. Code: `MX_XSD`. The bytes have to be a document that `decode` found well-formed and plain.
   */
  judge(bytes: Uint8Array): readonly Issue[];
}

/** Libraries that are not asked for are not loaded: this one is an optional peer dependency. */
type Library = typeof import('libxml2-wasm');

/**
 * The schemas (`*.xsd`) of a folder, made ready. They are kept until the process ends. Fails with `MX_XSD_LIBRARY` where libxml2-wasm
 * is not installed, and with `MX_XSD_FOLDER` for a folder without schemas or a schema that cannot be used.
 */
export async function openXsdFolder(folder: string): Promise<XsdFolder> {
  const library = await loadLibrary();
  const validators = new Map<string, XsdValidator>();
  for (const name of filesOf(folder)) {
    const path = join(folder, name);
    const bytes = readFileSync(path);
    const { root } = readXml(bytes, limits);
    const namespace = root === undefined ? undefined : attributeOf(root, 'targetNamespace');
    if (namespace === undefined) throw unusable(`${name} is no schema with a targetNamespace`, path);
    validators.set(namespace, validatorOf(library, bytes, path));
  }
  return {
    namespaces: [...validators.keys()].sort(),
    judge: (bytes) => judged(library, validators, bytes),
  };
}

async function loadLibrary(): Promise<Library> {
  try {
    return await import('libxml2-wasm');
  } catch (cause) {
    const { remedy } = iso20022Issues.MX_XSD_LIBRARY;
    const text = 'libxml2-wasm, which validates by XML Schema files, is not installed';
    throw new GatewayError('MX_XSD_LIBRARY', text, { cause, exitCode: 2, remedy });
  }
}

function filesOf(folder: string): readonly string[] {
  let names: readonly string[];
  try {
    names = readdirSync(folder).filter((name) => name.endsWith('.xsd'));
  } catch (cause) {
    throw unusable('the folder of schemas cannot be read', folder, cause);
  }
  if (names.length === 0) throw unusable('the folder holds no file whose name ends in .xsd', folder);
  return [...names].sort();
}

function unusable(text: string, place: string, cause?: unknown): GatewayError {
  const { remedy } = iso20022Issues.MX_XSD_FOLDER;
  return new GatewayError('MX_XSD_FOLDER', text, { place, cause, exitCode: 2, remedy });
}

function validatorOf({ XmlDocument, XsdValidator }: Library, bytes: Uint8Array, path: string): XsdValidator {
  let text: XmlDocument | undefined;
  try {
    text = XmlDocument.fromBuffer(bytes);
    return XsdValidator.fromDoc(text);
  } catch (cause) {
    throw unusable(`the schema cannot be used: ${linesOf(cause)[0] ?? ''}`, path, cause);
  } finally {
    text?.dispose();
  }
}

function judged(
  { XmlDocument, XmlElement }: Library,
  validators: ReadonlyMap<string, XsdValidator>,
  bytes: Uint8Array,
): readonly Issue[] {
  let document: XmlDocument | undefined;
  try {
    document = XmlDocument.fromBuffer(oneRoot(bytes));
    const found = document.find('//*[local-name()="AppHdr" or local-name()="Document"]');
    return found
      .filter((node) => node instanceof XmlElement)
      .flatMap((element) => {
        const validator = validators.get(element.namespaceUri);
        return validator === undefined ? [] : issuesOf(() => validator.validate(element), element.name);
      })
      .slice(0, limits.issuesPerFrameMax);
  } catch (error) {
    return [
      mxIssue('MX_XSD', `the document cannot be read: ${linesOf(error)[0] ?? ''}`, { line: 1, column: 1 }),
    ];
  } finally {
    document?.dispose();
  }
}

/** AppHdr and Document as siblings get a root around them, on the line of the first. */
function oneRoot(bytes: Uint8Array): Uint8Array {
  const { root } = readXml(bytes, limits);
  if (root?.name !== '') return bytes;
  const text = Buffer.from(bytes)
    .toString('utf8')
    .replace(/^\ufeff/, '');
  return utf8Bytes(`<siblings>${text.replace(/^<\?xml[^>]*>/, '')}</siblings>`);
}

function issuesOf(validate: () => void, field: string): readonly Issue[] {
  try {
    validate();
    return [];
  } catch (error) {
    return detailsOf(error).map(({ message, line }) =>
      mxIssue('MX_XSD', shortened(message), { line: line ?? 1, column: 1, field }),
    );
  }
}

interface Detail {
  readonly message: string;
  readonly line?: number;
}

function detailsOf(error: unknown): readonly Detail[] {
  const details = error instanceof Error && 'details' in error ? error.details : undefined;
  if (Array.isArray(details) && details.length > 0) return details as readonly Detail[];
  return linesOf(error).map((message) => ({ message }));
}

function linesOf(error: unknown): readonly string[] {
  const text = error instanceof Error ? error.message : String(error);
  return text.split('\n').filter((line) => line !== '');
}

/** Its words without the namespaces, which the document names once. */
function shortened(message: string): string {
  return message
    .replace(/\{[^}]*\}/g, '')
    .trim()
    .slice(0, 300);
}
