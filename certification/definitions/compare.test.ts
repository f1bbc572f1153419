import { describe, expect, test } from 'vitest';
import { compare, defaultPatterns, readPatterns } from './compare.ts';

function differences(
  profile: 'quickfix' | 'quickfixj',
  expected: string,
  received: string,
  fmt?: string,
): readonly string[] {
  const soh = (text: string): string => text.replaceAll('|', '\u0001');
  const patterns = fmt === undefined ? undefined : readPatterns(fmt).patterns;
  return compare(profile, soh(expected), soh(received), patterns).map(({ kind, tag }) => `${kind} ${tag}`);
}

const now = '52=20261121-12:00:00.000|';

describe('as the Ruby runner compares', () => {
  test.each<[string, string, string, readonly string[]]>([
    ['the same', '35=0|34=2|', '35=0|34=2|', []],
    ['another value', '35=0|34=2|', '35=0|34=3|', ['value 34']],
    ['another MsgType(35), which comes first', '34=2|35=0|', '34=3|35=5|', ['value 35', 'value 34']],
    ['a field less', '35=0|34=2|', '35=0|', ['missing 34']],
    ['a field more', '35=0|', '35=0|34=2|', ['unexpected 34']],
    ['another tag', '35=0|112=x|', '35=0|58=x|', ['missing 112', 'unexpected 58']],
    ['another order', '35=0|34=2|49=A|', '35=0|49=A|34=2|', ['order 34']],
    ['another order and another value', '35=0|34=2|49=A|', '35=0|49=B|34=2|', ['order 34', 'value 49']],
    ['BodyLength(9) like any other', '9=5|35=0|', '9=6|35=0|', ['value 9']],
    ['BodyLength(9) behind what is to blame', '9=5|58=x|', '9=6|58=yy|', ['value 58', 'value 9']],
    ['a tag as text: 034 is not 34', '034=2|', '34=2|', ['missing 034', 'unexpected 34']],
    ['no separator at the end', '35=0|34=2', '35=0|34=2|', []],
    ['several separators at the end', '35=0|', '35=0|||', []],
    ['an empty field in the middle', '35=0||34=2|', '35=0|34=2|', ['missing ']],
    ['a value that is empty on both sides', '35=0|112=|', '35=0|112=|', []],
    ['a value that is empty on one side', '35=0|112=|', '35=0|112=x|', ['value 112']],
    ['a tag without "=" is one with an empty value', '35=0|112|', '35=0|112=|', []],
    ['what stands behind a second "=" counts for nothing', '58=a=b|', '58=a=c|', []],
    ['what stands before it counts', '58=a=b|', '58=b=b|', ['value 58']],
    ['a repeated tag, each in its place', '79=a|79=b|', '79=a|79=c|', ['value 79']],
    ['a repeated tag once less', '79=a|79=b|', '79=a|', ['missing 79']],
    ['SendingTime(52) of another time', `35=0|52=00000000-00:00:00|`, `35=0|${now}`, []],
    ['SendingTime(52) that is no time', `35=0|${now}`, '35=0|52=today|', ['pattern 52']],
    [
      'SendingTime(52) with something around it: patterns are not anchored',
      `35=0|${now}`,
      '35=0|52=x20261121-12:00:00x|',
      [],
    ],
    ['SendingTime(52) that is empty', `35=0|${now}`, '35=0|52=|', ['pattern 52']],
    [
      'OrigSendingTime(122), TransactTime(60) and OrigTime(42)',
      '122=0|60=0|42=0|',
      '122=20261121-12:00:00|60=20261121-12:00:00|42=20261121-12:00:00|',
      [],
    ],
    ['CheckSum(10) of three digits', '35=0|10=0|', '35=0|10=123|', []],
    ['CheckSum(10) of two digits', '35=0|10=0|', '35=0|10=12|', ['pattern 10']],
    ['nothing', '', '', []],
    ['something where nothing is expected', '', '35=0|', ['unexpected 35']],
  ])('%s', (_, expected, received, found) => {
    expect(differences('quickfix', expected, received)).toEqual(found);
  });

  test('patterns of a fields.fmt are those that count', () => {
    expect(differences('quickfix', '58=x|', '58=y|', '58=^[xy]$')).toEqual([]);
    expect(differences('quickfix', '58=x|', '58=z|', '58=^[xy]$')).toEqual(['pattern 58']);
    expect(differences('quickfix', '10=0|', '10=123|', '58=x')).toEqual(['value 10']);
  });
});

