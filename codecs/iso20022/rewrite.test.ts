import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { XmlDocument } from 'libxml2-wasm';
import { describe, expect, test } from 'vitest';
import { utf8Bytes } from '../../src/core/bytes.ts';
import { samplesOf } from '../../test/codec-suite.ts';
import { randomOf } from '../../test/mutation.ts';
import { anyMessage } from '../../test/mx/any-document.ts';
import { decodeMx } from './decode.ts';
import { iso20022 } from './index.ts';
import { rewrite } from './rewrite.ts';
import { knownMessages } from './schema-table.ts';

/** Canonical XML by another library. */
function canonical(bytes: Uint8Array): string {
  const document = XmlDocument.fromBuffer(bytes);
  try {
    return document.canonicalizeToString();
  } finally {
    document.dispose();
  }
}

function rewritten(bytes: Uint8Array): Uint8Array {
  const { message } = decodeMx({ bytes }, () => []);
  if (message === undefined) throw new Error('no message');
  return rewrite(message);
}

const samples = samplesOf(iso20022).filter(({ bytes }) => {
  const { message } = decodeMx({ bytes }, () => []);
  return message !== undefined && message.root.name !== '';
});

describe('a document that is written again', () => {
  test.each(samples)('is the same canonical XML, and so are its bytes from then on: $name', ({ bytes }) => {
    const once = rewritten(bytes);
    expect(canonical(once)).toBe(canonical(bytes));
    expect(Buffer.from(rewritten(once)).equals(once)).toBe(true);
  });

  test('law: has the bytes that the codec wrote, for valid messages of every type', () => {
    fc.assert(
      fc.property(fc.constantFrom(...knownMessages), fc.nat(), (message, seed) => {
        const bytes = anyMessage(message, randomOf(seed));
        expect(Buffer.from(rewritten(bytes)).toString()).toBe(Buffer.from(bytes).toString());
      }),
      { numRuns: 150 },
    );
  });

  test('keeps what stands between and around elements, unknown ones, and every character', () => {
    const xml =
      '\ufeff<?xml version="1.0"?>\n<!-- c --><a xmlns="urn:u"  b=\'1 &lt; "2"&#9;\' >\r\n <x:o xmlns:x="urn:v" x:p="">&#13;\n<![CDATA[<&]]></x:o><e></e>tail\n\t<f> </f></a>\n';
    const again = Buffer.from(rewritten(utf8Bytes(xml))).toString();
    expect(again).toBe(
      '<?xml version="1.0" encoding="UTF-8"?>\n<a xmlns="urn:u" b="1 &lt; &quot;2&quot;&#9;">\n <x:o xmlns:x="urn:v" x:p="">&#13;&#10;&lt;&amp;</x:o><e/>tail&#10;&#9;<f> </f></a>\n',
    );
    expect(canonical(utf8Bytes(again))).toBe(canonical(utf8Bytes(xml.slice(1).replace('<!-- c -->', ''))));
  });

  test('header and document as siblings stay siblings', () => {
    const sample = readFileSync(new URL('samples/matched.xml', import.meta.url), 'utf8');
    const header =
      '<AppHdr xmlns="urn:iso:std:iso:20022:tech:xsd:head.001.001.02"><BizMsgIdr>A</BizMsgIdr></AppHdr>';
    const document = /<(?:\w+:)?Document[\s\S]*<\/(?:\w+:)?Document>/.exec(sample)?.[0] ?? '';
    const again = Buffer.from(rewritten(utf8Bytes(`${header}\n${document}`))).toString();
    expect(again).toBe(`<?xml version="1.0" encoding="UTF-8"?>\n${header}\n${document}\n`);
  });
});
