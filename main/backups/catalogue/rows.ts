import { type Backup, BackupContents, type Verification } from '../../../preload/contract/backups.ts';

/** A row of the catalogue with its environment's id. */
export interface BackupRow {
  id: number;
  environment: string | null;
  path: string;
  format: string;
  compression: string;
  encrypted: number;
  madeBy: string;
  at: number;
  durationMs: number | null;
  bytes: number;
  database: string | null;
  serverVersion: string | null;
  toolVersion: string | null;
  objects: number | null;
  sha256: string | null;
  job: number | null;
  jobName: string | null;
  contents: string | null;
}

export interface VerificationRow {
  backup: number;
  level: string;
  state: string;
  at: number;
  said: string;
}

export const backupColumns = `b.id, e.id AS environment, b.path, b.format, b.compression, b.encrypted,
  b.made_by AS madeBy, b.at, b.duration_ms AS durationMs, b.bytes, b.database, b.server_version AS serverVersion,
  b.tool_version AS toolVersion, b.objects, b.sha256, b.job, j.name AS jobName, b.contents`;

/** @param isThere whether its file was there just now */
export function backupOf(row: BackupRow, proofs: readonly VerificationRow[], isThere: boolean): Backup {
  const { id, encrypted, format, compression, madeBy, job: _, jobName: job, contents, ...same } = row;
  return {
    ...same,
    id: String(id),
    // Written by this program, from values of the contract.
    format: format as Backup['format'],
    compression: compression as Backup['compression'],
    madeBy: madeBy as Backup['madeBy'],
    isEncrypted: encrypted === 1,
    job,
    contents: contents === null ? null : BackupContents.parse(JSON.parse(contents)),
    verification: standing(proofs.map(verificationOf)),
    isThere,
  };
}

export const verificationOf = ({ level, state, at, said }: VerificationRow): Verification => ({
  level: level as Verification['level'],
  state: state as Verification['state'],
  at,
  said: JSON.parse(said) as string[],
});

/**
 * What a backup's verifications say together, oldest first: damage that was seen last stands; else the highest level
 * that was proven, since reading it again takes nothing away from a restore that went well; else the last try.
 */
export function standing(proofs: readonly Verification[]): Verification {
  const last = proofs.at(-1);
  if (!last) return { level: 'none', state: 'unproven', at: null, said: [] };
  if (last.state === 'bad') return last;
  const lastBad = proofs.findLastIndex(({ state }) => state === 'bad');
  const good = proofs.slice(lastBad + 1).filter(({ state }) => state === 'good');
  return good.findLast(({ level }) => level === 'restorable') ?? good.at(-1) ?? last;
}
