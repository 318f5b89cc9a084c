import { installedBrowser } from '../../scripts/lib/browser.mjs';

/** The browser that `npm test` chose, else an installed one, else Playwright's own (undefined). */
export const browserPath: string | undefined = process.env.HOWDAH_BROWSER || installedBrowser();
