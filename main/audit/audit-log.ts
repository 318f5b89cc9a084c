import type { AuditEntry } from '../../preload/contract/audit.ts';
import type { AuditTrail } from '../rpc.ts';
import type { Store } from '../store/index.ts';

/** The local trail of everything that changed or ended something. Each act is written before and after. */
export interface AuditLog extends AuditTrail {
  list(filter: { environment?: string; text?: string; before?: number; limit: number }): {
    entries: AuditEntry[];
    more: boolean;
  };
}

/** Longest result kept, in characters. */
const longestResult = 4000;

export function openAuditLog({ db }: Store): AuditLog {
  const insert = db.prepare(
    `INSERT INTO audit (at, who, environment_id, environment_name, procedure, risk, input, outcome)
     VALUES (?, ?, ?, ?, ?, ?, ?, 'started') RETURNING id`,
  );
  const update =
    db.prepare(`UPDATE audit SET outcome = ?, took_ms = ?, result = ?, environment_id = coalesce(environment_id, ?),
                      environment_name = coalesce(environment_name, ?)
     WHERE id = ?`);
  const select = db.prepare(
    `SELECT id, at, took_ms AS tookMs, who, environment_id AS environment, environment_name AS environmentName,
            procedure, risk, input, outcome, result
     FROM audit
     WHERE (:environment IS NULL OR environment_id = :environment)
       AND (:before IS NULL OR id < :before)
       AND (:text IS NULL
            OR instr(lower(procedure || ' ' || who || ' ' || input || ' ' || coalesce(environment_name, '') || ' '
                           || coalesce(result, '')), :text) > 0)
     ORDER BY id DESC LIMIT :limit`,
  );
  return {
    begin: ({ at, who, environment, procedure, risk, input }) => {
      const row = insert.get(
        at,
        who,
        environment?.id ?? null,
        environment?.name ?? null,
        procedure,
        risk,
        JSON.stringify(input ?? {}),
      );
      return (row as { id: number }).id;
    },
    finish: (id, outcome, tookMs, result, environment) => {
      const { id: environmentId = null, name = null } = environment ?? {};
      update.run(outcome, Math.round(tookMs), result.slice(0, longestResult), environmentId, name, id);
    },
    list: ({ environment, text, before, limit }) => {
      const rows = select.all({
        environment: environment ?? null,
        text: text?.trim().toLowerCase() || null,
        before: before ?? null,
        limit: limit + 1,
      }) as unknown as AuditEntry[];
      return { entries: rows.slice(0, limit), more: rows.length > limit };
    },
  };
}
