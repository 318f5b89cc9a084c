import { spawn } from 'node:child_process';
import { createReadStream } from 'node:fs';
import { type Duplex, pipeline, Readable } from 'node:stream';
import { createGunzip, createZstdDecompress } from 'node:zlib';
import { ByteReader } from './byte-reader.ts';
import { type FrameFacts, lz4Frames, zstdFrame } from './frames.ts';

/** What a whole file is wrapped into. */
export type Wrapping = 'none' | 'gzip' | 'zstd' | 'lz4';

/** Content that can't be had because a program is missing. */
export class NoDecoder extends Error {
  override readonly name = 'NoDecoder';
}

/** What was found out about a file while it was read to its end. */
export interface DecodeFacts {
  /** A changed byte would have been noticed. */
  isChecked: boolean;
}

export interface DecodeOptions {
  facts?: DecodeFacts;
  /** Sees each portion of the file as it is on the disk. */
  onRaw?: (chunk: Buffer) => void;
  /** The program for LZ4. */
  lz4?: string;
}

/**
 * The content of a file, unwrapped, with flat memory. Its end comes only when the wrapping's own end was there and its
 * check values were right.
 *
 * @throws {NoDecoder} for LZ4 without its program; {CutShort}, {BrokenFrames}, zlib's errors for damage; the system's
 */
export function decoded(
  path: string,
  wrapping: Wrapping,
  options: DecodeOptions = {},
): AsyncGenerator<Buffer, void, void> {
  return unwrap(rawBytes(path, options.onRaw), wrapping, options);
}

/** The same as a stream, to be given to a program. */
export const decodedStream = (path: string, wrapping: Wrapping, options?: DecodeOptions): Readable =>
  Readable.from(decoded(path, wrapping, options), { objectMode: false });

async function* rawBytes(path: string, onRaw?: (chunk: Buffer) => void): AsyncGenerator<Buffer, void, void> {
  for await (const chunk of createReadStream(path, { highWaterMark: 256 * 1024 })) {
    onRaw?.(chunk as Buffer);
    yield chunk as Buffer;
  }
}

/** As `decoded`, of any source. */
export async function* unwrap(
  source: AsyncIterable<Buffer>,
  wrapping: Wrapping,
  { facts, lz4 = 'lz4' }: DecodeOptions,
): AsyncGenerator<Buffer, void, void> {
  if (wrapping === 'none') return yield* source;
  if (wrapping === 'gzip') {
    yield* through(source, createGunzip({ chunkSize: 128 * 1024 }));
    if (facts) facts.isChecked = true;
    return;
  }
  const bytes = new ByteReader(source);
  const frames: FrameFacts = { frames: 0, areChecked: true };
  try {
    if (wrapping === 'lz4') yield* throughLz4(lz4Frames(bytes, frames), lz4);
    else
      do {
        // A frame to be passed over gives nothing, and nothing is no frame to the decompressor.
        const first = await bytes.peek(4);
        if (first.length === 4 && (first.readUInt32LE() & 0xfffffff0) >>> 0 === 0x184d2a50)
          for await (const _ of zstdFrame(bytes, frames));
        else yield* through(zstdFrame(bytes, frames), createZstdDecompress());
      } while (!(await bytes.isAtEnd()));
    if (facts) facts.isChecked = frames.areChecked;
  } finally {
    await bytes.close();
  }
}

/** What a decoder makes of a source, to both ends. */
export async function* through(
  source: AsyncIterable<Buffer>,
  decoder: Duplex,
): AsyncGenerator<Buffer, void, void> {
  // What breaks the source breaks the decoder, and is thrown where that is read.
  pipeline(Readable.from(source), decoder, () => undefined);
  for await (const chunk of decoder) yield chunk as Buffer;
}

/** Node has no decoder for LZ4. */
async function* throughLz4(
  source: AsyncIterable<Buffer>,
  program: string,
): AsyncGenerator<Buffer, void, void> {
  const child = spawn(program, ['-dc'], { stdio: ['pipe', 'pipe', 'pipe'], windowsHide: true });
  let complaint = '';
  let failure: unknown;
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    if (complaint.length < 4096) complaint += text;
  });
  const end = new Promise<number | null>((resolve) => {
    child.once('error', (error) => {
      failure = new NoDecoder('The program lz4 is not there.', { cause: error });
      resolve(null);
    });
    child.once('close', (code) => resolve(code));
  });
  pipeline(Readable.from(source), child.stdin, (error) => {
    if (error && (error as NodeJS.ErrnoException).code !== 'EPIPE') {
      failure ??= error;
      child.kill();
    }
  });
  try {
    for await (const chunk of child.stdout) yield chunk as Buffer;
    const code = await end;
    if (failure) throw failure;
    if (code !== 0) throw new Error(`lz4 says: ${complaint.trim().split('\n').at(-1) ?? `code ${code}`}`);
  } finally {
    child.kill();
  }
}
