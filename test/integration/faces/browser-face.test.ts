import { request as httpRequest, type IncomingHttpHeaders } from 'node:http';
import { connect } from 'node:net';
import { setTimeout as wait } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { WebSocket } from 'ws';
import { loadAppFiles } from '../../../main/faces/app-files.ts';
import { type BrowserFace, startBrowserFace } from '../../../main/faces/browser/server.ts';
import { longestFrame } from '../../../main/faces/rpc-frame.ts';
import {
  closeCode,
  opened,
  standInClient,
  standInConsole,
  temporaryFolder,
} from '../../support/stand-in-console.ts';

const page = '<!doctype html><meta name="csp-nonce" content="__CSP_NONCE__"><title>app</title>';
const script = `/* ${'long enough to be compressed '.repeat(80)} */`;
const folder = temporaryFolder({
  'renderer/index.html': page,
  'renderer/assets/app-1a2b.js': script,
  'secret.txt': 'outside of the app',
});
const console_ = standInConsole();
const lines: string[] = [];
let face: BrowserFace;

beforeAll(async () => {
  const files = await loadAppFiles(`${folder.path}/renderer`);
  await files.compressed;
  face = await startBrowserFace({
    answering: console_,
    files,
    port: 0,
    log: (line) => lines.push(line),
    heartbeatMs: 200,
  });
});

afterAll(async () => {
  await face.close();
  folder.remove();
});

interface Answer {
  status: number;
  headers: IncomingHttpHeaders;
  body: string;
}

/** One request with exactly the headers given; paths go out as they are, unlike with fetch. */
function ask(path: string, headers: Record<string, string> = {}, method = 'GET'): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const request = httpRequest({ host: '127.0.0.1', port: face.port, path, method, headers }, (response) => {
      const chunks: Buffer[] = [];
      response.on('data', (chunk: Buffer) => chunks.push(chunk));
      response.on('end', () =>
        resolve({
          status: response.statusCode ?? 0,
          headers: response.headers,
          body: Buffer.concat(chunks).toString('utf8'),
        }),
      );
    });
    request.on('error', reject);
    request.end();
  });
}

const pathOf = (link: string): string => link.slice(link.indexOf('/?'));

async function signIn(): Promise<string> {
  const { headers } = await ask(pathOf(face.mintLink()));
  return (headers['set-cookie']?.[0] ?? '').split(';')[0] ?? '';
}

const origin = (): string => `http://127.0.0.1:${face.port}`;

function socket(headers: Record<string, string>, path = '/rpc'): WebSocket {
  return new WebSocket(`ws://127.0.0.1:${face.port}${path}`, { headers });
}

async function ownSocket(): Promise<WebSocket> {
  const own = socket({ Origin: origin(), Cookie: await signIn() });
  await opened(own);
  return own;
}

describe('the one-time address', () => {
  test('is exchanged for a cookie of this port that scripts and other sites do not get', async () => {
    const answer = await ask(pathOf(face.mintLink()));
    expect(answer.status).toBe(303);
    expect(answer.headers.location).toBe('/');
    expect(answer.headers['set-cookie']?.[0]).toMatch(
      new RegExp(`^howdah-${face.port}=[\\w-]{43}; HttpOnly; SameSite=Strict; Path=/$`),
    );
  });

  test('works once; then a page says how to get another', async () => {
    const path = pathOf(face.mintLink());
    await ask(path);
    const second = await ask(path);
    expect(second.status).toBe(403);
    expect(second.headers['set-cookie']).toBeUndefined();
    expect(second.body).toContain('howdah serve');
  });

  test('may be loaded again by the browser that spent it', async () => {
    const path = pathOf(face.mintLink());
    const cookie = (await ask(path)).headers['set-cookie']?.[0]?.split(';')[0] ?? '';
    const again = await ask(path, { Cookie: cookie });
    expect(again.status).toBe(303);
    expect(again.headers['set-cookie']).toBeUndefined();
  });

  test('is not spent by a HEAD request', async () => {
    const path = pathOf(face.mintLink());
    expect((await ask(path, {}, 'HEAD')).headers['set-cookie']).toBeUndefined();
    expect((await ask(path)).status).toBe(303);
  });

  test.each(['', 'x', 'A'.repeat(43), '%00', '../..'])('with a wrong token %j is refused', async (token) => {
    const answer = await ask(`/?token=${token}`);
    expect(answer.status).toBe(403);
    expect(answer.headers['set-cookie']).toBeUndefined();
  });
});

