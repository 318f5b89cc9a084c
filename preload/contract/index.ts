import { activity } from './activity.ts';
import { audit } from './audit.ts';
import { backupEngines } from './backup-engines.ts';
import { backupJobs } from './backup-jobs.ts';
import { backupPlaces } from './backup-places.ts';
import { backups } from './backups.ts';
import { console } from './console.ts';
import { environments } from './environments.ts';
import { health } from './health.ts';
import { imports } from './imports.ts';
import { locks } from './locks.ts';
import { maintenance } from './maintenance.ts';
import { metrics } from './metrics.ts';
import { migrationRuns } from './migration-runs.ts';
import { migrations } from './migrations.ts';
import { plans } from './plans.ts';
import { queries } from './queries.ts';
import { sample } from './sample.ts';
import { schema } from './schema.ts';
import { secrets } from './secrets.ts';
import { server } from './server.ts';
import { sql } from './sql.ts';
import { storage } from './storage.ts';
import { waits } from './waits.ts';

/** Everything Howdah can do. One file a room; the three faces stand on this. */
export const contract = {
  activity,
  audit,
  backups: { ...backups, engines: backupEngines, jobs: backupJobs, places: backupPlaces },
  console,
  environments,
  health,
  imports,
  locks,
  maintenance,
  metrics,
  migrations: { ...migrations, ...migrationRuns },
  queries: { ...queries, plans },
  sample,
  schema,
  secrets,
  server,
  sql,
  storage,
  waits,
};
export type Contract = typeof contract;
