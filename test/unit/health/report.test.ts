import { describe, expect, it } from 'vitest';
import { exportReport } from '../../../main/health/export.ts';
import { lookInto } from '../../../main/health/looking.ts';
import { rankFindings } from '../../../main/health/rank.ts';
import { withoutSecrets } from '../../../main/health/secrets.ts';
import type { Advice } from '../../../preload/contract/advice.ts';
import type { Environment } from '../../../preload/contract/environments.ts';
import { HealthReport } from '../../../preload/contract/health.ts';
import { groupsOf, summaryOf, verdictOf } from '../../../preload/contract/health-words.ts';

const advice = (more: Partial<Advice>): Advice => ({
  id: 'index-duplicate public.a',
  kind: 'index-duplicate',
  room: 'storage',
  severity: 'notice',
  title: 'Something',
  object: null,
  database: 'shop',
  evidence: [],
  harm: 'It takes space.',
  remedy: 'Drop it.',
  statement: null,
  bytes: null,
  estimated: false,
  source: null,
  ...more,
});

const report = (more: Partial<HealthReport>): HealthReport => ({
  environment: { id: 'e', name: 'shop' },
  at: Date.UTC(2026, 0, 12, 14, 3),
  tookMs: 12,
  facts: {
    address: 'db:5432',
    version: '18.1',
    role: 'primary',
    startedAt: Date.UTC(2026, 0, 1),
    database: 'shop',
    user: 'ada',
    sight: 'own',
    databaseBytes: '10485760',
    sessions: null,
    maxConnections: 100,
  },
  looks: [{ room: 'storage', state: 'done', tookMs: 3, findings: 0 }],
  findings: [],
  limits: [],
  ...more,
});

describe('ranking', () => {
  it('puts the worst first, then what harms most, then what is largest, and one sort side by side', () => {
    const ranked = rankFindings([
      advice({ id: '1', title: 'small', bytes: '10' }),
      advice({ id: '2', kind: 'index-unused', title: 'middling', bytes: '900' }),
      advice({ id: '3', title: 'large', bytes: '20000' }),
      advice({ id: '4', kind: 'index-missing', room: 'queries', severity: 'warning', title: 'missing' }),
      advice({ id: '5', kind: 'fsync-off', room: 'server', severity: 'bad', title: 'fsync' }),
      advice({ id: '6', kind: 'slot-lost', room: 'server', severity: 'warning', title: 'slot' }),
    ]);
    expect(ranked.map(({ title }) => title)).toEqual([
      'fsync',
      'slot',
      'missing',
      'large',
      'small',
      'middling',
    ]);
    expect(groupsOf(ranked).map(({ kind, findings }) => [kind, findings.length])).toEqual([
      ['fsync-off', 1],
      ['slot-lost', 1],
      ['index-missing', 1],
      ['index-duplicate', 2],
      ['index-unused', 1],
    ]);
  });

  it('tells a session once that sits idle, blocks others and holds dead rows back', () => {
    const ranked = rankFindings([
      advice({
        ...{ id: '1', kind: 'idle-in-transaction', room: 'activity', severity: 'warning' },
        ...{ object: 'session 7', statement: 'SELECT pg_terminate_backend(7);' },
      }),
      advice({
        ...{ id: '2', kind: 'lock-jam-idle', room: 'locks', severity: 'bad', object: 'pid 7' },
        ...{ database: 'billing', statement: 'SELECT pg_terminate_backend(7);' },
      }),
      advice({
        ...{ id: '3', kind: 'xmin-holder', room: 'maintenance', severity: 'warning', database: null },
        ...{ object: 'pid 7', statement: 'SELECT pg_terminate_backend(7)' },
      }),
      advice({ id: '4', kind: 'lock-jam', room: 'locks', statement: 'SELECT pg_terminate_backend(77);' }),
    ]);
    expect(ranked.map(({ id, rooms }) => [id, rooms])).toEqual([
      ['2', ['locks', 'activity', 'maintenance']],
      ['4', ['locks']],
    ]);
  });

  it('tells once what two rooms say of one thing, in the words of the worse, with the evidence of both', () => {
    const statement = 'CREATE INDEX CONCURRENTLY ON public.a (b, c DESC);';
    const ranked = rankFindings([
      advice({
        id: '1',
        kind: 'fk',
        statement: 'CREATE INDEX CONCURRENTLY ON "public"."a" ("b",  "c" DESC)',
        evidence: ['one', 'both'],
      }),
      advice({
        id: '2',
        kind: 'index-missing',
        room: 'queries',
        severity: 'warning',
        statement,
        evidence: ['both', 'two'],
      }),
      advice({ id: '3', kind: 'index-missing', room: 'queries', statement, database: 'other' }),
      advice({ id: '4', kind: 'idle', room: 'locks', object: 'session 7', severity: 'bad' }),
      advice({ id: '5', kind: 'idle', room: 'activity', object: 'session 7' }),
      advice({ id: '6', kind: 'idle', room: 'activity', object: 'session 8' }),
    ]);
    expect(ranked.map(({ id, rooms, evidence }) => [id, rooms, evidence])).toEqual([
      ['4', ['locks', 'activity'], []],
      ['2', ['queries', 'storage'], ['both', 'two', 'one']],
      ['3', ['queries'], []],
      ['6', ['activity'], []],
    ]);
  });
});