describe('the files of the app', () => {
  test('are not given without a session', async () => {
    for (const path of ['/', '/assets/app-1a2b.js', '/index.html', '/environments/x']) {
      const answer = await ask(path, { Cookie: `howdah-${face.port}=${'A'.repeat(43)}; other=1` });
      expect(answer.status).toBe(401);
      expect(answer.body).toContain('howdah serve');
      expect(answer.body).not.toContain('compressed');
    }
  });

  test('come with a strict policy, a nonce of their own each time, and no caching of the page', async () => {
    const cookie = await signIn();
    const [one, two] = [await ask('/', { Cookie: cookie }), await ask('/', { Cookie: cookie })];
    const nonce = /content="([^"]+)"/.exec(one.body)?.[1] ?? '';
    expect(nonce).toHaveLength(24);
    const policy = String(one.headers['content-security-policy']);
    expect(policy).toContain("default-src 'none'");
    expect(policy).toContain(`style-src 'self' 'nonce-${nonce}'`);
    expect(policy).not.toContain('unsafe');
    expect(two.body).not.toContain(nonce);
    expect(one.headers['cache-control']).toBe('no-store');
    expect(one.headers['x-content-type-options']).toBe('nosniff');
    expect(one.headers['referrer-policy']).toBe('no-referrer');
    expect(one.headers['cross-origin-opener-policy']).toBe('same-origin');
    expect(one.headers['cross-origin-resource-policy']).toBe('same-origin');
  });

  test('are kept for good when their name is a hash, and compressed when that is understood', async () => {
    const cookie = await signIn();
    const plain = await ask('/assets/app-1a2b.js', { Cookie: cookie });
    expect(plain.body).toBe(script);
    expect(plain.headers['cache-control']).toContain('immutable');
    const packed = await ask('/assets/app-1a2b.js', { Cookie: cookie, 'Accept-Encoding': 'gzip, br' });
    expect(packed.headers['content-encoding']).toBe('br');
    expect(Number(packed.headers['content-length'])).toBeLessThan(script.length / 4);
  });

  test('answer the paths of screens with the app itself', async () => {
    const answer = await ask('/environments/42/activity', { Cookie: await signIn() });
    expect(answer.body).toContain('<title>app</title>');
  });

  test.each([
    '/../secret.txt',
    '/..%2fsecret.txt',
    '/assets/../../secret.txt',
    '/assets/%2e%2e/%2e%2e/secret.txt',
    '/%5c..%5csecret.txt',
    '/assets/app-1a2b.js%00.txt',
    '//secret.txt',
    '/%ff.txt',
    '//',
    '/assets/none.js',
  ])('never lead outside: %s', async (path) => {
    const answer = await ask(path, { Cookie: await signIn() });
    expect(answer.body).not.toContain('outside of the app');
    expect([200, 404]).toContain(answer.status);
    if (answer.status === 200) expect(answer.body).toContain('<title>app</title>');
  });

  test('are only looked at: other methods are refused', async () => {
    const cookie = await signIn();
    for (const method of ['POST', 'PUT', 'DELETE', 'OPTIONS']) {
      expect((await ask('/', { Cookie: cookie }, method)).status).toBe(405);
    }
  });
});

