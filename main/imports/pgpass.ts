import type { Finding } from '../../preload/contract/environments.ts';
import { AddressProblem, readFields } from './address.ts';
import { draftOf, notesOn } from './draft.ts';
import type { Finds } from './found.ts';
import type { TextFile } from './source.ts';

/** Reads `~/.pgpass`, `host:port:database:user:password` a line (PostgreSQL manual, "The Password File"). */
export function readPasswordFile({ text }: TextFile, finds: Finds): void {
  for (const [index, line] of text.split('\n').entries()) {
    if (line === '' || line.startsWith('#')) continue;
    const fields = splitLine(line);
    if (!fields) {
      finds.fault(index + 1, 'This line does not read host:port:database:user:password.');
      continue;
    }
    const [host, port, database, user, password] = fields;
    if (host === '*' || user === '*') {
      finds.fault(
        index + 1,
        `This line is for any ${host === '*' ? 'host' : 'user'}, so it is no connection. Its password is used when connecting anyway.`,
      );
      continue;
    }
    const notes: Finding[] = [];
    if (database === '*') {
      const text = 'The line is for any database; the one named as the user is taken.';
      notes.push({ severity: 'notice', id: 'database-guessed', text });
    }
    try {
      const address = readFields({
        host,
        port: port === '*' ? '' : port,
        database: database === '*' ? user : database,
        user,
        password,
      });
      finds.add({
        kind: 'pgpass',
        line: index + 1,
        from: `line ${index + 1}`,
        draft: draftOf(address.connection, {}),
        notes: [...notes, ...address.notes, ...notesOn(address)],
        ...(address.password === undefined ? {} : { password: address.password }),
      });
    } catch (error) {
      if (!(error instanceof AddressProblem)) throw error;
      finds.fault(index + 1, `This line can’t be used: ${error.message}`);
    }
  }
}

/** The five fields, with `\:` and `\\` taken back; a password may have bare colons, as libpq has it. */
function splitLine(line: string): [string, string, string, string, string] | undefined {
  const fields: string[] = [];
  let field = '';
  for (let at = 0; at < line.length; at += 1) {
    if (line[at] === '\\' && at + 1 < line.length) {
      at += 1;
      field += line[at];
    } else if (line[at] === ':' && fields.length < 4) {
      fields.push(field);
      field = '';
    } else field += line[at];
  }
  const [host, port, database, user] = fields;
  if (!host || port === undefined || !database || !user || fields.length < 4) return undefined;
  return [host, port, database, user, field];
}
