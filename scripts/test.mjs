/**
 * `npm test [-- --unit] [--integration] [--e2e] [words …]`
 *
 * Sets up what is missing and runs every test: unit, integration against real PostgreSQL, end to end in a real
 * browser. Words narrow it to the files whose path contains one of them. One summary ends the run.
 */
import { mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { findBrowser } from './lib/browser.mjs';
import { passSignalsOn, run } from './lib/children.mjs';
import { nodeCommand, root } from './lib/project.mjs';
import { setUp } from './lib/set-up.mjs';
import { readTally, summaryLines } from './lib/summary.mjs';

/** @param {string} line */
const say = (line) => console.log(line);
const results = join(root, 'test-results');

function readArguments() {
  try {
    const kind = /** @type {const} */ ({ type: 'boolean', default: false });
    const { values, positionals } = parseArgs({
      options: { unit: kind, integration: kind, e2e: kind },
      allowPositionals: true,
    });
    const all = !values.unit && !values.integration && !values.e2e;
    return {
      unit: all || values.unit,
      integration: all || values.integration,
      e2e: all || values.e2e,
      words: positionals,
    };
  } catch (error) {
    console.error(error instanceof Error ? error.message : String(error));
    process.exit(2);
  }
}

/**
 * Runs one runner and reads what it found.
 *
 * @param {string} runner
 * @param {[string, ...string[]]} command the runner's own file and its arguments
 * @param {Record<string, string>} [more] variables of the environment
 */
async function tallyOf(runner, command, more = {}) {
  const file = join(results, `${runner}.json`);
  const [program, ...args] = nodeCommand(...command);
  const { HOWDAH_DATA_DIR: _unused, ...environment } = process.env;
  const code = await run(program, args, { env: { ...environment, ...more, HOWDAH_TALLY: file } });
  return readTally(file, runner, code);
}

/** @param {ReturnType<typeof readArguments>} wanted */
function runVitest({ unit, integration, words }) {
  const folders = [...(unit ? ['unit'] : []), ...(integration ? ['integration'] : [])];
  const reporters = ['--reporter=default', '--reporter=./scripts/lib/vitest-reporter.mjs'];
  const filters =
    words.length > 0 ? words : folders.length === 2 ? [] : folders.map((each) => `test/${each}/`);
  return tallyOf('vitest', [
    'node_modules/vitest/vitest.mjs',
    'run',
    '--passWithNoTests',
    ...reporters,
    ...filters,
  ]);
}

/**
 * @param {ReturnType<typeof readArguments>} wanted
 * @param {string | undefined} browser
 * @returns {Promise<import('./lib/summary.mjs').Tally>}
 */
async function runPlaywright({ words }, browser) {
  const reason = 'no browser could be found or installed; name one with CHROME_PATH';
  if (!browser) {
    // On a build machine a whole kind of tests must not vanish behind a green light.
    const tally = { passed: 0, failed: [], skipped: [] };
    return { ...tally, [process.env.CI ? 'failed' : 'skipped']: [{ name: 'every end-to-end test', reason }] };
  }
  say(`End to end in ${browser}`);
  const options = ['test', '--pass-with-no-tests', ...words];
  return tallyOf('playwright', ['node_modules/@playwright/test/cli.js', ...options], {
    HOWDAH_BROWSER: browser,
  });
}

passSignalsOn();
const wanted = readArguments();
await setUp(say);
rmSync(results, { recursive: true, force: true });
mkdirSync(results, { recursive: true });

// A browser may have to be fetched: that goes on beside the other tests.
const browser = wanted.e2e ? findBrowser(say) : undefined;
const tallies = [];
if (wanted.unit || wanted.integration) tallies.push(await runVitest(wanted));
if (wanted.e2e) tallies.push(await runPlaywright(wanted, await browser));
console.log(['', ...summaryLines(tallies)].join('\n'));
process.exit(tallies.some(({ failed }) => failed.length > 0) ? 1 : 0);
