import type { Advice, Advised } from '../../preload/contract/advice.ts';
import type { CollationMismatch } from '../../preload/contract/server.ts';
import { replicationAdvice } from './advise-replication.ts';
import { settingsAdvice } from './advise-settings.ts';
import { finding, type Seen } from './finding.ts';
import { daysUntil } from './support.ts';

/** What is wrong with a server as a whole. Nothing is said of one that is well. */
export function adviseServer(seen: Seen): Advised {
  return {
    advice: [
      ...supportAdvice(seen),
      ...settingsAdvice(seen),
      ...replicationAdvice(seen.replication),
      ...collationAdvice(seen.collations),
    ],
    limits: [...seen.settings.limits, ...seen.replication.limits],
  };
}

/** Days before the last release from which on it is told. */
const soon = 183;

function supportAdvice({ identity, now }: Seen): Advice[] {
  const { major, supportEnds, version } = identity;
  if (supportEnds === null) return [];
  const left = daysUntil(supportEnds, now);
  if (left > soon) return [];
  const over = left < 0;
  return [
    finding({
      kind: over ? 'support-ended' : 'support-ends-soon',
      severity: over ? 'warning' : 'notice',
      title: over
        ? `PostgreSQL ${major} is no longer supported`
        : `PostgreSQL ${major} is supported for ${left} more days`,
      evidence: [
        `The server is ${version}; the last release of ${major} ${over ? 'was' : 'will be'} on ${supportEnds}.`,
      ],
      harm: 'Holes and faults found later are not mended any more.',
      remedy: `Plan the upgrade to a newer major version: pg_upgrade, or dump and restore.`,
      source: 'https://www.postgresql.org/support/versioning/',
    }),
  ];
}

function collationAdvice(collations: readonly CollationMismatch[]): Advice[] {
  return collations.map(({ kind, name, recorded, actual, statement }) =>
    finding({
      kind: 'collation-mismatch',
      severity: 'bad',
      title: `The sort order of ${kind} ${name} changed with a library`,
      object: name,
      evidence: [`Recorded is version ${recorded}; the library now is ${actual}.`],
      harm: 'Indexes on text may be in the old order: rows are not found, and unique ones may let duplicates in.',
      remedy:
        'Rebuild the indexes on text that depend on it (REINDEX), and only then refresh the recorded version.',
      statement:
        kind === 'database' ? `REINDEX DATABASE "${name.replaceAll('"', '""')}"; ${statement}` : statement,
      source: 'PostgreSQL manual, ALTER COLLATION, “Notes”',
    }),
  );
}
