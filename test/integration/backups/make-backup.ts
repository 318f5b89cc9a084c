/** Makes one backup in a process of its own, for tests that kill it: `make-backup.ts PORT DATABASE PATH OPTIONS`. */
import { createBackup } from '../../../main/backups/create/index.ts';
import { connectClient } from '../../../main/servers/index.ts';
import { Connection } from '../../../preload/contract/connection.ts';
import { backupNeeds, backupTask } from '../../support/backup-runs.ts';

const [port, database = '', path = '', options = '{}'] = process.argv.slice(2);
const connection = Connection.parse({
  host: '127.0.0.1',
  port: Number(port),
  database,
  user: 'postgres',
  sslmode: 'disable',
  parameters: {},
});
const address = { connection, password: 'postgres' };
const { client, way } = await connectClient(address, {
  applicationName: 'howdah',
  statementTimeoutMs: 5000,
  lockTimeoutMs: 500,
});
await client.end();
const needs = backupNeeds();
console.log('ready');
for await (const event of createBackup(backupTask({ address, way }, path, JSON.parse(options)), needs))
  console.log(JSON.stringify(event));
await needs.close();
