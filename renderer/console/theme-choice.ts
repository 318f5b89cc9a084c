import {
  type MantineColorScheme,
  type MantineColorSchemeManager,
  useMantineColorScheme,
} from '@mantine/core';
import { useEffect } from 'react';
import type { Preferences } from '../../preload/contract/console.ts';
import { usePreferences } from './use-preferences.ts';

export type ThemeChoice = Preferences['theme'];

export const themeWords: Record<ThemeChoice, string> = { system: 'System', light: 'Light', dark: 'Dark' };

const hintKey = 'howdah.theme';

/**
 * Where Mantine asks for the theme before the console has answered. The browser's storage is only a hint: in the
 * browser face the port changes at each start, and with it the storage.
 */
export function colorSchemeHint(): MantineColorSchemeManager {
  return {
    get: (fallback) => {
      const hint = readHint();
      return hint === 'light' || hint === 'dark' || hint === 'auto' ? hint : fallback;
    },
    set: (value) => {
      try {
        window.localStorage.setItem(hintKey, value);
      } catch {
        // Storage may be denied; the preference itself is kept by the console.
      }
    },
    subscribe: () => undefined,
    unsubscribe: () => undefined,
    clear: () => undefined,
  };
}

/** The theme chosen and how to choose another; applied at once and kept by the console. */
export function useThemeChoice(): { theme: ThemeChoice; choose: (theme: ThemeChoice) => void } {
  const { colorScheme, setColorScheme } = useMantineColorScheme();
  const { save } = usePreferences();
  return {
    theme: colorScheme === 'auto' ? 'system' : colorScheme,
    choose: (theme) => {
      setColorScheme(toScheme(theme));
      save({ theme });
    },
  };
}

/** Takes over the kept theme once the console has told it. Rendered once, at the top. */
export function KeptTheme() {
  const { preferences } = usePreferences();
  const { setColorScheme } = useMantineColorScheme();
  const theme = preferences?.theme;
  // biome-ignore lint/correctness/useExhaustiveDependencies: follows the preference only; the setter changes at each render.
  useEffect(() => {
    if (theme) setColorScheme(toScheme(theme));
  }, [theme]);
  return null;
}

function toScheme(theme: ThemeChoice): MantineColorScheme {
  return theme === 'system' ? 'auto' : theme;
}

function readHint(): string | null {
  try {
    return window.localStorage.getItem(hintKey);
  } catch {
    return null;
  }
}
