import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import Conf from 'conf';
import { z } from 'zod';
import { Preferences } from '../../preload/contract/console.ts';
import { EnvironmentDraft } from '../../preload/contract/environments.ts';
import { withoutUnusable } from './unusable.ts';

/** The version of the settings file that this program writes. */
const settingsVersion = 1;

const SavedEnvironment = EnvironmentDraft.extend({
  id: z.string(),
  sample: z.string().optional(),
  connect: z.boolean(),
});
export type SavedEnvironment = z.infer<typeof SavedEnvironment>;

const WindowState = z.object({
  x: z.number().optional(),
  y: z.number().optional(),
  width: z.number(),
  height: z.number(),
  maximized: z.boolean(),
});
export type WindowState = z.infer<typeof WindowState>;

const Settings = z.object({
  version: z.literal(settingsVersion),
  environments: z.array(SavedEnvironment),
  preferences: Preferences.partial(),
  window: WindowState.optional(),
});
export type Settings = z.infer<typeof Settings>;

/** The file behind the settings: `conf`, or `electron-store`, which extends it, in the desktop. */
export interface SettingsFile {
  readonly path: string;
  store: Record<string, unknown>;
}

/** Settings could not be read. The file was left as it is. */
export class SettingsProblem extends Error {
  override name = 'SettingsProblem';
}

export interface SettingsStore {
  readonly path: string;
  /** What was left out of the file because this program can't take it. The file keeps it until the next change. */
  readonly notices: readonly string[];
  read(): Settings;
  /** Writes the file aside and renames it into place (conf does), owner-readable only. */
  change(update: (settings: Settings) => Settings): Settings;
}

/** Options with which both `conf` and `electron-store` open the same file. */
export function settingsFileOptions(folder: string) {
  return {
    cwd: folder,
    name: 'settings',
    configName: 'settings',
    configFileMode: 0o600,
    clearInvalidConfig: false,
  };
}

const empty: Settings = { version: settingsVersion, environments: [], preferences: {} };

/**
 * Opens `settings.json` of a data folder. `open` makes the file object; by default it is `conf`'s.
 *
 * @throws {SettingsProblem} when the file is not JSON, from a newer Howdah, or has a field this program can't
 * take; the message names file and field.
 */
export function openSettings(
  folder: string,
  open: (options: ReturnType<typeof settingsFileOptions>) => SettingsFile = (options) =>
    new Conf({ ...options, projectName: 'howdah' }) as unknown as SettingsFile,
): SettingsStore {
  const path = join(folder, 'settings.json');
  const { settings, notices } = withoutUnusable(readRaw(path));
  let current = validate(path, settings);
  const file = open(settingsFileOptions(folder));
  return {
    path,
    notices,
    read: () => current,
    change: (update) => {
      const next = validate(path, update(current));
      // Written first: what is not in the file must not be taken for kept.
      file.store = next;
      current = next;
      return current;
    },
  };
}

function readRaw(path: string): unknown {
  if (!existsSync(path)) return empty;
  const text = readFileSync(path, 'utf8');
  try {
    return JSON.parse(text);
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new SettingsProblem(
      `${path} is not valid JSON: ${reason}. It was left as it is; mend it, or move it away to start with empty settings.`,
    );
  }
}

function validate(path: string, raw: unknown): Settings {
  const version = typeof raw === 'object' && raw !== null && 'version' in raw ? raw.version : undefined;
  if (typeof version === 'number' && version > settingsVersion) {
    throw new SettingsProblem(
      `${path} was written by a newer Howdah (version ${version}, this program knows ${settingsVersion}). ` +
        'It was left untouched. Start the newer Howdah, or give another data folder with HOWDAH_DATA_DIR.',
    );
  }
  // conf writes its own keys at the top level only when asked to; a file of an empty object is a fresh one.
  if (typeof raw === 'object' && raw !== null && !Array.isArray(raw) && Object.keys(raw).length === 0)
    return empty;
  const result = Settings.safeParse(raw);
  if (result.success) return result.data;
  const issue = result.error.issues[0];
  throw new SettingsProblem(
    `${path}: field "${issue?.path.join('.') ?? ''}": ${(issue?.message ?? 'not as expected').replace(/\.$/, '')}. The file was left as it is.`,
  );
}
