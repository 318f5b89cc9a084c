import {
  ActionIcon,
  Button,
  Checkbox,
  type CSSVariablesResolver,
  createTheme,
  Input,
  Kbd,
  Menu,
  Popover,
  SegmentedControl,
  Tooltip,
} from '@mantine/core';

/** Longest motion in ms. */
export const motion = 120;

const fade = { transition: 'fade', duration: motion } as const;

/** Mantine, set to a 4 px grid, 13 px text and 28 px rows. Colours come from variables.css. */
export const theme = createTheme({
  fontFamily: 'system-ui, -apple-system, "Segoe UI", Roboto, "Noto Sans", "Liberation Sans", sans-serif',
  fontFamilyMonospace: 'var(--font-mono)',
  fontSizes: { xs: '11px', sm: '12px', md: '13px', lg: '15px', xl: '18px' },
  lineHeights: { xs: '16px', sm: '16px', md: '20px', lg: '24px', xl: '24px' },
  spacing: { xs: '4px', sm: '8px', md: '12px', lg: '16px', xl: '24px' },
  radius: { xs: '2px', sm: '3px', md: '4px', lg: '6px', xl: '8px' },
  defaultRadius: 'md',
  primaryColor: 'accent',
  primaryShade: 6,
  colors: {
    dark: [
      '#e6e8eb',
      '#b1b8c1',
      '#939ca7',
      '#6b747f',
      '#434a53',
      '#2b3036',
      '#22262b',
      '#191c20',
      '#15181b',
      '#121417',
    ],
    gray: [
      '#f7f8f9',
      '#eef0f3',
      '#e1e4e8',
      '#d5dae0',
      '#c9ced5',
      '#9aa2ad',
      '#626b78',
      '#4b5563',
      '#353d48',
      '#1a1e23',
    ],
    accent: [
      '#eef3fd',
      '#dbe5fa',
      '#b9ccf4',
      '#94b1ee',
      '#86abff',
      '#5482ea',
      '#2457c5',
      '#1d479f',
      '#183b85',
      '#122c64',
    ],
  },
  fontWeights: { regular: '400', medium: '500', bold: '600' },
  cursorType: 'default',
  respectReducedMotion: true,
  components: {
    ActionIcon: ActionIcon.extend({
      defaultProps: { variant: 'subtle', color: 'gray' },
      vars: () => ({ root: { '--ai-size': '28px' } }),
    }),
    Button: Button.extend({
      defaultProps: { variant: 'default' },
      vars: () => ({
        root: { '--button-height': '28px', '--button-fz': '13px', '--button-padding-x': '12px' },
      }),
      styles: { label: { fontWeight: 500 } },
    }),
    Checkbox: Checkbox.extend({
      defaultProps: { size: 'xs' },
      styles: { label: { fontSize: 13, lineHeight: '16px' }, description: { fontSize: 12 } },
    }),
    Input: Input.extend({
      vars: () => ({ wrapper: { '--input-height': '28px', '--input-fz': '13px', '--input-padding': '8px' } }),
    }),
    InputWrapper: Input.Wrapper.extend({
      vars: () => ({
        label: { '--input-label-size': '12px', '--input-asterisk-color': 'var(--bad)' },
        error: { '--input-error-size': '12px' },
        success: { '--input-success-size': '12px' },
        description: { '--input-description-size': '12px' },
      }),
      styles: {
        label: { fontWeight: 400, color: 'var(--text-soft)', lineHeight: '20px', marginBottom: 2 },
        description: { marginTop: 4, lineHeight: '16px' },
        error: { marginTop: 4, lineHeight: '16px' },
      },
    }),
    Kbd: Kbd.extend({ defaultProps: { size: 'xs' } }),
    Menu: Menu.extend({
      defaultProps: { transitionProps: fade, shadow: 'md' },
      styles: { item: { fontSize: 13, minHeight: 28, padding: '4px 8px' } },
    }),
    Popover: Popover.extend({ defaultProps: { transitionProps: fade, shadow: 'md' } }),
    SegmentedControl: SegmentedControl.extend({
      defaultProps: { size: 'xs', transitionDuration: motion },
    }),
    Tooltip: Tooltip.extend({
      defaultProps: {
        openDelay: 400,
        transitionProps: fade,
        events: { hover: true, focus: true, touch: false },
      },
    }),
  },
});

/** Points Mantine's own variables at ours, so that both themes are written down once. */
export const variablesResolver: CSSVariablesResolver = () => {
  const scheme = {
    '--mantine-color-body': 'var(--surface)',
    '--mantine-color-text': 'var(--text)',
    '--mantine-color-bright': 'var(--text)',
    '--mantine-color-dimmed': 'var(--text-faint)',
    '--mantine-color-placeholder': 'var(--text-faint)',
    '--mantine-color-anchor': 'var(--accent-text)',
    '--mantine-color-error': 'var(--bad)',
    '--mantine-color-default': 'var(--surface-raised)',
    '--mantine-color-default-hover': 'var(--surface-hover)',
    '--mantine-color-default-color': 'var(--text)',
    '--mantine-color-default-border': 'var(--line-strong)',
    '--mantine-color-gray-light-color': 'var(--text-soft)',
    '--mantine-color-gray-light-hover': 'var(--surface-hover)',
    '--mantine-color-accent-filled': 'var(--accent)',
    '--mantine-color-accent-filled-hover': 'var(--accent-hover)',
    '--mantine-color-accent-light': 'var(--surface-selected)',
    '--mantine-color-accent-light-color': 'var(--accent-text)',
    '--mantine-color-accent-outline': 'var(--accent-text)',
    '--mantine-primary-color-filled': 'var(--accent)',
    '--mantine-primary-color-filled-hover': 'var(--accent-hover)',
    '--mantine-color-red-outline': 'var(--bad)',
    '--mantine-color-red-filled': 'var(--bad-fill)',
    '--mantine-color-red-filled-hover': 'var(--bad-fill-hover)',
    '--mantine-color-disabled': 'var(--surface-hover)',
    '--mantine-color-disabled-color': 'var(--text-faint)',
    '--mantine-color-disabled-border': 'var(--line)',
    '--mantine-shadow-md': 'var(--shadow)',
    '--mantine-shadow-xl': 'var(--shadow)',
  };
  return { variables: {}, light: scheme, dark: scheme };
};
