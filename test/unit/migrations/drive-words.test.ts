import { once } from 'node:events';
import { connect, createServer } from 'node:net';
import { describe, expect, it } from 'vitest';
import { notFound } from '../../../main/migrations/drive/not-found.ts';
import { formsOfSecret } from '../../../main/migrations/drive/variables.ts';
import { goSameWay } from '../../../main/migrations/dry-run/same-way.ts';
import { openWayIn } from '../../../main/migrations/dry-run/way-in.ts';

describe('a command that was not found', () => {
  it.each([
    ['/bin/sh: 1: alembic: not found', 'alembic', 'pip install alembic'],
    ['/bin/sh: line 1: flyway: command not found', 'flyway', 'Flyway'],
    ['sh: 1: knex: not found', 'knex', 'package manager'],
    ["'sqitch' is not recognized as an internal or external command,", 'sqitch', 'Sqitch'],
    ['npm error npx canceled due to missing packages and no YES option: ["knex@3.1.0"]', 'knex', 'package'],
    ['bundler: command not found: rake', 'rake', 'gem install rake'],
  ])('as "%s" says, is named with what to install', (line, name, how) => {
    const said = notFound({ code: 127 }, ['something else', line]);
    expect(said).toMatch(new RegExp(`^${name} was not found on the machine`));
    expect(said).toContain(how);
  });

  it('is not taken for one that failed by itself', () => {
    expect(notFound({ code: 1 }, ['relation "knex": not found'])).toBeUndefined();
    expect(notFound({ code: 0 }, ['sh: 1: knex: not found'])).toBeUndefined();
  });
});

describe('two commands of a tool', () => {
  const up = 'npx --no -- knex migrate:latest';
  const list = 'npx --no -- knex migrate:list';
  it.each([
    [up, list, true],
    [`${up} --env production`, `${list} --env production`, true],
    [`${up} --env production`, list, false],
    [up, `${list} --env production`, false],
    [`${up} --env production`, `${list} --env staging`, false],
    [`${up} && make more`, `${list} && make more`, false],
    ['DATABASE_URL=$OTHER knex migrate:latest', 'DATABASE_URL=$OTHER knex migrate:list', false],
    ['make migrate', 'make status', false],
  ])('"%s" and "%s": that they go the same way is %s', (one, another, same) => {
    expect(goSameWay({ command: one, own: up }, { command: another, own: list })).toBe(same);
  });
});

describe('a secret', () => {
  it('is known in the forms in which libraries write it into URLs', () => {
    const forms = formsOfSecret("a/b c!'%é");
    // As encodeURIComponent, Python’s quote and quote_plus, and Java’s URLEncoder have it, and in small letters.
    for (const form of [
      "a%2Fb%20c!'%25%C3%A9",
      'a/b%20c%21%27%25%C3%A9',
      'a%2Fb+c%21%27%25%C3%A9',
      'a%2fb%20c%21%27%25%c3%a9',
    ])
      expect(forms).toContain(form);
  });
});

describe('the way in to a copy', () => {
  it('counts a session that was let in to it, however short, and no other', async () => {
    // As the server says that the password was right, or wrong.
    const letIn = Buffer.from([0x52, 0, 0, 0, 8, 0, 0, 0, 0]);
    const refused = Buffer.from('E\0\0\0\x08nope', 'latin1');
    let answer = letIn;
    const server = createServer((socket) => {
      socket.on('error', () => undefined);
      socket.once('data', () => socket.end(answer));
    }).listen(0, '127.0.0.1');
    await once(server, 'listening');
    const { port } = server.address() as { port: number };
    const way = await openWayIn({ host: '127.0.0.1', port }, 'copy');
    const come = async (database: string): Promise<void> => {
      const body = Buffer.from(`user\0ada\0database\0${database}\0\0`);
      const head = Buffer.alloc(8);
      head.writeUInt32BE(8 + body.length, 0);
      head.writeUInt32BE(196608, 4);
      const socket = connect(way.port, way.host);
      socket.on('error', () => undefined);
      // First a request for encryption, which is told no; then the start in two pieces.
      socket.write(Buffer.from([0, 0, 0, 8, 4, 0xd2, 0x16, 0x2f]));
      expect((await once(socket, 'data'))[0].toString()).toBe('N');
      socket.write(head.subarray(0, 5));
      socket.write(Buffer.concat([head.subarray(5), body]));
      socket.resume();
      await once(socket, 'close');
    };
    try {
      await come('elsewhere');
      answer = refused;
      await come('copy');
      expect([way.sessions(), way.firstAt()]).toEqual([0, undefined]);
      answer = letIn;
      await come('copy');
      await come('copy');
      expect(way.sessions()).toBe(2);
      expect(way.firstAt()).toBeGreaterThan(0);
      expect(way.firstAt()).toBeUndefined();
    } finally {
      await way.close();
      server.close();
    }
  });
});
