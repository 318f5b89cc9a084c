/** A Playwright reporter that writes a tally (see summary.mjs) to the file named by HOWDAH_TALLY. */
import { writeFileSync } from 'node:fs';

export default class TallyReporter {
  /** @type {import('@playwright/test/reporter').Suite | undefined} */
  #suite;
  /** @type {string[]} */
  #errors = [];

  /**
   * @param {import('@playwright/test/reporter').FullConfig} _config
   * @param {import('@playwright/test/reporter').Suite} suite
   */
  onBegin(_config, suite) {
    this.#suite = suite;
  }

  /** @param {import('@playwright/test/reporter').TestError} error */
  onError(error) {
    this.#errors.push(error.message ?? 'an error outside of tests');
  }

  onEnd() {
    /** @type {import('./summary.mjs').Tally} */
    const tally = { passed: 0, failed: [], skipped: [] };
    for (const test of this.#suite?.allTests() ?? []) {
      const name = test.titlePath().filter(Boolean).join(' › ');
      const outcome = test.outcome();
      if (outcome === 'expected') tally.passed += 1;
      else if (outcome === 'skipped') tally.skipped.push({ name, reason: skipReason(test) });
      else tally.failed.push({ name, reason: stripColors(test.results.at(-1)?.error?.message ?? outcome) });
    }
    for (const reason of this.#errors) tally.failed.push({ name: 'end to end', reason: stripColors(reason) });
    if (process.env.HOWDAH_TALLY) writeFileSync(process.env.HOWDAH_TALLY, JSON.stringify(tally));
  }
}

/** @param {import('@playwright/test/reporter').TestCase} test */
function skipReason(test) {
  const annotation = test.annotations.find(({ type }) => type === 'skip' || type === 'fixme');
  if (annotation?.description) return annotation.description;
  return test.expectedStatus === 'skipped' ? 'no reason was given' : 'not reached: a test before it failed';
}

/** @param {string} text */
function stripColors(text) {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: the escape character is what colours begin with.
  return text.replace(/\u001b\[[\d;]*m/g, '');
}
