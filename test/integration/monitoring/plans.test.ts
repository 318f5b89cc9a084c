import { setTimeout as pause } from 'node:timers/promises';
import { ORPCError } from '@orpc/client';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { planAdvice } from '../../../main/queries/plans/index.ts';
import { openPool, type ServerPool } from '../../../main/servers/index.ts';
import { parseConnectionUrl } from '../../../preload/contract/connection-url.ts';
import type { PlanAnswer, PlanOutcome } from '../../../preload/contract/plans.ts';
import { draftFor } from '../../support/console.ts';
import { type Monitored, openMonitored } from '../../support/monitored.ts';
import type { TestServer } from '../../support/postgres.ts';

const sql = `
  CREATE TABLE team (id int PRIMARY KEY, name text);
  INSERT INTO team SELECT n, 'team ' || n FROM generate_series(1, 50) AS n;
  CREATE TABLE event (id serial PRIMARY KEY, team_id int NOT NULL, kind text NOT NULL, created_at timestamptz NOT NULL, note text);
  INSERT INTO event (team_id, kind, created_at, note)
    SELECT n % 50 + 1, CASE WHEN n % 1000 = 0 THEN 'rare' ELSE 'usual' END, now() - n * interval '1 minute', repeat('x', 60)
    FROM generate_series(1, 30000) AS n;
  CREATE TABLE small (id int, team_id int);
  INSERT INTO small SELECT n, n FROM generate_series(1, 2000) AS n;
  CREATE TABLE served (LIKE event);
  INSERT INTO served SELECT * FROM event;
  CREATE INDEX served_by_team ON served (team_id, created_at DESC);
  CREATE TABLE "Odd name" ("Group" int, "order" int, note text);
  INSERT INTO "Odd name" SELECT n % 500, n, repeat('y', 60) FROM generate_series(1, 20000) AS n;
  VACUUM ANALYZE;
`;

let monitored: Monitored;
let server: TestServer;
let plans: Monitored['client']['queries']['plans'];

beforeAll(async () => {
  monitored = await openMonitored({ as: ['postgres', 'plain'] });
  server = monitored.server;
  plans = monitored.client.queries.plans;
  // VACUUM can't be one of several statements.
  const session = await server.connect();
  for (const statement of sql.split(';').filter((one) => one.trim() !== '')) await session.query(statement);
  for (const protection of ['guarded', 'read-only'] as const) {
    await monitored.client.environments.add({
      draft: draftFor(server.url('postgres'), { name: protection, protection }),
      password: { password: 'postgres', remember: false },
    });
    await monitored.client.environments.connect({ environment: protection });
  }
});
afterAll(() => monitored?.remove());

const postgres = { environment: 'postgres' };

function planned(outcome: PlanOutcome): PlanAnswer {
  if (outcome.kind !== 'planned') throw new Error(outcome.asked.explanation.why);
  return outcome.answer;
}

/** What a refused call answers: the cause, and the server's SQLSTATE where it spoke. */
async function refusal(call: Promise<unknown>): Promise<string> {
  const error = await call.then(
    () => new Error('It was not refused.'),
    (reason: unknown) => reason,
  );
  if (!(error instanceof ORPCError)) throw error;
  return [error.code, error.data.cause, error.data.server?.sqlstate].filter(Boolean).join(' ');
}

const countOf = async (table: string): Promise<number> =>
  Number((await server.query<{ count: string }>(`SELECT count(*) FROM ${table}`))[0]?.count);

