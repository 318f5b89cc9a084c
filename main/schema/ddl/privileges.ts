import type { Grant } from '../../../preload/contract/schema-model.ts';
import { quoted } from './quote.ts';

export type GrantKind =
  | 'table'
  | 'column'
  | 'sequence'
  | 'schema'
  | 'routine'
  | 'type'
  | 'server'
  | 'language'
  | 'large object';

/** What an ACL is about, as GRANT names it. */
export interface GrantTarget {
  kind: GrantKind;
  /** `TABLE "s"."t"`. */
  on: string;
  /** For a column's ACL: its name. */
  column?: string;
  /** The schema that it is in, and the roles that may use that. */
  within?: { schema: string; users: ReadonlySet<string> } | undefined;
}

/** Letters of an ACL item (PostgreSQL manual, "Privileges", table of abbreviations). */
const words: Record<string, string> = {
  r: 'SELECT',
  w: 'UPDATE',
  a: 'INSERT',
  d: 'DELETE',
  D: 'TRUNCATE',
  x: 'REFERENCES',
  t: 'TRIGGER',
  m: 'MAINTAIN',
  U: 'USAGE',
  C: 'CREATE',
  X: 'EXECUTE',
};

/** All privileges of a kind; MAINTAIN is there from 17 on. */
function allOf(kind: GrantKind, version: number): string {
  switch (kind) {
    case 'table':
      return version >= 170000 ? 'arwdDxtm' : 'arwdDxt';
    case 'column':
      return '';
    case 'sequence':
      return 'rwU';
    case 'schema':
      return 'UC';
    case 'routine':
      return 'X';
    case 'type':
    case 'server':
    case 'language':
      return 'U';
    case 'large object':
      return 'rw';
  }
}

/** What everybody may by default (same chapter). */
const publicOf = (kind: GrantKind): string =>
  kind === 'routine' ? 'X' : kind === 'type' || kind === 'language' ? 'U' : '';

/** The ACL that a null one stands for. */
export function defaultGrants(kind: GrantKind, owner: string, version: number): Grant[] {
  const own = allOf(kind, version);
  const all = publicOf(kind);
  return [
    ...(all ? [{ grantee: '', grantor: owner, privileges: all, grantable: '' }] : []),
    ...(own ? [{ grantee: owner, grantor: owner, privileges: own, grantable: '' }] : []),
  ];
}

type Held = Map<string, { grantor: string; grantee: string; letter: string; grantable: boolean }>;

function hold(grants: Grant[]): Held {
  const held: Held = new Map();
  for (const { grantor, grantee, privileges, grantable } of grants) {
    for (const letter of privileges) {
      held.set(JSON.stringify([grantor, grantee, letter]), {
        grantor,
        grantee,
        letter,
        grantable: grantable.includes(letter),
      });
    }
  }
  return held;
}

export interface GrantsAt {
  grants: Grant[] | null;
  owner: string;
  version: number;
}

/**
 * An ACL as a text that two databases can be compared by: one line a grantee, in order of names; the owner's full
 * rights read `all`, so that servers that know one privilege more do not differ in it.
 */
export function describeGrants(
  kind: GrantKind,
  at: GrantsAt,
  ignoreOwner: boolean,
  ignoreMaintain = false,
): string {
  const all = allOf(kind, ignoreMaintain ? 0 : at.version);
  const name = (role: string) => (ignoreOwner && role === at.owner ? '(owner)' : role || 'PUBLIC');
  const lines: string[] = [];
  for (const given of at.grants ?? defaultGrants(kind, at.owner, at.version)) {
    const known = (letters: string) => (ignoreMaintain ? letters.replace('m', '') : letters);
    const grant = {
      ...given,
      privileges: known(given.privileges),
      grantable: known(given.grantable),
    };
    if (!grant.privileges) continue;
    const full = all !== '' && [...all].every((letter) => grant.privileges.includes(letter));
    const privileges = full
      ? 'all'
      : [...grant.privileges]
          .map((letter) => words[letter] ?? letter)
          .sort()
          .join(', ');
    const grantable = [...grant.grantable]
      .map((letter) => words[letter] ?? letter)
      .sort()
      .join(', ');
    lines.push(
      `${name(grant.grantee)}: ${privileges}${grantable ? ` (may pass on ${grantable})` : ''}${
        grant.grantor === at.owner ? '' : ` by ${grant.grantor}`
      }`,
    );
  }
  return lines.sort().join('; ');
}

