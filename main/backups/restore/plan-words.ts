import { type Known, megabytes } from './plan-faults.ts';
import type { ScriptFacts } from './script-facts.ts';

/** What will happen, a sentence each. */
export function stepsOf({ options, choice, source }: Known): string[] {
  const { mode, database } = options;
  const check = source.check ? ['The whole backup is read, to see that it is complete.'] : [];
  const sessions = choice.jobs > 1 ? ` by ${choice.jobs} sessions at once` : '';
  const after = options.after === undefined ? [] : ['The SQL script runs in it; nobody else can use it yet.'];
  const aside = [
    ...check,
    'A working database is made, into which nobody else is let.',
    `The backup is restored into it${sessions}.`,
    ...after,
    'Its tables are analysed, so that the planner knows them.',
  ];
  switch (mode) {
    case 'new':
      return [...aside, `It gets the name ${database}. If anything fails before, it is dropped.`];
    case 'swap':
      return [
        ...aside,
        `In one transaction ${database} gets a dated name and the new one takes its name, owner, privileges, settings and comment. Sessions in ${database} are ended.`,
        'If anything fails before, the new one is dropped and the present one goes on as it is.',
      ];
    case 'recreate':
      return [
        ...aside,
        `In one transaction the new one takes the place of ${database}. Sessions in ${database} are ended.`,
        `Then what was ${database} is dropped. Until then it is there.`,
      ];
    case 'clean':
      return [
        ...check,
        `What the backup has is dropped from ${database} and made anew${sessions}. What it does not have stays.`,
        choice.single
          ? 'It is one transaction: if anything fails, all is as before.'
          : 'It is not one transaction: if anything fails, some of it is replaced and some is not.',
        ...(options.after === undefined
          ? []
          : ['The SQL script runs at the end of the same transaction, before anybody else sees it.']),
        'The tables are analysed.',
      ];
  }
}

/** What is there now and will be gone or renamed. */
export function lossesOf({ options, target }: Known): string[] {
  const { mode, database } = options;
  const { database: there, contents, sessions, holds } = target;
  if (!there || mode === 'new') return [];
  const size = there.bytes === null ? '' : `, ${megabytes(Number(there.bytes))}`;
  const inside = contents
    ? `${count(contents.tables, 'table')} with about ${Math.round(contents.rows).toLocaleString('en')} rows, ${count(contents.views, 'view')}, ${count(contents.functions, 'function')}${size}`
    : `what could not be looked into${size}`;
  const losses =
    mode === 'swap'
      ? [`${database} is kept under a dated name, with ${inside}.`]
      : mode === 'recreate'
        ? [`${database} is dropped, with ${inside}.`]
        : [
            `In ${database} there is now ${inside}; objects that are in the backup are replaced with all their rows.`,
          ];
  if (mode !== 'clean' && sessions.length) {
    const all = sessions.reduce((sum, one) => sum + one.count, 0);
    const who = sessions
      .slice(0, 5)
      .map(({ role, application, count: some }) => `${some} × ${application} as ${role ?? '?'}`)
      .join(', ');
    losses.push(`${count(all, 'session')} will be ended: ${who}${sessions.length > 5 ? ', …' : ''}.`);
  }
  if (mode === 'recreate')
    for (const { name } of holds.filter(({ kind }) => kind === 'slot'))
      losses.push(`The replication slot ${name} is dropped with it.`);
  return losses;
}

export interface Circumstances {
  dependencies: string[];
  missingLocales: string[];
}

/** What somebody should know before. */
export function warningsOf(known: Known, { dependencies, missingLocales }: Circumstances): string[] {
  const { options, source, programs, script, server, target, choice } = known;
  const warnings = [...source.notes, ...dependencies];
  const toolMajor = Math.floor(programs.about.versionNum / 10_000);
  const serverMajor = Math.floor(server.version / 10_000);
  if (toolMajor < serverMajor)
    warnings.push(
      `The programs are of version ${toolMajor}, the server of ${serverMajor}: newer programs are safer.`,
    );
  if (timeoutRefused(script, programs.about.versionNum, server.version, source.format === 'plain'))
    warnings.push(
      choice.route === 'archive'
        ? `pg_restore ${toolMajor} sets transaction_timeout, which this server does not know; that one error is expected and left aside.`
        : 'The setting transaction_timeout, which this server does not know, is left out.',
    );
  if (script.setsAttver)
    warnings.push('The hidden option pg_attver, which most servers refuse, is left out.');
  if (choice.route === 'script')
    warnings.push(
      'It goes through a script and psql, one session at a time, so that parts can be left out of it.',
    );
  if (options.jobs !== undefined && options.jobs > choice.jobs)
    warnings.push(
      options.single
        ? 'One transaction is one session: it runs without parallel jobs.'
        : 'This backup can only be restored by one session at a time.',
    );
  if (missingLocales.length)
    warnings.push(
      `The server does not seem to have the locale ${missingLocales.join(', ')}; its own is taken, and texts may sort differently.`,
    );
  if (options.role !== undefined && options.owners)
    warnings.push(
      `Owners named in the backup stay; ${options.role} only runs the restore. Leave owners out to give it everything.`,
    );
  if (!options.owners && source.format === 'plain' && options.role === undefined)
    warnings.push(`Everything will belong to ${server.role}.`);
  if (options.mode === 'swap' || options.mode === 'recreate') {
    const logical = target.holds.filter(({ kind }) => kind === 'slot' || kind === 'subscription');
    if (options.mode === 'swap' && logical.length)
      warnings.push(
        `Replication stays with the present database, under its dated name: ${logical.map(({ kind, name }) => `${kind} ${name}`).join(', ')}.`,
      );
    if (target.sessions.length && !server.superuser && !server.can_signal)
      warnings.push(
        `The role ${server.role} may only end its own sessions; others must leave by themselves.`,
      );
  }
  if (target.freeBytes === null)
    warnings.push('How much room the server’s disk has can’t be seen from here.');
  else if (source.databaseBytes === null)
    warnings.push(`How large the database was is not known; ${megabytes(target.freeBytes)} are free.`);
  return warnings;
}

/** Whether something that is sent sets what the server does not know. */
function timeoutRefused(script: ScriptFacts, tool: number, server: number, isPlain: boolean): boolean {
  if (server >= 170_000) return false;
  return isPlain ? script.setsTransactionTimeout : tool >= 170_000;
}

const count = (some: number, what: string): string =>
  `${some.toLocaleString('en')} ${what}${some === 1 ? '' : 's'}`;
