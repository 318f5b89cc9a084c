import { join } from 'node:path';
import { defineConfig } from 'vitest/config';
import { LongestFirst } from './test/support/longest-first.ts';

// Compiled code of whatever the tests start again and again: threads, consoles, command lines, tools.
process.env.NODE_COMPILE_CACHE ??= join(import.meta.dirname, '.cache/compiled');

export default defineConfig({
  test: {
    testTimeout: 30_000,
    hookTimeout: 120_000,
    // More than the cores of a small machine: these tests mostly wait for servers and tools.
    maxWorkers: 3,
    sequence: { sequencer: LongestFirst },
    execArgv: ['--disable-warning=ExperimentalWarning'],
    // A worker loads the console once for all its files, not for each: they leave nothing of it changed behind.
    isolate: false,
    projects: [
      { extends: true, test: { name: 'integration', include: ['test/integration/**/*.test.ts'] } },
      { extends: true, test: { name: 'unit', include: ['test/unit/**/*.test.ts'] } },
    ],
  },
});
