import { describe, expect, it } from 'vitest';
import { entryOf, instantOf } from '../../../main/server/log/entry.ts';
import { formatOf, parseLog } from '../../../main/server/log/parse-log.ts';
import { parseStderr } from '../../../main/server/log/parse-stderr.ts';
import { lineReader } from '../../../main/server/log/prefix.ts';
import { groupErrors, groupSlow, normalise } from '../../../renderer/server/log/groups.ts';

const read = (text: string, prefix: string | null = '%m [%p] ') =>
  parseStderr(text, { prefix, offset: 0, zoneMinutes: 60 });

describe('log lines', () => {
  it('are read by any log_line_prefix', () => {
    const lines: [string, string, object][] = [
      [
        '%t [%-6p] %q%u@%d ',
        '2026-01-02 03:04:05 UTC [12    ] ada@shop ERROR:  no',
        { pid: '12', user: 'ada', database: 'shop' },
      ],
      ['%t [%-6p] %q%u@%d ', '2026-01-02 03:04:05 UTC [12    ] LOG:  started', { pid: '12' }],
      [
        '%n|%e|%a|%r: ',
        '1767322645.123|42P01|my app|10.0.0.1(5432): ERROR:  no',
        { epoch: '1767322645.123', sqlstate: '42P01', application: 'my app', client: '10.0.0.1(5432)' },
      ],
      [
        '<%b 100%% %c> ',
        '<client backend 100% 65a.1f> LOG:  x',
        { backendType: 'client backend', session: '65a.1f' },
      ],
    ];
    for (const [prefix, line, fields] of lines)
      expect(lineReader(prefix)(line)?.fields).toMatchObject(fields);
    expect(lineReader('%m [%p] ')('\tgoes on')).toBeUndefined();
  });

  it('of one message come together, with other sessions in between', () => {
    const { entries, unread } = read(
      [
        '2026-01-02 03:04:05.678 CET [1] ERROR:  column "ü" does not exist',
        '2026-01-02 03:04:05.679 CET [2] LOG:  checkpoint starting: time',
        '2026-01-02 03:04:05.679 CET [1] HINT:  Perhaps you meant "u".',
        '2026-01-02 03:04:05.679 CET [1] STATEMENT:  SELECT ü',
        '\tFROM somewhere',
        'could not open a library: printed by something else',
        '2026-01-02 03:04:06.000 CET [2] FATAL:  bye',
        '',
      ].join('\n'),
    );
    expect(unread).toBe(1);
    expect(entries.map(({ word, pid }) => [word, pid])).toEqual([
      ['ERROR', 1],
      ['LOG', 2],
      ['FATAL', 2],
    ]);
    expect(entries[0]).toMatchObject({
      hint: 'Perhaps you meant "u".',
      statement: 'SELECT ü\nFROM somewhere',
    });
    expect(entries[0]?.at).toBe(Date.parse('2026-01-02T02:04:05.678Z'));
    expect(instantOf('2026-01-02 03:04:05 +0530', 0)).toBe(Date.parse('2026-01-01T21:34:05Z'));
  });

  it('are read of a piece that was cut anywhere, with places in bytes', () => {
    const first = '2026-01-02 03:04:05.678 UTC [1] LOG:  ünïcödé\n';
    const second = '2026-01-02 03:04:05.678 UTC [1] LOG:  two\n\tand more\n';
    const bytes = Buffer.from(`${first}${second}2026-01-02 03:04:05.6`);
    for (let cut = 1; cut < Buffer.byteLength(first); cut += 1) {
      const piece = parseLog(bytes.subarray(cut), {
        format: 'stderr',
        prefix: '%m [%p] ',
        offset: cut,
        zoneMinutes: 0,
        isCut: true,
      });
      expect([piece.from, piece.to, piece.unread]).toEqual([
        Buffer.byteLength(first),
        Buffer.byteLength(first + second),
        0,
      ]);
      expect(piece.entries).toMatchObject([{ offset: Buffer.byteLength(first), message: 'two\nand more' }]);
    }
    const nothing = parseLog(Buffer.from('no end'), {
      format: 'stderr',
      prefix: null,
      offset: 5,
      zoneMinutes: 0,
      isCut: true,
    });
    expect(nothing).toMatchObject({ entries: [], from: 5, to: 5 });
  });

  it('of csvlog survive quotes, line ends and a cut within a field', () => {
    const row = (message: string, statement: string) =>
      `2026-01-02 03:04:05.678 UTC,"ada","shop",12,"[local]",65a.1f,1,"SELECT",2026-01-02 03:00:00 UTC,3/4,0,ERROR,22012,"${message}",,,,,,"${statement}",,,"psql","client backend",,0\n`;
    const text = row('division by ""zero""', 'SELECT 1,\n2026 / 0') + row('two', 'SELECT');
    const cut = text.indexOf('2026 / 0');
    const reading = { format: 'csvlog', prefix: null, zoneMinutes: 0 } as const;
    const whole = parseLog(Buffer.from(text), { ...reading, offset: 0, isCut: false });
    expect(whole.entries).toMatchObject([
      {
        message: 'division by "zero"',
        statement: 'SELECT 1,\n2026 / 0',
        sqlstate: '22012',
        user: 'ada',
        pid: 12,
        backendType: 'client backend',
      },
      { message: 'two' },
    ]);
    const part = parseLog(Buffer.from(text.slice(cut)), { ...reading, offset: cut, isCut: true });
    expect(part.entries).toMatchObject([{ message: 'two', offset: whole.entries[1]?.offset }]);
    expect(formatOf('x.log', text)).toBe('csvlog');
    expect(formatOf('x.log', '{"timestamp":"2026"}')).toBe('jsonlog');
    expect(formatOf('x.log', 'LOG:  plain')).toBe('stderr');
  });

  it('tell durations apart from statements, and never a secret', () => {
    const slow = entryOf({
      offset: 0,
      word: 'LOG',
      message: 'duration: 1234.5 ms  execute <unnamed>: SELECT $1',
    });
    expect(slow).toMatchObject({
      durationMs: 1234.5,
      statement: 'SELECT $1',
      message: 'duration: 1234.5 ms (execute)',
    });
    const secret = entryOf({
      offset: 0,
      word: 'ERROR',
      message: 'no',
      statement: "ALTER ROLE ada PASSWORD 'hunter22' VALID UNTIL 'x'",
    });
    expect(secret.statement).not.toContain('hunter22');
  });
});

