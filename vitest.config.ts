import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['test/{unit,integration}/**/*.test.ts'],
    testTimeout: 30_000,
    hookTimeout: 120_000,
    // One more than the cores of a small machine: these tests mostly wait for servers and tools.
    maxWorkers: 3,
    execArgv: ['--disable-warning=ExperimentalWarning'],
  },
});
