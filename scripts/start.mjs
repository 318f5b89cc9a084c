/**
 * `npm start [-- --browser | --desktop] [--port N] [--data-dir FOLDER] [--no-sample] [--no-open]`
 *
 * Sets up what is missing, then opens the console on a running sample server. Runs on any Node.js from 20.19 on,
 * with nothing installed; what it starts runs on the project's own.
 */
import { parseArgs } from 'node:util';
import { isStopping, passSignalsOn, run } from './lib/children.mjs';
import { fetchElectron } from './lib/electron-fetch.mjs';
import { chooseFace } from './lib/face.mjs';
import { electronBinary, hasDisplay, nodeCommand, root } from './lib/project.mjs';
import { fail, setUp } from './lib/set-up.mjs';

/** @param {string} line */
const say = (line) => console.log(line);

function readArguments() {
  try {
    const { values } = parseArgs({
      options: {
        browser: { type: 'boolean', default: false },
        desktop: { type: 'boolean', default: false },
        sample: { type: 'boolean', default: true },
        open: { type: 'boolean', default: true },
        port: { type: 'string' },
        'data-dir': { type: 'string' },
      },
      allowNegative: true,
    });
    if (values.browser && values.desktop) throw new Error('--browser and --desktop exclude each other.');
    return values;
  } catch (error) {
    console.error(error instanceof Error ? error.message : String(error));
    process.exit(2);
  }
}

/**
 * The entry of the chosen face with its arguments, as a command line.
 *
 * @param {string | undefined} binary Electron's, for the desktop face
 * @param {ReturnType<typeof readArguments>} values
 * @returns {[string, ...string[]]}
 */
function faceCommand(binary, values) {
  const sample = values.sample ? ['--sample'] : [];
  // As root, as in containers, Chromium's own sandbox can't be had; the renderer's stays as it is otherwise.
  const asRoot = process.getuid?.() === 0 ? ['--no-sandbox'] : [];
  if (binary) return [binary, ...asRoot, root, ...sample];
  const open = values.open ? ['--open'] : [];
  const port = values.port ? ['--port', values.port] : [];
  return nodeCommand('dist/main/headless.js', ...sample, ...open, ...port);
}

passSignalsOn();
const values = readArguments();
const wanted = values.desktop ? 'desktop' : values.browser ? 'browser' : undefined;
await setUp(say);
let binary = electronBinary();
const display = hasDisplay();
if (wanted !== 'browser' && display && !binary && !isStopping()) binary = await fetchElectron(say);
if (isStopping()) process.exit(0);

const { face, why } = chooseFace({ wanted, hasDisplay: display, binary });
if (face === 'none') fail(why);
say(why);
const [command, ...args] = faceCommand(face === 'desktop' ? binary : undefined, values);
const env = { ...process.env };
if (values['data-dir']) env.HOWDAH_DATA_DIR = values['data-dir'];
// The channel tells the console when this process is gone, however it went.
const code = await run(command, args, { env, stdio: ['inherit', 'inherit', 'inherit', 'ipc'] });
process.exit(isStopping() ? 0 : code);
