import AxeBuilder from '@axe-core/playwright';
import { expect, type Page } from '@playwright/test';

/**
 * Expects no serious and no critical finding of axe, in both themes.
 *
 * @param what is in sight, for the message
 * @param where the room with the inspector beside it, or the whole page: the frame around the room is the same for all
 */
export async function expectAccessible(
  page: Page,
  what: string,
  where: 'room' | 'page' = 'room',
): Promise<void> {
  for (const colorScheme of ['light', 'dark'] as const) {
    await page.emulateMedia({ colorScheme });
    // Without frames there is nothing to put together in a page of its own. What is in order need not be told.
    const builder = new AxeBuilder({ page }).setLegacyMode().options({ resultTypes: ['violations'] });
    if (where === 'room') {
      builder.include('main');
      if (await page.locator('aside').count()) builder.include('aside');
    }
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
