/** A console that starts a sample, tells what it is doing, and stays until it is ended: `<assets> <data folder>`. */
import { startSample } from '../../../main/sample/sample.ts';

const [assets = '', dataFolder = ''] = process.argv.slice(2);
const server = await startSample({
  assets,
  dataFolder,
  onProgress: ({ step }) => process.stdout.write(`${step}\n`),
});
process.stdout.write(`running ${server.pid}\n`);
setInterval(() => undefined, 60_000);