describe('groups of log entries', () => {
  it('count alike errors and statements, whatever their values', () => {
    const error = (at: number, id: number) =>
      entryOf({
        offset: at,
        at,
        word: 'ERROR',
        sqlstate: '23505',
        message: `duplicate key (id)=(${id}) in "users_pkey"`,
      });
    const slow = (at: number, ms: number, id: string) =>
      entryOf({
        offset: at,
        at,
        word: 'LOG',
        message: `duration: ${ms} ms  statement: SELECT *  FROM t WHERE id = ${id} AND x IN (1, 2, 3)`,
      });
    const entries = [
      error(1, 7),
      error(2, 8),
      slow(3, 100, '1'),
      slow(4, 300, "'it''s'"),
      entryOf({ offset: 5, word: 'LOG', message: 'checkpoint' }),
    ];
    expect(groupErrors(entries)).toMatchObject([{ sqlstate: '23505', count: 2, lastAt: 2 }]);
    expect(groupSlow(entries)).toMatchObject([
      { count: 2, totalMs: 400, meanMs: 200, mostMs: 300, lastAt: 4 },
    ]);
    expect(normalise("SELECT 'a' || E'b\\'c', -12.5e3, $1, t1.c2 /* x */")).toBe(
      'SELECT ? || ?, -?, $1, t1.c2',
    );
  });
});
