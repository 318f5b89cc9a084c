import { randomBytes } from 'node:crypto';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { pipeline, Transform, Writable } from 'node:stream';
import { escapeIdentifier } from 'pg';
import type { RestoreOptions } from '../../../preload/contract/backups.ts';
import { sleep } from '../../lib/sleep.ts';
import { endSoon } from '../../servers/index.ts';
import { makePrivateFolder, openProgramWay, removePrivateFolder, runProgram } from '../programs/index.ts';
import { knowsRestrict } from '../tools/version.ts';
import type { ProgramWay, RunProgramResult } from '../types.ts';
import { attachedIndexes } from './attached-indexes.ts';
import { FillFailure, failureOf } from './fill-failure.ts';
import type { RestoreNeeds } from './needs.ts';
import { chosen } from './plan.ts';
import { archiveArguments, contentArguments, psqlArguments, type RouteChoice } from './restore-commands.ts';
import type { RestoreErrors } from './restore-errors.ts';
import { entryCounter, type Teller, watchSessions } from './restore-progress.ts';
import { filterScript } from './script-stream.ts';
import transactionStatusSql from './sql/transaction-status.sql?raw';
import type { TargetServer } from './target-server.ts';

export interface Filling {
  needs: RestoreNeeds;
  options: RestoreOptions;
  choice: RouteChoice;
  server: TargetServer;
  /** The database that is filled. */
  database: string;
  teller: Teller;
  errors: RestoreErrors;
  signal: AbortSignal;
}

/** How long nothing may move before a program counts as hanging, ms. */
const silenceMs = 120_000;
/** After the first error that matters, pg_restore goes on for so long, ms, or so many: one may explain another. */
const moreErrorsMs = 20_000;
const mostErrors = 500;

/**
 * Restores the backup into a database by PostgreSQL's own programs.
 *
 * @throws {FillFailure}; the signal's reason
 */
export async function fill(filling: Filling): Promise<void> {
  const { server, database, choice, teller, errors, signal } = filling;
  signal.throwIfAborted();
  const folder = await makePrivateFolder();
  const way = await openProgramWay(server.reachedIn(database));
  // Errors are told apart by the server's English words; only a superuser may ask for them.
  if (server.about.superuser)
    way.variables.PGOPTIONS = `${way.variables.PGOPTIONS ?? ''} -c lc_messages=C`.trim();
  const looker = await server.connect(database);
  const watching = watchSessions(looker, way.variables.PGAPPNAME ?? '', {
    version: server.about.version,
    teller,
    countsBytes: choice.route !== 'plain',
  });
  try {
    if (choice.route === 'archive') await byArchive(filling, { way, folder, alive: watching.alive });
    else await byScript(filling, { way, folder, alive: watching.alive });
  } catch (error) {
    signal.throwIfAborted();
    throw error instanceof FillFailure ? error : failureOf(error, errors);
  } finally {
    await watching.stop();
    await endSoon(looker);
    await way.close();
    await removePrivateFolder(folder);
  }
}

interface Means {
  way: ProgramWay;
  folder: string;
  alive(): Promise<boolean>;
}

async function byArchive(filling: Filling, { way, folder, alive }: Means): Promise<void> {
  const { needs, options, choice, database, teller, errors, signal } = filling;
  const { source, programs } = needs;
  const list = await writeList(filling, folder);
  const count = entryCounter(teller);
  const enough = new AbortController();
  let stop: NodeJS.Timeout | undefined;
  const stdin = source.file === null ? await source.open?.() : undefined;
  try {
    const result = await runProgram(
      programs,
      'pg_restore',
      archiveArguments(options, choice, { database, list, file: source.file }),
      {
        way,
        signal: AbortSignal.any([signal, enough.signal]),
        watchdog: { ms: silenceMs, alive },
        ...(stdin ? { stdin } : {}),
        onLine: (line) => {
          count(line);
          if (!errors.take(line)) teller.log(line);
          if (errors.serious > 0) stop ??= setTimeout(() => enough.abort(), moreErrorsMs);
          if (errors.serious >= mostErrors) enough.abort();
        },
      },
    );
    // What has come to its end is done, also when somebody wanted it to stop at that moment.
    if (result.code !== 0) signal.throwIfAborted();
    judge(result, errors, choice.single);
  } finally {
    clearTimeout(stop);
  }
}

/** 1 with errors that leave nothing out is as good as 0, unless one transaction was rolled back for them. */
function judge(result: RunProgramResult, errors: RestoreErrors, single: boolean): void {
  errors.end();
  const isWhole = result.code === 1 && !single && errors.count > 0 && errors.serious === 0;
  if (result.code === 0 ? errors.serious > 0 : !isWhole) throw failureOf(result, errors);
}

