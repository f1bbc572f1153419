import { describe, expect, test } from 'vitest';
import { parseString } from 'xml2js';
import { utf8Bytes } from '../../src/core/bytes.ts';
import { samplesOf } from '../../test/codec-suite.ts';
import { statementBytes } from '../../test/mx-statements.ts';
import { iso20022, toXml2jsShape } from './index.ts';

/** What xml2js makes of a document. */
function theirs(bytes: Uint8Array): unknown {
  let made: unknown;
  // It does not know byte order marks in bytes.
  parseString(
    Buffer.from(bytes)
      .toString()
      .replace(/^\ufeff/, ''),
    (error, object) => {
      if (error !== null) throw error;
      made = object;
    },
  );
  return JSON.parse(JSON.stringify(made));
}

function ours(bytes: Uint8Array): unknown {
  const { message } = iso20022.decode({ bytes });
  if (message === undefined) throw new Error('no message');
  return JSON.parse(JSON.stringify(toXml2jsShape(message)));
}

describe('the shape of xml2js', () => {
  const readable = samplesOf(iso20022).filter(
    ({ bytes }) => iso20022.decode({ bytes }).message !== undefined,
  );

  test.each(readable)('is what xml2js makes of $name', ({ bytes }) => {
    const { message } = iso20022.decode({ bytes });
    // Of siblings it sees the header alone.
    if (message?.root.local === '') expect(ours(bytes)).toMatchObject(theirs(bytes) as object);
    else expect(ours(bytes)).toEqual(theirs(bytes));
  });

  test.each([
    ['nothing in it', '<a/>'],
    ['blanks alone', '<a>  </a>'],
    ['attributes alone', '<a b="1" c="2"/>'],
    ['attributes and text', '<a b="1">x</a>'],
    ['text between elements', '<a>x<b/>y</a>'],
    ['the same names apart', '<a><b>1</b><c/><b>2</b></a>'],
    ['references and CDATA', '<a>&amp;<![CDATA[<b>]]>&#233;</a>'],
    ['prefixes', '<p:a xmlns:p="u"><p:b p:c="1">x</p:b></p:a>'],
  ])('is what xml2js makes of %s', (_, text) => {
    expect(ours(utf8Bytes(text))).toEqual(theirs(utf8Bytes(text)));
  });

  test('names that objects have are names like others, where xml2js puts a null before them', () => {
    const bytes = utf8Bytes('<a><constructor>1</constructor><toString/></a>');
    expect(ours(bytes)).toEqual({ a: { constructor: ['1'], toString: [''] } });
  });

  test('is what xml2js makes of a statement', () => {
    const bytes = statementBytes({ message: 'camt.053', items: 40, seed: 7, pretty: true });
    expect(ours(bytes)).toEqual(theirs(bytes));
  });
});
