import { z } from 'zod';
import type { EngineBackup } from '../../../preload/contract/backup-engines.ts';
import type { Explanation } from '../../../preload/contract/common.ts';
import { longestLine, printable } from '../../companions/index.ts';
import { wordsFor } from './problems.ts';
import type { Reading } from './types.ts';
import { iso, widen } from './window.ts';

/* What `pgbackrest info --output=json` prints; fields that are not named here are nobody's business. */

const Status = z.object({
  code: z.number(),
  message: z.string().default(''),
  lock: z.object({ backup: z.object({ held: z.boolean().default(false) }).optional() }).optional(),
});
const DatabaseKey = z.object({ id: z.number(), 'repo-key': z.number().default(1) });
const Segment = z.string().nullish();

const InfoBackup = z.object({
  label: z.string(),
  type: z.string().default(''),
  database: DatabaseKey,
  timestamp: z.object({ start: z.number(), stop: z.number() }).nullish(),
  archive: z.object({ start: Segment, stop: Segment }).nullish(),
  info: z
    .object({
      size: z.number().nullish(),
      repository: z.object({ delta: z.number().nullish() }).nullish(),
    })
    .nullish(),
  reference: z.array(z.string()).nullish(),
  error: z.boolean().nullish(),
});
type InfoBackup = z.infer<typeof InfoBackup>;

const Stanza = z.object({
  name: z.string(),
  status: Status,
  repo: z
    .array(z.object({ key: z.number(), cipher: z.string().default('none'), status: Status }))
    .default([]),
  db: z
    .array(DatabaseKey.extend({ 'system-id': z.coerce.string().nullish(), version: z.string().nullish() }))
    .default([]),
  archive: z.array(z.object({ database: DatabaseKey, min: Segment, max: Segment })).default([]),
  backup: z.array(InfoBackup).default([]),
});
export type Stanza = z.infer<typeof Stanza>;

/** @throws when it is no such listing */
export function parseInfo(text: string): Stanza[] {
  // An error's message may hold what an encrypted file begins with, as it is. And a cluster's identifier has more digits
  // than a number holds.
  const exact = text.replace(/\p{Cc}/gu, ' ').replace(/("system-id"\s*:\s*)(\d+)/g, '$1"$2"');
  return z.array(Stanza).parse(JSON.parse(exact));
}

/** Statuses: `src/command/info/info.c` of pgBackRest. */
const statusWords: Record<number, Pick<Explanation, 'cause' | 'why' | 'next'>> = {
  1: {
    cause: 'engine-unknown-name',
    why: 'The repository has no stanza of that name.',
    next: 'Look at the name; a new stanza is made ready with pgbackrest stanza-create.',
  },
  3: {
    cause: 'engine-repository',
    why: 'Data of the stanza are missing in the repository.',
    next: 'Run pgbackrest check, and stanza-create when the stanza is new.',
  },
  5: {
    cause: 'engine-repository',
    why: 'The repositories hold different clusters under one stanza.',
    next: 'Run pgbackrest check; after an upgrade, stanza-upgrade.',
  },
};

/** What the answer says of one stanza. `what` is said when it says that it can't be read. */
export function readingOf(stanza: Stanza, what: string): Reading {
  const repositories =
    stanza.repo.length > 0 ? stanza.repo : [{ key: 1, cipher: 'none', status: stanza.status }];
  const several = repositories.length > 1;
  const parts = repositories.map(({ key }) => partOf(stanza, key));
  const main = parts.reduce((best, part) => (rank(part) < rank(best) ? part : best));
  const unknown: string[] = [];
  if (stanza.status.lock?.backup?.held)
    unknown.push(
      'A backup or another command that locks the stanza is at work; what comes of it is not listed yet.',
    );
  unknown.push(...archiveWords(main));
  if (several)
    unknown.push(
      `The window and the WAL range are those of repository ${main.key}, whose backups go back furthest.`,
    );
  if (stanza.backup.some((one) => one.database.id !== currentOf(stanza, one.database['repo-key'])))
    unknown.push(
      'Backups of a cluster before an upgrade or a stanza-create are listed and left out of the window.',
    );
  const problem = problemOf(stanza, repositories, what);
  const held = stanza.backup.map((one) => backupOf(one, stanza, several));
  return {
    version: null,
    backups: held.sort((a, b) => (b.endedAt ?? 0) - (a.endedAt ?? 0) || b.label.localeCompare(a.label)),
    walFrom: main.min,
    walTo: main.max,
    window: main.window,
    repositories: several ? parts.map((part) => repositoryOf(part, repositories)) : [],
    unknown,
    cluster: main.cluster,
    ...(problem ? { problem } : {}),
  };
}

function repositoryOf(
  { key, count, min, max, window }: Part,
  repositories: Stanza['repo'],
): Reading['repositories'][number] {
  const status = repositories.find((one) => one.key === key)?.status;
  return {
    key,
    backups: count,
    walFrom: min,
    walTo: max,
    window,
    problem: status && !isFine(status.code) ? ownWords(status.message) : null,
  };
}

/** Ok, without a backup, or unlike another repository: what is wrong with that one stands beside it. */
const isFine = (code: number): boolean => [0, 2, 4].includes(code);

