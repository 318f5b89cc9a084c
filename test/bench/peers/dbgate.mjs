/**
 * Reads a database's structure with DbGate's analyser, as its desktop does, and prints what that took: `node dbgate.mjs
 * <folder with its packages> <connection URL>`. A process of its own, so that memory is DbGate's alone.
 */
import { createRequire } from 'node:module';
import { resolve } from 'node:path';

const [, , folder = '', address = ''] = process.argv;
const require = createRequire(resolve(folder, 'package.json'));
// Plugins look for what the application has loaded.
Object.assign(globalThis, { DBGATE_PACKAGES: { 'dbgate-tools': require('dbgate-tools') } });
/**
 * @typedef {{
 *   engine: string,
 *   connect(where: object): Promise<object>,
 *   analyseFull(connection: object): Promise<{ tables: Record<string, unknown[]>[] }>,
 *   close(connection: object): Promise<void>,
 * }} DbgateDriver
 */
/** @type {{ initialize(env: object): void, drivers: DbgateDriver[] }} */
const plugin = require(String('dbgate-plugin-postgres'));
plugin.initialize({});
const driver = plugin.drivers.find((one) => one.engine.startsWith('postgres@'));
if (!driver) throw new Error('This DbGate has no driver for PostgreSQL.');

const url = new URL(address);
const before = process.memoryUsage.rss();
const from = performance.now();
const connection = await driver.connect({
  server: url.hostname,
  port: Number(url.port),
  user: url.username,
  password: url.password,
  database: url.pathname.slice(1),
});
const { tables } = await driver.analyseFull(connection);
const took = performance.now() - from;
const count = (/** @type {string} */ list) => tables.reduce((sum, one) => sum + (one[list]?.length ?? 0), 0);
const memory = process.resourceUsage().maxRSS;
await driver.close(connection);
console.log(
  JSON.stringify({
    took,
    before: before / 1e6,
    memory: memory / 1e3,
    tables: tables.length,
    columns: count('columns'),
    foreignKeys: count('foreignKeys'),
    indexes: count('indexes'),
  }),
);
