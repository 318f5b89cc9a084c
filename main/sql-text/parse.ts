import { hasSqlDetails, loadModule, parseSync } from 'libpg-query';
import { linesBefore } from './decode.ts';

/** A node of the server's own parse tree: its type, and its fields as `libpg-query` names them. */
export interface ParsedStatement {
  /** Such as `CreateStmt` or `AlterOwnerStmt`. */
  node: string;
  fields: Record<string, unknown>;
}

export type Parsed =
  | { statement: ParsedStatement }
  /** The parser's words, and the line in the text, from 1. A script meant for another major version may fail too. */
  | { problem: string; line: number }
  /** Nothing but comments. */
  | { empty: true };

export type ParseStatement = (text: string) => Parsed;

/**
 * PostgreSQL 18's parser. It takes some 15 µs a short statement, and blocks for as long as it takes; a whole script is
 * for a worker thread.
 */
export async function openParser(): Promise<ParseStatement> {
  await loadModule();
  return (text) => {
    if (text.trim() === '') return { empty: true };
    try {
      const first = parseSync(text).stmts?.[0]?.stmt as Record<string, unknown> | undefined;
      const [node, fields] = Object.entries(first ?? {})[0] ?? [];
      if (node === undefined) return { empty: true };
      return { statement: { node, fields: (fields ?? {}) as Record<string, unknown> } };
    } catch (error) {
      const place = hasSqlDetails(error) ? placeOf(text, error.sqlDetails?.cursorPosition ?? 0) : 0;
      return {
        problem: error instanceof Error ? error.message : String(error),
        line: linesBefore(text, place) + 1,
      };
    }
  };
}

/** A role that a statement names, by offsets in its text, quotes included. */
export interface NamedRole {
  name: string;
  start: number;
  end: number;
}

/** Every role that a parsed statement names as such; PUBLIC, CURRENT_USER and texts in bodies are none. In their order. */
export function rolesNamedIn(text: string, { fields }: ParsedStatement): NamedRole[] {
  const places: { name: string; location: number }[] = [];
  visit(fields, (node) => {
    if (node.roletype !== 'ROLESPEC_CSTRING' || typeof node.rolename !== 'string') return;
    places.push({ name: node.rolename, location: typeof node.location === 'number' ? node.location : 0 });
  });
  if (places.length === 0) return [];
  const bytes = Buffer.from(text);
  const plainAscii = bytes.length === text.length;
  return places
    .sort((one, other) => one.location - other.location)
    .map(({ name, location }) => {
      const start = plainAscii ? location : bytes.toString('utf8', 0, location).length;
      const token = /^(?:"(?:[^"]|"")*"|[^\s(),;"']+)/.exec(text.slice(start, start + 300))?.[0] ?? '';
      return { name, start, end: start + token.length };
    });
}

function visit(value: unknown, look: (node: Record<string, unknown>) => void): void {
  if (Array.isArray(value)) {
    for (const one of value) visit(one, look);
    return;
  }
  if (typeof value !== 'object' || value === null) return;
  look(value as Record<string, unknown>);
  for (const one of Object.values(value)) if (typeof one === 'object') visit(one, look);
}

/** The parser counts characters, a text counts UTF-16 units. */
export function placeOf(text: string, characters: number): number {
  let place = 0;
  for (let count = 0; count < characters && place < text.length; count += 1) {
    place += (text.codePointAt(place) ?? 0) > 0xffff ? 2 : 1;
  }
  return place;
}
