import { escaped } from './markup.ts';
import type { DefinitionResult, RunReport } from './run.ts';
import { transcriptLines } from './transcript.ts';

/** What a report says beside its results: what was run, by what. */
export interface ReportFacts {
  /** The pack as it was named. */
  readonly pack: string;
  /** Hex SHA-256 of its definitions. */
  readonly sha256: string;
  /** Names and versions of what ran it. */
  readonly runner: string;
  /** Where not all of the pack was played: how many definitions it has, and which were asked for. */
  readonly part?: { readonly of: number; readonly only: readonly string[] };
}

const style = `body{font:15px/1.5 system-ui,sans-serif;margin:2rem auto;max-width:72rem;padding:0 1rem;color:#1c2430}
h1{font-size:1.5rem}table{border-collapse:collapse;width:100%}th,td{text-align:left;padding:.25rem .75rem .25rem 0;vertical-align:top}
tr+tr td{border-top:1px solid #dde3ea}dt{float:left;clear:left;width:7rem;color:#5a6675}dd{margin:0 0 .2rem 7.5rem;overflow-wrap:anywhere}
.passed{color:#12703a}.failed{color:#b3261e;font-weight:600}.ms{text-align:right;white-space:nowrap;color:#5a6675}
pre{background:#f4f6f8;padding:.75rem;overflow-x:auto;font-size:13px;white-space:pre-wrap;overflow-wrap:anywhere}
summary{cursor:pointer}ul{margin:.25rem 0;padding-left:1.2rem}
@media(max-width:48rem){thead{display:none}tr{display:grid;grid-template-columns:auto 1fr}td:first-child{order:1;grid-column:1/-1;padding-right:0}
dt{float:none}dd{margin-left:0}tr+tr td{border:0}tr+tr{border-top:1px solid #dde3ea}}`;

/** A run as one HTML file without anything from elsewhere: what a certification is filed with. */
export function reportHtml(report: RunReport, facts: ReportFacts): string {
  const { passed, failed, results } = report;
  const verdict = failed === 0 ? 'passed' : 'failed';
  const title = `${passed} of ${passed + failed} definitions passed`;
  const rows: readonly (readonly [string, string])[] = [
    ['Engine', `${report.address} (${report.role === 'connect' ? 'it listens' : 'it connects'})`],
    ['Pack', facts.pack],
    ['SHA-256', facts.sha256],
    ...partRow(results.length, facts),
    ['Profile', report.profile],
    ['Started', report.startedAt],
    ['Took', `${(report.durationMs / 1000).toFixed(1)} s`],
    ['Run by', facts.runner],
  ];
  const list = rows.map(([name, value]) => `<dt>${name}</dt><dd>${escaped(value)}</dd>`).join('\n');
  return `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><title>${escaped(title)}</title>
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'"><style>${style}</style></head>
<body><h1 class="${verdict}">${escaped(title)}</h1>
<dl>${list}</dl>
<table><thead><tr><th>Definition</th><th>Verdict</th><th class="ms">Time</th></tr></thead><tbody>
${results.map(rowHtml).join('\n')}
</tbody></table>
<p>Messages are shown with | for SOH (0x01). Passwords are masked.</p>
</body></html>
`;
}

/** Evidence of a part of a pack says so: "all passed" is another thing. */
function partRow(played: number, { part }: ReportFacts): readonly (readonly [string, string])[] {
  if (part === undefined) return [];
  return [['Played', `${played} of the ${part.of} definitions of the pack: --only ${part.only.join(' ')}`]];
}

function rowHtml(result: DefinitionResult): string {
  const { name, verdict, durationMs } = result;
  return `<tr><td>${detailsHtml(result, escaped(name))}</td><td class="${verdict}">${verdict}</td><td class="ms">${durationMs} ms</td></tr>`;
}

function detailsHtml(result: DefinitionResult, name: string): string {
  const { failure, issues } = result;
  const transcript = `<pre>${escaped(transcriptLines(result).join('\n'))}</pre>`;
  const wrong = issues.map(
    ({ code, message, at }) => `<li>${code}, line ${at?.line ?? 1}: ${escaped(message)}</li>`,
  );
  const notes = wrong.length === 0 ? '' : `<ul>${wrong.join('')}</ul>`;
  if (failure === undefined) return `<details><summary>${name}</summary>${notes}${transcript}</details>`;
  const { code, line, step, reason, remedy, expected, received, differences } = failure;
  const rows: readonly (readonly [string, string | undefined])[] = [
    ['Line', `${line}: ${step}`],
    ['Expected', expected],
    ['Received', received],
    ['What to do', remedy],
  ];
  const list = rows.flatMap(([key, value]) =>
    value === undefined ? [] : [`<dt>${key}</dt><dd>${escaped(value)}</dd>`],
  );
  const all = differences.map((one) => `<li>${escaped(one)}</li>`).join('');
  return `<details open><summary>${name}<br><span class="failed">${escaped(reason)}</span> (${code})</summary>
<dl>${list.join('')}</dl><ul>${all}</ul>${notes}${transcript}</details>`;
}