describe('as QuickFIX/J compares', () => {
  test.each<[string, string, string, readonly string[]]>([
    ['the same in another order', '35=0|34=2|49=A|', '49=A|34=2|35=0|', []],
    ['MsgType(35) first', '34=2|35=0|', '34=3|35=5|', ['value 35', 'value 34']],
    ['a tag that is missing', '35=0|112=x|', '35=0|', ['missing 112']],
    ['a tag that nobody expects', '35=0|', '35=0|58=x|', ['unexpected 58']],
    [
      'Text(58) that begins as expected',
      '58=Required tag missing|',
      '58=Required tag missing, field=55|',
      [],
    ],
    ['Text(58) that does not', '58=Required tag missing|', '58=Tag missing|', ['value 58']],
    ['Text(58) of which nothing is expected but that it is there', '58=|', '58=x|', []],
    ['Text(58) that is missing', '58=|', '', ['missing 58']],
    ['the prefix on the wrong side', '58=abc|', '58=ab|', ['value 58']],
    [
      'SendingTime(52), TransactTime(60), OrigSendingTime(122) of any value',
      '52=a|60=b|122=c|',
      '52=x|60=y|122=z|',
      [],
    ],
    ['SendingTime(52) that is missing', '35=0|52=a|', '35=0|', ['missing 52']],
    ['SendingTime(52) that nobody expects', '35=0|', '35=0|52=a|', []],
    ['CheckSum(10) of any value', '10=0|', '10=123|', []],
    ['BodyLength(9), where times are as wide', `9=5|${now}`, `9=6|${now}`, ['value 9']],
    ['BodyLength(9), where times are wider', '9=5|52=20261121-12:00:00|', `9=6|${now}`, []],
    [
      'BodyLength(9), where TransactTime(60) is wider',
      '9=5|60=20261121-12:00:00|',
      '9=6|60=20261121-12:00:00.000|',
      [],
    ],
    ['BodyLength(9), where Text(58) goes on', '9=5|58=a|', '9=6|58=ab|', []],
    ['BodyLength(9), where nobody expects one', '35=0|', '35=0|9=5|', []],
    ['what stands behind a second "="', '55=a=b|', '55=a=c|', ['value 55']],
    ['the values of a repeated tag in their order', '79=a|79=b|', '79=b|79=a|', ['value 79', 'value 79']],
    ['a repeated tag once less', '79=a|79=b|', '79=a|', ['missing 79']],
    ['a repeated tag once more', '79=a|', '79=a|79=b|', ['unexpected 79']],
  ])('%s', (_, expected, received, found) => {
    expect(differences('quickfixj', expected, received)).toEqual(found);
  });

  test('a pattern beside the definition is asked in place of all this', () => {
    const nanos = '52=[.]\\d{9}$';
    expect(differences('quickfixj', now, '52=20261121-12:00:00.123456789|', nanos)).toEqual([]);
    expect(differences('quickfixj', now, now, nanos)).toEqual(['pattern 52']);
  });
});

describe('fields.fmt', () => {
  test('rows that are none are told by their line', () => {
    const { patterns, wrong } = readPatterns('10=\\d{3}\n\nx=1\n52=(\n60=\n7=[0-9]=x\r\n');
    expect([...patterns].map(([tag, pattern]) => `${tag} ${pattern.source}`)).toEqual([
      '10 \\d{3}',
      '7 [0-9]',
    ]);
    expect(wrong).toEqual([3, 4, 5]);
  });

  test('the patterns of those who bring none are those of QuickFIX', () => {
    expect([...defaultPatterns.keys()].toSorted((left, right) => left - right)).toEqual([
      10, 42, 52, 60, 122,
    ]);
  });
});
