import type { Connection, SslMode } from '../../preload/contract/connection.ts';
import {
  type EnvironmentDraft as Draft,
  type EnvironmentColor,
  EnvironmentDraft,
  type Protection,
} from '../../preload/contract/environments.ts';
import type { ImportCandidate } from '../../preload/contract/imports.ts';

/** What can be corrected before a connection is taken, as it stands in its fields. */
export interface RowForm {
  name: string;
  group: string;
  host: string;
  port: string;
  database: string;
  user: string;
  sslmode: SslMode;
  protection: Protection;
  color: EnvironmentColor;
  /** Whether its companion command is taken along. */
  companion: boolean;
  /** Whether it is connected at once; null: as all are, but never with a command that nobody agreed to. */
  connect: boolean | null;
  /** Name, as typed, of an environment that protects the same server more strictly. */
  confirm: string;
}

/** The fields that a person has changed. Only these outlive a further look at the files. */
export type Corrections = Partial<RowForm>;

export const rowFields = [
  'name',
  'group',
  'host',
  'port',
  'database',
  'user',
  'sslmode',
  'protection',
  'color',
] as const;
export type RowField = (typeof rowFields)[number];

/** What is wrong at each field; `other` is what no field here can mend. */
export type RowProblems = Partial<Record<RowField | 'other', string>>;

/** The fields of a candidate, as found or as corrected. */
export function formOf({ draft }: Pick<ImportCandidate, 'draft'>, corrections: Corrections = {}): RowForm {
  const { name, group, color, protection, connection } = draft;
  const { host, port, database, user, sslmode, companion } = connection;
  const found: RowForm = {
    ...{ name, group, color, protection, host, port: String(port), database, user, sslmode },
    companion: companion !== undefined,
    connect: null,
    confirm: '',
  };
  return { ...found, ...corrections };
}

/** A correction after a field was typed; what equals the find again is none. */
export function corrected(
  candidate: Pick<ImportCandidate, 'draft'>,
  before: Corrections,
  change: Corrections,
): Corrections {
  const found = formOf(candidate);
  return Object.fromEntries(
    Object.entries({ ...before, ...change }).filter(
      ([field, value]) => value !== found[field as keyof RowForm],
    ),
  );
}

/** The draft that is taken. What no field shows (parameters, tunnel, further hosts) stays as it was found. */
export function draftOf({ draft }: Pick<ImportCandidate, 'draft'>, corrections: Corrections = {}): Draft {
  const form = formOf({ draft }, corrections);
  const { companion, fromService, ...kept } = draft.connection;
  // A field that a person has set is no longer taken from the service file.
  const stillFromService = fromService?.filter((field) => corrections[field] === undefined);
  const connection: Connection = {
    ...kept,
    host: form.host.trim(),
    port: /^\s*\d{1,6}\s*$/.test(form.port) ? Number(form.port) : Number.NaN,
    database: form.database,
    user: form.user,
    sslmode: form.sslmode,
    ...(stillFromService?.length ? { fromService: stillFromService } : {}),
    ...(companion && form.companion ? { companion } : {}),
  };
  const { color, protection } = form;
  return { name: form.name.trim(), group: form.group.trim(), color, protection, connection };
}

/** What the contract has against a draft, by field. */
export function draftProblems(draft: Draft): RowProblems {
  const checked = EnvironmentDraft.safeParse(draft);
  if (checked.success) return {};
  const problems: RowProblems = {};
  for (const { path, message } of checked.error.issues) {
    const part = String(path[0] === 'connection' ? path[1] : path[0]);
    const field = isRowField(part) ? part : 'other';
    problems[field] ??= field === 'other' ? `${path.slice(1).join('.')}: ${message}` : message;
  }
  return problems;
}

export function isRowField(text: string): text is RowField {
  return (rowFields as readonly string[]).includes(text);
}
