import type { TrackProblem } from '../../../preload/contract/migrations.ts';
import type { FolderView } from '../tool.ts';
import { folderOf, joined, nameOf } from './code/project-tree.ts';
import type { ChangelogFile, ChangeSet, Inclusion } from './liquibase-changeset.ts';
import { formattedSql, isFormattedSql } from './liquibase-sql.ts';
import { xmlChangelog } from './liquibase-xml.ts';
import { yamlChangelog } from './liquibase-yaml.ts';
import { asTrackProblem } from './shared/file-problem.ts';

/** A changelog with everything that it includes. */
export interface ChangelogTree {
  /** In the order in which Liquibase runs them. */
  changeSets: ChangeSet[];
  /** Why not all of it is known, a sentence each. */
  doubts: string[];
  problems: TrackProblem[];
}

/** Bytes. */
const LIMIT = 4 * 1024 * 1024;
/** Files of one changelog; more are named as a doubt. */
const FILES = 20_000;
const LISTED = /\.(?:xml|ya?ml|json|sql)$/i;

/**
 * Reads a changelog and what it includes. Paths that are not relative to their changelog are looked for below each of
 * `roots` (search path, class path) in turn.
 */
export async function readChangelogTree(
  view: FolderView,
  root: string,
  roots: readonly string[],
): Promise<ChangelogTree> {
  const tree: ChangelogTree = { changeSets: [], doubts: [], problems: [] };
  const opened: string[] = [];
  let files = 0;

  const visit = async (path: string, inherited: Pick<Inclusion, 'contexts' | 'labels'>): Promise<void> => {
    if (opened.includes(path)) {
      tree.problems.push(circle(opened, path));
      return;
    }
    if (++files > FILES) {
      if (files === FILES + 1) tree.doubts.push(`Only ${FILES} files of the changelog were read.`);
      return;
    }
    const file = await changelogFile(view, path).catch((error: unknown) => {
      tree.problems.push(asTrackProblem(error, 'bad'));
      tree.doubts.push(`${path} was not read.`);
      return undefined;
    });
    if (!file) return;
    tree.doubts.push(...file.doubts);
    opened.push(path);
    for (const item of file.items) {
      if ('changeSet' in item) {
        const { changeSet } = item;
        if (/\$\{/.test(`${changeSet.id}${changeSet.author}${changeSet.path}`))
          tree.doubts.push(`${path} writes a change set with a parameter: ${changeSet.id}.`);
        tree.changeSets.push({
          ...changeSet,
          contexts: both(inherited.contexts, changeSet.contexts),
          labels: both(inherited.labels, changeSet.labels),
        });
      } else await include(path, item.include, inherited);
    }
    opened.pop();
  };

  const include = async (
    from: string,
    inclusion: Inclusion,
    inherited: Pick<Inclusion, 'contexts' | 'labels'>,
  ): Promise<void> => {
    if (inclusion.special.length > 0)
      tree.doubts.push(`${from} includes ${inclusion.path} with ${inclusion.special.join(' and ')}.`);
    if (inclusion.path.includes('${')) {
      tree.doubts.push(`${from} includes ${inclusion.path}, which has a parameter.`);
      return;
    }
    const place = await find(view, from, inclusion, roots);
    const passed = {
      contexts: both(inherited.contexts, inclusion.contexts),
      labels: both(inherited.labels, inclusion.labels),
    };
    if (place === undefined) {
      tree.problems.push(notFound(from, inclusion.path));
      tree.doubts.push(`${from} includes ${inclusion.path}, which was not found.`);
    } else if (!inclusion.all) await visit(place, passed);
    else for (const path of await filesBelow(view, place)) if (LISTED.test(path)) await visit(path, passed);
  };

  await visit(root, { contexts: null, labels: null });
  return tree;
}

async function changelogFile(view: FolderView, path: string): Promise<ChangelogFile> {
  const text = await view.text(path, LIMIT);
  const kind = nameOf(path).toLowerCase();
  if (kind.endsWith('.xml')) return xmlChangelog(text, path);
  if (/\.(?:ya?ml|json)$/.test(kind)) return yamlChangelog(text, path);
  if (isFormattedSql(text)) return formattedSql(text, path);
  // A plain SQL file is one change set, whose id and author Liquibase makes up: raw, includeAll.
  return {
    items: [
      {
        changeSet: {
          id: 'raw',
          author: 'includeAll',
          path,
          logical: false,
          file: path,
          contexts: null,
          labels: null,
          dbms: null,
          runAlways: false,
          runOnChange: false,
          ignore: false,
          preconditions: false,
          rollback: false,
        },
      },
    ],
    doubts: [],
  };
}

async function find(
  view: FolderView,
  from: string,
  { path, relative }: Inclusion,
  roots: readonly string[],
): Promise<string | undefined> {
  const plain = path
    .replace(/^classpath\*?:/, '')
    .replaceAll('\\', '/')
    .replace(/^\/+/, '');
  const places = relative ? [joined(folderOf(from), plain)] : roots.map((root) => joined(root, plain));
  for (const place of places) if (!place.startsWith('..') && (await view.exists(place))) return place;
  return undefined;
}

/** In the order of their whole paths, as `includeAll` takes them. */
async function filesBelow(view: FolderView, folder: string): Promise<string[]> {
  const paths: string[] = [];
  for (const { name, kind } of await view.list(folder)) {
    if (kind === 'file') paths.push(joined(folder, name));
    else paths.push(...(await filesBelow(view, joined(folder, name))));
  }
  return paths.sort();
}

/** Both have to hold: what is inherited and what is written. */
const both = (outer: string | null, inner: string | null): string | null =>
  outer && inner ? `(${outer}) and (${inner})` : (outer ?? inner);

const circle = (opened: readonly string[], path: string): TrackProblem => ({
  severity: 'bad',
  cause: 'include-circle',
  what: `${path} includes itself.`,
  why: `The way leads over ${opened.slice(opened.indexOf(path)).join(', ')} back to it.`,
  next: 'Take one of the includes out.',
});

const notFound = (from: string, path: string): TrackProblem => ({
  severity: 'warning',
  cause: 'include-missing',
  what: `${from} includes ${path}, which was not found.`,
  why: 'It was deleted or renamed, or lies on a search path or in a library that this project does not hold.',
  next: 'Bring the file back, or see the changelog’s search path.',
});
