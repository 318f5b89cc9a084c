import type { DatabaseSync } from 'node:sqlite';
import type { Protection } from '../../../preload/contract/environments.ts';
import {
  type RetentionDraft,
  type RetentionRun,
  RetentionTarget,
} from '../../../preload/contract/maintenance-retention.ts';

/** A job as it is kept. */
export interface KeptJob extends RetentionDraft {
  id: string;
  /** Id of its environment. */
  environment: string;
  /** Of the environment, when somebody saved the job. */
  protection: Protection;
  savedAt: number;
}

export interface JobStore {
  all(environment?: string): KeptJob[];
  /** By id, else by name. */
  find(ref: string): KeptJob | undefined;
  save(job: Omit<KeptJob, 'id'>, id?: string): KeptJob;
  remove(id: string): void;
  forget(environment: string): void;
  begin(job: string, run: Pick<RetentionRun, 'by' | 'startedAt'>): string;
  /** What has been done so far, for a run that may get lost. */
  note(run: string, done: Partial<Pick<RetentionRun, 'rows' | 'dropped'>>): void;
  end(run: string, ended: Omit<RetentionRun, 'id' | 'startedAt' | 'by'>): RetentionRun;
  /** Newest first. */
  runs(job: string, most: number): RetentionRun[];
  /** Of runs noted as under way the console that did them has ended. */
  noteLost(now: number): void;
}

/** Runs of a job that are kept. */
const mostRuns = 1000;

interface JobRow {
  id: number;
  name: string;
  environment: string;
  target: string;
  protection: Protection;
  savedAt: number;
}

interface RunRow extends Omit<RetentionRun, 'id' | 'dropped'> {
  id: number;
  dropped: string;
}

export function openJobStore(db: DatabaseSync): JobStore {
  const columns = 'id, name, environment, target, protection, saved_at AS savedAt';
  const all = db.prepare(
    `SELECT ${columns} FROM retention_job WHERE ? IS NULL OR environment = ? ORDER BY name COLLATE NOCASE`,
  );
  const byId = db.prepare(`SELECT ${columns} FROM retention_job WHERE id = ?`);
  const byName = db.prepare(`SELECT ${columns} FROM retention_job WHERE name = ?`);
  const insert = db.prepare(
    `INSERT INTO retention_job (name, environment, target, protection, saved_at) VALUES (?, ?, ?, ?, ?) RETURNING ${columns}`,
  );
  const update = db.prepare(
    `UPDATE retention_job SET name = ?, environment = ?, target = ?, protection = ?, saved_at = ? WHERE id = ? RETURNING ${columns}`,
  );
  const remove = db.prepare('DELETE FROM retention_job WHERE id = ?');
  const forget = db.prepare('DELETE FROM retention_job WHERE environment = ?');
  const runColumns = 'id, started_at AS startedAt, ended_at AS endedAt, outcome, "by", said, rows, dropped';
  const insertRun = db.prepare(
    `INSERT INTO retention_run (job, started_at, outcome, "by", said) VALUES (?, ?, 'running', ?, '') RETURNING id`,
  );
  const noteRun = db.prepare(
    'UPDATE retention_run SET rows = COALESCE(?, rows), dropped = COALESCE(?, dropped) WHERE id = ?',
  );
  const endRun = db.prepare(
    `UPDATE retention_run SET ended_at = ?, outcome = ?, said = ?, rows = ?, dropped = ? WHERE id = ? RETURNING ${runColumns}`,
  );
  const dropRuns = db.prepare(
    `DELETE FROM retention_run WHERE job = ? AND id <=
       (SELECT id FROM retention_run WHERE job = ? ORDER BY id DESC LIMIT 1 OFFSET ${mostRuns})`,
  );
  const runs = db.prepare(`SELECT ${runColumns} FROM retention_run WHERE job = ? ORDER BY id DESC LIMIT ?`);
  const lost = db.prepare(
    `UPDATE retention_run SET ended_at = ?, outcome = 'lost', said = 'Howdah ended before the run did; what is told was done by then.'
     WHERE outcome = 'running'`,
  );
  const one = (row: unknown): KeptJob | undefined => (row ? jobOf(row as JobRow) : undefined);
  return {
    all: (environment = undefined) =>
      (all.all(environment ?? null, environment ?? null) as unknown as JobRow[]).map(jobOf),
    find: (ref) => (/^\d+$/.test(ref) ? one(byId.get(Number(ref))) : one(byName.get(ref))),
    save: ({ name, environment, target, schedule, lockTimeoutMs, retries, protection, savedAt }, id) => {
      const kept = JSON.stringify({ target, schedule, lockTimeoutMs, retries });
      const values = [name, environment, kept, protection, savedAt] as const;
      return jobOf((id ? update.get(...values, Number(id)) : insert.get(...values)) as unknown as JobRow);
    },
    remove: (id) => void remove.run(Number(id)),
    forget: (environment) => void forget.run(environment),
    begin: (job, { by, startedAt }) => {
      dropRuns.run(Number(job), Number(job));
      return String((insertRun.get(Number(job), startedAt, by) as { id: number }).id);
    },
    note: (run, { rows, dropped }) =>
      void noteRun.run(rows ?? null, dropped ? JSON.stringify(dropped) : null, Number(run)),
    end: (run, { endedAt, outcome, said, rows, dropped }) =>
      runOf(
        endRun.get(endedAt, outcome, said, rows, JSON.stringify(dropped), Number(run)) as unknown as RunRow,
      ),
    runs: (job, most) => (runs.all(Number(job), most) as unknown as RunRow[]).map(runOf),
    noteLost: (now) => void lost.run(now),
  };
}

function jobOf({ id, target, ...same }: JobRow): KeptJob {
  const kept = JSON.parse(target) as Pick<
    RetentionDraft,
    'target' | 'schedule' | 'lockTimeoutMs' | 'retries'
  >;
  return { ...same, ...kept, target: RetentionTarget.parse(kept.target), id: String(id) };
}

const runOf = ({ id, dropped, ...same }: RunRow): RetentionRun => ({
  ...same,
  id: String(id),
  dropped: JSON.parse(dropped) as string[],
});
