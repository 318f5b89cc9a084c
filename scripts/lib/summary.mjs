/** Adds up what several test runners found, and says it in one place. Only Node's own modules. */
import { readFileSync } from 'node:fs';

/**
 * What one runner found.
 *
 * @typedef {object} Tally
 * @property {number} passed
 * @property {{ name: string, reason: string }[]} failed
 * @property {{ name: string, reason: string }[]} skipped
 */

/**
 * Reads what a runner's reporter wrote. A runner that wrote nothing, or that failed without saying what, counts as
 * one failure of its own: silence is never taken for success.
 *
 * @param {string} file
 * @param {string} runner
 * @param {number} exitCode
 * @returns {Tally}
 */
export function readTally(file, runner, exitCode) {
  /** @type {Tally} */
  let tally;
  try {
    tally = JSON.parse(readFileSync(file, 'utf8'));
  } catch {
    const reason = `ended with exit code ${exitCode} before it could say what it found`;
    return { passed: 0, failed: [{ name: runner, reason }], skipped: [] };
  }
  if (exitCode !== 0 && tally.failed.length === 0) {
    tally.failed.push({ name: runner, reason: `ended with exit code ${exitCode}, though no test failed` });
  }
  return tally;
}

/**
 * The lines that end a run; the last one reads `N passed, N failed, N skipped` and nothing else.
 *
 * @param {readonly Tally[]} tallies
 * @returns {string[]}
 */
export function summaryLines(tallies) {
  const failed = tallies.flatMap((tally) => tally.failed);
  const skipped = tallies.flatMap((tally) => tally.skipped);
  const passed = tallies.reduce((sum, tally) => sum + tally.passed, 0);
  return [
    ...failed.map(({ name, reason }) => `FAILED   ${name}: ${firstLine(reason)}`),
    ...skipped.map(({ name, reason }) => `skipped  ${name}: ${firstLine(reason)}`),
    `${passed} passed, ${failed.length} failed, ${skipped.length} skipped`,
  ];
}

/** @param {string} text */
function firstLine(text) {
  return text.split('\n', 1)[0] ?? '';
}
