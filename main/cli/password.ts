import { createInterface } from 'node:readline';
import { Writable } from 'node:stream';

export interface PasswordOptions {
  passwordStdin?: boolean;
}

/** The first line of standard input. */
async function fromStdin(): Promise<string> {
  const lines = createInterface({ input: process.stdin });
  for await (const line of lines) {
    lines.close();
    return line;
  }
  return '';
}

/** Asks on the terminal without showing what is typed. */
function ask(question: string): Promise<string> {
  const silent = new Writable({ write: (_chunk, _encoding, done) => done() });
  const terminal = createInterface({ input: process.stdin, output: silent, terminal: true });
  process.stderr.write(question);
  return new Promise((resolve, reject) => {
    terminal.once('SIGINT', () => {
      terminal.close();
      process.stderr.write('\n');
      reject(new Error('Cancelled.'));
    });
    terminal.question('', (answer) => {
      terminal.close();
      process.stderr.write('\n');
      resolve(answer);
    });
  });
}

/** A password given with the call: `--password-stdin`, else `PGPASSWORD`. */
export async function givenPassword(options: PasswordOptions): Promise<string | undefined> {
  if (options.passwordStdin) return await fromStdin();
  return process.env.PGPASSWORD || undefined;
}

/** The given password, else one typed at the terminal, else none. */
export async function givenOrTypedPassword(
  options: PasswordOptions,
  who: string,
): Promise<string | undefined> {
  const given = await givenPassword(options);
  if (given !== undefined) return given;
  if (!process.stdin.isTTY) return undefined;
  return (await ask(`Password for ${who} (empty for none): `)) || undefined;
}

/** A secret typed at the terminal, unseen; undefined where there is no terminal, or nothing was typed. */
export async function typedSecret(question: string): Promise<string | undefined> {
  return process.stdin.isTTY ? (await ask(question)) || undefined : undefined;
}
