import { type MigrationStatement, type StatementFacts, scriptPreamble } from './schema-diff.ts';
import type { Unseen } from './schema-model.ts';

/** Both sides of a script, as a person calls them. */
export interface ScriptLabels {
  wanted: string;
  actual: string;
}

/**
 * A script as text for `psql` or any client that runs one statement after the other: what it is for, what it leaves
 * out, then each statement under a line of comment that says what it does to a server. Statements stand in
 * transactions as far as they may; one that may not share its transaction stands between two of them.
 *
 * @returns text that ends with a line feed; comments only when there is nothing to run
 */
export function scriptText(
  statements: readonly MigrationStatement[],
  leftOut: readonly Unseen[],
  labels: ScriptLabels,
): string {
  const blocks = [head(statements, leftOut, labels)];
  if (statements.length) blocks.push(scriptPreamble.map(terminated).join('\n'));
  for (const run of transactions(statements)) {
    const texts = run.map((statement) => `${commented(factLine(statement))}\n${terminated(statement.sql)}`);
    const together = run[0]?.inTransaction ?? false;
    blocks.push(...(together ? ['BEGIN;', ...texts, 'COMMIT;'] : texts));
  }
  return `${blocks.join('\n\n')}\n`;
}

/** What a statement is and does, in one line: `destroy: table app.invoice; locks ACCESS EXCLUSIVE on app.invoice`. */
export function factLine(statement: MigrationStatement): string {
  const { risk, object, note } = statement;
  return [`${risk}: ${object.kind} ${object.name}`, ...effects(statement), ...(note ? [note] : [])].join(
    '; ',
  );
}

/** What a statement does to a server while it runs, a phrase each. */
export function effects({ locks, rewrites, scans, inTransaction }: StatementFacts): string[] {
  const told = locks.map(({ mode, on }) => `locks ${mode} on ${on}`);
  if (rewrites === 'yes') told.push('writes every row anew');
  else if (rewrites === 'perhaps') told.push('may write every row anew');
  if (scans && rewrites !== 'yes') told.push('reads every row');
  if (!inTransaction) told.push('in no transaction with others');
  return told;
}

function head(
  statements: readonly MigrationStatement[],
  leftOut: readonly Unseen[],
  { wanted, actual }: ScriptLabels,
): string {
  const destroying = statements.filter(({ risk }) => risk === 'destroy').length;
  const lines = [
    `Makes ${actual} like ${wanted}.`,
    statements.length
      ? `Statements: ${statements.length}, ${destroying} of them take something away (marked destroy).`
      : 'There is nothing to run.',
  ];
  if (statements.length) {
    lines.push('Stop at the first error, with psql: -v ON_ERROR_STOP=1.');
  }
  if (leftOut.length) {
    lines.push('Left as it is:');
    for (const { what, why } of leftOut) lines.push(`  ${what}: ${why}`);
  }
  return lines.map(commented).join('\n');
}

/** Statements that may share a transaction together, others alone. */
function transactions(statements: readonly MigrationStatement[]): MigrationStatement[][] {
  const runs: MigrationStatement[][] = [];
  for (const statement of statements) {
    const last = runs.at(-1);
    if (last?.[0]?.inTransaction && statement.inTransaction) last.push(statement);
    else runs.push([statement]);
  }
  return runs;
}

/** Names are data: a line end in one must not end the comment. */
function commented(line: string): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: these are the very characters to be replaced.
  return `-- ${line.replace(/[\u0000-\u001f\u007f-\u009f\u2028\u2029]/g, ' ')}`;
}

const terminated = (sql: string): string => `${sql};`;