/**
 * Statements that turn one ACL into another. `from` is read as if its owner were already the wanted one, since
 * ALTER … OWNER TO hands the old owner's entries over.
 * @param owners False when objects belong to whoever runs the script: entries of the owner are left out then.
 */
export function grantStatements(
  target: GrantTarget,
  from: GrantsAt,
  to: GrantsAt,
  owners: boolean,
): string[] {
  const asNow = (from.grants ?? defaultGrants(target.kind, from.owner, to.version)).map((grant) => ({
    ...grant,
    grantee: grant.grantee === from.owner ? to.owner : grant.grantee,
    grantor: grant.grantor === from.owner ? to.owner : grant.grantor,
  }));
  const have = hold(asNow);
  const want = hold(to.grants ?? defaultGrants(target.kind, to.owner, to.version));
  if (from.version < 170000 !== to.version < 170000) {
    // One side can't know MAINTAIN.
    for (const held of [have, want]) {
      for (const [key, entry] of held) if (entry.letter === 'm') held.delete(key);
    }
  }
  const statements: string[] = [];
  const say = (
    entries: (typeof have extends Map<string, infer E> ? E : never)[],
    how: 'revoke' | 'option' | 'grant',
  ) => {
    const together = new Map<string, typeof entries>();
    for (const entry of entries) {
      if (!owners && (entry.grantee === to.owner || entry.grantor !== to.owner)) continue;
      const key = JSON.stringify([entry.grantor, entry.grantee, how === 'grant' && entry.grantable]);
      const list = together.get(key);
      if (list) list.push(entry);
      else together.set(key, [entry]);
    }
    for (const list of together.values()) {
      const [{ grantor, grantee, grantable }] = list as [(typeof list)[number]];
      const column = target.column === undefined ? '' : ` (${quoted(target.column)})`;
      const privileges = list.map(({ letter }) => `${words[letter] ?? letter}${column}`).join(', ');
      const role = grantee === '' ? 'PUBLIC' : quoted(grantee);
      const text =
        how === 'grant'
          ? `GRANT ${privileges} ON ${target.on} TO ${role}${grantable ? ' WITH GRANT OPTION' : ''}`
          : `REVOKE ${how === 'option' ? 'GRANT OPTION FOR ' : ''}${privileges} ON ${target.on} FROM ${role}`;
      // PostgreSQL takes GRANTED BY for objects only from the grantor itself.
      if (grantor === to.owner) statements.push(text);
      else statements.push(...as(grantor, text, target));
    }
  };
  const gone = [...have].filter(([key]) => !want.has(key)).map(([, entry]) => entry);
  const lessened = [...have]
    .filter(([key, entry]) => entry.grantable && want.get(key)?.grantable === false)
    .map(([, entry]) => entry);
  const added = [...want]
    .filter(([key, entry]) => !have.has(key) || (entry.grantable && !have.get(key)?.grantable))
    .map(([, entry]) => entry);
  const ownLast = (a: { grantor: string }, b: { grantor: string }) =>
    Number(a.grantor === to.owner) - Number(b.grantor === to.owner);
  say(gone.sort(ownLast), 'revoke');
  say(lessened.sort(ownLast), 'option');
  say(inOrderOfGrantors(added, to.owner), 'grant');
  return statements;
}

/** A statement by another role, which must be able to see what it is about. */
function as(role: string, sql: string, { within }: GrantTarget): string[] {
  const own = [`SET SESSION AUTHORIZATION ${quoted(role)}`, sql, 'RESET SESSION AUTHORIZATION'];
  if (!within || within.users.has(role) || within.users.has('')) return own;
  const on = `USAGE ON SCHEMA ${quoted(within.schema)}`;
  return [`GRANT ${on} TO ${quoted(role)}`, ...own, `REVOKE ${on} FROM ${quoted(role)}`];
}

/** Who passes a privilege on must have got it before. */
function inOrderOfGrantors<E extends { grantor: string; grantee: string }>(entries: E[], owner: string): E[] {
  const depth = new Map([[owner, 0]]);
  for (let changed = true; changed; ) {
    changed = false;
    for (const { grantor, grantee } of entries) {
      const at = depth.get(grantor);
      if (at !== undefined && !depth.has(grantee)) {
        depth.set(grantee, at + 1);
        changed = true;
      }
    }
  }
  return entries.sort((a, b) => (depth.get(a.grantor) ?? 99) - (depth.get(b.grantor) ?? 99));
}
