import { PassThrough } from 'node:stream';
import { describe, expect, it } from 'vitest';
import { describeTarget, parseTarget, targetOf } from '../../../main/companions/address.ts';
import { createOutputLog, type OutputLog } from '../../../main/companions/output.ts';
import { printable } from '../../../main/companions/printable.ts';
import type { CompanionLine } from '../../../preload/contract/environments.ts';
import { cpuTime } from '../../support/cpu-time.ts';

describe('the address to wait for', () => {
  it.each([
    ['db:5433', { host: 'db', port: 5433 }],
    ['[::1]:5432', { host: '::1', port: 5432 }],
    ['5432', { host: 'localhost', port: 5432 }],
    [':5432', { host: 'localhost', port: 5432 }],
    ['/cloudsql/p:r:i/.s.PGSQL.5432', { path: '/cloudsql/p:r:i/.s.PGSQL.5432' }],
  ])('reads %s', (text, target) => {
    expect(parseTarget(text)).toEqual(target);
  });

  it.each(['', 'db', 'db:', 'db:0', 'db:65536', '::1:5432', 'ada@db:5432', 'http://db:5432', 'db:5432/x'])(
    'does not read "%s"',
    (text) => {
      expect(parseTarget(text)).toBeUndefined();
    },
  );

  it('is written as it is read', () => {
    for (const text of ['db:5433', '[::1]:5432', '/run/x.sock']) {
      expect(describeTarget(parseTarget(text) as NonNullable<ReturnType<typeof parseTarget>>)).toBe(text);
    }
  });

  it('takes a socket directory for PostgreSQL’s socket in it', () => {
    expect(targetOf({ host: '/run/postgresql', port: 5433 })).toEqual({
      path: '/run/postgresql/.s.PGSQL.5433',
    });
    expect(targetOf({ host: '::1', port: 5433 })).toEqual({ host: '::1', port: 5433 });
  });
});

describe('a line of output', () => {
  it('loses colours, titles, control characters and what turns the direction of writing', () => {
    expect(printable('\u001b[31mred\u001b[0m \u001b]0;title\u0007\u0000a\u0008b\u202ec\u2066d\te', [])).toBe(
      'red abcd  e',
    );
  });

  it('is cut at 2,000 characters', () => {
    const cut = printable('x'.repeat(5000), []);
    expect(cut).toHaveLength(2000);
    expect(cut.endsWith('…')).toBe(true);
  });

  it.each([
    ['as it is', 'password p4ss"w/rd given'],
    ['in a URL', 'going to db://p4ss%22w%2Frd/'],
    ['in JSON', '{"password":"p4ss\\"w/rd"}'],
    ['with colours in between', 'p4ss\u001b[1m"w/rd'],
  ])('hides a secret %s', (_, line) => {
    expect(printable(line, ['p4ss"w/rd'])).not.toMatch(/p4ss|w\/rd|w%2Frd/);
    expect(printable(line, ['p4ss"w/rd'])).toContain('•••');
  });

  it('hides a secret that another one is part of whole', () => {
    expect(printable('it is secretive', ['secret', 'secretive'])).toBe('it is •••');
  });

  it('hides the password of any URL, and a secret that lies across the cut', () => {
    expect(printable('postgres://ada:any@db/x', [])).toBe('postgres://ada:•••@db/x');
    expect(printable(`${'x'.repeat(1995)}longsecret`, ['longsecret'])).not.toContain('long');
  });

  it('does not take long over a line that looks like the beginning of a URL', () => {
    const before = cpuTime();
    printable('a'.repeat(20_000), []);
    expect(cpuTime(before)).toBeLessThan(100);
  });
});

describe('the output of a process', () => {
  const first = async (log: OutputLog): Promise<CompanionLine[]> => {
    for await (const batch of log.follow(undefined)) return batch;
    return [];
  };
  const readAll = async (...chunks: (string | Buffer)[]): Promise<string[]> => {
    const log = createOutputLog();
    const stream = new PassThrough();
    log.read(stream, 'out');
    for (const chunk of chunks) stream.write(chunk);
    stream.end();
    await new Promise((resolve) => stream.once('close', resolve));
    return (await first(log)).map(({ text }) => text);
  };

  it('is split into lines, however it comes', async () => {
    expect(await readAll('one\ntw', 'o\r\nthr', 'ee\rfour')).toEqual(['one', 'two', 'three', 'four']);
  });

  it('has characters put together that came in pieces, and replaces what is none', async () => {
    const euro = Buffer.from('€');
    expect(await readAll(euro.subarray(0, 1), euro.subarray(1), Buffer.from([0xff, 0x0a]))).toEqual([
      '€\ufffd',
    ]);
  });

  it('keeps of an endless line the beginning, and goes on after it', async () => {
    const lines = await readAll(...Array.from({ length: 50 }, () => 'z'.repeat(1000)), '\nnext\n');
    expect(lines.map(({ length }) => length)).toEqual([2000, 4]);
  });

  it('is the last 500 lines', async () => {
    const lines = await readAll(Array.from({ length: 3000 }, (_, at) => `line ${at}\n`).join(''));
    expect(lines).toHaveLength(500);
    expect(lines.at(-1)).toBe('line 2999');
  });

  it('shows a question that has no end of line', async () => {
    const log = createOutputLog();
    const stream = new PassThrough();
    log.read(stream, 'error');
    stream.write('Passphrase: ');
    await new Promise((resolve) => setTimeout(resolve, 1200));
    expect(await first(log)).toMatchObject([{ stream: 'error', text: 'Passphrase: ' }]);
    stream.destroy();
  });

  it('hides a secret that becomes known later in what was printed before', async () => {
    const log = createOutputLog();
    log.add('out', 'the word is sesame');
    log.hide(['sesame', '']);
    expect(await first(log)).toMatchObject([{ text: 'the word is •••' }]);
  });

  it('reaches a follower in batches, with what was left out told, until the signal', async () => {
    const log = createOutputLog();
    log.add('howdah', 'before');
    const end = new AbortController();
    const batches: CompanionLine[][] = [];
    const following = (async () => {
      for await (const batch of log.follow(end.signal)) {
        batches.push(batch);
        if (batches.length === 2) end.abort();
      }
    })();
    await new Promise((resolve) => setTimeout(resolve, 20));
    expect(log.followers).toBe(1);
    for (let at = 0; at < 1000; at += 1) log.add('out', `line ${at}`);
    await following;
    expect(log.followers).toBe(0);
    expect(batches[0]?.map(({ text }) => text)).toEqual(['before']);
    expect(batches[1]).toHaveLength(201);
    expect(batches[1]?.[0]).toMatchObject({ stream: 'howdah', text: '800 lines left out.' });
    expect(batches[1]?.at(-1)?.text).toBe('line 999');
  });

  it('knows the last words of the process since a time, without Howdah’s own', () => {
    const log = createOutputLog();
    const now = Date.now();
    log.add('out', 'starting');
    log.add('error', ' it broke ');
    log.add('out', '');
    log.add('howdah', 'It ended.');
    expect(log.lastWords(now, 1)).toEqual(['it broke']);
    expect(log.lastWords(now + 60_000, 3)).toEqual([]);
  });
});
