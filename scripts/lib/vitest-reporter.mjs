/** A Vitest reporter that writes a tally (see summary.mjs) to the file named by HOWDAH_TALLY. */
import { writeFileSync } from 'node:fs';

/** What a skipped test says when whoever skipped it did not: `ctx.skip('…')` takes a reason, `skipIf` does not. */
const noReason = 'no reason was given';

export default class TallyReporter {
  /**
   * @param {readonly import('vitest/node').TestModule[]} modules
   * @param {readonly import('vitest').SerializedError[]} unhandled
   */
  onTestRunEnd(modules, unhandled) {
    /** @type {import('./summary.mjs').Tally} */
    const tally = { passed: 0, failed: [], skipped: [] };
    for (const module of modules) {
      const file = module.relativeModuleId;
      for (const error of module.errors()) tally.failed.push({ name: file, reason: error.message });
      // What goes wrong around tests: in a beforeAll, say, whose tests are skipped then.
      for (const suite of module.children.allSuites())
        for (const error of suite.errors())
          tally.failed.push({ name: `${file} › ${suite.fullName}`, reason: error.message });
      for (const test of module.children.allTests()) {
        const name = `${file} › ${test.fullName}`;
        const result = test.result();
        if (result.state === 'passed') tally.passed += 1;
        else if (result.state === 'failed')
          tally.failed.push({ name, reason: result.errors[0]?.message ?? 'failed' });
        else if (result.state === 'skipped') tally.skipped.push({ name, reason: result.note ?? noReason });
        else tally.failed.push({ name, reason: 'did not run to its end' });
      }
    }
    for (const error of unhandled)
      tally.failed.push({ name: 'an error outside of tests', reason: error.message });
    if (process.env.HOWDAH_TALLY) writeFileSync(process.env.HOWDAH_TALLY, JSON.stringify(tally));
  }
}
