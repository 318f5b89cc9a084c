import { spawn } from 'node:child_process';

const posix = process.platform !== 'win32';

/** How long a program may take to tell its version, ms. */
export const patienceMs = 10_000;
const mostBytes = 64 * 1024;
/** How long its last words are waited for, ms. */
const lastWordsMs = 500;

/** What a program said, or why it said nothing. */
export type Answer = { said: string } | { why: string };

/** Runs a command that only prints something short, in a group of its own that is ended when it hangs. Never rejects. */
export function ask(
  [program, ...args]: readonly [string, ...string[]],
  env: NodeJS.ProcessEnv,
  ms = patienceMs,
): Promise<Answer> {
  return new Promise((resolve) => {
    const child = spawn(program, args, {
      env: { ...env, LC_ALL: 'C' },
      stdio: ['ignore', 'pipe', 'pipe'],
      detached: posix,
      windowsHide: true,
    });
    let said = '';
    let complaint = '';
    const end = (): void => {
      try {
        if (posix && child.pid !== undefined) process.kill(-child.pid, 'SIGKILL');
        else child.kill('SIGKILL');
      } catch {
        // It has ended by itself.
      }
    };
    const done = (answer: Answer): void => {
      clearTimeout(timer);
      child.stdout.destroy();
      child.stderr.destroy();
      resolve(answer);
    };
    const timer = setTimeout(() => {
      end();
      done({ why: `did not answer within ${ms / 1000} s` });
    }, ms);
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      if (said.length < mostBytes) said += text;
    });
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      if (complaint.length < mostBytes) complaint += text;
    });
    child.once('error', (error: NodeJS.ErrnoException) =>
      done({ why: `could not be started (${error.code ?? error.message})` }),
    );
    const tell = (code: number | null, signal: NodeJS.Signals | null): void => {
      const [line] = complaint.trim().split('\n');
      done(
        code === 0 ? { said } : { why: `ended with ${signal ?? `code ${code}`}${line ? `: ${line}` : ''}` },
      );
    };
    child.once('close', tell);
    // Something that it left behind may hold its output open.
    child.once('exit', (code, signal) => setTimeout(tell, lastWordsMs, code, signal).unref());
  });
}
