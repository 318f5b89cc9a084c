/**
 * When autovacuum acts on a table: `relation_needs_vacanalyze` of the server's autovacuum.c, counted in single
 * precision as it does. Sources: PostgreSQL manual, "The Autovacuum Daemon"; 18 adds a highest threshold and leaves
 * frozen pages out of the one for inserts.
 */

/** The server's settings, numbers as they are stored (no units). */
export interface AutovacuumSettings {
  autovacuum: boolean;
  trackCounts: boolean;
  vacuumThreshold: number;
  vacuumScale: number;
  /** 18+; null: there is no highest one. */
  vacuumMax: number | null;
  /** 13+; null: inserts count for nothing. */
  insertThreshold: number | null;
  insertScale: number;
  analyzeThreshold: number;
  analyzeScale: number;
  freezeMaxAge: number;
  multixactFreezeMaxAge: number;
  /** 14+. */
  failsafeAge: number | null;
  multixactFailsafeAge: number | null;
}

/** What the settings are called on the server. */
export const settingNames = [
  'autovacuum',
  'track_counts',
  'autovacuum_vacuum_threshold',
  'autovacuum_vacuum_scale_factor',
  'autovacuum_vacuum_max_threshold',
  'autovacuum_vacuum_insert_threshold',
  'autovacuum_vacuum_insert_scale_factor',
  'autovacuum_analyze_threshold',
  'autovacuum_analyze_scale_factor',
  'autovacuum_freeze_max_age',
  'autovacuum_multixact_freeze_max_age',
  'vacuum_failsafe_age',
  'vacuum_multixact_failsafe_age',
] as const;

export function readSettings(raw: Readonly<Record<string, string>>): AutovacuumSettings {
  const number = (name: (typeof settingNames)[number], without: number): number =>
    raw[name] === undefined ? without : Number(raw[name]);
  const orNull = (value: number): number | null => (value < 0 ? null : value);
  return {
    autovacuum: raw.autovacuum !== 'off',
    trackCounts: raw.track_counts !== 'off',
    vacuumThreshold: number('autovacuum_vacuum_threshold', 50),
    vacuumScale: number('autovacuum_vacuum_scale_factor', 0.2),
    vacuumMax: orNull(number('autovacuum_vacuum_max_threshold', -1)),
    insertThreshold: orNull(number('autovacuum_vacuum_insert_threshold', -1)),
    insertScale: number('autovacuum_vacuum_insert_scale_factor', 0.2),
    analyzeThreshold: number('autovacuum_analyze_threshold', 50),
    analyzeScale: number('autovacuum_analyze_scale_factor', 0.1),
    freezeMaxAge: number('autovacuum_freeze_max_age', 200_000_000),
    multixactFreezeMaxAge: number('autovacuum_multixact_freeze_max_age', 400_000_000),
    failsafeAge: orNull(number('vacuum_failsafe_age', -1)),
    multixactFailsafeAge: orNull(number('vacuum_multixact_failsafe_age', -1)),
  };
}

/** As pg_class counts it. */
export interface HeapSize {
  /** reltuples: -1 (14+) or 0 where it was never vacuumed or analysed. */
  tuples: number;
  pages: number;
  /** relallfrozen (18+). */
  frozen: number | null;
}

/** Rows and ages beyond which autovacuum acts; null: never by this. */
export interface Thresholds {
  vacuum: number;
  insert: number | null;
  analyze: number;
  freeze: number;
  multixactFreeze: number;
  /** False: against wraparound alone. */
  enabled: boolean;
}

/** @param options storage parameters as `name=value`; a TOAST table without any of its own has its table's */
export function thresholdsOf(
  { tuples, pages, frozen }: HeapSize,
  options: readonly string[] | null,
  settings: AutovacuumSettings,
): Thresholds {
  const own = new Map((options ?? []).map((option) => splitAt(option)));
  const number = (name: string, without: number): number => {
    const value = own.get(name);
    return value === undefined ? without : Number(value);
  };
  const single = Math.fround;
  const rows = single(Math.max(0, tuples));
  const scaled = (base: number, scale: number, share = 1): number =>
    single(single(base) + single(single(single(scale) * rows) * single(share)));
  const most = number('autovacuum_vacuum_max_threshold', settings.vacuumMax ?? -1);
  const vacuum = scaled(
    number('autovacuum_vacuum_threshold', settings.vacuumThreshold),
    number('autovacuum_vacuum_scale_factor', settings.vacuumScale),
  );
  const insert = number('autovacuum_vacuum_insert_threshold', settings.insertThreshold ?? -1);
  const unfrozen = pages > 0 && frozen !== null && frozen > 0 ? 1 - Math.min(frozen, pages) / pages : 1;
  return {
    vacuum: most >= 0 ? Math.min(vacuum, single(most)) : vacuum,
    insert:
      insert < 0
        ? null
        : scaled(insert, number('autovacuum_vacuum_insert_scale_factor', settings.insertScale), unfrozen),
    analyze: scaled(
      number('autovacuum_analyze_threshold', settings.analyzeThreshold),
      number('autovacuum_analyze_scale_factor', settings.analyzeScale),
    ),
    // A table can only make it lower.
    freeze: Math.min(number('autovacuum_freeze_max_age', Infinity), settings.freezeMaxAge),
    multixactFreeze: Math.min(
      number('autovacuum_multixact_freeze_max_age', Infinity),
      settings.multixactFreezeMaxAge,
    ),
    enabled: !/^(off?|f(a(l(se?)?)?)?|no?|0)$/i.test(own.get('autovacuum_enabled') ?? 'on'),
  };
}

/** Those of a table's parameters that concern autovacuum. */
export const autovacuumOptions = (options: readonly string[] | null): string[] =>
  (options ?? []).filter((option) => /^(autovacuum|vacuum|log_autovacuum)_/.test(option));

const splitAt = (option: string): [string, string] => {
  const at = option.indexOf('=');
  return at < 0 ? [option, 'true'] : [option.slice(0, at), option.slice(at + 1)];
};
