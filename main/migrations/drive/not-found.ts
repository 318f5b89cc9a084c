import type { Exit } from '../../companions/index.ts';

/** How shells, npm's programs and bundler say that a program is not there. */
const sayings: readonly RegExp[] = [
  /^\/bin\/sh: (?:line )?\d+: (?<name>.+?): (?:not found|command not found|No such file or directory)$/,
  /^(?:sh|\/bin\/sh|bash|zsh|dash): (?:\d+: )?(?<name>.+?): (?:not found|command not found)$/,
  /^'(?<name>.+?)' is not recognized as an internal or external command/,
  /npx canceled due to missing packages.*\["(?<name>[^"@]+)/,
  /bundler: command not found: (?<name>\S+)/,
  /Command "(?<name>[^"]+)" not found/,
];

/** Programs that come in a package of another name, and how to have them. */
const from: Record<string, string> = {
  alembic: 'Install it into the project’s Python: pip install alembic.',
  python3: 'Install Python 3.',
  python: 'Install Python 3, or write python3.',
  uv: 'Install uv, by which the project’s lock file is kept.',
  poetry: 'Install Poetry, by which the project’s lock file is kept.',
  pipenv: 'Install Pipenv, by which the project’s lock file is kept.',
  npx: 'Install Node.js.',
  pnpm: 'Install pnpm, by which the project’s lock file is kept.',
  yarn: 'Install Yarn, by which the project’s lock file is kept.',
  bunx: 'Install Bun, by which the project’s lock file is kept.',
  bundle: 'Install Ruby’s Bundler: gem install bundler.',
  rake: 'Install Ruby’s Rake: gem install rake.',
  php: 'Install PHP with its pgsql extension.',
  mix: 'Install Elixir.',
  diesel: 'Install it: cargo install diesel_cli --no-default-features --features postgres.',
  sqlx: 'Install it: cargo install sqlx-cli --no-default-features --features postgres.',
  flyway: 'Install Flyway’s command line.',
  liquibase: 'Install Liquibase and Java.',
  sqitch: 'Install Sqitch with its PostgreSQL engine.',
  atlas: 'Install Atlas.',
};

/**
 * What to say of a command whose program was not found; undefined for any other end.
 *
 * @param lines what it said last
 */
export function notFound(exit: Exit, lines: readonly string[]): string | undefined {
  if (!('code' in exit) || exit.code === 0) return undefined;
  for (const line of [...lines].reverse()) {
    const name = sayings
      .map((saying) => saying.exec(line)?.groups?.name)
      .find((found) => found !== undefined);
    if (name === undefined) continue;
    return `${name} was not found on the machine that Howdah runs on. ${from[name] ?? installed(name)}`;
  }
  return undefined;
}

const installed = (name: string): string =>
  /[\\/]/.test(name)
    ? 'Install what the project needs, or write down in the command where it lies.'
    : 'Install the project’s packages with its own package manager, or write down in the command where it lies.';
