import { escapeIdentifier } from 'pg';
import type { Advice, Advised } from '../../preload/contract/advice.ts';
import type { ServerPool } from '../servers/index.ts';
import viewsPastRlsSql from './views-past-rls.sql?raw';

interface ViewRow extends Record<string, unknown> {
  schema: string;
  view: string;
  owner: string;
  materialized: boolean;
  past: 'superuser' | 'bypass' | 'owner';
  /** Tables with row-level security that it reads, as `schema.name`. */
  tables: string[];
  /** Roles that may read the view. */
  readers: string[];
}

/** The first version whose views can have the rights of whoever reads them. */
const securityInvokerSince = 150_000;

/** Looks at who may see what: views that lead past row-level security. */
export async function accessAdvice(
  pool: ServerPool,
  server: { versionNumber: number; database: string },
): Promise<Advised> {
  const views = await pool.query<ViewRow>(viewsPastRlsSql);
  return { advice: views.map((view) => viewAdvice(view, server)), limits: [] };
}

function viewAdvice(row: ViewRow, server: { versionNumber: number; database: string }): Advice {
  const name = `${row.schema}.${row.view}`;
  const canInvoke = !row.materialized && server.versionNumber >= securityInvokerSince;
  const whose = {
    superuser: `${row.owner} is a superuser, to whom no policy applies.`,
    bypass: `${row.owner} has BYPASSRLS: no policy applies to it.`,
    owner: `${row.owner} owns the tables as well, and their policies do not apply to their owner.`,
  }[row.past];
  const kind = row.materialized ? 'Materialized view' : 'View';
  return {
    id: `view-past-rls ${name}`,
    kind: 'view-past-rls',
    room: 'access',
    severity: 'warning',
    title: `${kind} ${name} shows rows past row-level security`,
    object: name,
    database: server.database,
    evidence: [
      `It reads ${listed(row.tables)} with the rights of its owner.`,
      whose,
      `${listed(row.readers)} may read it.`,
    ],
    harm: 'Whoever may read the view sees the rows of everybody, those too that the tables’ policies keep from them.',
    remedy: remedyOf(row, canInvoke),
    statement: canInvoke
      ? `ALTER VIEW ${escapeIdentifier(row.schema)}.${escapeIdentifier(row.view)} SET (security_invoker = true);`
      : null,
    bytes: null,
    estimated: false,
    source: 'PostgreSQL manual, 5.9 Row Security Policies; CREATE VIEW, security_invoker',
  };
}

function remedyOf({ materialized }: ViewRow, canInvoke: boolean): string {
  if (canInvoke)
    return 'Let it run with the rights of whoever reads it; they then need SELECT on the tables too. Leave it where it is meant to show everything.';
  if (materialized)
    return 'Its rows are kept as its owner saw them. Take SELECT on it from roles that shall not see all, or give them a view over it that filters.';
  return 'Before PostgreSQL 15 a view always runs as its owner: give it an owner to whom the policies apply, or let the tables FORCE ROW LEVEL SECURITY.';
}

function listed(names: readonly string[]): string {
  const shown = names.slice(0, 5).join(', ');
  return names.length > 5 ? `${shown} and ${names.length - 5} more` : shown;
}
