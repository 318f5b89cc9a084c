import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { dataFolder } from './data-folder.ts';
import { closeOnSignals, serve, surviveStrayErrors } from './faces/index.ts';
import { endProcess } from './secrets/index.ts';

/** Entry of the browser face: `howdah serve [--port N] [--data-dir FOLDER] [--sample] [--open]`. */

const print = (line: string): void => void process.stdout.write(`${line}\n`);
const log = (line: string): void => void process.stderr.write(`${line}\n`);

function readArguments(): { port: number; sample: boolean; open: boolean } {
  const { values } = parseArgs({
    allowNegative: true,
    options: {
      port: { type: 'string', default: '0' },
      'data-dir': { type: 'string' },
      sample: { type: 'boolean', default: false },
      open: { type: 'boolean', default: false },
    },
  });
  const port = /^\d{1,5}$/.test(values.port) ? Number(values.port) : Number.NaN;
  if (!(port <= 65535))
    throw new Error(`--port must be a whole number from 0 to 65535, not "${values.port}".`);
  if (values['data-dir']) process.env.HOWDAH_DATA_DIR = values['data-dir'];
  return { port, sample: values.sample, open: values.open };
}

async function run(): Promise<number | undefined> {
  let options: ReturnType<typeof readArguments>;
  try {
    options = readArguments();
  } catch (error) {
    log(error instanceof Error ? error.message : String(error));
    return 2;
  }
  // dist/main/headless.js stands two folders below the project's own.
  const root = join(import.meta.dirname, '..', '..');
  const folders = {
    assets: join(root, 'assets'),
    renderer: join(root, 'dist', 'renderer'),
    workloadWorker: join(import.meta.dirname, 'workload-worker.js'),
  };
  let folder: string;
  try {
    folder = dataFolder();
  } catch (error) {
    log(error instanceof Error ? error.message : String(error));
    return 2;
  }
  const served = serve({ ...options, ...folders, dataFolder: folder, print, log });
  closeOnSignals(async () => (await served).close?.(), log);
  try {
    if (!(await served).close) return 0;
    surviveStrayErrors(log);
    return undefined;
  } catch (error) {
    log(error instanceof Error ? error.message : String(error));
    return 1;
  }
}

const code = await run();
if (code !== undefined) endProcess(code);