describe('requests meant for somebody else', () => {
  test.each([
    'evil.example',
    'evil.example:PORT',
    '127.0.0.1:1',
    '127.0.0.1',
    '[::1]:PORT',
    'localhost.evil:PORT',
  ])('a Host of %s is refused, even with a session', async (host) => {
    const headers = { Host: host.replace('PORT', String(face.port)), Cookie: await signIn() };
    expect((await ask('/', headers)).status).toBe(421);
    expect((await ask(pathOf(face.mintLink()), headers)).status).toBe(421);
    const foreign = socket({ ...headers, Origin: `http://${headers.Host}` });
    await expect(opened(foreign)).rejects.toThrow('refused with 421');
  });

  test('localhost is as good as 127.0.0.1', async () => {
    const headers = { Host: `localhost:${face.port}`, Cookie: await signIn() };
    expect((await ask('/', headers)).status).toBe(200);
  });

  test('a foreign Origin is refused', async () => {
    const cookie = await signIn();
    for (const foreign of ['http://evil.example', 'null', `http://127.0.0.1:${face.port + 1}`, 'file://']) {
      expect((await ask('/', { Cookie: cookie, Origin: foreign })).status).toBe(403);
      await expect(opened(socket({ Cookie: cookie, Origin: foreign }))).rejects.toThrow('refused with 403');
    }
  });

  test('a WebSocket without Origin, from another site, without a session or elsewhere is refused', async () => {
    const cookie = await signIn();
    const good = { Cookie: cookie, Origin: origin() };
    await expect(opened(socket({ Cookie: cookie }))).rejects.toThrow('refused with 403');
    await expect(opened(socket({ ...good, 'Sec-Fetch-Site': 'cross-site' }))).rejects.toThrow('403');
    await expect(opened(socket({ ...good, 'Sec-Fetch-Site': 'same-site' }))).rejects.toThrow('403');
    await expect(opened(socket({ Origin: origin() }))).rejects.toThrow('refused with 401');
    await expect(opened(socket(good, '/elsewhere'))).rejects.toThrow('refused with 404');
  });

  test('a link on another site still opens a console that the browser has a session with', async () => {
    // The browser holds a Strict cookie back at first, so what arrives has none.
    const first = await ask('/', { 'Sec-Fetch-Site': 'cross-site' });
    expect(first.body).toContain('http-equiv="refresh"');
    const second = await ask('/', { 'Sec-Fetch-Site': 'same-origin', Cookie: await signIn() });
    expect(second.body).toContain('<title>app</title>');
  });

  test('bytes that are no HTTP close the connection', async () => {
    const raw = connect(face.port, '127.0.0.1');
    raw.write('\x16\x03\x01 no http at all\r\n\r\n');
    await new Promise((resolve) => raw.once('close', resolve));
    expect((await ask('/')).status).toBe(401);
  });
});

describe('calls over the socket', () => {
  test('are answered in the name of the account that runs the console', async () => {
    const own = await ownSocket();
    expect(await standInClient(own).echo({ text: 'grüße' })).toBe('grüße');
    expect(console_.callers.at(-1)).toMatchObject({ face: 'browser', who: expect.stringMatching(/./) });
    own.close();
  });

  test('that throw or fail validation leave the connection as it is', async () => {
    const own = await ownSocket();
    const client = standInClient(own);
    await expect(client.fail()).rejects.toThrow();
    await expect(client.echo({ text: 5 as unknown as string })).rejects.toThrow();
    expect(await client.echo({ text: 'still here' })).toBe('still here');
    own.close();
  });

  test('that ask for no procedure, or carry a body that is none, are answered with an error', async () => {
    const own = await ownSocket();
    const bodies = [undefined, 5, { json: 1, meta: 'x' }, { json: {}, meta: [[9, 'a']] }, { meta: [] }];
    for (const [index, b] of bodies.entries()) {
      const answer = new Promise<string>((resolve) => own.once('message', (data) => resolve(String(data))));
      own.send(JSON.stringify({ i: `x${index}`, p: { u: '/echo', b } }));
      expect(JSON.parse(await answer)).toMatchObject({ i: `x${index}`, p: { s: expect.any(Number) } });
    }
    const answer = new Promise<string>((resolve) => own.once('message', (data) => resolve(String(data))));
    own.send(JSON.stringify({ i: 'y', p: { u: '/__proto__/constructor', b: { json: {} } } }));
    expect(JSON.parse(await answer)).toMatchObject({ p: { s: 404 } });
    expect(await standInClient(own).echo({ text: 'still here' })).toBe('still here');
    own.close();
  });

  test.each([
    'hello',
    '{"i":',
    '[]',
    'null',
    '{}',
    '{"i":1,"p":{"u":"/echo"}}',
    '{"i":"1"}',
    '{"i":"1","p":{}}',
    '{"i":"1","t":9,"p":{"u":"/echo"}}',
    '{"i":"1","p":{"u":"http://evil.example/echo"}}',
    '{"i":"1","p":{"u":"/echo","h":{"content-type":"multipart/form-data"}}}',
    '{"i":"1","p":{"u":"/echo","h":{"content-disposition":"attachment"}}}',
  ])('a frame that is none closes its connection and nothing else: %s', async (frame) => {
    const [bad, good] = [await ownSocket(), await ownSocket()];
    bad.send(frame);
    expect(await closeCode(bad)).toBe(1008);
    expect(await standInClient(good).echo({ text: 'unharmed' })).toBe('unharmed');
    good.close();
  });

  test('a binary frame closes the connection', async () => {
    const own = await ownSocket();
    own.send(Buffer.from([0xff, 0x00, 0x7b]));
    expect(await closeCode(own)).toBe(1003);
  });

  test('a frame that is too big closes the connection', async () => {
    const own = await ownSocket();
    own.send(`"${'x'.repeat(longestFrame)}"`);
    expect(await closeCode(own)).toBe(1009);
    expect((await ask('/')).status).toBe(401);
  });
});

