import { describe, expect, test } from 'vitest';
import { evidenceText } from './evidence.ts';
import { escaped } from './markup.ts';
import { reportHtml } from './report-html.ts';
import { junitXml } from './report-junit.ts';
import type { DefinitionResult, RunReport } from './run.ts';

test.each([
  ['a message', '35=0|34=2|', '35=0|34=2|'],
  ['Password(554)', '35=A|554=secret|98=0|', '35=A|554=***(6)|98=0|'],
  ['NewPassword(925) of a line of a definition', 'I8=FIX.4.4|925=secret|', 'I8=FIX.4.4|925=***(6)|'],
  ['RawData(96) as long as its length says', '95=7|96=a|554=b|98=0|', '95=7|96=***(7)|98=0|'],
  ['RawData(96) without a length', '96=abc|98=0|', '96=***(3)|98=0|'],
  ['an empty one', '554=|98=0|', '554=|98=0|'],
  ['a tag that ends like one', '1554=x|98=0|', '1554=x|98=0|'],
  ['control characters', '58=a\u0000b\u0085|', '58=a\\x00b\\x85|'],
  ['nothing', '', ''],
])('evidence of %s', (_, text, shown) => {
  expect(evidenceText(text.replaceAll('|', '\u0001'))).toBe(shown);
});

test('evidence of something very long is cut, and says so', () => {
  const shown = evidenceText('x'.repeat(1_000_000));
  expect(shown.slice(65_530)).toBe('xxxxxx… (1000000 characters)');
});

test('markup holds what it is given as text', () => {
  expect(escaped(`<a b="c" d='e'>&\u0001\ud800`)).toBe(
    '&#60;a b=&#34;c&#34; d=&#39;e&#39;&#62;&#38;\ufffd\ufffd',
  );
});

describe('reports', () => {
  const result = (name: string, failure?: DefinitionResult['failure']): DefinitionResult => ({
    name,
    file: `/pack/${name}.def`,
    verdict: failure === undefined ? 'passed' : 'failed',
    startedAt: '2026-11-21T12:00:00.000000Z',
    durationMs: 1234,
    transcript: [{ atMs: 5, line: 3, client: 1, what: 'received', text: '8=FIX.4.4|58=<script>|' }],
    issues: [],
    ...(failure !== undefined && { failure }),
  });
  const run: RunReport = {
    profile: 'quickfix',
    role: 'connect',
    address: '127.0.0.1:9878',
    startedAt: '2026-11-21T12:00:00.000000Z',
    durationMs: 2500,
    passed: 2,
    failed: 1,
    results: [
      result('fix42/1a'),
      result('fix42/1b', {
        code: 'CERT_DIFFERENT',
        line: 7,
        step: 'E8=FIX.4.2|35=0|',
        reason: 'Heartbeat(0): Text(58) is <script>, expected x',
        remedy: 'Compare.',
        expected: '58=x|',
        received: '58=<script>|',
        differences: ['Text(58) is <script>, expected x'],
      }),
      result('loose'),
    ],
  };

  test('as JUnit has them', () => {
    const xml = junitXml(run);
    expect(xml).toContain('<testsuites tests="3" failures="1" time="2.500">');
    expect(xml).toContain(
      '<testsuite name="fix42" tests="2" failures="1" time="2.468" timestamp="2026-11-21T12:00:00">',
    );
    expect(xml).toContain('<testcase classname="fix42" name="1a" file="/pack/fix42/1a.def" time="1.234"/>');
    expect(xml).toContain(
      '<failure type="CERT_DIFFERENT" message="line 7: Heartbeat(0): Text(58) is &#60;script&#62;, expected x">',
    );
    expect(xml).toContain('<testsuite name="quickfix" tests="1" failures="0"');
    expect(xml).not.toContain('<script>');
  });

  test('as a page that needs nothing else', () => {
    const page = reportHtml(run, {
      pack: '/pack',
      sha256: 'ab'.repeat(32),
      runner: 'clearport 0.1.0, Node.js 24',
    });
    for (const part of [
      '2 of 3 definitions passed',
      '/pack',
      'ab'.repeat(32),
      'clearport 0.1.0',
      'fix42/1b',
      'CERT_DIFFERENT',
      '127.0.0.1:9878 (it listens)',
    ])
      expect(page).toContain(part);
    expect(page).not.toMatch(/<script>|src=|href=/);
  });
});
