import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';

const css = readFileSync(new URL('../../../renderer/theme/variables.css', import.meta.url), 'utf8');

/** The hexadecimal colours that a theme gives to its variables. */
function themeColors(theme: 'light' | 'dark'): Map<string, string> {
  const start =
    css.indexOf(`[data-mantine-color-scheme='${theme}']`) + 1 ||
    css.indexOf(`[data-mantine-color-scheme="${theme}"]`) + 1;
  const block = css.slice(css.indexOf('{', start), css.indexOf('}', css.indexOf('{', start)));
  return new Map(
    [...block.matchAll(/(--[\w-]+):\s*(#[0-9a-f]{6})/g)].map(([, name = '', value = '']) => [name, value]),
  );
}

/** Relative luminance (WCAG 2.2, "relative luminance"). */
function luminance(hex: string): number {
  const [red = 0, green = 0, blue = 0] = [1, 3, 5].map((at) => {
    const part = Number.parseInt(hex.slice(at, at + 2), 16) / 255;
    return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}

function contrast(a: string, b: string): number {
  const [low = 0, high = 0] = [luminance(a), luminance(b)].sort((x, y) => x - y);
  return (high + 0.05) / (low + 0.05);
}

describe.each(['light', 'dark'] as const)('the %s theme', (theme) => {
  const colors = themeColors(theme);
  const color = (name: string): string => {
    const value = colors.get(name);
    if (!value) throw new Error(`${theme} has no ${name}.`);
    return value;
  };
  const surfaces = ['--surface', '--surface-frame', '--surface-sunken'];
  const named = (prefix: string): string[] => [...colors.keys()].filter((name) => name.startsWith(prefix));

  test('has twelve environment colours and seven session states', () => {
    expect(named('--env-')).toHaveLength(12);
    expect(named('--state-')).toHaveLength(7);
  });

  test.each(surfaces)('lets text be read on %s (4.5:1)', (surface) => {
    const texts = [
      '--text',
      '--text-soft',
      '--text-faint',
      '--accent-text',
      '--notice',
      '--warning',
      '--bad',
      ...named('--env-'),
    ];
    for (const text of texts) {
      expect.soft(contrast(color(text), color(surface)), `${text} on ${surface}`).toBeGreaterThanOrEqual(4.5);
    }
  });

  test.each(surfaces)('lets marks be told from %s (3:1)', (surface) => {
    for (const mark of [...named('--state-'), '--focus']) {
      expect.soft(contrast(color(mark), color(surface)), `${mark} on ${surface}`).toBeGreaterThanOrEqual(3);
    }
  });

  test('lets each meaning be read on its own surface', () => {
    for (const meaning of ['--notice', '--warning', '--bad']) {
      expect.soft(contrast(color(meaning), color(`${meaning}-surface`)), meaning).toBeGreaterThanOrEqual(4.5);
      expect
        .soft(contrast(color('--text-soft'), color(`${meaning}-surface`)), `text on ${meaning}`)
        .toBeGreaterThanOrEqual(4.5);
    }
  });

  test('lets buttons be read', () => {
    expect(contrast(color('--on-accent'), color('--accent'))).toBeGreaterThanOrEqual(4.5);
    expect(contrast(color('--on-accent'), color('--accent-hover'))).toBeGreaterThanOrEqual(4.5);
    expect(contrast(color('--on-accent'), color('--bad-fill'))).toBeGreaterThanOrEqual(4.5);
  });
});
