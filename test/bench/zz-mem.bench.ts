import { readSchema } from '../../main/schema/index.ts';
import { openKnownModels } from '../../main/schema/known-models.ts';
import { connectClient } from '../../main/servers/index.ts';
import { parseConnectionUrl } from '../../preload/contract/connection-url.ts';
const url = process.argv[2]!;
const { connection, password } = parseConnectionUrl(url);
const needs = {
  openSession: async (signal: AbortSignal | undefined) => {
    const { client, way } = await connectClient({ connection, password }, { applicationName: 'howdah', statementTimeoutMs: 15_000, lockTimeoutMs: 500, signal });
    return { client, pooled: way.pooled };
  },
  stop: async () => undefined,
};
const kept = openKnownModels().begin('x');
const say = (what: string) => {
  const m = process.memoryUsage();
  console.log(what.padEnd(14), 'max', (process.resourceUsage().maxRSS / 1e3).toFixed(0), 'rss', (m.rss / 1e6).toFixed(0), 'heap', (m.heapUsed / 1e6).toFixed(0), '/', (m.heapTotal / 1e6).toFixed(0), 'ext', (m.external / 1e6).toFixed(0), 'ab', (m.arrayBuffers / 1e6).toFixed(0), 'cpu', (process.cpuUsage().user / 1e6).toFixed(2), 'main', ((process.threadCpuUsage().user) / 1e6).toFixed(2));
};
say('start');
let first = true; let n = 0;
for await (const event of readSchema(needs, { definitions: process.argv[3] !== 'no', keep: kept.keeper })) {
  if (event.kind === 'names') say('names');
  if (event.kind === 'part' && first) { first = false; say('first part'); }
  if (event.kind === 'part' && event.last) say('last part');
  if (event.kind === 'definitions' && (n++ % 30 === 0 || event.last)) say('definitions');
}
say('end');
