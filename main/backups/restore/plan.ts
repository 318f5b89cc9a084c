import { createHash } from 'node:crypto';
import type { RestoreOptions, RestorePlan } from '../../../preload/contract/backups.ts';
import type { Explanation } from '../../../preload/contract/common.ts';
import { type DatabaseRow, type Locale, localeIn, localeOf } from './database-traits.ts';
import type { RestoreNeeds, RestoreSource } from './needs.ts';
import { faultsOf, type Known } from './plan-faults.ts';
import { lossesOf, stepsOf, warningsOf } from './plan-words.ts';
import { behindPooler } from './refused.ts';
import {
  archiveArguments,
  chooseRoute,
  contentArguments,
  psqlArguments,
  type RouteChoice,
  shownCommand,
} from './restore-commands.ts';
import { newFacts, type ScriptFacts } from './script-facts.ts';
import { identityOf, readDependencies, readScriptFacts, Unreadable } from './source-facts.ts';
import { missingExtensions, missingLocales, missingRoles, readTarget } from './target-facts.ts';
import { openTargetServer, type TargetServer } from './target-server.ts';

/** A plan, and what was found out for it. */
export interface PreparedRestore {
  plan: RestorePlan;
  choice: RouteChoice;
  script: ScriptFacts;
  /** Of the working database; null: the server's own. */
  locale: Locale | null;
  /** The database that is there. */
  target: DatabaseRow | undefined;
}

/**
 * What a restore will do, what will be lost by it, and why it would fail. Changes nothing.
 *
 * @throws ConnectFailure; the system's error when the backup's file can't be read
 */
export async function planRestore(
  needs: RestoreNeeds,
  options: RestoreOptions,
  signal?: AbortSignal,
): Promise<RestorePlan> {
  const server = await openTargetServer(needs.reached, options.database);
  try {
    return (await prepareRestore(needs, server, options, signal)).plan;
  } finally {
    await server.close();
  }
}

export async function prepareRestore(
  { reached, source, programs }: RestoreNeeds,
  server: TargetServer,
  options: RestoreOptions,
  signal: AbortSignal | undefined,
): Promise<PreparedRestore> {
  const { session, about } = server;
  const identity = await identityOf(source.path);
  const read = await readScriptFacts(source, programs, signal).catch((error: unknown) => {
    if (error instanceof Unreadable) return error;
    throw error;
  });
  const script = read instanceof Unreadable ? newFacts() : read;
  const target = await readTarget(server, options.database);
  const choice = chooseRoute(options, {
    source,
    script,
    toolVersionNum: programs.about.versionNum,
    serverVersionNum: about.version,
  });
  const known: Known = {
    options,
    source,
    programs,
    script,
    server: about,
    target,
    choice,
    missing: {
      roles: await missingRoles(session, rolesNeeded(source, script, options)),
      extensions: await missingExtensions(session, extensionsNeeded(source, script, options)),
    },
  };
  const wanted = script.createDatabase === null ? undefined : localeIn(script.createDatabase);
  const unknownLocales = wanted ? await missingLocales(session, wanted.needs) : [];
  const dependencies = options.only
    ? dependencyWarnings(source, options.only, await readDependencies(source, programs, signal))
    : [];
  const faults = read instanceof Unreadable ? [unreadable(read, source)] : faultsOf(known);
  if (reached.way.pooled) faults.push(behindPooler);
  const token = createHash('sha256')
    .update(
      JSON.stringify([
        identity,
        { ...options, passphrase: undefined },
        target.database?.oid ?? null,
        target.contents?.digest ?? null,
        choice,
        about.version,
      ]),
    )
    .digest('hex');
  return {
    plan: {
      token,
      tools: programs.about,
      commands: commandsOf(known),
      steps: stepsOf(known),
      losses: lossesOf(known),
      faults,
      warnings:
        read instanceof Unreadable ? [] : warningsOf(known, { dependencies, missingLocales: unknownLocales }),
      freeBytes: target.freeBytes,
    },
    choice,
    script,
    locale: localeFor({ wanted: wanted?.locale, unknownLocales, script, target: target.database }),
    target: target.database,
  };
}