describe('what is run with ANALYZE', () => {
  it('leaves rows as they were, and says what rolling back does not undo', async () => {
    const text =
      "INSERT INTO event (team_id, kind, created_at) SELECT 1, 'new', now() FROM generate_series(1, 100)";
    const before = await countOf('event');
    const facts = await plans.statement({ ...postgres, text });
    expect(facts).toMatchObject({ class: 'writes', refusal: null });
    expect(facts.warnings.join(' ')).toMatch(/sequences do not go back.*triggers.*NOTIFY.*locks/is);
    const { plan } = planned(await plans.analyze({ ...postgres, text }));
    expect(plan.nodes[0]).toMatchObject({ type: 'Insert', target: 'event', loops: 1 });
    expect(await countOf('event')).toBe(before);
    // The warning holds: the sequence went on.
    const [row] = await server.query<{ last: string }>('SELECT last_value::text AS last FROM event_id_seq');
    expect(Number(row?.last)).toBeGreaterThanOrEqual(before + 100);
    const deleted = planned(
      await plans.analyze({ ...postgres, text: 'DELETE FROM event WHERE team_id = 7' }),
    );
    expect(deleted.plan.nodes[1]?.rows).toBe(600);
    expect(await countOf('event')).toBe(before);
  });

  it('is one statement only, by the server’s own word', async () => {
    for (const text of [
      'SELECT 1; DROP TABLE small',
      'SELECT 1; COMMIT; DELETE FROM small',
      'DELETE FROM small; SELECT 1',
    ]) {
      expect(await refusal(plans.analyze({ ...postgres, text }))).toBe('INVALID several-statements 42601');
      expect(await refusal(plans.explain({ ...postgres, text }))).toBe('INVALID several-statements 42601');
    }
    // Values are data.
    const value = "7'; DROP TABLE small; --";
    const text = 'SELECT * FROM event WHERE kind = $1';
    expect(planned(await plans.analyze({ ...postgres, text, parameters: [value] })).plan.nodes[0]?.rows).toBe(
      0,
    );
    expect(await countOf('small')).toBe(2000);
  });

  it('is cancelled on the server when the call ends', async () => {
    const stop = new AbortController();
    const running = server.connect({ application: 'watcher' });
    const call = plans.analyze(
      { ...postgres, text: 'SELECT pg_sleep(600), count(*) FROM team' },
      { signal: stop.signal },
    );
    call.catch(() => undefined);
    const watcher = await running;
    const atWork = async (): Promise<number> =>
      (
        await watcher.query(
          "SELECT 1 FROM pg_stat_activity WHERE application_name = 'howdah' AND state <> 'idle' AND query LIKE '%pg_sleep(600)%'",
        )
      ).rows.length;
    while ((await atWork()) === 0) await pause(10);
    stop.abort();
    await expect(call).rejects.toThrow();
    const from = Date.now();
    while ((await atWork()) > 0) {
      if (Date.now() - from > 4000) throw new Error('It still runs on the server.');
      await pause(10);
    }
    // The pool is as good as before.
    expect(planned(await plans.analyze({ ...postgres, text: 'SELECT 1' })).plan.analyzed).toBe(true);
  });

  it('ends after the time allowed, and does not wait for locks', async () => {
    expect(await refusal(plans.analyze({ ...postgres, text: 'SELECT pg_sleep(60)', timeoutMs: 150 }))).toBe(
      'SERVER_ERROR timeout 57014',
    );
    const holder = await server.connect();
    await holder.query('BEGIN; LOCK TABLE small IN ACCESS EXCLUSIVE MODE');
    expect(await refusal(plans.explain({ ...postgres, text: 'SELECT * FROM small' }))).toBe(
      'SERVER_ERROR locked 55P03',
    );
    await holder.query('ROLLBACK');
  });

  it('obeys the environment’s protection', async () => {
    const writes = { text: 'DELETE FROM small' };
    const reads = { text: 'SELECT count(*) FROM small' };
    expect(await refusal(plans.analyze({ environment: 'guarded', ...reads }))).toBe(
      'CONFIRMATION_REQUIRED confirmation',
    );
    expect(
      planned(await plans.analyze({ environment: 'guarded', ...reads, confirm: 'guarded' })).origin.how,
    ).toBe('analyzed');
    expect(await refusal(plans.analyze({ environment: 'read-only', ...reads, confirm: 'read-only' }))).toBe(
      'PROTECTED_READ_ONLY read-only',
    );
    const only = { environment: 'read-only', confirm: 'read-only' };
    expect(await refusal(plans.analyzeReadOnly({ environment: 'read-only', ...reads }))).toBe(
      'CONFIRMATION_REQUIRED confirmation',
    );
    expect(planned(await plans.analyzeReadOnly({ ...only, ...reads })).origin.how).toBe('analyzed read-only');
    for (const text of [
      writes.text,
      "SELECT nextval('event_id_seq')",
      "SELECT set_config('transaction_read_only', 'off', true), lo_create(0)",
    ])
      expect(await refusal(plans.analyzeReadOnly({ ...only, text }))).toMatch(/25006|25001/);
    const { audit } = monitored.client;
    const { entries } = await audit.list({ environment: 'guarded' });
    expect(entries.some(({ procedure }) => procedure === 'queries.plans.analyze')).toBe(true);
  });
});

