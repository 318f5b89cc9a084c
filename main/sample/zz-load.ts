import { Client } from 'pg';
import { removeSample, startSample } from './sample.ts';
import { startWorkload } from './workload.ts';

const o = {
  dataFolder: '/tmp/hsw',
  assets: '/work/main/assets/samples',
  binaries: process.argv[2] as 'machine' | 'embedded',
};
const s = await startSample(o);
const w = startWorkload(s, {
  onProblem: (p) => console.log('PROBLEM', p),
  ...(process.argv[4] ? { worker: new URL('./workload-worker.ts', import.meta.url) } : {}),
});
const c = new Client({
  host: s.host,
  port: s.port,
  user: s.user,
  password: s.password,
  database: 'postgres',
});
await c.connect();
const end = Date.now() + Number(process.argv[3]) * 1000;
while (Date.now() < end) {
  await new Promise((r) => setTimeout(r, 2500));
  const { rows } = await c.query(
    `select count(*)::int n, count(*) filter (where state='active')::int active, count(*) filter (where state like 'idle in%')::int iit, count(*) filter (where cardinality(pg_blocking_pids(pid))>0)::int blocked from pg_stat_activity where backend_type='client backend' and pid<>pg_backend_pid()`,
  );
  console.log(JSON.stringify(rows[0]));
}
const { rows } = await c.query(
  `select sum(xact_commit) c, sum(xact_rollback) r, sum(temp_bytes) t, sum(deadlocks) d from pg_stat_database`,
);
console.log(rows[0]);
await c.query('create extension if not exists pg_stat_statements');
const st = await c.query(
  "select left(query,70) q, calls, round(mean_exec_time::numeric,1) ms, round(max_exec_time::numeric) max, temp_blks_written t from pg_stat_statements where not query ~* '^(create|insert into (teams|users))' and calls>0 order by max_exec_time desc limit 30",
);
console.table(st.rows);
const sz = await c.query('select datname, pg_size_pretty(pg_database_size(datname)) from pg_database');
console.table(sz.rows);
await c.end();
const t = performance.now();
await w.stop();
console.log('stop', performance.now() - t);
if (process.argv[5] !== 'keep') {
  await s.stop();
  await removeSample(o);
}
console.log('end');
