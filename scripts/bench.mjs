/**
 * `npm run bench [-- words …]`: runs `test/bench/*.bench.ts`, one after the other, each in a process of its own.
 *
 * A bench is a plain program that prints its table. It may import whatever the console imports, `.sql?raw` too,
 * so it is built the way `main/` is, into `.cache/bench`, and not just stripped of its types. It runs in the
 * project's folder. Words narrow the run to the files whose name contains one of them.
 */
import { readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { isStopping, passSignalsOn, run } from './lib/children.mjs';
import { nodeCommand, root } from './lib/project.mjs';
import { setUp } from './lib/set-up.mjs';

passSignalsOn();
await setUp((line) => console.log(line));
const words = process.argv.slice(2);
const names = readdirSync(join(root, 'test', 'bench'))
  .filter((name) => name.endsWith('.bench.ts'))
  .filter((name) => words.length === 0 || words.some((word) => name.includes(word)))
  .map((name) => name.slice(0, -'.ts'.length));
if (names.length === 0) console.log('There is no such bench in test/bench.');

let failed = 0;
rmSync(join(root, '.cache', 'bench'), { recursive: true, force: true });
for (const name of names) {
  if (isStopping()) break;
  console.log(`\n— ${name}`);
  const [build, ...buildArgs] = nodeCommand('scripts/lib/build-bench.mjs', name);
  const [bench, ...benchArgs] = nodeCommand(`.cache/bench/${name}.js`);
  const isGood = (await run(build, buildArgs)) === 0 && (await run(bench, benchArgs)) === 0;
  if (!isGood) failed += 1;
}
process.exit(failed === 0 ? 0 : 1);