describe('what is refused before it gets to the server', () => {
  it('names cut, hidden and foreign texts, and statements without a plan', async () => {
    const tracked = `SELECT '${'x'.repeat(1023 - 9)}'`;
    expect(Buffer.byteLength(tracked)).toBe(1023);
    const causes = await Promise.all(
      [
        tracked,
        'SELECT * FROM event WHERE id = 1 AND …',
        'EXPLAIN ANALYZE DELETE FROM event',
        'VACUUM event',
        'COPY event TO STDOUT',
        '-- nothing',
        '<insufficient privilege>',
      ].map(async (text) => (await plans.statement({ ...postgres, text })).refusal?.cause),
    );
    expect(causes).toEqual([
      'text-cut',
      'text-cut',
      'is-explain',
      'no-plan',
      'no-plan',
      'no-statement',
      'text-hidden',
    ]);
    for (const call of [plans.explain, plans.analyze])
      expect(await refusal(call({ ...postgres, text: tracked }))).toBe('INVALID text-cut');
    expect(await refusal(plans.explain({ ...postgres, key: '10.5.1.t' }))).toBe('INVALID statement-gone');
    await server.query('CREATE DATABASE elsewhere');
    await server.query('SELECT 12345 AS elsewhere', 'elsewhere');
    const [row] = await server.query<{ key: string }>(
      "SELECT concat_ws('.', userid, dbid, queryid, 't') AS key FROM pg_stat_statements WHERE query LIKE '%AS elsewhere'",
    );
    expect((await plans.statement({ ...postgres, key: row?.key ?? '' })).refusal).toMatchObject({
      cause: 'other-database',
      what: expect.stringContaining('elsewhere'),
    });
  });

  it('puts the server’s refusals into words', async () => {
    expect(await refusal(plans.explain({ environment: 'plain', text: 'SELECT * FROM event' }))).toBe(
      'SERVER_ERROR permission-denied 42501',
    );
    expect(await refusal(plans.explain({ ...postgres, text: 'SELECT * FROM nowhere' }))).toBe(
      'INVALID relation-unknown 42P01',
    );
    expect(await refusal(plans.explain({ ...postgres, text: 'SELEC 1' }))).toBe('INVALID syntax 42601');
  });
});

describe('texts of pg_stat_statements', () => {
  it('are planned with $1 where a literal was, or ask for values', async () => {
    const text =
      "SELECT count(*) FROM event WHERE created_at > now() - interval $1 AND EXTRACT($2 FROM created_at) = $3 AND note <> 'interval $9'";
    expect(planned(await plans.explain({ ...postgres, text })).plan.nodes.length).toBeGreaterThan(1);
    const given = planned(await plans.analyze({ ...postgres, text, parameters: ['1 day', 'hour', '5'] }));
    expect(given.text).toContain("interval '1 day' AND EXTRACT('hour' FROM created_at) = '5'");
    const untyped = 'SELECT $1 IS NULL, id FROM event WHERE id = $2';
    expect(await plans.explain({ ...postgres, text: untyped })).toMatchObject({
      kind: 'asked',
      asked: {
        types: [null, null],
        explanation: { cause: 'parameters-needed', server: { sqlstate: '42P18' } },
      },
    });
    expect(
      planned(await plans.explain({ ...postgres, text: untyped, parameters: [null, '5'] })).origin.how,
    ).toBe('parameters');
  });
});

