/** `npm run -s howdah -- …`: the command line from a checkout. Set-up speaks on stderr; stdout is the command's. */
import { passSignalsOn, run } from './lib/children.mjs';
import { nodeCommand } from './lib/project.mjs';
import { setUp } from './lib/set-up.mjs';

passSignalsOn();
await setUp((line) => console.error(line));
const [command, ...args] = nodeCommand('dist/main/cli.js', ...process.argv.slice(2));
// npm runs scripts in the project's folder; paths on the command line are meant from where it was called.
const cwd = process.env.INIT_CWD ?? process.cwd();
process.exit(await run(command, args, { cwd }));
