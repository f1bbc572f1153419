import { describe, expect, test } from 'vitest';
import { latin1Bytes, utf8Bytes } from '../../src/core/bytes.ts';
import { limits } from '../../src/core/limits.ts';
import { iso20022, readXml, xmlEventSource } from './index.ts';

const declared = '<?xml version="1.0" encoding="UTF-8"?>';
const laughs = Array.from({ length: 9 }, (_, n) => `<!ENTITY l${n + 1} "${`&l${n};`.repeat(10)}">`).join('');

/** Input that parsers in the field take, hang on or grow with; each has to be refused, with the reason. */
const refused: readonly (readonly [string, string | Uint8Array, string])[] = [
  [
    'an external entity',
    '<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/hostname">]><a>&x;</a>',
    'MX_FORBIDDEN',
  ],
  ['an external DTD', '<!DOCTYPE a SYSTEM "http://127.0.0.1/a.dtd"><a/>', 'MX_FORBIDDEN'],
  ['billion laughs', `<!DOCTYPE a [<!ENTITY l0 "ha">${laughs}]><a>&l9;</a>`, 'MX_FORBIDDEN'],
  [
    'a long entity, often',
    `<!DOCTYPE a [<!ENTITY x "${'x'.repeat(10_000)}">]><a>${'&x;'.repeat(10_000)}</a>`,
    'MX_FORBIDDEN',
  ],
  ['a parameter entity', '<!DOCTYPE a [<!ENTITY % p SYSTEM "p"> %p;]><a/>', 'MX_FORBIDDEN'],
  ['an empty DOCTYPE', '<!DOCTYPE a><a/>', 'MX_FORBIDDEN'],
  ['an entity that nobody declared', '<a>&nbsp;</a>', 'MX_NOT_WELL_FORMED'],
  ['a processing instruction', `${declared}<?php system("ls") ?><a/>`, 'MX_FORBIDDEN'],
  ['a processing instruction inside', '<a><?x y?></a>', 'MX_FORBIDDEN'],
  ['XML 1.1', '<?xml version="1.1"?><a/>', 'MX_FORBIDDEN'],
  ['100,000 levels with namespaces', '<p:a xmlns:p="u">'.repeat(100_000), 'MX_LIMIT'],
  ['an attribute of 20 MB', `<a b="${'x'.repeat(20_000_000)}"/>`, 'MX_MESSAGE_TOO_LONG'],
  ['UTF-16, the other way around', Buffer.from('\ufeff<a/>', 'utf16le').swap16(), 'MX_ENCODING'],
  ['100,000 levels', '<a>'.repeat(100_000), 'MX_LIMIT'],
  [
    'one level too many',
    `${'<a>'.repeat(limits.mxDepthMax + 1)}${'</a>'.repeat(limits.mxDepthMax + 1)}`,
    'MX_LIMIT',
  ],
  ['a huge attribute', `<a b="${'x'.repeat(1_000_000)}"/>`, 'MX_LIMIT'],
  ['many attributes', `<a ${Array.from({ length: 1000 }, (_, n) => `b${n}=""`).join(' ')}/>`, 'MX_LIMIT'],
  ['a huge text', `<a>${'x'.repeat(limits.mxTextCharsMax + 1)}</a>`, 'MX_LIMIT'],
  ['a huge text in pieces', `<a>${'<![CDATA[xxxxxxxxxxxxxxxx]]>'.repeat(5000)}</a>`, 'MX_LIMIT'],
  ['many elements', `<a>${'<b/>'.repeat(limits.mxElementsMax)}</a>`, 'MX_LIMIT'],
  ['a huge document', `<a>${' '.repeat(limits.mxMessageBytesMax)}</a>`, 'MX_MESSAGE_TOO_LONG'],
  ['bytes that are not UTF-8', latin1Bytes('<a>\u00e9t\u00e9</a>'), 'MX_ENCODING'],
  ['UTF-8 that is cut', latin1Bytes('<a>\u00c3'), 'MX_ENCODING'],
  ['overlong UTF-8', Uint8Array.of(0x3c, 0x61, 0x3e, 0xc0, 0xbc), 'MX_ENCODING'],
  ['ISO-8859-1 declared', '<?xml version="1.0" encoding="ISO-8859-1"?><a/>', 'MX_ENCODING'],
  ['UTF-16 declared', '<?xml version="1.0" encoding="UTF-16"?><a/>', 'MX_ENCODING'],
  ['UTF-16', Buffer.from('\ufeff<a/>', 'utf16le'), 'MX_ENCODING'],
  ['a duplicate attribute', '<a b="1" b="2"/>', 'MX_NOT_WELL_FORMED'],
  [
    'a duplicate attribute by another prefix',
    '<a xmlns:p="u" xmlns:q="u" p:b="1" q:b="2"/>',
    'MX_NOT_WELL_FORMED',
  ],
  ['a document that is cut', `${declared}<a><b>1</b>`, 'MX_NOT_WELL_FORMED'],
  ['a tag that is cut', '<a><b', 'MX_NOT_WELL_FORMED'],
  ['tags that do not fit', '<a><b></a></b>', 'MX_NOT_WELL_FORMED'],
  ['two roots', '<a/><b/>', 'MX_NOT_WELL_FORMED'],
  ['garbage behind', '<a/>and more', 'MX_NOT_WELL_FORMED'],
  ['garbage in front', 'hello <a/>', 'MX_NOT_WELL_FORMED'],
  ['a second declaration', `${declared}<a>${declared}</a>`, 'MX_NOT_WELL_FORMED'],
  ['a control character', '<a>\u0001</a>', 'MX_NOT_WELL_FORMED'],
  ['a reference to a control character', '<a>&#1;</a>', 'MX_NOT_WELL_FORMED'],
  ['a reference to half a character', '<a>&#xD800;</a>', 'MX_NOT_WELL_FORMED'],
  ['a prefix that nothing binds', '<p:a/>', 'MX_NOT_WELL_FORMED'],
  ['an attribute without quotes', '<a b=1/>', 'MX_NOT_WELL_FORMED'],
  ['a comment that does not end', '<a><!-- ', 'MX_NOT_WELL_FORMED'],
  ['nothing', '', 'MX_NOT_WELL_FORMED'],
  ['blanks', ' \n ', 'MX_NOT_WELL_FORMED'],
  ['a declaration alone', declared, 'MX_NOT_WELL_FORMED'],
];

