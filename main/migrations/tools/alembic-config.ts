import type { FolderView, ToolLocation } from '../tool.ts';
import { type IniSections, iniOption, iniSections } from './code/ini.ts';
import { filesNamed, folderOf, joined, type ProjectTree, projectTree } from './code/project-tree.ts';
import { textOrNothing } from './code/read-sources.ts';
import { tomlTable } from './code/toml.ts';

/** Stands for `%(here)s`, the folder of the configuration file, until paths are worked out. */
const HERE = '<here>';

/** What Alembic is told by `alembic.ini`, one section of it, and `[tool.alembic]` of `pyproject.toml` beside it. */
interface Options {
  get(name: string): string | string[] | boolean | undefined;
}

/**
 * Finds Alembic's environments: each section of an `alembic.ini` that names a `script_location` (`alembic -n section`),
 * `[tool.alembic]` of a `pyproject.toml` (since 1.16), and the `alembic.ini` beside an `env.py` that Flask-Migrate
 * makes, which names none. Source: Alembic's `config.py` and `script/base.py`.
 */
export async function locateAlembic(view: FolderView): Promise<ToolLocation[]> {
  const tree = await projectTree(view);
  const files = await filesNamed(view, (name) => name === 'alembic.ini' || name === 'pyproject.toml');
  const found: ToolLocation[] = [];
  for (const folder of new Set(files.map((file) => file.folder))) {
    const has = (name: string): boolean => tree.get(folder)?.files.includes(name) ?? false;
    const text = async (name: string) =>
      has(name) ? await textOrNothing(view, joined(folder, name)) : undefined;
    const ini = await text('alembic.ini');
    const toml = tomlTable((await text('pyproject.toml')) ?? '', 'tool.alembic');
    const sections: IniSections = ini === undefined ? new Map() : iniSections(ini);
    for (const section of sectionsOf(sections, toml !== undefined)) {
      const options = optionsOf(sections, section, toml);
      const named = options.get('script_location');
      const script =
        typeof named === 'string'
          ? placeOf(named, folder, tree)
          : has('alembic.ini') && has('env.py')
            ? folder
            : undefined;
      if (script === undefined) continue;
      const config = joined(
        folder,
        ini !== undefined && sections.has(section) ? 'alembic.ini' : 'pyproject.toml',
      );
      found.push(await locationOf(view, tree, { folder, config, section, script, options }));
    }
  }
  return found.filter(
    (location, index) =>
      found.findIndex(({ settings }) => settings.versions === location.settings.versions) === index,
  );
}

function sectionsOf(sections: IniSections, toml: boolean): string[] {
  const named = [...sections]
    .filter(([name, options]) => name !== 'DEFAULT' && options.has('script_location'))
    .map(([name]) => name);
  if (!named.includes('alembic') && (toml || sections.has('alembic'))) named.unshift('alembic');
  return named;
}

function optionsOf(
  sections: IniSections,
  section: string,
  toml: Map<string, string | boolean | string[]> | undefined,
): Options {
  const fill = (value: string): string => value.replaceAll('%(here)s', HERE).replaceAll('%%', '%');
  return {
    get: (name) => {
      const own = iniOption(sections, section, name, { here: HERE });
      if (own !== undefined && own !== '') return own;
      const other = toml?.get(name);
      if (typeof other === 'string') return fill(other);
      return Array.isArray(other) ? other.map(fill) : other;
    },
  };
}

async function locationOf(
  view: FolderView,
  tree: ProjectTree,
  found: { folder: string; config: string; section: string; script: string; options: Options },
): Promise<ToolLocation> {
  const { folder, config, section, script, options } = found;
  const versions = versionLocations(options)?.map((place) => placeOf(place, folder, tree)) ?? [
    joined(script, 'versions'),
  ];
  const isTrue = (name: string): boolean => /^(?:true|yes|on|1)$/i.test(String(options.get(name) ?? ''));
  return {
    tool: 'alembic',
    folder: versions[0] ?? joined(script, 'versions'),
    config,
    table: tableOf(await textOrNothing(view, joined(script, 'env.py'))),
    settings: {
      script,
      section,
      versions: versions.join('\n'),
      recursive: String(isTrue('recursive_version_locations')),
    },
  };
}

/** `version_locations`, split as `path_separator` or the older `version_path_separator` says. */
function versionLocations(options: Options): string[] | undefined {
  const value = options.get('version_locations');
  if (Array.isArray(value)) return value.length > 0 ? value : undefined;
  if (typeof value !== 'string' || value.trim() === '') return undefined;
  const separator = options.get('path_separator') ?? options.get('version_path_separator');
  const marks: Record<string, string> = { space: ' ', newline: '\n', os: ':', ':': ':', ';': ';' };
  const mark = typeof separator === 'string' ? marks[separator] : undefined;
  return (mark === undefined ? value.split(/, *| +|\n/) : value.split(mark))
    .map((place) => place.trim())
    .filter(Boolean);
}

/**
 * A path of the configuration, relative to the project. Alembic takes one without `%(here)s` from the folder it is
 * run in, mostly the one of the configuration; `package:folder` lies in a package of Python.
 */
function placeOf(place: string, folder: string, tree: ProjectTree): string {
  if (place.startsWith(HERE)) return joined(folder, place.slice(HERE.length));
  if (place.startsWith('/')) return place;
  const inPackage = /^([A-Za-z_][\w.]*):(.*)$/.exec(place);
  if (inPackage) {
    const path = joined((inPackage[1] as string).replaceAll('.', '/'), inPackage[2] as string);
    const places = [joined(folder, path), joined(folder, 'src', path), path, joined('src', path)];
    return places.find((candidate) => tree.has(candidate)) ?? joined(folder, path);
  }
  const beside = joined(folder, place);
  return !tree.has(beside) && !tree.has(folderOf(beside)) && tree.has(joined(place)) ? joined(place) : beside;
}

/** The table that `env.py` hands to `context.configure`, where it stands there as plain text. */
function tableOf(env: string | undefined): ToolLocation['table'] {
  const argument = (name: string): string | null | undefined => {
    const found = [...(env ?? '').matchAll(new RegExp(`^[^#\\n]*\\b${name}\\s*=\\s*([^\\n,)]*)`, 'gm'))];
    const values = new Set(found.map(([, value]) => /^(["'])([^"']+)\1\s*$/.exec(value ?? '')?.[2] ?? null));
    return values.size === 0 ? undefined : values.size === 1 ? ([...values][0] as string | null) : null;
  };
  const name = argument('version_table');
  const schema = argument('version_table_schema');
  if (name === null || schema === null || (name === undefined && schema === undefined)) return null;
  return { schema: schema ?? null, name: name ?? 'alembic_version' };
}
