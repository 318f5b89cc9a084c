import { parentPort, workerData } from 'node:worker_threads';
import type { SampleConnection } from './types.ts';
import { runWorkload } from './workload.ts';

/** Entry of the worker thread that runs the workload: the connection comes with it, `stop` as a message. */
const end = new AbortController();
parentPort?.once('message', () => end.abort());
await runWorkload(workerData as SampleConnection, {
  signal: end.signal,
  onProblem: (problem) => parentPort?.postMessage(problem),
});
