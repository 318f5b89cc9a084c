import { escapeIdentifier } from 'pg';
import type { Explanation } from '../../preload/contract/common.ts';
import type { StatementsState } from '../../preload/contract/queries.ts';
import { serverWords } from '../servers/index.ts';
import { bit, type Counter } from './counters.ts';
import { isPreloaded, type ServerFacts } from './read-server.ts';
import type { WindowSums } from './window.ts';

type Provider = StatementsState['provider'];
type Step = StatementsState['steps'][number];

/** Whose server it looks like, by the roles that providers make. */
export function providerOf({ providerRoles }: ServerFacts): Provider {
  if (providerRoles.includes('rds_superuser')) return 'rds';
  if (providerRoles.includes('cloudsqlsuperuser')) return 'cloudsql';
  return providerRoles.includes('azure_pg_admin') ? 'azure' : 'own';
}

/** What has to be done, in order, before statements are counted and can be read. */
export function stepsFor(facts: ServerFacts): Step[] {
  const steps: Step[] = [];
  if (!isPreloaded(facts)) steps.push(...loadSteps[providerOf(facts)]);
  if (!facts.extension) {
    if (providerOf(facts) === 'azure' && isPreloaded(facts))
      steps.push({ text: 'Allow the extension in the server parameter azure.extensions.', command: null });
    steps.push({
      text: `Make the extension in the database ${facts.database}, which one who may do that there does once.`,
      command: 'CREATE EXTENSION pg_stat_statements;',
    });
  } else if (!facts.extension.usable) steps.push(usageStep(facts));
  return steps;
}

function usageStep({ extension, role }: ServerFacts): Step {
  return {
    text: 'Let this role use the schema that the extension lies in.',
    command: `GRANT USAGE ON SCHEMA ${escapeIdentifier(extension?.schema ?? '')} TO ${escapeIdentifier(role)};`,
  };
}

const loadSteps: Record<Provider, Step[]> = {
  own: [
    {
      text: 'Install the package postgresql-contrib where the distribution has one; the packages of postgresql.org have it in them.',
      command: null,
    },
    {
      text: 'Add the library to those that the server loads; what stands there already has to stay: SHOW shared_preload_libraries.',
      command: "ALTER SYSTEM SET shared_preload_libraries = 'pg_stat_statements';",
    },
    { text: 'Restart the server: it loads libraries at its start only.', command: null },
  ],
  rds: [
    {
      text: 'In the parameter group of the instance or cluster, add pg_stat_statements to shared_preload_libraries (RDS has it there from PostgreSQL 11 on, unless it was taken out).',
      command: null,
    },
    { text: 'Reboot the instance: the parameter is static.', command: null },
  ],
  cloudsql: [
    {
      text: 'Cloud SQL loads the library by itself; where it does not, restart the instance, and look whether the flag pg_stat_statements.track is set to none.',
      command: null,
    },
  ],
  azure: [
    {
      text: 'In the server parameters, add pg_stat_statements to shared_preload_libraries and to azure.extensions.',
      command: null,
    },
    { text: 'Restart the server from the portal.', command: null },
  ],
};

/** What is missing on a server, worst first. */
export function limitsOf(facts: ServerFacts, hidden: number | null, textProblem: unknown): Explanation[] {
  const { settings, extension, role } = facts;
  const limits: Explanation[] = [];
  const steps = stepsFor(facts);
  const next = steps[0]?.text ?? '';
  const command = steps[0]?.command ?? undefined;
  if (!isPreloaded(facts)) {
    limits.push({
      cause: 'statements-not-preloaded',
      what: 'This server does not count statements.',
      why: 'The library pg_stat_statements is not loaded: it has to be named in shared_preload_libraries when the server starts.',
      next,
      ...(command ? { command } : {}),
    });
    return limits;
  }
  if (!extension) {
    limits.push({
      cause: 'statements-not-installed',
      what: `The extension pg_stat_statements is not in the database ${facts.database}.`,
      why: 'The server counts statements already; what is missing are the functions to read them with, which each database has for itself.',
      next,
      ...(command ? { command } : {}),
    });
    return limits;
  }
  if (!extension.usable) {
    limits.push({
      cause: 'statements-no-usage',
      what: `The role ${role} may not use the schema ${extension.schema}, in which pg_stat_statements lies.`,
      why: 'Without USAGE on its schema no function of it can be called.',
      next,
      ...(command ? { command } : {}),
    });
    return limits;
  }
  if (settings['pg_stat_statements.track'] === 'none') {
    limits.push({
      cause: 'statements-track-none',
      what: 'Nothing is counted at present.',
      why: 'pg_stat_statements.track is none, at least for this role and database.',
      next: 'Set it to top, and have the settings read again.',
      command: "ALTER SYSTEM SET pg_stat_statements.track = 'top'; SELECT pg_reload_conf();",
    });
  }
  if (settings.compute_query_id === 'off') {
    limits.push({
      cause: 'statements-query-id-off',
      what: 'Statements are not counted, because they get no query id.',
      why: 'compute_query_id is off, at least for this role and database; unless another module computes ids, pg_stat_statements passes over such statements.',
      next: 'Set it to auto, its default.',
      command: "ALTER SYSTEM SET compute_query_id = 'auto'; SELECT pg_reload_conf();",
    });
  }
  if (!facts.seesAll) {
    limits.push({
      cause: 'statements-hidden',
      what:
        hidden === null || hidden === 0
          ? 'Statements of other roles are hidden from this role.'
          : `${hidden} statements of other roles are hidden from ${role}: their figures are shown as one sum per user and database.`,
      why: 'The server shows query ids and texts of others only to members of pg_read_all_stats.',
      next: 'Let somebody who may do so grant it.',
      command: `GRANT pg_read_all_stats TO ${escapeIdentifier(role)};`,
    });
  }
  if (textProblem !== undefined && textProblem !== null) limits.push(textsUnreadable(facts, textProblem));
  return limits;
}