/** A message may hold what an encrypted file begins with. */
const ownWords = (message: string): string =>
  message
    .split('\n')
    .map((line) => printable(line.replace(/(outside of section at line \d+: )[\s\S]*/, '$1…'), []))
    .join('\n')
    .slice(0, longestLine);

/** One repository's share in a stanza. */
interface Part {
  key: number;
  count: number;
  cluster: string | null;
  min: string | null;
  max: string | null;
  /** Up to which the newest good backup itself reaches. */
  newest: string | null;
  window: { from: number; to: number } | null;
}

function partOf(stanza: Stanza, key: number): Part {
  const id = currentOf(stanza, key);
  const isOurs = (one: { id: number; 'repo-key': number }): boolean =>
    one.id === id && one['repo-key'] === key;
  const archive = stanza.archive.find(({ database }) => isOurs(database));
  const mine = stanza.backup.filter(({ database }) => isOurs(database));
  const good = mine.filter((one) => judged(one, stanza).state === 'good');
  const newest = good
    .map((one) => one.archive?.stop ?? null)
    .reduce((most, one) => (most === null || (one !== null && one > most) ? one : most), null);
  return {
    key,
    count: mine.length,
    cluster: stanza.db.find(isOurs)?.['system-id'] ?? null,
    min: archive?.min ?? null,
    max: archive?.max ?? null,
    newest,
    window: widen(good.flatMap(({ timestamp }) => (timestamp ? [timestamp.stop * 1000] : []))),
  };
}

/** The one whose backups go back furthest comes first. */
const rank = ({ window, max, key }: Part): number =>
  (window?.from ?? (max === null ? Number.MAX_SAFE_INTEGER : Number.MAX_SAFE_INTEGER / 2)) + key / 1000;

/** The cluster's number now: after an upgrade a stanza has several. */
const currentOf = ({ db, backup }: Stanza, key: number): number =>
  Math.max(
    0,
    ...(db.length > 0 ? db : backup.map(({ database }) => database))
      .filter((one) => one['repo-key'] === key)
      .map(({ id }) => id),
  );

function archiveWords({ max, newest, window }: Part): string[] {
  if (!window) return [];
  const said = [
    'Only the archive’s first and last segment are told; whether one between them is missing is not.',
  ];
  if (max !== null && newest !== null && max > newest)
    said.push(
      `Times of WAL are not told: a restore can end later than ${iso(window.to)}, as far as segment ${max} goes.`,
    );
  return said;
}

const types: Record<string, EngineBackup['type']> = {
  full: 'full',
  diff: 'differential',
  incr: 'incremental',
};

function backupOf(one: InfoBackup, stanza: Stanza, several: boolean): EngineBackup {
  const { state, said } = judged(one, stanza);
  return {
    label: one.label,
    type: types[one.type] ?? 'unknown',
    startedAt: one.timestamp ? one.timestamp.start * 1000 : null,
    endedAt: one.timestamp ? one.timestamp.stop * 1000 : null,
    bytes: one.info?.size ?? null,
    repositoryBytes: one.info?.repository?.delta ?? null,
    walFrom: one.archive?.start ?? null,
    walTo: one.archive?.stop ?? null,
    needs: one.reference ?? [],
    state,
    said,
    repository: several ? one.database['repo-key'] : null,
  };
}

function judged(one: InfoBackup, stanza: Stanza): Pick<EngineBackup, 'state' | 'said'> {
  const key = one.database['repo-key'];
  if (one.error === true)
    return { state: 'bad', said: 'error: pages whose checksum is wrong were found while it was made' };
  const gone = (one.reference ?? []).filter(
    (label) => !stanza.backup.some((other) => other.label === label && other.database['repo-key'] === key),
  );
  if (gone.length > 0)
    return { state: 'bad', said: `it needs ${gone.join(', ')}, which the repository does not list` };
  const archive = stanza.archive.find(
    ({ database }) => database.id === one.database.id && database['repo-key'] === key,
  );
  const { start, stop } = one.archive ?? {};
  if (!start || !stop) return { state: 'unknown', said: 'which WAL it needs is not told' };
  if (!archive?.min || !archive.max || start < archive.min || stop > archive.max)
    return { state: 'bad', said: `the archive does not hold the WAL that it needs, ${start} to ${stop}` };
  return { state: 'good', said: one.error === false ? 'no error' : 'ok' };
}

function problemOf(stanza: Stanza, repositories: Stanza['repo'], what: string): Explanation | undefined {
  const bad = repositories.filter(({ status }) => !isFine(status.code));
  const [worst] = bad;
  const { code, message } = worst?.status ?? stanza.status;
  if (!worst && isFine(code)) return undefined;
  const said = ownWords(message);
  const known = /Salted__|key\/value found outside of section/.test(message)
    ? wordsFor('unable to load info file: key/value found outside of section')
    : (statusWords[code] ?? wordsFor(said));
  return {
    cause: 'engine-repository',
    why: 'pgBackRest reports an error of the repository.',
    next: 'Run pgbackrest check; its own words say what is wrong.',
    ...known,
    what: worst && repositories.length > 1 ? `${what} from repository ${worst.key}.` : `${what}.`,
    server: { message: said },
  };
}
