import type { DatabaseSync } from 'node:sqlite';
import {
  type BackupJobDraft,
  JobAction,
  type JobRun,
  JobSchedule,
  Retention,
} from '../../../preload/contract/backup-jobs.ts';

/** A job as it is kept. Its environment is one of the settings, by its id. */
export interface KeptJob extends BackupJobDraft {
  id: string;
  /** Times of its schedule up to this one were run, or told as missed. */
  handledUntil: number;
}

export interface JobStore {
  all(): KeptJob[];
  /** By id, else by name. */
  find(ref: string): KeptJob | undefined;
  add(draft: BackupJobDraft, handledUntil: number): string;
  change(id: string, draft: BackupJobDraft, handledUntil: number): void;
  remove(id: string): void;
  handled(id: string, until: number): void;
  /** Notes a run that begins. */
  begin(job: string, run: Pick<JobRun, 'by' | 'said' | 'startedAt'>): string;
  end(run: string, ended: Pick<JobRun, 'endedAt' | 'outcome' | 'said' | 'backup' | 'removed'>): JobRun;
  /** Notes what came of a time without a run of its own. The same again takes the place of the one before. */
  note(job: string, note: Pick<JobRun, 'by' | 'outcome' | 'startedAt'>, said: string): JobRun;
  /** Newest first. */
  runs(job: string, most: number): JobRun[];
  /** Of all jobs those that are noted as under way. */
  underWay(): { job: string; run: JobRun }[];
}

/** Runs of a job that are kept. */
const mostRuns = 1000;

interface JobRow {
  id: number;
  name: string;
  environment: string;
  action: string;
  schedule: string | null;
  retention: string | null;
  isOn: number;
  handledUntil: number;
}

interface RunRow extends Omit<JobRun, 'id' | 'backup' | 'removed'> {
  id: number;
  job: number;
  times: number;
  backup: number | null;
  removed: string;
}

export function openJobStore(db: DatabaseSync): JobStore {
  const jobColumns =
    'id, name, environment, action, schedule, retention, is_on AS isOn, handled_until AS handledUntil';
  const all = db.prepare(`SELECT ${jobColumns} FROM backup_job ORDER BY name COLLATE NOCASE`);
  const byId = db.prepare(`SELECT ${jobColumns} FROM backup_job WHERE id = ?`);
  const byName = db.prepare(`SELECT ${jobColumns} FROM backup_job WHERE name = ?`);
  const insert = db.prepare(
    `INSERT INTO backup_job (name, environment, action, schedule, retention, is_on, handled_until)
     VALUES (?, ?, ?, ?, ?, ?, ?) RETURNING id`,
  );
  const update = db.prepare(
    `UPDATE backup_job SET name = ?, environment = ?, action = ?, schedule = ?, retention = ?, is_on = ?,
       handled_until = ? WHERE id = ?`,
  );
  const remove = db.prepare('DELETE FROM backup_job WHERE id = ?');
  const handled = db.prepare('UPDATE backup_job SET handled_until = ? WHERE id = ?');
  const runColumns =
    'id, job, started_at AS startedAt, ended_at AS endedAt, outcome, "by", said, times, backup, removed';
  const insertRun = db.prepare(
    `INSERT INTO backup_job_run (job, started_at, ended_at, outcome, "by", said)
     VALUES (?, ?, ?, ?, ?, ?) RETURNING ${runColumns}`,
  );
  const endRun = db.prepare(
    `UPDATE backup_job_run SET ended_at = ?, outcome = ?, said = ?, removed = ?,
       backup = (SELECT id FROM backup WHERE id = ?) WHERE id = ? RETURNING ${runColumns}`,
  );
  const repeat = db.prepare(
    `UPDATE backup_job_run SET ended_at = ?, times = times + 1, said = ? WHERE id = ? RETURNING ${runColumns}`,
  );
  const dropOld = db.prepare(
    `DELETE FROM backup_job_run WHERE job = ? AND id <=
       (SELECT id FROM backup_job_run WHERE job = ? ORDER BY id DESC LIMIT 1 OFFSET ${mostRuns})`,
  );
  const runs = db.prepare(`SELECT ${runColumns} FROM backup_job_run WHERE job = ? ORDER BY id DESC LIMIT ?`);
  const running = db.prepare(`SELECT ${runColumns} FROM backup_job_run WHERE outcome = 'running'`);

  const values = ({ name, environment, action, schedule, retention, isOn }: BackupJobDraft) =>
    [
      name,
      environment,
      JSON.stringify(action),
      schedule && JSON.stringify(schedule),
      retention && JSON.stringify(retention),
      isOn ? 1 : 0,
    ] as const;

  return {
    all: () => (all.all() as unknown as JobRow[]).map(jobOf),
    find: (ref) => {
      const row = (/^\d{1,15}$/.test(ref) ? byId.get(Number(ref)) : byName.get(ref)) as JobRow | undefined;
      return row && jobOf(row);
    },
    add: (draft, until) => String((insert.get(...values(draft), Math.floor(until)) as { id: number }).id),
    change: (id, draft, until) => void update.run(...values(draft), Math.floor(until), Number(id)),
    remove: (id) => void remove.run(Number(id)),
    handled: (id, until) => void handled.run(Math.floor(until), Number(id)),
    begin: (job, { by, said, startedAt }) => {
      const { id } = insertRun.get(Number(job), startedAt, null, 'running', by, said) as { id: number };
      dropOld.run(Number(job), Number(job));
      return String(id);
    },
    end: (run, { endedAt, outcome, said, backup, removed }) =>
      runOf(
        endRun.get(
          endedAt,
          outcome,
          said,
          JSON.stringify(removed),
          backup === null ? null : Number(backup),
          Number(run),
        ) as unknown as RunRow,
      ),
    note: (job, { by, outcome, startedAt }, said) => {
      const [last] = runs.all(Number(job), 1) as unknown as RunRow[];
      if (last?.outcome === outcome && last.by === by) {
        const text = `${said} That was so ${last.times + 1} times since ${utc(last.startedAt)}.`;
        return runOf(repeat.get(startedAt, text, last.id) as unknown as RunRow);
      }
      const row = insertRun.get(Number(job), startedAt, startedAt, outcome, by, said);
      dropOld.run(Number(job), Number(job));
      return runOf(row as unknown as RunRow);
    },
    runs: (job, most) => (runs.all(Number(job), most) as unknown as RunRow[]).map(runOf),
    underWay: () =>
      (running.all() as unknown as RunRow[]).map((row) => ({ job: String(row.job), run: runOf(row) })),
  };
}

const jobOf = ({
  id,
  name,
  environment,
  action,
  schedule,
  retention,
  isOn,
  handledUntil,
}: JobRow): KeptJob => ({
  id: String(id),
  name,
  environment,
  action: JobAction.parse(JSON.parse(action)),
  schedule: schedule === null ? null : JobSchedule.parse(JSON.parse(schedule)),
  retention: retention === null ? null : Retention.parse(JSON.parse(retention)),
  isOn: isOn === 1,
  handledUntil,
});

const runOf = ({ id, job: _, times: __, backup, removed, ...same }: RunRow): JobRun => ({
  ...same,
  id: String(id),
  backup: backup === null ? null : String(backup),
  removed: JSON.parse(removed) as string[],
});

/** A moment for a sentence. */
export const utc = (at: number): string => `${new Date(at).toISOString().slice(0, 16).replace('T', ' ')} UTC`;