function textsUnreadable({ database, encoding }: ServerFacts, error: unknown): Explanation {
  const server = serverWords(error);
  const isEncoding = server?.sqlstate === '22021' || server?.sqlstate === '22P05';
  return {
    cause: isEncoding ? 'statements-text-encoding' : 'statements-text-unreadable',
    what: 'Texts of new statements can’t be read.',
    why: isEncoding
      ? `One of all texts, from a database of another encoding, can’t be converted to ${encoding}, the encoding of ${database}; the server then gives none. Figures are not touched by that.`
      : 'The server answered with an error when it was asked for them. Figures are not touched by that.',
    next: isEncoding
      ? 'Reset the statements of that database, or connect to a database of encoding SQL_ASCII on this server.'
      : 'They are asked for again in ten minutes.',
    ...(server ? { server } : {}),
  };
}

/** What of a window's figures is not known, or not all of it. */
export function limitsOfWindow(sums: WindowSums): Explanation[] {
  if (!sums.covered) return [];
  const limits: Explanation[] = [];
  const lacks = (name: Counter): boolean => (sums.knownSome & bit(name)) === 0;
  const partly = (name: Counter): boolean => !lacks(name) && (sums.knownAll & bit(name)) === 0;
  if (lacks('ioReadUs')) limits.push(unknownIoTimes);
  if (lacks('planUs')) limits.push(unknownPlanning);
  const some = (
    [
      ['ioReadUs', 'I/O times'],
      ['planUs', 'planning'],
      ['walBytes', 'WAL'],
      ['jitUs', 'JIT'],
    ] as const
  )
    .filter(([name]) => partly(name))
    .map(([, words]) => words);
  if (some.length > 0) {
    limits.push({
      cause: 'statements-partly-measured',
      what: `Of ${some.join(', ')} only part of this window is known.`,
      why: 'The extension or a setting was changed within it; before, or after, this was not measured.',
      next: 'Such figures are lower bounds here. Choose a window that lies on one side.',
    });
  }
  if (sums.gaps.some(({ kind }) => kind === 'lost')) {
    limits.push({
      cause: 'statements-lost',
      what: 'Part of what was done is missing in these figures.',
      why:
        sums.evicted > 0
          ? `The counters were reset, or the server gave up entries to make room (${sums.evicted} within this window) before they were read.`
          : 'Counters were reset, or the server gave up entries, before they were read.',
      next: 'Where entries are given up often, a larger pg_stat_statements.max (a restart) keeps them.',
    });
  }
  if (sums.isCut) {
    limits.push({
      cause: 'statements-interval-cut',
      what: 'A long interval lies only partly in this window.',
      why: 'Nobody looked for a while, so that only the sum over that interval is known; of it the part is counted that its share of time would have.',
      next: 'Choose a window that holds all of the interval for exact figures.',
    });
  }
  return limits;
}

export const unknownIoTimes: Explanation = {
  cause: 'statements-io-timing-off',
  what: 'I/O times are not known.',
  why: 'track_io_timing is off, so that the server does not measure them.',
  next: 'Switch it on where pg_test_timing shows that the clock is cheap.',
  command: 'ALTER SYSTEM SET track_io_timing = on; SELECT pg_reload_conf();',
};

export const unknownPlanning: Explanation = {
  cause: 'statements-planning-off',
  what: 'Planning times are not known.',
  why: 'pg_stat_statements.track_planning is off, its default, or the installed extension is older than 1.8.',
  next: 'Switch it on if planning is in doubt; it costs a little with many short statements at once.',
  command: 'ALTER SYSTEM SET pg_stat_statements.track_planning = on; SELECT pg_reload_conf();',
};