/** That of the dump; of a plain one, which does not tell, the encoding, and the locale of what is there. */
function localeFor(facts: {
  wanted: Locale | undefined;
  unknownLocales: string[];
  script: ScriptFacts;
  target: DatabaseRow | undefined;
}): Locale | null {
  const { wanted, unknownLocales, script, target } = facts;
  if (wanted) return unknownLocales.length ? { encoding: wanted.encoding, options: '' } : wanted;
  if (target) return localeOf(target);
  return script.encoding === null || script.encoding === 'SQL_ASCII'
    ? null
    : { encoding: script.encoding, options: '' };
}

function rolesNeeded(source: RestoreSource, script: ScriptFacts, options: RestoreOptions): Set<string> {
  const entries = chosen(source, options);
  const names = new Set<string>(options.only ? [] : script.policyRoles);
  if (options.owners) {
    for (const { owner } of entries) if (owner) names.add(owner);
    if (!options.only) for (const name of script.owners) names.add(name);
  }
  if (options.privileges && entries.some(({ kind }) => /ACL$/.test(kind)) && source.format !== 'plain')
    for (const name of script.grantees) names.add(name);
  if (options.privileges && source.format === 'plain') for (const name of script.grantees) names.add(name);
  if (options.role !== undefined) names.add(options.role);
  for (const name of [...names]) if (name === '-' || name.startsWith('pg_')) names.delete(name);
  return names;
}

function extensionsNeeded(source: RestoreSource, script: ScriptFacts, options: RestoreOptions): Set<string> {
  if (!options.only) return script.extensions;
  return new Set(
    chosen(source, options)
      .filter(({ kind }) => kind === 'EXTENSION')
      .map(({ name }) => name),
  );
}

export function chosen(source: RestoreSource, { only }: Pick<RestoreOptions, 'only'>): RestoreSource['toc'] {
  if (!only || source.format === 'plain') return source.toc;
  const ids = new Set(only);
  return source.toc.filter(({ id }) => ids.has(id));
}

function dependencyWarnings(
  source: RestoreSource,
  only: readonly number[],
  needs: ReadonlyMap<number, readonly number[]>,
): string[] {
  const ids = new Set(only);
  const byId = new Map(source.toc.map((entry) => [entry.id, entry]));
  const warnings: string[] = [];
  for (const id of only) {
    const entry = byId.get(id);
    const lacking = (needs.get(id) ?? []).filter((other) => byId.has(other) && !ids.has(other));
    if (!entry || lacking.length === 0) continue;
    const names = lacking.map((other) => `${byId.get(other)?.kind ?? ''} ${byId.get(other)?.name ?? ''}`);
    warnings.push(`${entry.kind} ${entry.name} needs ${names.join(', ')}, which is not chosen.`);
  }
  return warnings.length > 20 ? [...warnings.slice(0, 20), `… and ${warnings.length - 20} more.`] : warnings;
}

function commandsOf({ options, choice, source, programs }: Known): string[] {
  const database = options.mode === 'clean' ? options.database : 'howdah_restore_…';
  const list = options.only ? 'chosen.list' : null;
  const file = source.file;
  if (choice.route === 'archive')
    return [
      shownCommand(programs, 'pg_restore', archiveArguments(options, choice, { database, list, file })) +
        (file === null ? ` < ${source.path}` : ''),
    ];
  const psql = shownCommand(programs, 'psql', psqlArguments(database));
  if (choice.route === 'plain') return [`${psql} < ${source.path}`];
  const args = [...contentArguments(options, list), '--file=-', ...(file === null ? [] : [file])];
  return [`${shownCommand(programs, 'pg_restore', args)} | ${psql}`];
}

function unreadable(error: Unreadable, source: RestoreSource): Explanation {
  const isNewer = /unsupported version/.test(error.message);
  return {
    cause: isNewer ? 'tools-too-old' : 'backup-unreadable',
    what: isNewer ? 'The programs are too old for this archive.' : 'The backup can’t be read.',
    why: error.message,
    next: isNewer
      ? 'Install the client programs of the version that made it, or a newer one.'
      : `Look whether ${source.path} is the backup that you meant; a damaged one can’t be restored.`,
  };
}
