import type { FolderView, ToolLocation } from '../tool.ts';
import { filesNamed, folderOf, joined } from './code/project-tree.ts';
import { textOrNothing } from './code/read-sources.ts';

const RESOURCES = /^((?:.*\/)?src\/(?:main|test)\/resources)(?:\/|$)/;
const ROOT_NAME =
  /^(?:(?:db[._-]?)?change-?log(?:[._-](?:master|root|main|all))?|(?:master|root|main)[._-]change-?log|(?:db\.)?changelog[._-]master|changelog[._-]\w*master\w*)\.(?:xml|ya?ml|json|sql)$/i;

/**
 * Finds root changelogs: those that `liquibase.properties` or Spring's configuration name, else files called as people
 * call them.
 */
export async function locateLiquibase(view: FolderView): Promise<ToolLocation[]> {
  const found = new Map<string, ToolLocation>();
  const add = (changelog: string, root: string, config: string | null): void => {
    if (!found.has(changelog)) found.set(changelog, locationOf(changelog, root, config));
  };
  for (const { folder, path } of await filesNamed(view, (name) =>
    /^liquibase[\w.-]*\.properties$/.test(name),
  )) {
    const options = properties((await textOrNothing(view, path)) ?? '');
    const changelog = options.get('changelogfile');
    if (!changelog || changelog.includes('${')) continue;
    const search = (options.get('searchpath') ?? options.get('classpath') ?? '')
      .split(/[,:]/)
      .filter(Boolean);
    const resources = RESOURCES.exec(folder)?.[1];
    const roots = [
      ...search.map((root) => joined(folder, root)),
      folder,
      ...(resources ? [resources] : []),
      '',
    ];
    for (const root of roots) {
      const place = joined(root, plain(changelog));
      if (!(await view.exists(place))) continue;
      add(place, root, path);
      break;
    }
  }
  for (const { folder, name, path } of await filesNamed(view, (file) =>
    /^application[\w.-]*\.(?:properties|ya?ml)$/.test(file),
  )) {
    const text = (await textOrNothing(view, path)) ?? '';
    const named = name.endsWith('.properties')
      ? properties(text).get('spring.liquibase.changelog')
      : /^\s+change-?log:\s*["']?([^\s"'#]+)/im.exec(
          text.slice(Math.max(0, text.search(/^\s*liquibase:/m))),
        )?.[1];
    const root = RESOURCES.exec(folder)?.[1] ?? folder;
    const place = joined(root, plain(named ?? 'db/changelog/db.changelog-master.yaml'));
    if (await view.exists(place)) add(place, root, path);
  }
  if (found.size > 0) return [...found.values()];
  for (const { folder, path } of await filesNamed(view, (name) => ROOT_NAME.test(name))) {
    const text = (await textOrNothing(view, path)) ?? '';
    if (!/databaseChangeLog|liquibase\s+formatted\s+sql/i.test(text)) continue;
    add(path, RESOURCES.exec(folder)?.[1] ?? '', null);
  }
  return [...found.values()];
}

const locationOf = (changelog: string, root: string, config: string | null): ToolLocation => ({
  tool: 'liquibase',
  folder: folderOf(changelog),
  config,
  table: null,
  settings: { changelog, root },
});

const plain = (path: string): string =>
  path
    .trim()
    .replace(/^classpath\*?:/, '')
    .replaceAll('\\', '/')
    .replace(/^\/+/, '');

/** Options of a properties file, without the dashes and capitals in which versions differ. */
function properties(text: string): Map<string, string> {
  const options = new Map<string, string>();
  for (const line of text.split(/\r?\n/)) {
    const option = /^\s*([^#!\s=:][^=:]*?)\s*[=:]\s*(.*?)\s*$/.exec(line);
    if (!option) continue;
    const name = (option[1] as string)
      .toLowerCase()
      .replace(/^liquibase\.(?:command\.)?/, '')
      .replaceAll('-', '');
    options.set(name, option[2] as string);
  }
  return options;
}
