import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { buffer } from 'node:stream/consumers';
import { afterAll, expect, it } from 'vitest';
import { openBucket } from '../../../../main/backups/buckets/client.ts';

const body = Buffer.from(Array.from({ length: 300_000 }, (_, at) => at % 251));
let etag = '"one"';
let cuts = 0;
const ranges: (string | undefined)[] = [];

/** Gives half of what it is asked for and hangs up, as often as it is told to. */
const server = createServer(({ headers }, response) => {
  ranges.push(headers.range);
  if (headers['if-match'] !== undefined && headers['if-match'] !== etag) {
    response.writeHead(412).end('<Error><Code>PreconditionFailed</Code></Error>');
    return;
  }
  const first = Number(/^bytes=(\d+)-/.exec(headers.range ?? '')?.[1] ?? 0);
  const part = body.subarray(first);
  response.writeHead(headers.range ? 206 : 200, { 'content-length': part.length, etag });
  if (cuts === 0) return void response.end(part);
  cuts -= 1;
  response.write(part.subarray(0, part.length / 2), () => response.destroy());
});
await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
const client = await openBucket({
  bucket: 'b',
  region: 'us-east-1',
  endpoint: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
  pathStyle: true,
  accessKey: 'a',
  secretKey: 's',
});
afterAll(() => {
  client.close();
  server.closeAllConnections();
  server.close();
});

it('a download that breaks off goes on where it was', async () => {
  cuts = 3;
  expect((await buffer(client.read('k'))).equals(body)).toBe(true);
  expect(ranges).toEqual([undefined, 'bytes=150000-', 'bytes=225000-', 'bytes=262500-']);
});

it('it never goes on with another object, and gives up at last', async () => {
  cuts = 1;
  const reading = client.read('k');
  reading.once('data', () => {
    etag = '"two"';
  });
  await expect(buffer(reading)).rejects.toMatchObject({ problem: { cause: 'backup-changed' } });
  cuts = 100;
  await expect(buffer(client.read('k'))).rejects.toMatchObject({ problem: { cause: 'bucket-unreachable' } });
});
