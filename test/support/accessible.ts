import AxeBuilder from '@axe-core/playwright';
import { expect, type Page } from '@playwright/test';

/**
 * Expects no serious and no critical finding of axe on a room and the inspector beside it, in both themes.
 *
 * @param what is in sight, for the message
 */
export async function expectAccessible(page: Page, what: string): Promise<void> {
  for (const colorScheme of ['light', 'dark'] as const) {
    await page.emulateMedia({ colorScheme });
    // The frame around the room is looked at by other tests.
    // Without frames there is nothing to put together in a page of its own.
    const builder = new AxeBuilder({ page }).setLegacyMode().include('main');
    if (await page.locator('aside').count()) builder.include('aside');
    // What the second theme changes are colours.
    if (colorScheme === 'dark') builder.withRules(['color-contrast']);
    const { violations } = await builder.analyze();
    const grave = violations.filter(({ impact }) => impact === 'serious' || impact === 'critical');
    const told = grave.map(
      ({ id, nodes }) => `${id}: ${nodes.map(({ target }) => target.join(' ')).join(' | ')}`,
    );
    expect(told, `${what}, ${colorScheme}`).toEqual([]);
  }
  await page.emulateMedia({ colorScheme: 'light' });
}
