import type { TrackProblem } from '../../../preload/contract/migrations.ts';
import type { FolderMigration, FolderReading, FolderView, ToolLocation } from '../tool.ts';
import { type RevisionFile, type RevisionGraph, revisionGraph } from './alembic-graph.ts';
import { graphProblems } from './alembic-problems.ts';
import { joined, nameOf, stemOf } from './code/project-tree.ts';
import { logicalLines } from './code/python-lines.ts';
import { pythonSource } from './code/python-source.ts';
import { assignment, type PythonValue, stringsOf } from './code/python-values.ts';
import { readSources } from './code/read-sources.ts';

/** What `status` needs beyond the list of revisions. */
export interface AlembicExtra {
  graph: RevisionGraph;
  /** Files that are part of the environment and whose revision can't be told: the graph may lack some. */
  unread: string[];
}

/** As Alembic lists them: `script/base.py`, `_only_source_rev_file`. */
const REVISION_FILE = /^(?!\.#|__init__).*\.py$/;
const LEGACY_FILE = /^([a-f0-9]+)\.py$/;

/** Reads the revisions of an environment; no file is run. */
export async function readAlembic(
  view: FolderView,
  { settings, folder }: ToolLocation,
): Promise<FolderReading> {
  const places = (settings.versions ?? folder).split('\n');
  const problems: TrackProblem[] = [];
  const paths: string[] = [];
  for (const place of places) {
    if (await view.exists(place))
      paths.push(...(await revisionFiles(view, place, settings.recursive === 'true')));
    else problems.push(folderMissing(place));
  }
  const { sources, problems: unreadable } = await readSources(view, [...new Set(paths)], pythonSource);
  problems.push(...unreadable);
  const revisions: RevisionFile[] = [];
  const unread: string[] = [];
  for (const { path, text } of sources) {
    if (text === undefined) {
      unread.push(path);
      continue;
    }
    const parsed = parseRevision(text, path);
    if (parsed.fault) problems.push(notPython(path, parsed.fault));
    if (parsed.revision) revisions.push(parsed.revision);
    else {
      unread.push(path);
      problems.push(withoutRevision(path));
    }
  }
  const graph = revisionGraph(revisions);
  problems.push(...sameRevision(revisions), ...graphProblems(graph));
  const extra: AlembicExtra = { graph, unread };
  return { migrations: graph.order.map((id) => migrationOf(graph, id)), problems, extra };
}

/** One revision's file. `revision` is undefined when nothing in it says which one it is. */
export function parseRevision(
  text: string,
  path: string,
): { revision: RevisionFile | undefined; fault: { what: string; line: number } | undefined } {
  const { lines, fault } = logicalLines(text);
  const values = new Map<string, PythonValue>();
  let downgrade: boolean | undefined;
  for (const [index, { indent, start, end }] of lines.entries()) {
    if (indent > 0) continue;
    if (/^(?:async\s+)?def\s+downgrade\b/.test(text.slice(start, start + 40))) {
      const body = lines.slice(index + 1, index + 3).filter((line) => line.indent > 0);
      const words = body.map((line) => text.slice(line.start, line.end).trimStart());
      const first = /^[rRuU]?['"]/.test(words[0] ?? '') ? words[1] : words[0];
      downgrade = !/^raise\b/.test(first ?? '');
      continue;
    }
    const found = assignment(text, start, end);
    // A name that was set above stands for its value.
    if (found) values.set(found.name, named(found.value, values));
  }
  const id = values.has('revision') ? values.get('revision') : LEGACY_FILE.exec(nameOf(path))?.[1];
  if (typeof id !== 'string' || id === '') return { revision: undefined, fault };
  const strings = (name: string): string[] | undefined => stringsOf(values.get(name) ?? null);
  return {
    revision: {
      id,
      file: path,
      downs: strings('down_revision'),
      dependsOn: strings('depends_on'),
      labels: strings('branch_labels') ?? [],
      reversible: downgrade ?? (fault ? null : false),
    },
    fault,
  };
}

function named(value: PythonValue, values: ReadonlyMap<string, PythonValue>): PythonValue {
  if (Array.isArray(value)) return value.map((item) => named(item, values));
  if (typeof value === 'object' && value !== null && 'name' in value) return values.get(value.name) ?? value;
  return value;
}

async function revisionFiles(view: FolderView, folder: string, recursive: boolean): Promise<string[]> {
  const paths: string[] = [];
  for (const { name, kind } of await view.list(folder)) {
    if (kind === 'file' && REVISION_FILE.test(name)) paths.push(joined(folder, name));
    else if (kind === 'folder' && recursive && !name.endsWith('__pycache__'))
      paths.push(...(await revisionFiles(view, joined(folder, name), true)));
  }
  return paths;
}

function migrationOf({ files, parents }: RevisionGraph, id: string): FolderMigration {
  const { file, labels, reversible, downs } = files.get(id) as RevisionFile;
  return {
    id,
    name: stemOf(nameOf(file)),
    file,
    downFile: reversible ? file : null,
    reversible,
    parents: parents.get(id) ?? [],
    labels,
    checksums: null,
    ...(downs && downs.length > 1 ? { kind: 'merge' } : {}),
  };
}

function folderMissing(folder: string): TrackProblem {
  return {
    severity: 'warning',
    cause: 'folder-missing',
    what: `There is no folder ${folder}.`,
    why: 'Alembic’s configuration names it as the place of the revisions.',
    next: 'See script_location and version_locations in the configuration.',
  };
}

function withoutRevision(path: string): TrackProblem {
  return {
    severity: 'bad',
    cause: 'revision-unnamed',
    what: `${path} does not say which revision it is.`,
    why: 'It sets no revision as plain text, so Alembic refuses the whole folder, or it works the revision out as it runs.',
    next: 'Set revision in the file, or move the file out of the folder.',
  };
}

function notPython(path: string, { what, line }: { what: string; line: number }): TrackProblem {
  return {
    severity: 'bad',
    cause: 'python-syntax',
    what: `${path} is not valid Python.`,
    why: `Line ${line} begins ${what} that is never closed, so Alembic can’t load the folder.`,
    next: 'Mend the file. What could be read of it is shown.',
  };
}

function sameRevision(revisions: readonly RevisionFile[]): TrackProblem[] {
  const byId = Map.groupBy(revisions, ({ id }) => id);
  return [...byId]
    .filter(([, files]) => files.length > 1)
    .map(([id, files]) => ({
      severity: 'bad' as const,
      cause: 'revision-twice',
      what: `Revision ${id} is present more than once.`,
      why: `It stands in ${files.map(({ file }) => file).join(' and ')}; Alembic takes one of them and warns.`,
      next: 'Give one of them a revision of its own, or delete it.',
    }));
}
