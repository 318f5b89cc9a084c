import { join } from 'node:path';
import { defineConfig } from '@playwright/test';
import { browserPath } from './test/support/browser.ts';

// Compiled code of whatever the tests start again and again.
process.env.NODE_COMPILE_CACHE ??= join(import.meta.dirname, '.cache/compiled');

/** End-to-end tests: a real browser on a real console on a real server. `npm test` builds first and adds it up. */
export default defineConfig({
  testDir: './test/e2e',
  testMatch: '**/*.spec.ts',
  outputDir: './test-results/e2e',
  // Each console brings servers of its own; two of them at once would only slow each other down.
  workers: 1,
  fullyParallel: false,
  forbidOnly: Boolean(process.env.CI),
  timeout: 90_000,
  expect: { timeout: 15_000 },
  reporter: [['list'], ['./scripts/lib/playwright-reporter.mjs']],
  use: {
    browserName: 'chromium',
    colorScheme: 'light',
    viewport: { width: 1280, height: 800 },
    trace: 'retain-on-failure',
    launchOptions: {
      ...(browserPath ? { executablePath: browserPath } : {}),
      // No sandbox: in containers the tests run as root. The rest keeps the browser from calling anybody.
      args: [
        '--no-sandbox',
        '--disable-gpu',
        '--disable-quic',
        '--no-first-run',
        '--disable-background-networking',
        '--disable-component-update',
        '--disable-sync',
      ],
    },
  },
});