describe('hostile input', () => {
  test.each(refused)('%s is refused', (_, input, code) => {
    const { message, issues } = iso20022.decode({
      bytes: typeof input === 'string' ? utf8Bytes(input) : input,
    });
    expect(message).toBeUndefined();
    expect(issues.map((issue) => `${issue.severity} ${issue.code}`)).toEqual([`error ${code}`]);
  });

  test('markup that never ends is not collected while it is streamed', () => {
    const source = xmlEventSource({ open() {}, text() {}, close() {} }, limits);
    const piece = utf8Bytes('x'.repeat(64 * 1024));
    let written = 0;
    let issue = source.write(utf8Bytes('<a b="'));
    for (; issue === undefined && written < 300; written++) issue = source.write(piece);
    expect([issue?.code, written]).toEqual(['MX_LIMIT', 4]);
  });

  test('says where', () => {
    const { issues } = iso20022.decode({ bytes: utf8Bytes(`${declared}\n<a>\n  <b></c></a>`) });
    expect(issues[0]?.at).toMatchObject({ line: 3 });
  });

  test.each([
    ['the deepest that is allowed', `${'<a>'.repeat(limits.mxDepthMax)}${'</a>'.repeat(limits.mxDepthMax)}`],
    ['the longest text', `<a>${'x'.repeat(limits.mxTextCharsMax)}</a>`],
    ['the five entities and references', '<a b="&quot;&apos;">&lt;&gt;&amp;&#233;&#x20AC;</a>'],
    ['a comment', `${declared}<!-- a --><a><!-- b --></a><!-- c -->`],
    ['a lower-case encoding', '<?xml version="1.0" encoding="utf-8"?><a/>'],
    ['no declaration', '<a/>'],
    ['a byte order mark', '\ufeff<a/>'],
    ['members that objects have', '<constructor __proto__="1"><__proto__>x</__proto__></constructor>'],
  ])('%s is read', (_, input) => {
    const { message, issues } = iso20022.decode({ bytes: utf8Bytes(input) });
    expect(issues.map(({ code }) => code)).toEqual(['MX_TYPE_UNKNOWN']);
    expect(JSON.parse(JSON.stringify(message?.view()))).toHaveProperty('type');
  });

  test('no object is polluted by what a document names', () => {
    const { message } = iso20022.decode({
      bytes: utf8Bytes('<a><__proto__><polluted>1</polluted></__proto__></a>'),
    });
    expect(JSON.stringify(message?.view())).toContain('polluted');
    expect({}).not.toHaveProperty('polluted');
  });

  test('references are text, and are not read again', () => {
    const { root } = readXml(utf8Bytes('<a>&amp;lt;b/&amp;gt;</a>'), limits);
    expect(root?.items).toEqual(['&lt;b/&gt;']);
  });
});