describe('streams', () => {
  test('beyond 300 at a time close their connection with a word, and end', async () => {
    const [own, other] = [await ownSocket(), await ownSocket()];
    const closed = new Promise<[number, string]>((resolve) =>
      own.once('close', (code, reason) => resolve([code, String(reason)])),
    );
    for (let call = 0; call < 2000; call += 1) {
      own.send(JSON.stringify({ i: String(call), p: { u: '/ticks' } }));
    }
    expect(await closed).toEqual([1008, 'At most 300 calls may be open at a time.']);
    await vi.waitFor(() => expect(console_.streams.running).toBe(0), { timeout: 2000 });
    expect(await standInClient(other).echo({ text: 'unharmed' })).toBe('unharmed');
    other.close();
  });

  test('and calls that have ended count no more', async () => {
    const own = await ownSocket();
    const client = standInClient(own);
    for (let round = 0; round < 5; round += 1) {
      const texts = Array.from({ length: 250 }, (_, index) => `${round} ${index}`);
      expect(await Promise.all(texts.map((text) => client.echo({ text })))).toEqual(texts);
    }
    own.close();
  });

  /** Waits for a stream that runs, on a socket of its own. */
  async function running(): Promise<WebSocket> {
    const own = await ownSocket();
    const ticks = await standInClient(own).ticks();
    await ticks.next();
    expect(console_.streams.running).toBe(1);
    return own;
  }
  const allEnded = () => vi.waitFor(() => expect(console_.streams.running).toBe(0), { timeout: 2000 });

  test('end on the server when the reader stops', async () => {
    const own = await ownSocket();
    const ticks = await standInClient(own).ticks();
    for await (const tick of ticks) if (tick === 2) break;
    await allEnded();
    own.close();
  });

  test('end on the server when the client closes', async () => {
    (await running()).close();
    await allEnded();
  });

  test('end on the server when the connection is cut', async () => {
    (await running()).terminate();
    await allEnded();
  });

  test('end on the server when the client vanishes without a word', async () => {
    const own = await running();
    // Still connected, but nobody reads or answers pings any more.
    own.pause();
    await allEnded();
    own.terminate();
  });

  test('go on while pings are answered', async () => {
    const own = await running();
    await wait(700);
    expect(console_.streams.running).toBe(1);
    own.close();
    await allEnded();
  });

  test('end when the console stops', async () => {
    const files = await loadAppFiles(`${folder.path}/renderer`);
    const other = await startBrowserFace({ answering: console_, files, port: 0, log: () => {} });
    const link = new URL(other.mintLink());
    const response = await fetch(link, { redirect: 'manual' });
    const cookie = response.headers.getSetCookie()[0]?.split(';')[0] ?? '';
    const own = new WebSocket(`ws://${link.host}/rpc`, { headers: { Origin: link.origin, Cookie: cookie } });
    await opened(own);
    const ticks = await standInClient(own).ticks();
    await ticks.next();
    const closed = closeCode(own);
    await other.close();
    expect(await closed).toBe(1001);
    await allEnded();
    await expect(fetch(link)).rejects.toThrow();
  });
});

test('a port that is taken is an error with the name of the problem', async () => {
  const files = await loadAppFiles(`${folder.path}/renderer`);
  const again = startBrowserFace({ answering: console_, files, port: face.port, log: () => {} });
  await expect(again).rejects.toMatchObject({ code: 'EADDRINUSE' });
});

test('nothing listens on other interfaces', async () => {
  const { networkInterfaces } = await import('node:os');
  const others = Object.values(networkInterfaces())
    .flatMap((each) => each ?? [])
    .filter((each) => !each.internal && each.family === 'IPv4');
  for (const { address } of others) {
    await expect(fetch(`http://${address}:${face.port}/`)).rejects.toThrow();
  }
});