async function byScript(filling: Filling, { way, folder, alive }: Means): Promise<void> {
  const { needs, options, choice, database, teller, errors, signal, server } = filling;
  const { source, programs } = needs;
  const mark = `howdah-${randomBytes(12).toString('hex')}`;
  const isPlain = choice.route === 'plain';
  const version = programs.about.versionNum;
  const filter = filterScript({
    withoutTransactionTimeout: server.about.version < 170_000,
    extensionComments: server.about.superuser,
    owners: options.owners || !isPlain,
    privileges: options.privileges || !isPlain,
    attached: options.mode === 'clean' ? attachedIndexes(source.toc) : new Set(),
    head: [
      ...(knowsRestrict(version) ? [`\\restrict ${randomBytes(16).toString('hex')}`] : []),
      ...(choice.single ? ['BEGIN;', `SELECT '${mark}-in-' || pg_catalog.txid_current();`] : []),
      ...(isPlain && options.role !== undefined ? [`SET ROLE ${escapeIdentifier(options.role)};`] : []),
      '',
    ].join('\n'),
    tail: [
      '',
      ...(options.mode === 'clean' && options.after !== undefined
        ? [
            "RESET ROLE; SELECT pg_catalog.set_config('search_path', setting, false) FROM (SELECT pg_catalog.string_agg(reset_val, '') AS setting FROM pg_catalog.pg_settings WHERE name = 'search_path') AS given;",
            options.after,
            ';',
          ]
        : []),
      ...(choice.single ? ['COMMIT;'] : []),
      `SELECT '${mark}';`,
      '',
    ].join('\n'),
  });
  const stop = new AbortController();
  const both = AbortSignal.any([signal, stop.signal]);
  let writing: Promise<unknown>;
  if (isPlain) {
    if (!source.open) throw new Error('A plain dump can’t be a folder.');
    pipeline(await source.open(), counter(teller), filter, () => undefined);
    writing = Promise.resolve();
  } else {
    const list = await writeList(filling, folder);
    const stdin = source.file === null ? await source.open?.() : undefined;
    const args = [
      ...contentArguments(options, list),
      '--file=-',
      ...(source.file === null ? [] : [source.file]),
    ];
    writing = runProgram(programs, 'pg_restore', args, {
      way: null,
      signal: both,
      stdout: filter,
      watchdog: { ms: silenceMs, alive },
      ...(stdin ? { stdin } : {}),
    }).then((result) => {
      // What it has written so far is no end: without the last line the filter breaks the input of psql.
      if (result.code !== 0) throw failureOf(result, errors);
    });
    writing.catch(() => stop.abort());
  }
  let answer = '';
  let transaction: string | undefined;
  const running = runProgram(programs, 'psql', ['--tuples-only', '--no-align', ...psqlArguments(database)], {
    way,
    signal: both,
    stdin: filter,
    watchdog: { ms: silenceMs, alive },
    stdout: new Writable({
      write: (chunk: Buffer, _encoding, done) => {
        answer = (answer + chunk.toString('latin1')).slice(-400);
        transaction ??= answer.split(`${mark}-in-`)[1]?.match(/^\d+(?=\s)/)?.[0];
        done();
      },
    }),
    onLine: (line) => {
      if (!errors.take(line)) teller.log(line);
    },
  });
  running.catch(() => undefined).then(() => stop.abort());
  const [ran, wrote] = await Promise.allSettled([running, writing]);
  errors.end();
  // The mark comes behind the COMMIT: by then all is done, whatever happened to psql or was asked of it since.
  if (errors.serious === 0 && (answer.includes(`${mark}\n`) || (await isCommitted(server, transaction))))
    return;
  signal.throwIfAborted();
  if (ran.status === 'fulfilled' && errors.serious > 0) throw failureOf(ran.value, errors);
  if (wrote.status === 'rejected' && wrote.reason instanceof FillFailure) throw wrote.reason;
  throw ran.status === 'rejected' ? ran.reason : failureOf(ran.value, errors);
}

/** How long a transaction whose client is gone may take to come to its end, ms. */
const endWithin = 5000;

/** Whether psql was ended between the COMMIT and its answer. */
async function isCommitted({ session }: TargetServer, transaction: string | undefined): Promise<boolean> {
  if (transaction === undefined) return false;
  for (const until = performance.now() + endWithin; performance.now() < until; await sleep(50)) {
    const status = await session
      .query<{ status: string | null }>(transactionStatusSql, [transaction])
      .then(({ rows }) => rows[0]?.status)
      .catch(() => null);
    if (status !== 'in progress') return status === 'committed';
  }
  return false;
}

/** The chosen entries for `pg_restore -L`, which reads the number at the beginning of each line. */
async function writeList({ needs: { source }, options }: Filling, folder: string): Promise<string | null> {
  if (!options.only) return null;
  const path = join(folder, 'chosen.list');
  await writeFile(
    path,
    chosen(source, options)
      .map(({ id }) => `${id};\n`)
      .join(''),
    { mode: 0o600 },
  );
  return path;
}

function counter(teller: Teller): Transform {
  let bytes = 0;
  return new Transform({
    transform: (chunk: Buffer, _encoding, done) => {
      bytes += chunk.length;
      teller.move({ bytes });
      done(null, chunk);
    },
  });
}
