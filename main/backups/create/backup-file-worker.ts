/** The thread that reads, hashes, compresses and encrypts a backup's files: flat in memory, whatever their size. */
import { createHash } from 'node:crypto';
import { createReadStream, createWriteStream } from 'node:fs';
import { open } from 'node:fs/promises';
import { PassThrough, Readable, Transform, Writable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { parentPort } from 'node:worker_threads';
import { constants, createGzip, createZstdCompress } from 'node:zlib';
import type { Compression } from '../../../preload/contract/backups.ts';
import type { Explanation } from '../../../preload/contract/common.ts';
import { openBucket } from '../buckets/client.ts';
import type { RemoteFile, RemoteUpload, UploadedPart } from '../buckets/spec.ts';
import { bucketSink } from '../buckets/upload.ts';
import { type Key, type Lock, SealBroken, sealing, unsealing } from './age.ts';
import { BackupFailure } from './failure.ts';
import type { Digest, FileDone, FileTask, FromFileThread, ToFileThread } from './file-tasks.ts';

if (!parentPort) throw new Error('This file is for a worker thread.');
const port = parentPort;
const say = (message: FromFileThread): void => port.postMessage(message);

const readSize = 1024 * 1024;
const tailSize = 4096;
/** Chunks that may be on their way between the threads. */
const window = 16;

let chunks: Readable | undefined;
let allowed = window;
let onAllowed: (() => void) | undefined;

port.on('message', (message: ToFileThread) => {
  if ('task' in message) {
    perform(message.task).then(
      (done) => say({ done }),
      (error: unknown) => say({ failed: plainError(error) }),
    );
  } else if ('chunk' in message)
    chunks?.push(Buffer.from(message.chunk.buffer, message.chunk.byteOffset, message.chunk.byteLength));
  else if ('end' in message) chunks?.push(null);
  else {
    allowed += 1;
    onAllowed?.();
  }
});

async function perform(task: FileTask): Promise<FileDone[]> {
  switch (task.kind) {
    case 'digest':
      return await each(task.paths, async (path) => {
        await flush(path);
        const file = digest(true);
        await pipeline(read(path), file.stream, nowhere());
        return { file: file.get(), plain: file.get(), tail: '' };
      });
    case 'seal':
      return await each(task.files, ({ from, to }) => seal(read(from), to, task.lock));
    case 'seal-text':
      return [await seal(Readable.from([Buffer.from(task.text)]), task.to, task.lock)];
    case 'open':
      return await each(task.files, ({ from, to }) => unseal(from, to, task.key));
    case 'sink':
      return [await sink(task)];
    case 'source':
      return [await source(task.from, task.key)];
    case 'upload':
      return await each(task.files, ({ from, to }) => upload(from, to));
    case 'fetch':
      return await each(task.files, ({ from, to }) => download(from, to));
  }
}

async function each<T>(list: readonly T[], work: (one: T) => Promise<FileDone>): Promise<FileDone[]> {
  const all: FileDone[] = [];
  for (const one of list) all.push(await work(one));
  return all;
}

async function seal(from: Readable, to: string, lock: Lock): Promise<FileDone> {
  const plain = digest(true);
  const file = digest();
  await pipeline(from, plain.stream, await sealing(lock), file.stream, write(to));
  return { file: file.get(), plain: plain.get(), tail: '' };
}

async function unseal(from: string, to: string | null, key: Key): Promise<FileDone> {
  const file = digest(true);
  const plain = digest();
  await pipeline(read(from), file.stream, unsealing(key), plain.stream, to === null ? nowhere() : write(to));
  return { file: file.get(), plain: plain.get(), tail: '' };
}

async function sink({ to, compression, lock }: Extract<FileTask, { kind: 'sink' }>): Promise<FileDone> {
  const coming = new Readable({ read: () => undefined });
  chunks = coming;
  const plain = digest();
  const file = digest();
  let last: Buffer = Buffer.alloc(0);
  const counted = new Transform({
    transform(chunk: Buffer, _encoding, done) {
      say({ more: true });
      last = tailOf(last, chunk);
      done(null, chunk);
    },
  });
  const between = [compressor(compression), ...(lock ? [plain.stream, await sealing(lock)] : [])].filter(
    (one): one is Transform => one !== undefined,
  );
  const out = await sinkTo(to);
  await pipeline([coming, counted, ...between, file.stream, out.stream]);
  const digests = { file: file.get(), plain: lock ? plain.get() : file.get() };
  return { ...digests, tail: last.toString('latin1'), parts: out.parts() };
}

const sinkTo = async (to: string | RemoteUpload): Promise<{ stream: Writable; parts(): UploadedPart[] }> =>
  typeof to === 'string' ? { stream: write(to, 'w'), parts: () => [] } : await bucketSink(to);

async function upload(from: string, to: RemoteUpload): Promise<FileDone> {
  const file = digest(true);
  const out = await bucketSink(to);
  await pipeline(read(from), file.stream, out.stream);
  return { file: file.get(), plain: file.get(), tail: '', parts: out.parts() };
}

async function download(from: RemoteFile, to: string | null): Promise<FileDone> {
  const file = digest(true);
  await pipeline(await readRemote(from), file.stream, to === null ? nowhere() : write(to));
  return { file: file.get(), plain: file.get(), tail: '' };
}

async function readRemote({ spec, key }: RemoteFile): Promise<Readable> {
  const client = await openBucket(spec);
  return client.read(key).once('close', () => client.close());
}

async function source(from: string | RemoteFile, key: Key | null): Promise<FileDone> {
  const plain = digest();
  const file = digest(true);
  const out = new Writable({
    write(chunk: Buffer, _encoding, done) {
      allowed -= 1;
      say({ chunk });
      if (allowed > 0) return done();
      onAllowed = () => {
        onAllowed = undefined;
        done();
      };
    },
  });
  const stream = typeof from === 'string' ? read(from) : await readRemote(from);
  const opened = key === null ? new PassThrough() : unsealing(key);
  await pipeline(stream, file.stream, opened, plain.stream, out);
  return { file: file.get(), plain: plain.get(), tail: '' };
}

function compressor({ method, level }: Compression): Transform | undefined {
  if (method === 'none') return undefined;
  if (method === 'gzip') return createGzip({ level: level ?? 1, chunkSize: 256 * 1024 });
  if (method === 'zstd')
    return createZstdCompress({ params: { [constants.ZSTD_c_compressionLevel]: level ?? 1 } });
  throw new Error(`There is no way here to compress by ${method}.`);
}

/** Passes bytes on and knows their digest at the end. */
function digest(tells = false): { stream: Transform; get(): Digest } {
  const hash = createHash('sha256');
  let bytes = 0;
  let known: Digest | undefined;
  return {
    stream: new Transform({
      transform(chunk: Buffer, _encoding, done) {
        hash.update(chunk);
        bytes += chunk.length;
        if (tells) say({ bytes: chunk.length });
        done(null, chunk);
      },
    }),
    get: () => {
      known ??= { bytes, sha256: hash.digest('hex') };
      return known;
    },
  };
}

const tailOf = (before: Buffer, chunk: Buffer): Buffer =>
  chunk.length >= tailSize
    ? Buffer.from(chunk.subarray(-tailSize))
    : Buffer.concat([before, chunk]).subarray(-tailSize);

const read = (path: string): Readable => createReadStream(path, { highWaterMark: readSize });
/** `flush`: on the disk for sure before it counts as written. */
const write = (path: string, flags: 'wx' | 'w' = 'wx'): Writable =>
  createWriteStream(path, { flags, mode: 0o600, flush: true, highWaterMark: readSize });
const nowhere = (): Writable => new Writable({ write: (_chunk, _encoding, done) => done() });

async function flush(path: string): Promise<void> {
  const file = await open(path, 'r+');
  try {
    await file.sync();
  } finally {
    await file.close();
  }
}

function plainError(error: unknown): {
  name: string;
  message: string;
  code: string | undefined;
  why: string | undefined;
  problem: Explanation | undefined;
} {
  const { name, message, code } = error as NodeJS.ErrnoException;
  return {
    name,
    message,
    code,
    why: error instanceof SealBroken ? error.why : undefined,
    problem: error instanceof BackupFailure ? error.problem : undefined,
  };
}
