/**
 * `npm run soak [-- --times N] [words …]`: the tests that kill, cut or cancel something at random moments, with N times
 * (20 unless given) as many moments as `npm test` tries. Words narrow it to the files whose path contains one of them.
 */
import { parseArgs } from 'node:util';
import { passSignalsOn, run } from './lib/children.mjs';
import { nodeCommand } from './lib/project.mjs';
import { setUp } from './lib/set-up.mjs';

const { values, positionals } = parseArgs({
  options: { times: { type: 'string', default: '20' } },
  allowPositionals: true,
});
const times = Number(values.times);
if (!(Number.isInteger(times) && times >= 1 && times <= 10_000)) {
  console.error('--times takes a whole number from 1 to 10000.');
  process.exit(2);
}
passSignalsOn();
await setUp((line) => console.log(line));
const files = positionals.length > 0 ? positionals : ['kill-backup', 'restore-kills'];
const [program, ...args] = nodeCommand('node_modules/vitest/vitest.mjs', 'run', ...files);
process.exit(await run(program, args, { env: { ...process.env, HOWDAH_SOAK: String(times) } }));
