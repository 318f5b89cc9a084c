import type { ColumnModel, Grant } from '../../../../preload/contract/schema-model.ts';

/** Who may do what, in the field's words. */
export interface Access {
  owner: string;
  /** What nobody said otherwise; null where something was granted or revoked. */
  byDefault: string | null;
  grants: GrantWords[];
  /** Of single columns. */
  columns: { column: string; grants: GrantWords[] }[];
  /** Of the schema it is in, without which those of the object are of no use. */
  schema: { name: string; owner: string; grants: GrantWords[] } | null;
}

export interface GrantWords {
  /** Empty for everyone (PUBLIC). */
  grantee: string;
  /** `select`, `insert`, … */
  privileges: string[];
  /** All that there are on such an object. */
  isAll: boolean;
  /** Those that the grantee may give to others. */
  passesOn: string[];
  grantor: string;
  /** As the server keeps it: `app=arwd/owner`. */
  item: string;
}

export type Grantable = 'table' | 'column' | 'sequence' | 'routine' | 'type' | 'schema';

/** PostgreSQL manual, "Privileges", table "ACL Privilege Abbreviations". */
const words: Readonly<Record<string, string>> = {
  r: 'select',
  a: 'insert',
  w: 'update',
  d: 'delete',
  D: 'truncate',
  x: 'reference',
  t: 'create triggers on',
  m: 'maintain',
  X: 'execute',
  U: 'use',
  C: 'create in',
};

/** Without `m`, which is from 17 on: who has the others has all that there was before. */
const all: Record<Grantable, string> = {
  table: 'arwdDxt',
  column: 'arwx',
  sequence: 'rwU',
  routine: 'X',
  type: 'U',
  schema: 'UC',
};

/** What an object's privileges are when nobody has said anything about them. PostgreSQL manual, "Privileges". */
const defaults: Record<Grantable, string> = {
  table: 'Nothing was granted: only the owner and superusers get at it.',
  column: '',
  sequence: 'Nothing was granted: only the owner and superusers get at it.',
  routine: 'Nothing was said about it, so everyone may execute it.',
  type: 'Nothing was said about it, so everyone may use it.',
  schema: 'Nothing was granted: only the owner and superusers get at what is in it.',
};

export const defaultOf = (kind: Grantable, grants: readonly Grant[] | null): string | null =>
  grants === null ? defaults[kind] : null;

/** Grants in words, the owner's own left out where they are all that there are. */
export function grantWords(kind: Grantable, grants: readonly Grant[] | null, owner: string): GrantWords[] {
  return (grants ?? [])
    .map((grant) => wordsOf(kind, grant))
    .filter(({ grantee, isAll }) => grantee !== owner || !isAll)
    .sort((a, b) => (a.grantee < b.grantee ? -1 : a.grantee > b.grantee ? 1 : 0));
}

export function columnGrants(columns: readonly ColumnModel[], owner: string): Access['columns'] {
  return columns.flatMap(({ name, grants }) =>
    grants && grants.length > 0 ? [{ column: name, grants: grantWords('column', grants, owner) }] : [],
  );
}

function wordsOf(kind: Grantable, { grantee, grantor, privileges, grantable }: Grant): GrantWords {
  const letters = [...privileges];
  return {
    grantee,
    grantor,
    privileges: letters.map(wordOf),
    isAll: [...all[kind]].every((letter) => privileges.includes(letter)),
    passesOn: [...grantable].map(wordOf),
    item: `${grantee}=${letters.map((letter) => (grantable.includes(letter) ? `${letter}*` : letter)).join('')}/${grantor}`,
  };
}

/** A letter of a later server stands for itself. */
const wordOf = (letter: string): string => words[letter] ?? letter;