describe('findings on a real server', () => {
  const latest =
    'SELECT t.name, (SELECT e.created_at FROM event AS e WHERE e.team_id = t.id ORDER BY e.created_at DESC LIMIT 1) FROM team AS t';

  it('name the index that is missing, and say nothing once it is there', async () => {
    const before = planned(await plans.analyze({ ...postgres, text: latest }));
    const found = before.plan.findings.find(({ kind }) => kind === 'seq-scan');
    expect(found).toMatchObject({
      severity: 'bad',
      statement: 'CREATE INDEX CONCURRENTLY ON public.event (team_id, created_at DESC)',
    });
    expect(before.plan.findings.some(({ kind }) => kind === 'subplan-loops')).toBe(false);
    const after = planned(await plans.analyze({ ...postgres, text: latest.replace('event', 'served') }));
    expect(after.plan.findings).toEqual([]);
    expect(after.plan.executionMs ?? 0).toBeLessThan((before.plan.executionMs ?? 0) / 5);
  });

  it('tell of a partitioned table once, however many partitions the plan reads', async () => {
    await server.query(`CREATE TABLE part (team_id int, at int, note text) PARTITION BY RANGE (at);
      DO $$ BEGIN FOR n IN 0..149 LOOP EXECUTE format('CREATE TABLE part_%s PARTITION OF part FOR VALUES FROM (%s) TO (%s)', n, n * 1000, n * 1000 + 1000); END LOOP; END $$;
      INSERT INTO part SELECT n % 500, n, repeat('z', 60) FROM generate_series(0, 149999) AS n; ANALYZE part`);
    for (const text of ['SELECT * FROM part WHERE team_id = 7', 'SELECT * FROM part WHERE team_id = $1']) {
      const { plan, json } = planned(await plans.explain({ ...postgres, text }));
      // Long enough to be read by a thread, which asks for the catalogue.
      expect(json.length).toBeGreaterThan(60_000);
      expect(plan.findings).toMatchObject([
        { kind: 'seq-scan', severity: 'bad', statement: 'CREATE INDEX ON public.part (team_id)' },
      ]);
      expect(plan.findings[0]?.remedy).toContain('ONLY');
    }
  });

  it('keep the last plans, to be compared and dropped', async () => {
    const [newest, second] = (await plans.kept(postgres)).filter(({ analyzed }) => analyzed);
    const one = await plans.one({ ...postgres, id: second?.id ?? 0 });
    expect(one.plan.findings.length).toBeGreaterThan(0);
    expect(JSON.parse(one.json)).toHaveLength(1);
    await plans.drop({ ...postgres, ids: [newest?.id ?? 0] });
    expect((await plans.kept(postgres)).filter(({ analyzed }) => analyzed)[0]?.id).toBe(second?.id);
    expect(await refusal(plans.one({ ...postgres, id: newest?.id ?? 0 }))).toBe('INVALID plan-gone');
    expect((await plans.kept({ environment: 'plain' })).every(({ id }) => id !== second?.id)).toBe(true);
  });

  it('advise an index only where one would help', async () => {
    const { connection } = parseConnectionUrl(server.url());
    const way = { target: { host: '127.0.0.1', port: server.port }, tls: false as const, pooled: false };
    const pool: ServerPool = openPool({ connection, password: 'postgres' }, { way });
    const costly = { queryId: null, share: 0.4, meanMs: 50, calls: 500 };
    const advised = async (text: string): Promise<(string | null)[]> =>
      (await planAdvice(pool, { text, ...costly })).map(({ statement }) => statement);
    const index = (what: string): string[] => [`CREATE INDEX CONCURRENTLY ON public.${what}`];
    try {
      for (const text of [latest, latest.replace('LIMIT 1', 'LIMIT $1')])
        expect(await advised(text)).toEqual(index('event (team_id, created_at DESC)'));
      expect(await advised('SELECT * FROM event WHERE team_id = $1')).toEqual(index('event (team_id)'));
      expect(
        await advised('SELECT * FROM event WHERE team_id = $1 AND created_at > now() - interval $2'),
      ).toEqual(index('event (team_id, created_at)'));
      expect(await advised('SELECT * FROM event ORDER BY created_at DESC LIMIT $1')).toEqual(
        index('event (created_at DESC)'),
      );
      expect(await advised("SELECT * FROM event WHERE kind = 'rare'")).toEqual(index('event (kind)'));
      expect(await advised('UPDATE event SET note = $1 WHERE team_id = $2')).toEqual(
        index('event (team_id)'),
      );
      expect(
        await advised('SELECT note FROM "Odd name" WHERE "Group" = $1 ORDER BY "order" LIMIT 5'),
      ).toEqual(index('"Odd name" ("Group", "order")'));
      for (const text of [
        'SELECT * FROM small WHERE team_id = $1',
        'SELECT * FROM served WHERE team_id = $1 ORDER BY created_at DESC LIMIT $2',
        'SELECT * FROM event WHERE kind = $1',
        'SELECT * FROM event WHERE created_at < now() - interval $1',
        'DELETE FROM event WHERE created_at < now() - interval $1 AND created_at <> date_trunc($2, created_at)',
        "DELETE FROM event WHERE created_at < '1990-01-01'",
        'SELECT team_id, count(*) FROM event GROUP BY team_id ORDER BY team_id',
        'SELECT * FROM event ORDER BY created_at',
        'SELECT * FROM event WHERE lower(kind) = $1 AND id + 0 = $2',
        'SELECT row_number() OVER (PARTITION BY team_id ORDER BY created_at) FROM event',
        'SELECT nothing FROM nowhere WHERE team_id = $1',
        'VACUUM event',
      ])
        expect(await advised(text), text).toEqual([]);
      const cheap = {
        text: 'SELECT * FROM event WHERE team_id = $1',
        queryId: null,
        share: 0.01,
        meanMs: 4,
        calls: 9,
      };
      expect(await planAdvice(pool, cheap)).toEqual([]);
    } finally {
      await pool.close();
    }
  });
});
