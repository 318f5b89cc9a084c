import { z } from 'zod';
import type { EngineBackup } from '../../../preload/contract/backup-engines.ts';
import type { Reading } from './types.ts';
import { iso, widen } from './window.ts';

/* What `barman -f json …` prints (barman/output.py); fields that are not named here are nobody's business. */

/** Seconds, as text in some versions. */
const Seconds = z.coerce.number().nullish().catch(null);
const Bytes = z.number().nullish().catch(null);
const Text = z.string().nullish().catch(null);

const Listed = z.object({
  backup_id: z.string(),
  status: z.string(),
  end_time_timestamp: Seconds,
  size_bytes: Bytes,
  retention_status: Text,
  backup_type: Text,
});
export type Listed = z.infer<typeof Listed>;

const Parents = { parent_backup_id: Text, root_backup_id: Text };
const Shown = z.object({
  status: z.string(),
  error: Text,
  backup_type: Text,
  base_backup_information: z
    .object({
      begin_time_timestamp: Seconds,
      end_time_timestamp: Seconds,
      begin_wal: Text,
      end_wal: Text,
      disk_usage_bytes: Bytes,
      incremental_size_bytes: Bytes,
      ...Parents,
    })
    .nullish(),
  wal_information: z.object({ last_available: Text }).nullish(),
  catalog_information: z.object({ retention_policy: Text, ...Parents }).nullish(),
});
export type Shown = z.infer<typeof Shown>;

/** What Barman says that it could not do; it says so within its JSON. */
const Complaint = z.object({ _ERROR: z.union([z.string(), z.array(z.string())]) });

/** The complaints in an answer, a line each; undefined: there are none, or it is no JSON. */
export function complaintIn(text: string): string | undefined {
  try {
    const { success, data } = Complaint.safeParse(JSON.parse(text));
    return success ? [data._ERROR].flat().join('\n') : undefined;
  } catch {
    return undefined;
  }
}

/** Names of servers. @throws when it is no such listing */
export const parseServers = (text: string): string[] =>
  Object.keys(z.record(z.string(), z.object({ description: Text })).parse(JSON.parse(text))).filter(
    (name) => !name.startsWith('_'),
  );

/** Of one server; undefined when it is not in the listing. @throws when it is no such listing */
export function parseBackups(text: string, server: string): Listed[] | undefined {
  const all = z.record(z.string(), z.unknown()).parse(JSON.parse(text));
  return Object.hasOwn(all, server) ? z.array(Listed).parse(all[server]) : undefined;
}

/** @throws when it is no such answer */
export const parseBackup = (text: string, server: string): Shown =>
  z.looseObject({ [server]: Shown }).parse(JSON.parse(text))[server] as Shown;

/** `backup_method` of a server. @throws when it is no such answer */
export const parseMethod = (text: string, server: string): string =>
  z.looseObject({ [server]: z.object({ backup_method: z.string() }) }).parse(JSON.parse(text))[server]
    ?.backup_method ?? '';

/** Whether a backup will not change any more, so that what was read of it once stays true. */
export function isSettled({ status }: Listed, known: EngineBackup | undefined): known is EngineBackup {
  if (status === 'FAILED') return known?.said.startsWith('FAILED') === true;
  return status === 'DONE' && known?.state === 'good' && known.walFrom !== null;
}

/** Joins the backups, newest first, with what is known of the archive. `newest` is what Barman says of the newest one that is done. */
export function readingOf(backups: readonly EngineBackup[], newest: Shown | undefined): Reading {
  const good = backups.filter(({ state }) => state === 'good');
  const window = widen(good.flatMap(({ endedAt }) => endedAt ?? []));
  const starts = good.flatMap(({ walFrom }) => walFrom ?? []).sort();
  const walTo = newest?.wal_information?.last_available ?? null;
  const unknown: string[] = [];
  if (window) {
    const reached = good
      .flatMap((one) => one.walTo ?? [])
      .sort()
      .at(-1);
    unknown.push('Only the newest segment of the archive is told; whether one before it is missing is not.');
    if (walTo !== null && reached !== undefined && walTo > reached)
      unknown.push(
        `Times of WAL are not told: a restore can end later than ${iso(window.to)}, as far as segment ${walTo} goes.`,
      );
  }
  if (backups.some(({ type, needs }) => type === 'incremental' && needs.length === 0))
    unknown.push('On which backup an incremental one is built, is not told by this version.');
  return {
    version: null,
    backups: [...backups],
    walFrom: starts[0] ?? null,
    walTo: walTo ?? null,
    window,
    repositories: [],
    unknown,
    cluster: null,
  };
}

/** A backup as it is listed, with what is said of it in detail where that was asked. */
export function backupOf(listed: Listed, shown: Shown | undefined, isNewest: boolean): EngineBackup {
  const base = shown?.base_backup_information;
  const parents = { ...base, ...shown?.catalog_information };
  const type = shown?.backup_type ?? listed.backup_type;
  const status = shown?.status ?? listed.status;
  const needs = [parents.parent_backup_id, parents.root_backup_id].flatMap((id) => id ?? []);
  return {
    label: listed.backup_id,
    type: type === 'incremental' ? 'incremental' : status === 'DONE' || type ? 'full' : 'unknown',
    startedAt: inMs(base?.begin_time_timestamp),
    endedAt: inMs(base?.end_time_timestamp ?? listed.end_time_timestamp),
    bytes: base?.disk_usage_bytes ?? listed.size_bytes ?? null,
    repositoryBytes: base?.incremental_size_bytes ?? base?.disk_usage_bytes ?? null,
    walFrom: base?.begin_wal ?? null,
    walTo: base?.end_wal ?? null,
    needs: [...new Set(needs)].filter((id) => id !== listed.backup_id),
    repository: null,
    ...judged(status, isNewest, shown?.error, retentionOf(listed, shown)),
  };
}

const inMs = (seconds: number | null | undefined): number | null => (seconds ? seconds * 1000 : null);

/** What retention says of it: `VALID`, `OBSOLETE`, … */
function retentionOf(listed: Listed, shown: Shown | undefined): string {
  const said = shown?.catalog_information?.retention_policy ?? listed.retention_status ?? '';
  return said === '' || said === '-' ? '' : `; retention: ${said}`;
}

/** Status words: `BackupInfo` in barman/infofile.py. */
function judged(
  status: string,
  isNewest: boolean,
  error: string | null | undefined,
  retention: string,
): Pick<EngineBackup, 'state' | 'said'> {
  switch (status) {
    case 'DONE':
      return { state: 'good', said: `DONE${retention}` };
    case 'FAILED':
      return { state: 'bad', said: `FAILED${error ? `: ${error}` : ''}` };
    case 'WAITING_FOR_WALS':
      return {
        state: 'unknown',
        said: `WAITING_FOR_WALS: WAL that it needs has not come in yet${retention}`,
      };
    case 'SYNCING':
      return { state: 'running', said: 'SYNCING: it is being copied from another Barman' };
    case 'EMPTY':
    case 'STARTED':
      // Barman makes one at a time: what a later one has overtaken is not being made.
      return isNewest
        ? { state: 'running', said: `${status}: it is being made now, unless it was cut off` }
        : { state: 'bad', said: `${status}: it was begun and never finished` };
    default:
      return { state: 'unknown', said: status };
  }
}
