import type { ConsoleInfo, Preferences } from '../../preload/contract/console.ts';
import type { Implementer } from '../rpc.ts';
import type { SettingsStore } from '../settings/index.ts';

const standard: Preferences = { theme: 'system', railCollapsed: false, tables: {} };

export interface ConsoleNeeds {
  settings: SettingsStore;
  info: ConsoleInfo;
  /** Browser face: makes a fresh one-time address. */
  mintLink: (() => string) | undefined;
}

export function consoleRouter(os: Implementer, { settings, info, mintLink }: ConsoleNeeds) {
  const preferences = (): Preferences => ({ ...standard, ...given(settings.read().preferences) });
  return os.console.router({
    info: os.console.info.handler(() => info),
    preferences: os.console.preferences.handler(preferences),
    savePreferences: os.console.savePreferences.handler(({ input }) => {
      settings.change((before) => ({ ...before, preferences: { ...before.preferences, ...given(input) } }));
      return preferences();
    }),
    link: os.console.link.handler(() => ({ address: mintLink?.() ?? null })),
  });
}

function given(preferences: { [K in keyof Preferences]?: Preferences[K] | undefined }): Partial<Preferences> {
  return Object.fromEntries(Object.entries(preferences).filter(([, value]) => value !== undefined));
}
