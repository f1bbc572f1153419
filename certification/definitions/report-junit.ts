import { escaped } from './markup.ts';
import type { DefinitionResult, RunReport } from './run.ts';
import { transcriptLines } from './transcript.ts';

/**
 * A run as JUnit's XML, as build servers read it: a suite for each folder of the pack, a case for each definition.
 * Source: the format has no standard; elements and attributes are those that Jenkins and GitLab document.
 */
export function junitXml(report: RunReport): string {
  const folders = Map.groupBy(report.results, ({ name }) => folderOf(name, report.profile));
  const suites = [...folders].map(([folder, results]) => suiteXml(folder, results));
  const { passed, failed, durationMs } = report;
  const counts = `tests="${passed + failed}" failures="${failed}" time="${seconds(durationMs)}"`;
  return `<?xml version="1.0" encoding="UTF-8"?>\n<testsuites ${counts}>\n${suites.join('')}</testsuites>\n`;
}

function suiteXml(folder: string, results: readonly DefinitionResult[]): string {
  const failures = results.filter(({ verdict }) => verdict === 'failed').length;
  const timeMs = results.reduce((sum, { durationMs }) => sum + durationMs, 0);
  const started = results[0]?.startedAt.slice(0, 19) ?? '';
  const counts = `tests="${results.length}" failures="${failures}" time="${seconds(timeMs)}" timestamp="${started}"`;
  const cases = results.map((result) => caseXml(folder, result));
  return `  <testsuite name="${escaped(folder)}" ${counts}>\n${cases.join('')}  </testsuite>\n`;
}

function caseXml(folder: string, result: DefinitionResult): string {
  const { name, file, durationMs, failure } = result;
  const said = `classname="${escaped(folder)}" name="${escaped(baseOf(name))}" file="${escaped(file)}" time="${seconds(durationMs)}"`;
  if (failure === undefined) return `    <testcase ${said}/>\n`;
  const { code, line, reason, expected = '', received = '', differences } = failure;
  const text = [
    `line ${line}: ${failure.step}`,
    `expected: ${expected}`,
    `received: ${received}`,
    ...differences,
    '',
    ...transcriptLines(result),
  ];
  return `    <testcase ${said}>
      <failure type="${code}" message="${escaped(`line ${line}: ${reason}`)}">${escaped(text.join('\n'))}</failure>
    </testcase>\n`;
}

function folderOf(name: string, profile: string): string {
  const at = name.lastIndexOf('/');
  return at < 0 ? profile : name.slice(0, at);
}

function baseOf(name: string): string {
  return name.slice(name.lastIndexOf('/') + 1);
}

function seconds(ms: number): string {
  return (ms / 1000).toFixed(3);
}
