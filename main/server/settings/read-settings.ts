import type { Explanation } from '../../../preload/contract/common.ts';
import type { FileError, Override, Setting, Settings } from '../../../preload/contract/server-settings.ts';
import { masked } from '../../lib/mask.ts';
import type { ServerPool } from '../../servers/index.ts';
import filesSql from './files.sql?raw';
import overridesSql from './overrides.sql?raw';
import rightsSql from './rights.sql?raw';
import settingsSql from './settings.sql?raw';
import { fileValueInWords, inWords, isSameValue } from './units.ts';

interface SettingRow extends Record<string, unknown> {
  name: string;
  setting: string | null;
  unit: string | null;
  category: string;
  short_desc: string;
  extra_desc: string | null;
  context: string;
  vartype: string;
  source: string;
  min_val: string | null;
  max_val: string | null;
  enumvals: string[];
  boot_val: string | null;
  reset_val: string | null;
  sourcefile: string | null;
  sourceline: number | null;
  pending_restart: boolean;
}

export interface FileRow extends Record<string, unknown> {
  sourcefile: string | null;
  sourceline: number | null;
  name: string | null;
  setting: string | null;
  applied: boolean;
  error: string | null;
}

interface Rights extends Record<string, unknown> {
  all_settings: boolean;
  files: boolean;
  user: string;
}

/**
 * Settings that only superusers and pg_read_all_settings see, in every version (PostgreSQL's guc_tables,
 * GUC_SUPERUSER_ONLY): by those that are not there it is told how many are hidden.
 */
const secretive = [
  'config_file',
  'data_directory',
  'dynamic_library_path',
  'external_pid_file',
  'hba_file',
  'ident_file',
  'krb_server_keyfile',
  'local_preload_libraries',
  'log_directory',
  'log_filename',
  'primary_conninfo',
  'session_preload_libraries',
  'shared_preload_libraries',
  'ssl_passphrase_command',
  'stats_temp_directory',
  'unix_socket_directories',
];

/** Every setting, override and line of the files that this role may see. */
export async function readSettings(pool: ServerPool): Promise<Settings> {
  const [rights] = await pool.query<Rights>(rightsSql);
  const rows = await pool.query<SettingRow>(settingsSql);
  const overrides = await pool.query<{ database: string | null; role: string | null; setting: string }>(
    overridesSql,
  );
  const files = rights?.files ? await pool.query<FileRow>(filesSql) : null;
  const settings = rows.map((row) => settingOf(row, files));
  const seen = new Set(rows.map(({ name }) => name));
  return {
    settings,
    overrides: overrides.map(overrideOf),
    fileErrors: files && fileErrors(files, rows),
    hidden: rights?.all_settings
      ? 0
      : secretive.filter((name) => !seen.has(name) && !gone.has(name)).length || null,
    limits: limitsOf(rights),
  };
}

/** Not in every version: that one is missing says nothing. */
const gone = new Set(['stats_temp_directory', 'krb_server_keyfile']);

function settingOf(row: SettingRow, files: readonly FileRow[] | null): Setting {
  const { name, unit, vartype: type } = row;
  // What Howdah's own session has set is not what others get: of SET the server keeps the value before, of what came
  // with the connection it does not.
  const raw = row.source === 'client' ? null : row.source === 'session' ? row.reset_val : row.setting;
  const standard = row.boot_val;
  const pending = files && raw !== null ? pendingOf(row, raw, files) : null;
  return {
    name,
    value: raw === null ? null : masked(inWords(raw, unit)),
    raw: raw === null ? null : masked(raw),
    unit,
    standard: standard === null ? null : masked(inWords(standard, unit)),
    differs: raw !== null && raw !== (standard ?? ''),
    category: row.category,
    description: [row.short_desc, row.extra_desc].filter(Boolean).join(' '),
    context: row.context,
    type,
    source: row.source === 'session' ? 'unknown' : row.source,
    place: row.sourcefile === null ? null : `${row.sourcefile}:${row.sourceline}`,
    min: row.min_val,
    max: row.max_val,
    choices: row.enumvals,
    pendingRestart: row.pending_restart,
    pending: pending === null ? null : masked(fileValueInWords(pending, type, unit)),
  };
}

/** What the files say, where that is not in effect. The last line of a setting counts. */
function pendingOf(row: SettingRow, raw: string, files: readonly FileRow[]): string | null {
  const waits = row.pending_restart || row.context === 'postmaster';
  const last = files.findLast(
    ({ name, error }) => name === row.name && (error === null || (waits && !isRefusal(error))),
  );
  if (!last || last.setting === null) return null;
  const isFromFile = row.source === 'configuration file' || row.source === 'default';
  if (!row.pending_restart && !isFromFile) return null;
  return isSameValue(last.setting, raw, row.vartype, row.unit) ? null : last.setting;
}

/** "Could not be applied" also stands for what only waits for a restart (src/backend/utils/misc/guc-file.l). */
const isRefusal = (error: string | null): boolean =>
  error !== null && error !== 'setting could not be applied';

/** Lines that the server can't take. What only waits for a restart is none. */
function fileErrors(files: readonly FileRow[], rows: readonly SettingRow[]): FileError[] {
  const byName = new Map(rows.map((row) => [row.name, row]));
  return files
    .filter(({ name, error }) => {
      if (error === null) return false;
      if (isRefusal(error)) return true;
      const setting = name === null ? undefined : byName.get(name);
      return !(setting?.pending_restart || setting?.context === 'postmaster');
    })
    .map(({ sourcefile, sourceline, name, setting, error }) => ({
      place: `${sourcefile ?? '?'}:${sourceline ?? '?'}`,
      name,
      value:
        setting === null
          ? null
          : masked(name === null ? setting : `${name} = ${setting}`).replace(`${name} = `, ''),
      message: error ?? '',
    }));
}

function overrideOf({
  database,
  role,
  setting,
}: {
  database: string | null;
  role: string | null;
  setting: string;
}): Override {
  const at = setting.indexOf('=');
  return { name: setting.slice(0, at), value: masked(setting.slice(at + 1)), database, role };
}

function limitsOf(rights: Rights | undefined): Explanation[] {
  if (!rights) return [];
  const user = `"${rights.user.replaceAll('"', '""')}"`;
  const limits: Explanation[] = [];
  if (!rights.all_settings)
    limits.push({
      cause: 'settings-hidden',
      what: 'Some settings are hidden from this role.',
      why: 'Paths, libraries and connection strings are shown to superusers and members of pg_read_all_settings.',
      next: 'A superuser can grant it; pg_monitor includes it.',
      command: `GRANT pg_monitor TO ${user}`,
    });
  if (!rights.files)
    limits.push({
      cause: 'settings-files-hidden',
      what: 'What the settings files hold can’t be seen.',
      why: 'pg_file_settings is closed to this role: mistakes in the files, and what a restart would bring, are not known.',
      next: 'A superuser can open it.',
      command: `GRANT SELECT ON pg_file_settings TO ${user}; GRANT EXECUTE ON FUNCTION pg_show_all_file_settings() TO ${user}`,
    });
  return limits;
}
