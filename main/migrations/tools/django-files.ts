import type { TrackProblem } from '../../../preload/contract/migrations.ts';
import type { FolderMigration, FolderReading, FolderView, ToolLocation } from '../tool.ts';
import { joined, nameOf, stemOf } from './code/project-tree.ts';
import { logicalLines } from './code/python-lines.ts';
import { pythonSource } from './code/python-source.ts';
import { assignment, type PythonValue } from './code/python-values.ts';
import { readSources } from './code/read-sources.ts';
import { type DjangoApp, isMigrationFile } from './django-apps.ts';

/** `app` and `name` of a migration, as Django keys them. */
export type MigrationKey = `${string}.${string}`;

/** A migration as its file writes it. */
export interface DjangoMigration {
  app: string;
  name: string;
  /** Relative to the project. */
  file: string;
  /** `__first__` and `__latest__` are worked out later. */
  dependencies: [app: string, name: string][];
  runBefore: [app: string, name: string][];
  replaces: [app: string, name: string][];
  /** Fields that can't be read without running the file. */
  computed: string[];
}

export interface DjangoExtra {
  migrations: DjangoMigration[];
  /** Labels of the apps that the project holds. */
  apps: string[];
  /** Apps of which a file can't be read. */
  doubtful: string[];
}

export const keyOf = (app: string, name: string): MigrationKey => `${app}.${name}`;

/** Reads the migrations of a project's own apps; no file is run. Their order is worked out with the database's rows. */
export async function readDjango(view: FolderView, { settings }: ToolLocation): Promise<FolderReading> {
  const apps = JSON.parse(settings.apps ?? '[]') as DjangoApp[];
  const problems: TrackProblem[] = [];
  const migrations: DjangoMigration[] = [];
  const doubtful = new Set<string>();
  for (const { label, folder } of apps) {
    const names = (await view.list(folder)).filter(
      ({ name, kind }) => kind === 'file' && isMigrationFile(name),
    );
    const paths = names.map(({ name }) => joined(folder, name));
    const { sources, problems: unreadable } = await readSources(view, paths, pythonSource);
    problems.push(...unreadable);
    for (const { path, text } of sources) {
      const parsed = text === undefined ? undefined : parseDjango(text, label, path, settings.user ?? 'auth');
      if (parsed?.fault) problems.push(notPython(path, parsed.fault));
      if (parsed?.migration) migrations.push(parsed.migration);
      else doubtful.add(label);
      if (parsed && !parsed.migration) problems.push(withoutClass(path));
    }
  }
  for (const { computed, file } of migrations)
    if (computed.length > 0) problems.push(notPlain(file, computed));
  const extra: DjangoExtra = { migrations, apps: apps.map(({ label }) => label), doubtful: [...doubtful] };
  return { migrations: migrations.map(migrationOf), problems, extra };
}

/** The `Migration` class of a file; undefined when there is none. */
export function parseDjango(
  text: string,
  app: string,
  path: string,
  userApp: string,
): { migration: DjangoMigration | undefined; fault: { what: string; line: number } | undefined } {
  const { lines, fault } = logicalLines(text);
  const first = lines.findIndex(
    ({ indent, start }) => indent === 0 && /^class\s+Migration\s*\(/.test(text.slice(start, start + 60)),
  );
  if (first < 0) return { migration: undefined, fault };
  const migration: DjangoMigration = {
    app,
    name: stemOf(nameOf(path)),
    file: path,
    dependencies: [],
    runBefore: [],
    replaces: [],
    computed: [],
  };
  const fields = { dependencies: 'dependencies', run_before: 'runBefore', replaces: 'replaces' } as const;
  const inner = lines[first + 1]?.indent ?? 0;
  for (const { indent, start, end } of lines.slice(first + 1)) {
    if (indent === 0) break;
    if (indent !== inner || !/^(?:dependencies|run_before|replaces)\b/.test(text.slice(start, start + 13)))
      continue;
    const found = assignment(text, start, end);
    const field = found && fields[found.name as keyof typeof fields];
    if (!field) continue;
    const keys = Array.isArray(found.value) ? found.value.map((value) => keyAt(value, userApp)) : [undefined];
    if (keys.includes(undefined)) migration.computed.push(found.name);
    migration[field] = keys.filter((key) => key !== undefined);
  }
  return { migration, fault };
}

function keyAt(value: PythonValue, userApp: string): [string, string] | undefined {
  if (Array.isArray(value)) {
    const [app, name] = value;
    return typeof app === 'string' && typeof name === 'string' ? [app, name] : undefined;
  }
  if (
    typeof value === 'object' &&
    value !== null &&
    'call' in value &&
    /\bswappable_dependency$/.test(value.call)
  ) {
    const [model] = value.args;
    return [typeof model === 'string' ? (model.split('.')[0] as string) : userApp, '__first__'];
  }
  return undefined;
}

const migrationOf = ({ app, name, file, dependencies, replaces }: DjangoMigration): FolderMigration => ({
  id: keyOf(app, name),
  name: `${app}.${name}`,
  file,
  downFile: null,
  // Each operation of it decides, as Django runs it.
  reversible: null,
  parents: dependencies.map(([parentApp, parent]) => keyOf(parentApp, parent)),
  labels: [app],
  checksums: null,
  ...(replaces.length > 0 ? { kind: 'squashed' } : {}),
});

const notPython = (path: string, { what, line }: { what: string; line: number }): TrackProblem => ({
  severity: 'bad',
  cause: 'python-syntax',
  what: `${path} is not valid Python.`,
  why: `Line ${line} begins ${what} that is never closed, so Django can’t load its app’s migrations.`,
  next: 'Mend the file. What could be read of it is shown.',
});

const withoutClass = (path: string): TrackProblem => ({
  severity: 'bad',
  cause: 'migration-without-class',
  what: `${path} has no Migration class.`,
  why: 'Django takes every module of the folder for a migration and refuses to run while one has none.',
  next: 'Move the file out of the folder, or let its name begin with an underscore.',
});

const notPlain = (path: string, fields: readonly string[]): TrackProblem => ({
  severity: 'notice',
  cause: 'migration-computed',
  what: `Not all of ${fields.join(' and ')} of ${path} can be told.`,
  why: 'They are worked out as the file runs, and files are never run to be read.',
  next: 'Run python manage.py showmigrations --plan where the order matters.',
});