describe('a room that is asked', () => {
  const environment = {} as Environment;
  const ask = (advise: Parameters<typeof lookInto>[1], signal = new AbortController().signal) =>
    lookInto('locks', advise, environment, { signal, patienceMs: 20 });

  it('is told as a limit, with the reason, when it fails', async () => {
    const looked = await ask(() => Promise.reject(new Error('relation "x" does not exist')));
    expect(looked).toMatchObject({
      state: 'failed',
      advised: { advice: [], limits: [{ cause: 'room-failed', why: 'relation "x" does not exist' }] },
    });
  });

  it('is stopped and told when it does not come back', async () => {
    let stopped = false;
    const looked = await ask(
      (_, signal) =>
        new Promise(() => {
          signal?.addEventListener('abort', () => {
            stopped = true;
          });
        }),
    );
    expect(looked).toMatchObject({ state: 'failed', advised: { limits: [{ cause: 'room-timed-out' }] } });
    expect(stopped).toBe(true);
  });

  it('ends the report when whoever asked has gone', async () => {
    await expect(
      ask(() => new Promise(() => undefined), AbortSignal.abort(new Error('gone'))),
    ).rejects.toThrow('gone');
  });
});

describe('what a report comes to', () => {
  const failed = { room: 'locks', state: 'failed', tookMs: 1, findings: 0 } as const;
  const done = { room: 'storage', state: 'done', tookMs: 1, findings: 0 } as const;
  const limit = { room: 'locks', cause: 'x', what: 'x', why: '', next: '' } as const;
  const bad = rankFindings([advice({ severity: 'bad' }), advice({ id: '2' })]);

  it.each([
    [{ looks: [done] }, 'fine', 'Nothing was found. Looked at storage.'],
    [
      { looks: [done, failed] },
      'unknown',
      'Nothing was found. Looked at storage. Locks could not be looked at.',
    ],
    [{ looks: [failed] }, 'unknown', 'Nothing could be looked at. Locks could not be looked at.'],
    [{ looks: [done], findings: bad }, 'bad', '1 bad finding, 1 notice. Looked at storage.'],
    [
      { looks: [done], findings: rankFindings([advice({})]), limits: [limit] },
      'notice',
      '1 notice. Looked at storage. Not all of it could be seen: see the limits.',
    ],
  ])('says no more than what was looked at: %#', (more, verdict, summary) => {
    expect(verdictOf(report(more))).toBe(verdict);
    expect(summaryOf(report(more))).toBe(summary);
  });
});

describe('a report that is handed on', () => {
  const hostile = `</style><script>alert(1)</script> "x' \`\`\`\` [a](http://e.example) \u202e\u0007`;
  const whole = report({
    environment: { id: 'e', name: hostile },
    findings: rankFindings([
      advice({
        severity: 'bad',
        title: hostile,
        evidence: [hostile],
        harm: hostile,
        remedy: hostile,
        statement: `DROP INDEX CONCURRENTLY "${hostile}";`,
        database: hostile,
        source: hostile,
        bytes: '123456',
        estimated: true,
      }),
    ]),
    limits: [{ room: 'locks', cause: 'x', what: hostile, why: hostile, next: '', command: hostile }],
  });

  it('is one page of HTML on which nothing runs and which loads nothing', () => {
    const { name, text, mediaType } = exportReport(whole, 'html');
    expect(mediaType).toBe('text/html');
    expect(name).toMatch(/^health-[^/<>"]+-2026-01-12\.html$/);
    expect(text).not.toContain('<script');
    expect(text.match(/<\/style>/g)).toHaveLength(1);
    expect(text).not.toMatch(/\s(src|href|on\w+)=/i);
    expect(text).toContain("default-src 'none'");
    expect(['\u202e', '\u0007'].filter((character) => text.includes(character))).toEqual([]);
    expect(text).toContain('121 kB');
    expect(text).toContain('It rests on an estimate.');
  });

  it('is Markdown in which names mean nothing and blocks end where they should', () => {
    const { text } = exportReport(whole, 'markdown');
    const outside = text.split('\n').filter((line) => !/^\s*(DROP INDEX|<\/style>|`{5})/.test(line));
    expect(outside.join('\n')).not.toMatch(/<|(?<!\\)[`[\]]|http:/);
    // The statement holds four backticks in a row: five stand around it.
    expect(text.match(/^`{5}(sql)?$/gm)).toHaveLength(2);
    expect(['\u202e', '\u0007'].filter((character) => text.includes(character))).toEqual([]);
  });

  it('tells of nothing found only together with what was looked for', () => {
    const { text } = exportReport(report({}), 'markdown');
    expect(text).toContain('Nothing was found. Looked at storage.');
    expect(text).toContain('**Storage**: duplicate, redundant, unused and invalid indexes');
  });

  it('has passwords left out and names of tables left whole', () => {
    const { findings, limits } = withoutSecrets(
      report({
        findings: rankFindings([
          advice({
            title: 'public.api_tokens: 12 MB',
            evidence: ["ALTER ROLE ada PASSWORD 'hunter2'", 'postgres://ada:hunter2@db/shop'],
          }),
        ]),
        limits: [{ room: 'server', cause: 'x', what: "CREATE ROLE x PASSWORD 'hunter2'", why: '', next: '' }],
      }),
    );
    expect(JSON.stringify({ findings, limits })).not.toContain('hunter2');
    expect(findings[0]?.title).toBe('public.api_tokens: 12 MB');
  });

  it('is of the shape that the store takes back', () => {
    expect(HealthReport.parse(JSON.parse(JSON.stringify(whole)))).toEqual(whole);
  });
});
