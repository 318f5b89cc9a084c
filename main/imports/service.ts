import { AddressProblem, readFields } from './address.ts';
import { draftOf, notesOn } from './draft.ts';
import { type Finds, shown } from './found.ts';
import type { TextFile } from './source.ts';

interface Section {
  name: string;
  line: number;
  values: Map<string, string>;
}

/** Reads `pg_service.conf`, each section a connection (PostgreSQL manual, "The Connection Service File"). */
export function readServiceFile({ text }: TextFile, finds: Finds): void {
  for (const { name, line, values } of sections(text, finds)) {
    const take = (key: string): string | undefined => {
      const value = values.get(key);
      values.delete(key);
      return value || undefined;
    };
    const host = take('host') ?? take('hostaddr');
    try {
      const address = readFields({
        host,
        port: take('port'),
        database: take('dbname'),
        user: take('user'),
        password: take('password'),
        sslmode: take('sslmode'),
        parameters: values,
      });
      finds.add({
        kind: 'service',
        line,
        from: `service ${name}`,
        draft: draftOf(address.connection, { name }),
        notes: [...address.notes, ...notesOn(address)],
        ...(address.password === undefined ? {} : { password: address.password }),
      });
    } catch (error) {
      if (!(error instanceof AddressProblem)) throw error;
      finds.fault(line, `Service ${shown(name)} can’t be used: ${error.message}`);
    }
  }
}

function sections(text: string, finds: Finds): Section[] {
  const all = new Map<string, Section>();
  let current: Section | undefined;
  /** Whether the lines that follow belong to a section that is not read. */
  let skipping = false;
  for (const [index, whole] of text.split('\n').entries()) {
    const line = whole.trim();
    if (line === '' || line.startsWith('#')) continue;
    const header = /^\[([^\]]+)\]\s*$/.exec(line)?.[1];
    if (header !== undefined) {
      skipping = all.has(header);
      if (skipping)
        finds.fault(index + 1, `Service ${shown(header)} is there already; PostgreSQL takes the first one.`);
      current = { name: header, line: index + 1, values: new Map() };
      if (!skipping) all.set(header, current);
      continue;
    }
    if (skipping) continue;
    if (/^ldaps?:/i.test(line)) {
      finds.fault(index + 1, 'A look-up in LDAP is not done. Give the host and the rest in the file.');
      continue;
    }
    const equals = line.indexOf('=');
    if (!current) finds.fault(index + 1, 'This line stands before the first [service].');
    else if (equals < 1) finds.fault(index + 1, 'This line does not read name=value.');
    else {
      const key = line.slice(0, equals).trim();
      if (key === 'service') finds.fault(index + 1, 'A service can’t name another service.');
      // libpq keeps what it read first.
      else if (!current.values.has(key)) current.values.set(key, line.slice(equals + 1).trim());
    }
  }
  return [...all.values()];
}
