import type { MigrationToolId } from '../../../preload/contract/migrations.ts';
import { byNature, byNumber, plainNumber } from '../tools/shared/versions.ts';
import { refuse } from './refusal.ts';

/** A file of a new migration, without its folder. */
export interface NewFile {
  name: string;
  content: string;
}

const gooseTemplate = "-- +goose Up\nSELECT 'up SQL query';\n\n-- +goose Down\nSELECT 'down SQL query';\n";
const dbmateTemplate = '-- migrate:up\n\n\n-- migrate:down\n\n';
const DOWN = /[._-](down|undo|rollback|revert)\.sql$/i;

/**
 * What the tool's own `create` would make, numbered as the folder already is; an empty folder as the tool does without
 * being told. Facts: golang-migrate's `internal/cli/commands.go`, dbmate's `db.go`, goose's `create.go` and `helpers.go`.
 *
 * @param names of the files that are there
 * @throws {Refusal} for a name that can't be part of a file's
 */
export function newFiles(
  tool: MigrationToolId,
  names: readonly string[],
  name: string,
  now: Date,
): NewFile[] {
  const plain = name.trim().replace(/\s+/g, '_');
  if (!/^[\p{L}\p{N}_.-]+$/u.test(plain) || plain.startsWith('.') || Buffer.byteLength(plain) > 200)
    refuse({
      cause: 'migration-name-wrong',
      what: `"${name}" can’t be part of a file’s name.`,
      why: 'Letters, digits, “_”, “-” and “.” are taken, up to 200 bytes.',
      next: 'Name it in such words, for example add_orders_index.',
    });
  switch (tool) {
    case 'golang-migrate': {
      const version = nextNumber(names, /^(\d+)_.*\.(?:up|down)\.sql$/, now, { width: 6, empty: 'time' });
      return ['up', 'down'].map((side) => ({ name: `${version}_${plain}.${side}.sql`, content: '' }));
    }
    case 'dbmate':
      return [{ name: `${stampOf(now)}_${plain}.sql`, content: dbmateTemplate }];
    case 'goose': {
      const version = nextNumber(names, /^(\d+)_.*\.(?:sql|go)$/, now, { width: 5, empty: 'time' });
      return [{ name: `${version}_${snakeCase(plain)}.sql`, content: gooseTemplate }];
    }
    default:
      return homeMade(names, plain, now);
  }
}

/** In the style of the last file: width, what stands behind the number, and a counterpart where it has one. */
function homeMade(names: readonly string[], plain: string, now: Date): NewFile[] {
  const ups = names.filter((one) => /^\d+.*\.sql$/i.test(one) && !DOWN.test(one)).sort(byNature);
  const last = ups.at(-1) ?? '';
  const separator = /^\d+([_.-]+)/.exec(last)?.[1] ?? '_';
  const upEnding = /[._-]up\.sql$/i.exec(last)?.[0] ?? '.sql';
  const stem = last.replace(/([._-]up)?\.sql$/i, '');
  const downEnding = names
    .filter((one) => DOWN.test(one) && one.replace(DOWN, '') === stem)
    .map((one) => one.slice(stem.length))[0];
  const version = nextNumber(ups, /^(\d+)/, now, { width: 3, empty: 'number' });
  const base = `${version}${separator}${plain}`;
  return [upEnding, ...(downEnding ? [downEnding] : [])].map((ending) => ({
    name: base + ending,
    content: '',
  }));
}

/** The next number, as wide as the last; or the time, where the last is one. */
function nextNumber(
  names: readonly string[],
  pattern: RegExp,
  now: Date,
  { width, empty }: { width: number; empty: 'time' | 'number' },
): string {
  const digits = names.flatMap((name) => pattern.exec(name)?.[1] ?? []).sort(byNumber);
  const last = digits.at(-1);
  if (last === undefined) return empty === 'time' ? stampOf(now) : '1'.padStart(width, '0');
  if (isStamp(last)) return stampOf(now);
  // Seconds since 1970, between 2001 and 2100.
  if (/^[1-4]\d{9}$/.test(last)) return String(Math.floor(now.getTime() / 1000));
  const next = (BigInt(plainNumber(last)) + 1n).toString();
  return next.padStart(last.length, '0');
}

/** `20060102150405` in UTC. */
const stampOf = (now: Date): string => now.toISOString().replace(/\D/g, '').slice(0, 14);

const isStamp = (digits: string): boolean => /^(19|20)\d\d(0[1-9]|1[0-2])([0-2]\d|3[01])\d{6}$/.test(digits);

/** goose's `snakeCase`: letters and digits in lower case, everything between them one `_`. */
const snakeCase = (name: string): string =>
  name
    .toLowerCase()
    .replace(/[^\p{L}\p{N}]+/gu, '_')
    .replace(/^_+|_+$/g, '');
