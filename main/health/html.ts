import type { HealthFinding, HealthLimit, HealthReport } from '../../preload/contract/health.ts';
import { roomWords, summaryOf, verdictOf } from '../../preload/contract/health-words.ts';
import pageCss from './page.css?raw';
import { factsOf, plain, severityWords, size } from './words.ts';

/** Nothing is loaded, nothing runs: whatever stood in a name. */
const policy = "default-src 'none'; style-src 'unsafe-inline'";

/** The report as one page that needs nothing else and can be printed. */
export function htmlOf(report: HealthReport): string {
  const { environment, findings, limits, looks } = report;
  const title = `Health of ${environment.name}`;
  const looked = looks.map(({ room, state, findings: count }) => {
    const { title: name, looksFor } = roomWords[room];
    const outcome =
      state === 'done'
        ? `${count || 'No'} ${count === 1 ? 'finding' : 'findings'}`
        : 'Could not be looked at';
    return `<tr><th scope="row">${escaped(name)}</th><td>${escaped(looksFor)}</td><td>${outcome}</td></tr>`;
  });
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${policy}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light">
<title>${escaped(title)}</title>
<style>
${pageCss}</style>
</head>
<body>
<main>
<h1>${escaped(title)}</h1>
<p class="summary" data-verdict="${verdictOf(report)}">${escaped(summaryOf(report))}</p>
<dl class="facts">
${factsOf(report)
  .map(([name, value]) => `<div><dt>${name}</dt><dd>${bidi(value)}</dd></div>`)
  .join('\n')}
</dl>
${findings.length > 0 ? `<h2>Findings</h2>\n<ol class="findings">\n${findings.map(findingOf).join('\n')}\n</ol>` : ''}
<h2>Looked at</h2>
<table>
<thead><tr><th scope="col">Room</th><th scope="col">What for</th><th scope="col">Outcome</th></tr></thead>
<tbody>
${looked.join('\n')}
</tbody>
</table>
${limits.length > 0 ? `<h2>What could not be seen</h2>\n<ul class="limits">\n${limits.map(limitOf).join('\n')}\n</ul>` : ''}
</main>
</body>
</html>
`;
}

function findingOf(finding: HealthFinding): string {
  const { severity, title, evidence, harm, remedy, statement, source, bytes, estimated, database } = finding;
  const facts = [
    ...evidence,
    ...(bytes === null ? [] : [`Size: ${size(bytes)}.`]),
    ...(estimated ? ['It rests on an estimate.'] : []),
  ];
  const about = [
    database === null ? 'Whole server' : `Database ${database}`,
    ...(source === null ? [] : [source]),
  ];
  return `<li data-severity="${severity}">
<h3><span class="word">${severityWords[severity]}</span> ${bidi(title)}</h3>
<ul>${facts.map((fact) => `<li>${bidi(fact)}</li>`).join('')}</ul>
<p><b>Harm</b> ${bidi(harm)}</p>
<p><b>Remedy</b> ${bidi(remedy)}</p>
${statement === null ? '' : `<pre>${escaped(statement)}</pre>\n`}<p class="about">${bidi(about.join(' · '))}</p>
</li>`;
}

function limitOf({ what, why, next, command, server }: HealthLimit): string {
  const code = server?.sqlstate ? ` (SQLSTATE ${server.sqlstate})` : '';
  return `<li><p><b>${bidi(what)}</b> ${bidi(why)} ${bidi(next)}</p>
${command === undefined ? '' : `<pre>${escaped(command)}</pre>`}${server ? `<p class="about">${bidi(server.message)}${escaped(code)}</p>` : ''}</li>`;
}

/** A text from a database in whatever direction it reads, without effect on what stands around it. */
const bidi = (text: string): string => `<bdi>${escaped(text)}</bdi>`;

const entities: Record<string, string> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

function escaped(text: string): string {
  return plain(text).replace(/[&<>"']/g, (character) => entities[character] ?? character);
}
