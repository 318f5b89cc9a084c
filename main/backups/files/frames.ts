import { type ByteReader, CutShort } from './byte-reader.ts';

/** What the frames of a compressed file say of themselves. */
export interface FrameFacts {
  frames: number;
  /** Every frame ends with a check value of its content. */
  areChecked: boolean;
}

/** A compressed file whose structure can't be followed. */
export class BrokenFrames extends Error {
  override readonly name = 'BrokenFrames';
}

const zstdMagic = 0xfd2fb528;
const lz4Magic = 0x184d2204;
/** Frames that decoders pass over, of both formats. */
const isSkippable = (magic: number): boolean => (magic & 0xfffffff0) >>> 0 === 0x184d2a50;

/**
 * The next frame of a Zstandard file, its bytes as they are; nothing for one to be passed over (RFC 8878, 3.1). Node's
 * decompressor stops without a word after the first frame, so that a file's frames have to be told apart.
 *
 * @throws {CutShort} in the middle of a frame; {BrokenFrames} where no frame begins
 */
export async function* zstdFrame(bytes: ByteReader, facts: FrameFacts): AsyncGenerator<Buffer, void, void> {
  const start = await bytes.take(4);
  const magic = start.readUInt32LE();
  if (isSkippable(magic)) return await skipFrame(bytes);
  if (magic !== zstdMagic) throw new BrokenFrames('What follows is no Zstandard frame.');
  yield start;
  const descriptor = await bytes.take(1);
  yield descriptor;
  const flags = descriptor.readUInt8();
  const isSingle = (flags & 0x20) !== 0;
  const hasCheck = (flags & 0x04) !== 0;
  const sizeBytes = [isSingle ? 1 : 0, 2, 4, 8][flags >> 6] ?? 0;
  yield await bytes.take((isSingle ? 0 : 1) + ([0, 1, 2, 4][flags & 3] ?? 0) + sizeBytes);
  for (let isLast = false; !isLast; ) {
    const header = await bytes.take(3);
    yield header;
    const value = header.readUIntLE(0, 3);
    isLast = (value & 1) !== 0;
    const kind = (value >> 1) & 3;
    if (kind === 3) throw new BrokenFrames('A block is of a kind that does not exist.');
    yield* bytes.portions(kind === 1 ? 1 : value >> 3);
  }
  if (hasCheck) yield await bytes.take(4);
  facts.frames += 1;
  facts.areChecked &&= hasCheck;
}

/**
 * All bytes of an LZ4 file as they are, following its frames (lz4_Frame_format.md 1.6).
 *
 * @throws as `zstdFrame`
 */
export async function* lz4Frames(bytes: ByteReader, facts: FrameFacts): AsyncGenerator<Buffer, void, void> {
  while (!(await bytes.isAtEnd())) {
    const start = await bytes.take(4);
    const magic = start.readUInt32LE();
    if (isSkippable(magic)) {
      await skipFrame(bytes);
      continue;
    }
    if (magic !== lz4Magic) throw new BrokenFrames('What follows is no LZ4 frame.');
    yield start;
    const descriptor = await bytes.take(2);
    yield descriptor;
    const flags = descriptor.readUInt8();
    const hasBlockCheck = (flags & 0x10) !== 0;
    const hasCheck = (flags & 0x04) !== 0;
    yield await bytes.take(((flags & 0x08) !== 0 ? 8 : 0) + ((flags & 0x01) !== 0 ? 4 : 0) + 1);
    for (;;) {
      const header = await bytes.take(4);
      yield header;
      const size = header.readUInt32LE();
      if (size === 0) break;
      yield* bytes.portions((size & 0x7fffffff) + (hasBlockCheck ? 4 : 0));
    }
    if (hasCheck) yield await bytes.take(4);
    facts.frames += 1;
    facts.areChecked &&= hasCheck;
  }
  if (facts.frames === 0) throw new CutShort('It has no frame.');
}

async function skipFrame(bytes: ByteReader): Promise<void> {
  await bytes.skip((await bytes.take(4)).readUInt32LE());
}
