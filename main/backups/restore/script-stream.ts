import { Transform, type TransformCallback } from 'node:stream';
import { type AttachedIndexes, dropsInherited } from './attached-indexes.ts';
import {
  isAttver,
  isOfDatabase,
  newFacts,
  noteCommand,
  noteRows,
  noteStatement,
  type ScriptFacts,
} from './script-facts.ts';
import { ScriptLexer } from './script-lexer.ts';

export interface FilterOptions {
  /** `SET transaction_timeout` would be refused: a server before 17. */
  withoutTransactionTimeout: boolean;
  /** False for a role that is no superuser: extensions may be there already, and another one's. */
  extensionComments: boolean;
  owners: boolean;
  privileges: boolean;
  /** Their keys are not dropped by themselves. */
  attached: AttachedIndexes;
  /** Written before it and behind it. The end is written only when the script was whole. */
  head: string;
  tail: string;
}

/** The script ended without its end marker, or in the middle of something. */
export class CutScript extends Error {
  override name = 'CutScript';
}

/** The script holds what no dump holds. */
export class ForeignScript extends Error {
  override name = 'ForeignScript';
}

/** Reads a script and gives what it says; nothing comes out. */
export function scanner(): { stream: Transform; facts: ScriptFacts } {
  const facts = newFacts();
  const lexer = new ScriptLexer({
    onBegin: (line) => {
      if (line.trimStart().startsWith('\\')) noteCommand(facts, line);
      return true;
    },
    onStatement: (text) => noteStatement(facts, text),
    onRows: (statement, rows) => noteRows(facts, statement, rows),
  });
  const stream = new Transform({
    transform: (chunk: Buffer, _encoding, done) => {
      lexer.feed(chunk);
      done();
    },
    flush: (done) => {
      lexer.flush();
      facts.endsInRows = lexer.isInRows;
      facts.isWhole &&= lexer.isBetween;
      done();
    },
  });
  return { stream, facts };
}

/**
 * Passes a script on for psql without what would lead it elsewhere or is refused for no reason: `\connect` and whatever
 * is about the database itself, and what the options leave out. psql's own commands stop it. At its end it fails unless
 * the script was whole, so that what reads it never takes a half for all; what `tail` says, a COMMIT for instance, is
 * only said then.
 */
export function filterScript(options: FilterOptions): Transform {
  const facts = newFacts();
  let problem: Error | undefined;
  const lexer = new ScriptLexer({
    onBegin: (line) => {
      if (!line.trimStart().startsWith('\\')) return !isLeftOut(line, options);
      // Its own restriction is replaced by ours; to other databases it must not go. `\encoding` stands before `\connect`
      // where the database's name is no ASCII. There is no other command that a dump needs.
      if (/^\s*\\(?:restrict|unrestrict|connect|c|encoding)\b/.test(line)) return false;
      problem ??= new ForeignScript(
        `It holds the psql command ${/\\\S+/.exec(line)?.[0] ?? ''}, which no dump has.`,
      );
      return false;
    },
    onStatement: (text) => noteStatement(facts, text),
    onRows: (statement, rows) => noteRows(facts, statement, rows),
    rewrite: (line) => (isAttver(line) ? withoutAttver(line) : line),
  });
  let begun = false;
  const pass = (stream: Transform, pieces: Buffer[], done: TransformCallback): void => {
    if (!begun) {
      begun = true;
      if (options.head) stream.push(options.head);
    }
    for (const piece of pieces) stream.push(piece);
    done(problem);
  };
  return new Transform({
    transform(chunk: Buffer, _encoding, done) {
      pass(this, lexer.feed(chunk), done);
    },
    flush(done) {
      const last = lexer.flush();
      if (!problem && !(facts.isWhole && lexer.isBetween)) {
        problem = new CutScript(
          lexer.isInRows
            ? 'The script ends in the middle of a table’s rows.'
            : 'The script ends without the line that pg_dump writes last.',
        );
      }
      if (!problem && options.tail) last.push(Buffer.from(options.tail));
      pass(this, last, done);
    },
  });
}

function isLeftOut(line: string, options: FilterOptions): boolean {
  if (isOfDatabase(line)) return true;
  if (options.withoutTransactionTimeout && line.startsWith('SET transaction_timeout')) return true;
  if (!options.owners && (/^ALTER .* OWNER TO /.test(line) || line.startsWith('SET SESSION AUTHORIZATION')))
    return true;
  if (dropsInherited(line, options.attached)) return true;
  if (!options.extensionComments && line.startsWith('COMMENT ON EXTENSION ')) return true;
  return !options.privileges && /^(?:GRANT|REVOKE|ALTER DEFAULT PRIVILEGES) /.test(line);
}

/** The option that nobody set by hand is left out; others beside it stay. */
function withoutAttver(line: string): string {
  const list = / SET \(([^)]*)\)/.exec(line)?.[1] ?? '';
  const others = list.split(',').filter((one) => !one.trim().startsWith('pg_attver='));
  return others.length ? line.replace(`(${list})`, `(${others.join(',').trim()})`) : '\n';
}
