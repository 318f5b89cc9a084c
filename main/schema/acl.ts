import type { Grant } from '../../preload/contract/schema-model.ts';
import { arrayOf } from './rows.ts';

/**
 * An ACL as the server prints it, such as `{alice=ar*w/bob,=r/bob}` (PostgreSQL manual, "Privileges"); null where there
 * is none and the default privileges hold.
 */
export function grantsOf(field: string | undefined): Grant[] | null {
  if (field === undefined || field === '\\N') return null;
  return arrayOf(field).map(grantOf);
}

/** Names are quoted with doubled quotes inside, and `*` after a letter says that it may be passed on. */
function grantOf(item: string): Grant {
  const { name: grantee, rest } = nameOf(item);
  const slash = rest.indexOf('/');
  const letters = rest.slice(1, slash);
  return {
    grantee,
    grantor: nameOf(rest.slice(slash + 1)).name,
    privileges: letters.replaceAll('*', ''),
    grantable: [...letters.matchAll(/(.)\*/g)].map(([, letter]) => letter).join(''),
  };
}

function nameOf(text: string): { name: string; rest: string } {
  if (!text.startsWith('"')) {
    const [name = ''] = /^[^=/]*/.exec(text) ?? [];
    return { name, rest: text.slice(name.length) };
  }
  const [quoted = '""'] = /^"(?:[^"]|"")*"/.exec(text) ?? [];
  return { name: quoted.slice(1, -1).replaceAll('""', '"'), rest: text.slice(quoted.length) };
}
