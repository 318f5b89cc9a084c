import type { EngineWhere } from '../../../preload/contract/backup-engines.ts';
import { masked } from '../../lib/mask.ts';
import { sleep } from '../../lib/sleep.ts';
import { readLines } from '../programs/lines.ts';
import { startGroup } from '../programs/process-group.ts';
import { shellAt } from './where.ts';

/** What a program may print that is kept, bytes. */
const mostOutput = 32 * 1024 * 1024;
/** Lines of its standard error that are kept. */
const mostErrors = 200;
/** How long a program is given to put its house in order once it was asked to end, ms. */
const patienceAtEnd = { read: 2000, backup: 20_000 };
/** How long its last words are waited for, ms. */
const lastWordsMs = 1000;

/** The exit code by which the script refuses to run a backup as root. */
export const rootRefused = 97;

/**
 * Becomes the program, and leaves somebody behind who listens: at the word `end` on standard input the program's whole
 * group is interrupted, as by Ctrl-C, wherever it is: neither docker nor ssh nor sudo hand signals on. What is still there
 * ten seconds later is terminated. One line, without exclamation marks, for whatever shell an account has.
 */
const script =
  'exec 3<&0; (IFS= read -r word <&3; [ "$word" = end ] || exit 0; trap "" INT TERM; kill -INT 0; i=0; ' +
  'while [ $i -lt 50 ] && kill -0 $$ 2>/dev/null; do sleep 0.2 || sleep 1; i=$((i+1)); done; kill -TERM 0) ' +
  '</dev/null >/dev/null 2>&1 & exec 3<&-; exec "$@" </dev/null';

const notAsRoot = `if [ "$(id -u)" -eq 0 ]; then exit ${rootRefused}; fi; `;

export interface EngineRunOptions {
  env: NodeJS.ProcessEnv;
  signal?: AbortSignal | undefined;
  /** How long it may take, ms; for ever unless given. */
  patienceMs?: number;
  /** Each line that it prints anywhere, without secrets. Its output is not kept then. */
  onLine?: (line: string) => void;
  /** It is not begun as root, because what it writes could not be changed by the server's account any more. */
  refuseRoot?: boolean;
}

export interface EngineRun {
  code: number | null;
  /** Its standard output; empty when its lines were listened to. */
  output: string;
  /** The last lines that it said of what went wrong, without secrets. */
  errors: string[];
  isLate: boolean;
  isTooLong: boolean;
}

/**
 * Runs a program where an engine is, without a shell's interpretation of its arguments. A cancel and the end of patience
 * interrupt it with all that it has started, and wait until it has gone, so that it can release its own locks.
 *
 * @throws the signal's reason when it was given before the start. A program that fails is a result, and so is one that
 * could not be started.
 */
export async function runAt(
  where: EngineWhere,
  command: readonly [string, ...string[]],
  { env, signal, patienceMs, onLine, refuseRoot = false }: EngineRunOptions,
): Promise<EngineRun> {
  signal?.throwIfAborted();
  const line = shellAt(where, refuseRoot ? notAsRoot + script : script, command);
  const group = startGroup(line, { cwd: '/', env: engineEnvironment(env), hasInput: true });
  const errors: string[] = [];
  let isTooLong = false;
  let isLate = false;
  let ending: Promise<void> | undefined;
  const over = new AbortController();
  const end = (): void => {
    ending ??= (async () => {
      group.stdin?.write('end\n');
      await sleep(onLine ? patienceAtEnd.backup : patienceAtEnd.read, over.signal);
      if (!over.signal.aborted) await group.end();
    })();
  };
  group.stdin?.on('error', () => undefined);

  const complain = (text: string): void => {
    const shown = masked(text);
    errors.push(shown);
    if (errors.length > mostErrors) errors.shift();
    onLine?.(shown);
  };
  const complaining = readLines(group.stderr, [], complain);
  const kept: Buffer[] = [];
  let bytes = 0;
  const reading = onLine
    ? readLines(group.stdout, [], (text) => onLine(masked(text)))
    : new Promise<void>((resolve) => {
        group.stdout.on('data', (chunk: Buffer) => {
          bytes += chunk.length;
          if (bytes <= mostOutput) kept.push(chunk);
          else if (!isTooLong) {
            isTooLong = true;
            end();
          }
        });
        group.stdout.on('error', () => undefined);
        group.stdout.once('close', () => resolve());
      });
  const outputs = Promise.all([reading, complaining]);
  // Both are shut once the program is gone; then nobody needs to listen any more.
  void outputs.then(() => group.stdin?.end());

  signal?.addEventListener('abort', end, { once: true });
  if (signal?.aborted) end();
  const timer =
    patienceMs === undefined
      ? undefined
      : setTimeout(() => {
          isLate = true;
          end();
        }, patienceMs);
  try {
    const { code } = await group.exit;
    await Promise.race([outputs, sleep(lastWordsMs)]);
    return { code, output: Buffer.concat(kept).toString('utf8'), errors, isLate, isTooLong };
  } catch (error) {
    const { message } = error as Error;
    return { code: null, output: '', errors: [message], isLate, isTooLong };
  } finally {
    clearTimeout(timer);
    signal?.removeEventListener('abort', end);
    over.abort();
    await ending;
  }
}

/** This process's variables without what would lead libpq elsewhere, or is Howdah's own; words in English. */
function engineEnvironment(env: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  const kept = Object.entries(env).filter(
    ([name]) => !/^(PG(?!BACKREST_|PASSFILE$|SYSCONFDIR$)|HOWDAH_|LC_ALL$|LANGUAGE$)/i.test(name),
  );
  const letters = env.LC_ALL || env.LC_CTYPE || env.LANG;
  return { ...Object.fromEntries(kept), ...(letters ? { LC_CTYPE: letters } : {}), LC_MESSAGES: 'C' };
}
