import { describe, expect, test } from 'vitest';
import { latin1Text, utf8Bytes } from '../../src/core/bytes.ts';
import { limits } from '../../src/core/limits.ts';
import { cutsOf } from '../../test/codec-suite.ts';
import { mxFramer } from './index.ts';

const declared = '<?xml version="1.0"?>';
const one = `${declared}<a><b c="d>e">1</b></a>`;
const two = '<a><b/></a>';

/** `frame …` or the code of the garbage, with its text. */
function cuts(stream: string): readonly string[] {
  return cutsOf(mxFramer, [utf8Bytes(stream)]).map((cut) => {
    const text = Buffer.from(cut.bytes).toString('utf8');
    return cut.kind === 'frame' ? `frame ${text}` : `${cut.kind === 'garbage' ? cut.why.code : ''} ${text}`;
  });
}

describe('a stream of documents', () => {
  test.each<[string, string, readonly string[]]>([
    ['one', one, [`frame ${one}`]],
    ['glued', one + two + one, [`frame ${one}`, `frame ${two}`, `frame ${one}`]],
    ['blanks behind belong to it', `${one}\r\n\r\n${two}\n`, [`frame ${one}\r\n\r\n`, `frame ${two}\n`]],
    ['blanks in front', ` \n${two}`, ['MX_SEPARATOR  \n', `frame ${two}`]],
    ['garbage between', `${one}\nGARBAGE ${two}`, [`frame ${one}\n`, 'MX_GARBAGE GARBAGE ', `frame ${two}`]],
    ['a byte order mark each', `\ufeff${one}\ufeff${two}`, [`frame \ufeff${one}`, `frame \ufeff${two}`]],
    ['a comment behind', `${one}\n<!-- <c> -->\n${one}`, [`frame ${one}\n<!-- <c> -->\n`, `frame ${one}`]],
    ['a comment at the end', `${one}<!-- c --> <!-- d -->`, [`frame ${one}<!-- c --> <!-- d -->`]],
    ['a comment that does not end behind one', `${one}<!-- c`, [`frame ${one}`, 'MX_TRUNCATED <!-- c']],
    [
      'a long comment behind one',
      `${one}<!--${'c'.repeat(2000)}-->${two}`,
      [`frame ${one}`, `frame <!--${'c'.repeat(2000)}-->${two}`],
    ],
    ['a comment in front', `<!-- </a> -->${two}`, [`frame <!-- </a> -->${two}`]],
    ['a comment that holds tags', '<a><!-- <b> > --></a>', ['frame <a><!-- <b> > --></a>']],
    ['CDATA that holds tags', '<a><![CDATA[</a>]]]></a>', ['frame <a><![CDATA[</a>]]]></a>']],
    ['an empty root', `<a/>${two}`, ['frame <a/>', `frame ${two}`]],
    ['a quote in a quote', `<a b='"/>' c="'>"></a>${two}`, [`frame <a b='"/>' c="'>"></a>`, `frame ${two}`]],
    [
      'a DOCTYPE with its own tags',
      `<!DOCTYPE a [<!ENTITY x "]>">]>${two}`,
      [`frame <!DOCTYPE a [<!ENTITY x "]>">]>${two}`],
    ],
    ['one that is cut by the end', '<a><b>', ['MX_TRUNCATED <a><b>']],
    [
      'one that is cut by the next',
      `${declared}<a><b>${one}`,
      [`MX_TRUNCATED ${declared}<a><b>`, `frame ${one}`],
    ],
    ['a quote that is not closed', `<a b="><c/></a>${one}`, ['frame <a b="><c/></a>', `frame ${one}`]],
    ['no document at all', 'nothing <> here', ['MX_GARBAGE nothing <> here']],
    ['a closing tag alone', `</a>${two}`, ['MX_GARBAGE </a>', `frame ${two}`]],
    ['nothing', '', []],
  ])('%s', (_, stream, told) => {
    expect(cuts(stream)).toEqual(told);
    const bytewise = [...utf8Bytes(stream)].map((byte) => Uint8Array.of(byte));
    expect(cutsOf(mxFramer, bytewise)).toEqual(cutsOf(mxFramer, [utf8Bytes(stream)]));
  });

  test('a document without an end is told in pieces, and the next declaration counts', () => {
    const max = limits.mxMessageBytesMax;
    const stream = Buffer.concat([utf8Bytes('<a>'), Buffer.alloc(max + 200_000, 'x'), utf8Bytes(one)]);
    const told = cutsOf(mxFramer, [stream]);
    expect(latin1Text(told.at(-1)?.bytes ?? new Uint8Array())).toBe(one);
    const codes = told.slice(0, -1).map((cut) => (cut.kind === 'garbage' ? cut.why.code : ''));
    expect(new Set(codes)).toEqual(new Set(['MX_MESSAGE_TOO_LONG']));
    const parts = Array.from({ length: Math.ceil(stream.length / 70_001) }, (_, n) =>
      stream.subarray(n * 70_001, (n + 1) * 70_001),
    );
    expect(cutsOf(mxFramer, parts).map(({ bytes }) => bytes.length)).toEqual(
      told.map(({ bytes }) => bytes.length),
    );
  });
});
