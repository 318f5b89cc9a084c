import type { Engine, EngineBackup, EngineDraft } from '../../../preload/contract/backup-engines.ts';
import type { Explanation } from '../../../preload/contract/common.ts';

export type EngineKind = EngineDraft['kind'];
export type BackupType = 'full' | 'differential' | 'incremental';

/** What an engine is asked to make. */
export interface BackupOrder {
  type: BackupType;
  /** By its number; null: the first. */
  repository: number | null;
}

/** What an engine was read to say. */
export type Reading = Pick<
  Engine,
  'version' | 'backups' | 'walFrom' | 'walTo' | 'window' | 'repositories' | 'unknown'
> & {
  /** Of the cluster, as PostgreSQL's `system_identifier`; null where the engine doesn't tell. */
  cluster: string | null;
  problem?: Explanation;
};

/** What the server itself says of its archiving (`pg_stat_archiver`). */
export interface Archived {
  /** Of the cluster. */
  cluster: string;
  wal: string | null;
  at: number | null;
}

/** How an engine's program is asked. */
export interface Asking {
  engine: Pick<EngineDraft, 'kind' | 'name' | 'where' | 'config'>;
  signal?: AbortSignal | undefined;
  /** How long one answer may take, ms. */
  patienceMs: number;
  /** The variables that this process was started with. */
  env: NodeJS.ProcessEnv;
  /** What was read before: backups that are done don't change. */
  known?: readonly EngineBackup[];
  /** Of several, those that were read before. */
  repositories?: Engine['repositories'];
  /** The program's, where it was asked lately. */
  version?: string | null;
}

/** What came of an engine's program, in words. */
export class EngineFailure extends Error {
  override name = 'EngineFailure';
  readonly problem: Explanation;

  constructor(problem: Explanation) {
    super(problem.what);
    this.problem = problem;
  }
}
