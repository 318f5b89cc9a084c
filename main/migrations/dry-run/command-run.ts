import type pg from 'pg';
import type { Explanation } from '../../../preload/contract/common.ts';
import { parseConnectionUrl } from '../../../preload/contract/connection-url.ts';
import type { CommandAction, DryRunProgress } from '../../../preload/contract/migration-runs.ts';
import { sleep } from '../../lib/sleep.ts';
import { drive } from '../drive/drive.ts';
import { noProject, notDriven, type TrackCommand, unknownAction } from '../drive/track-commands.ts';
import { environmentFor, type Reached, variablesFor } from '../drive/variables.ts';
import { Refusal, refuse } from '../run/refusal.ts';
import type { TrackInside } from '../status.ts';
import type { StateQuery } from '../tool.ts';
import { type Copy, type CopyNeeds, type CopyOptions, makeCopy } from './copy.ts';
import type { Report } from './dry-run.ts';
import { type LockWatch, watchLocks } from './lock-watch.ts';
import { listen, newSessionName, probeFor, readOnlyOptions, watchEnvironment } from './probe.ts';
import { difference, readerOf, type StateReader } from './progress.ts';
import { stateTables } from './state-tables.ts';
import { openWayIn, type WayIn } from './way-in.ts';

export interface CommandRunOptions extends Omit<CopyOptions, 'tables' | 'onStep'> {
  inside: TrackInside;
  commands: readonly TrackCommand[];
  action: CommandAction;
  tell(progress: DryRunProgress): void;
}

const steps = 5;
/** How often the tool's table is looked at while it works, ms. */
const stateEveryMs = 40;
/** A status that takes longer does not come back by itself, ms. */
const probeLimitMs = 120_000;

/**
 * Runs a tool's own command with the address of a copy of an environment's structure, and reports times, locks and what
 * it changes. Before, the tool's status command has to come to the copy: what ignores the address that it is given would
 * change another database.
 *
 * @throws {Refusal}, NOT_CONNECTED, INVALID, the signal's reason
 */
export async function dryRunCommand(needs: CopyNeeds, options: CommandRunOptions): Promise<Report> {
  const { inside, commands, action, query, signal, tell } = options;
  const { tool, table } = inside.pair;
  if (inside.track.runner !== 'driven') throw notDriven(tool.title);
  const folder = inside.project?.view ? inside.project.root : undefined;
  if (folder === undefined) throw noProject(tool.title);
  const listed = commands.find((one) => one.action === action.action);
  if (!listed) throw unknownAction(action.action, tool.title);
  const probe = probeFor(tool, commands, { ...action, own: listed.own });
  let done = 0;
  const onStep = (step: string): void => tell({ kind: 'step', step, done, total: steps });
  const copy = await makeCopy(needs, {
    ...options,
    tables: table ? stateTables(table) : [],
    onStep,
  });
  const until = AbortSignal.any([signal, copy.scratch.broken]);
  let way: WayIn | undefined;
  try {
    way = await openWayIn(copy.scratch.login, copy.scratch.database);
    const run = { inside, copy, way, folder, query, signal: until, tell };
    done = 1;
    onStep(`Seeing whether ${tool.title} comes to the copy`);
    await seeThatItComes(run, probe);
    done = 2;
    onStep('Reading the copy');
    const before = await copy.read(until);
    done = 3;
    onStep(`Running ${action.command}`);
    const { ran, problem } = await runOn(run, action);
    done = 4;
    onStep('Comparing');
    const after = await copy.read(until);
    const differences = await needs.models.compare(after, before, until);
    return {
      kind: 'report',
      steps: ran,
      copyOf: copy.said,
      unlike: [
        ...copy.unlike,
        `That ${tool.title} went to the copy was seen; that it went nowhere else can’t be proved. Its sessions did not come up on ${options.environment.name}.`,
      ],
      differences,
      ...(problem ? { problem } : {}),
    };
  } catch (error) {
    if (!signal.aborted && copy.scratch.broken.aborted)
      refuse({
        cause: 'copy-limit',
        what: 'The dry run was ended.',
        why: `${String((copy.scratch.broken.reason as Error).message)}.`,
        next: 'Run it where there is room for it.',
      });
    throw error;
  } finally {
    await way?.close();
    await copy.close();
  }
}

interface Run {
  inside: TrackInside;
  copy: Copy;
  way: WayIn;
  folder: string;
  /** On the environment's server. */
  query: StateQuery;
  signal: AbortSignal;
  tell(progress: DryRunProgress): void;
}

/** Runs a command with the copy's address. Its sessions must not come up on the environment. */
async function command(
  { inside, copy, way, folder, query, signal, tell }: Run,
  line: string,
  { readOnly, limitMs }: { readOnly: boolean; limitMs?: number },
): Promise<ReturnType<typeof listen>> {
  const name = newSessionName();
  const { user, password } = copy.scratch.login;
  const { connection } = parseConnectionUrl(
    `postgresql://${user}@${way.host}:${way.port}/${copy.scratch.database}?sslmode=disable`,
  );
  const reached: Reached = {
    address: { connection, password },
    way: { target: { host: way.host, port: way.port }, tls: false, pooled: false },
  };
  const variables = { ...variablesFor(inside.track.tool, reached), PGAPPNAME: name };
  const astray = new AbortController();
  const watch = watchEnvironment(query, name, () => astray.abort(new Refusal(wentAstray(inside, line))));
  const said = listen(tell);
  try {
    for await (const output of drive({
      command: line,
      folder,
      environment: environmentFor({ ...variables, ...(readOnly ? { PGOPTIONS: readOnlyOptions } : {}) }),
      secrets: [password],
      signal: AbortSignal.any([
        signal,
        astray.signal,
        ...(limitMs === undefined ? [] : [AbortSignal.timeout(limitMs)]),
      ]),
    }))
      said.take(output);
  } finally {
    await watch.stop();
  }
  if (astray.signal.aborted) throw astray.signal.reason;
  return said;
}

