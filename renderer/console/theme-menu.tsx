import { ActionIcon, Menu } from '@mantine/core';
import { IconDeviceDesktop, IconMoon, IconSun } from '@tabler/icons-react';
import { type ThemeChoice, themeWords, useThemeChoice } from './theme-choice.ts';

const icons = { system: IconDeviceDesktop, light: IconSun, dark: IconMoon } as const;

/** Light, dark, or as the system has it. */
export function ThemeMenu() {
  const { theme, choose } = useThemeChoice();
  const Icon = icons[theme];
  return (
    <Menu position="bottom-end" width={140}>
      <Menu.Target>
        <ActionIcon aria-label={`Theme: ${themeWords[theme]}`} title="Theme">
          <Icon size={16} stroke={1.75} />
        </ActionIcon>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.RadioGroup value={theme} onChange={(value) => choose(value as ThemeChoice)}>
          {(Object.keys(themeWords) as ThemeChoice[]).map((choice) => (
            <Menu.RadioItem key={choice} value={choice}>
              {themeWords[choice]}
            </Menu.RadioItem>
          ))}
        </Menu.RadioGroup>
      </Menu.Dropdown>
    </Menu>
  );
}
