import type { Unseen } from '../../../preload/contract/schema-model.ts';

/** What a copy is to be like, and what it is. */
export interface Facts {
  database: string;
  user: string;
  path: string;
  version: string;
  major: number;
  superuser: boolean;
  encoding: string;
  collation: string;
  characters: string;
  icu: string | null;
}

export interface UnlikeFacts {
  there: Facts;
  here: Facts;
  roles: { standIns: readonly string[]; taken: readonly string[] };
  /** Things whose owner could not be set. */
  notGiven: readonly string[];
  /** What of the structure could not be read there, and what could not be made here. */
  unseen: readonly Unseen[];
  leftOut: readonly Unseen[];
}

/** How many of one kind are told one by one. */
const most = 20;

/** What is not on the copy as it is on the server, a sentence each. */
export function unlikeFrom({ there, here, roles, notGiven, unseen, leftOut }: UnlikeFacts): string[] {
  const said: string[] = [];
  if (there.major !== here.major)
    said.push(
      `The server is PostgreSQL ${there.version}, the copy is on ${here.version}: what only one of them knows, and what is locked, may differ.`,
    );
  if (there.superuser)
    said.push(
      `${there.user} is a superuser there; on the copy migrations run without such rights, so that what needs them fails only here.`,
    );
  if (roles.standIns.length)
    said.push(
      `${listed(roles.standIns)} ${roles.standIns.length === 1 ? 'is' : 'are'} stood in for by ${roles.standIns.length === 1 ? 'a role' : 'roles'} of the same name without login, which ${roles.standIns.length === 1 ? 'is' : 'are'} dropped with the copy.`,
    );
  if (roles.taken.length)
    said.push(
      `${listed(roles.taken)} ${roles.taken.length === 1 ? 'is a role' : 'are roles'} of the sample server’s own, which ${roles.taken.length === 1 ? 'is' : 'are'} left alone: what ${roles.taken.length === 1 ? 'it owns or is' : 'they own or are'} granted is another role’s on the copy, and a migration can’t give ${roles.taken.length === 1 ? 'it' : 'them'} anything to own.`,
    );
  if (there.encoding !== here.encoding)
    said.push(`The database is encoded in ${there.encoding}, the copy in ${here.encoding}.`);
  const [sortsThere, sortsHere] = [sorting(there), sorting(here)];
  if (sortsThere !== sortsHere)
    said.push(
      `Text is compared by ${sortsThere} there and by ${sortsHere} on the copy: order and case may differ.`,
    );
  said.push(
    ...some(
      unseen.map(({ what, why }) => `Not read, and so not on the copy: ${what}. ${sentence(why)}`),
      'could not be read',
    ),
    ...some(
      leftOut.map(({ what, why }) => `Not made on the copy: ${what}. ${sentence(why)}`),
      'could not be made',
    ),
    ...some(
      notGiven.map((what) => `On the copy ${what} belongs to the role that runs the migrations.`),
      'belong to the role that runs the migrations',
    ),
  );
  return said;
}

const sorting = ({ collation, characters, icu }: Facts): string =>
  icu === null ? (collation === characters ? collation : `${collation} and ${characters}`) : `ICU’s ${icu}`;

const some = (all: readonly string[], what: string): string[] =>
  all.length > most ? [...all.slice(0, most), `${all.length - most} more things ${what}.`] : [...all];

const listed = (names: readonly string[]): string => {
  const shown = names.length > most ? [...names.slice(0, most), `${names.length - most} more`] : names;
  return shown.length < 2 ? (shown[0] ?? '') : `${shown.slice(0, -1).join(', ')} and ${shown.at(-1)}`;
};

const sentence = (text: string): string => {
  const whole = text.charAt(0).toUpperCase() + text.slice(1);
  return /[.!?]$/.test(whole) ? whole : `${whole}.`;
};