/** @throws {Refusal} when no session of the probe came to the copy */
async function seeThatItComes(run: Run, probe: TrackCommand): Promise<void> {
  const { title } = run.inside.track;
  let said: ReturnType<typeof listen>;
  try {
    said = await command(run, probe.command, { readOnly: true, limitMs: probeLimitMs });
  } catch (error) {
    if ((error as Error).name !== 'TimeoutError') throw error;
    return refuse({
      cause: 'probe-timeout',
      what: `${title} was not run on the copy.`,
      why: `"${probe.command}", which was to show where it goes, did not end within ${probeLimitMs / 1000} s.`,
      next: 'See what it says and waits for.',
    });
  }
  if (run.way.sessions() > 0) return;
  const words = said.words();
  const ended = said.code() === 0 ? '' : ` It ended with code ${said.code()}${words ? `: ${words}` : '.'}`;
  refuse({
    cause: 'copy-not-reached',
    what: `${title} did not come to the copy, and nothing was run.`,
    why: `"${probe.command}" was given the copy’s address by environment variables, and no session of it came there.${ended}${said.code() === 0 ? ' The project’s configuration names another server.' : ''}`,
    next:
      said.code() === 127
        ? `Install ${title} where Howdah runs, or write down in the command where it lies.`
        : 'Have the project’s configuration take its address from DATABASE_URL or the other variables that are listed with the command.',
  });
}

const wentAstray = ({ track }: TrackInside, line: string): Explanation => ({
  cause: 'went-astray',
  what: `${track.title} went to the environment itself, and was ended.`,
  why: `"${line}" was given the address of a copy, and yet a session of it came up on the environment: the project’s configuration names that server.`,
  next: 'Look at the environment’s migrations, then have the configuration take its address from DATABASE_URL or the other variables that are listed with the command.',
});

async function runOn(
  run: Run,
  { action, command: line }: CommandAction,
): Promise<{ ran: Report['steps']; problem: Explanation | undefined }> {
  const { copy, way, inside } = run;
  const sessions = await Promise.all([copy.connect(), copy.connect()]);
  const [watcher, looker] = sessions;
  const query: StateQuery = async <Row>(sql: string, values?: unknown[]) =>
    (values ? await looker.query(sql, values) : await looker.query(sql)).rows as Row[];
  const state = readerOf(inside.pair, query);
  const watch = watchLocks(watcher, { allBut: sessions.map(pidOf) });
  try {
    way.firstAt();
    const steps = await followSteps(state, watch, () => way.firstAt());
    let said: ReturnType<typeof listen>;
    try {
      said = await command(run, line, { readOnly: false });
    } finally {
      await steps.stop();
    }
    const code = said.code();
    const ran = await steps.all(action, code !== 0);
    if (code === 0) return { ran, problem: undefined };
    return {
      ran,
      problem: {
        cause: 'command-failed',
        what: `${inside.track.title}’s command ended ${code === null ? 'before its time' : `with code ${code}`} on the copy.`,
        why: said.words() || 'It said nothing.',
        next: 'See its output, mend what it runs into, and try again; the environment was not touched.',
      },
    };
  } finally {
    await watch.stop();
    await Promise.all(sessions.map((client) => client.end().catch(() => undefined)));
  }
}

const pidOf = (client: pg.Client): number => (client as pg.Client & { processID: number }).processID;

/**
 * Looks at the tool's table while it works: each migration that comes up there, or goes, is a step. Those that come up
 * at once, because the tool runs them in one transaction, are one step.
 */
async function followSteps(
  state: StateReader,
  watch: LockWatch,
  firstAt: () => number | undefined,
): Promise<{ stop(): Promise<void>; all(action: string, failed: boolean): Promise<Report['steps']> }> {
  const beginning = performance.now();
  let from: number | undefined;
  let known = await state.applied();
  const found: Report['steps'] = [];
  const stopped = new AbortController();
  const locks = (): Report['steps'][number]['locks'] => {
    const table = state.table();
    const own = (table ? stateTables(table) : []).flatMap(({ schema, name }) => [
      `${schema}.${name}`,
      `${schema}.${name}_pkey`,
    ]);
    // The tool's own tables are written with each step, which is no news.
    return watch.take().filter(({ on }) => !own.includes(on.replaceAll('"', '')));
  };
  const look = async (): Promise<void> => {
    from ??= firstAt();
    const now = await state.applied();
    const changed = difference(known, now);
    if (!changed.length) return;
    const at = performance.now();
    found.push({ id: changed.join(', '), ms: Math.round(at - (from ?? beginning)), locks: locks() });
    from = at;
    known = now;
  };
  const looking = (async () => {
    while (!stopped.signal.aborted) {
      // A table that is locked now is read with the next look.
      await look().catch(() => undefined);
      await sleep(stateEveryMs, stopped.signal);
    }
  })();
  return {
    stop: async () => {
      stopped.abort();
      await looking;
    },
    all: async (action, failed) => {
      const at = performance.now();
      await look().catch(() => undefined);
      // What came to nothing, or is not recorded, is the command's as a whole.
      if (failed || !found.length)
        found.push({ id: action, ms: Math.round(at - (from ?? beginning)), locks: locks() });
      return found;
    },
  };
}
