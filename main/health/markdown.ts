import type { HealthFinding, HealthLimit, HealthReport } from '../../preload/contract/health.ts';
import { roomWords, summaryOf } from '../../preload/contract/health-words.ts';
import { factsOf, plain, severityWords, size } from './words.ts';

/** The report as Markdown (CommonMark), as it may be put into a ticket. */
export function markdownOf(report: HealthReport): string {
  const { environment, findings, limits, looks } = report;
  const parts = [
    `# Health of ${inline(environment.name)}`,
    inline(summaryOf(report)),
    factsOf(report)
      .map(([name, value]) => `- **${name}**: ${inline(value)}`)
      .join('\n'),
    ...(findings.length > 0 ? ['## Findings', ...findings.map(findingOf)] : []),
    '## Looked at',
    looks
      .map(
        ({ room, state, findings: count }) =>
          `- **${roomWords[room].title}**: ${roomWords[room].looksFor}. ${state === 'done' ? `${count || 'No'} ${count === 1 ? 'finding' : 'findings'}.` : 'Could not be looked at.'}`,
      )
      .join('\n'),
    ...(limits.length > 0 ? ['## What could not be seen', ...limits.map(limitOf)] : []),
  ];
  return `${parts.join('\n\n')}\n`;
}

function findingOf(finding: HealthFinding, index: number): string {
  const { severity, title, evidence, harm, remedy, statement, source, bytes, estimated, database } = finding;
  const lines = [
    ...evidence.map(inline),
    ...(bytes === null ? [] : [`Size: ${size(bytes)}.`]),
    ...(estimated ? ['It rests on an estimate.'] : []),
  ];
  return [
    `### ${index + 1}. ${severityWords[severity]}: ${inline(title)}`,
    lines.map((line) => `- ${line}`).join('\n'),
    `**Harm**: ${inline(harm)}`,
    `**Remedy**: ${inline(remedy)}`,
    ...(statement === null ? [] : [fenced(statement, 'sql')]),
    `*${[database === null ? 'Whole server' : `Database ${inline(database)}`, ...(source === null ? [] : [inline(source)])].join('; ')}*`,
  ]
    .filter(Boolean)
    .join('\n\n');
}

function limitOf({ what, why, next, command }: HealthLimit): string {
  return [
    `- **${inline(what)}** ${[why, next].filter(Boolean).map(inline).join(' ')}`,
    ...(command === undefined ? [] : [indented(fenced(command, 'sql'))]),
  ].join('\n\n');
}

/** Text without meaning for Markdown or HTML, on one line. */
function inline(text: string): string {
  return (
    plain(text)
      .replace(/\s+/g, ' ')
      .replace(/&/g, '&amp;')
      .replace(/</g, '&lt;')
      .replace(/[\\`*[\]#|~>]/g, '\\$&')
      // Between letters it stands for itself, and names are full of them.
      .replace(/(?<![\p{L}\p{N}])_|_(?![\p{L}\p{N}])/gu, '\\_')
      .replace(/:\/\//g, '&#58;//')
  );
}

/** A block that no backticks in the text can end. */
function fenced(text: string, language: string): string {
  const longest = Math.max(2, ...[...text.matchAll(/`+/g)].map(([run]) => run.length));
  const fence = '`'.repeat(longest + 1);
  return `${fence}${language}\n${plain(text)}\n${fence}`;
}

const indented = (text: string): string => text.replace(/^/gm, '  ');
