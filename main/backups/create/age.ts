import { createCipheriv, createDecipheriv, hkdfSync } from 'node:crypto';
import { Transform } from 'node:stream';
import { Decrypter, Encrypter } from 'age-encryption';
import { passphraseIdentity, passphraseRecipient } from './age-passphrase.ts';

/** What a file is closed with: an age recipient (`age1…`), or a passphrase. */
export type Lock = { recipient: string } | { passphrase: string };
/** What opens it: an age identity (`AGE-SECRET-KEY-1…`), or the passphrase. */
export type Key = { identity: string } | { passphrase: string };

/** The key does not open this file, or what it opens is not what was written. */
export class SealBroken extends Error {
  override name = 'SealBroken';
  readonly why: 'no-age' | 'wrong-key' | 'damaged';

  constructor(why: 'no-age' | 'wrong-key' | 'damaged', text: string) {
    super(text);
    this.why = why;
  }
}

/*
 * The format is age's (age-encryption.org/v1, https://c2sp.org/age). The header, with all that is done with keys, is
 * the library's. Its payload cipher is written in JavaScript and takes six times as long as OpenSSL's
 * with the same algorithm, so the payload (ChaCha20-Poly1305 by chunks of 64 KiB, section "Payload") is done here.
 */
const chunkSize = 64 * 1024;
const tagSize = 16;
const nonceSize = 16;
/** A header with one recipient has some 200 bytes; more than this is no header of ours. */
const longestHeader = 64 * 1024;
const cipher = 'chacha20-poly1305';

/** A stream that takes the plain bytes and gives an age file. */
export async function sealing(lock: Lock): Promise<Transform> {
  const { head, fileKey, nonce } = await newHeader(lock);
  const key = payloadKey(fileKey, nonce);
  const counter = chunkCounter();
  const seal = (chunk: Buffer, isLast: boolean): Buffer => {
    const sealed = createCipheriv(cipher, key, counter(isLast), { authTagLength: tagSize });
    const body = sealed.update(chunk);
    sealed.final();
    return Buffer.concat([body, sealed.getAuthTag()]);
  };
  const waiting = new Chunks();
  const transform = new Transform({
    transform(chunk: Buffer, _encoding, done) {
      waiting.add(chunk);
      // One is always kept back: only the end tells which is the last.
      while (waiting.bytes > chunkSize) this.push(seal(waiting.take(chunkSize), false));
      done();
    },
    flush(done) {
      this.push(seal(waiting.take(waiting.bytes), true));
      done();
    },
  });
  transform.push(head);
  return transform;
}

/** A stream that takes an age file and gives the plain bytes. It fails with {@link SealBroken}; no byte is unproven. */
export function unsealing(key: Key): Transform {
  const waiting = new Chunks();
  let payload: Buffer | undefined;
  const counter = chunkCounter();
  let count = 0;
  const open = (chunk: Buffer, isLast: boolean): Buffer => {
    if (!payload || chunk.length < tagSize) throw damaged();
    const opened = createDecipheriv(cipher, payload, counter(isLast), { authTagLength: tagSize });
    opened.setAuthTag(chunk.subarray(chunk.length - tagSize));
    const body = opened.update(chunk.subarray(0, chunk.length - tagSize));
    try {
      opened.final();
    } catch {
      throw damaged();
    }
    count += 1;
    return body;
  };
  const begin = async (): Promise<void> => {
    const bytes = waiting.peek();
    const size = headerSize(bytes);
    if (size === undefined) {
      if (bytes.length > longestHeader || !couldBeAge(bytes)) throw noAge();
      return;
    }
    if (bytes.length < size + nonceSize) return;
    const fileKey = await openHeader(bytes.subarray(0, size), key);
    payload = payloadKey(fileKey, bytes.subarray(size, size + nonceSize));
    waiting.take(size + nonceSize);
  };
  return new Transform({
    transform(chunk: Buffer, _encoding, done) {
      waiting.add(chunk);
      (async () => {
        if (!payload) await begin();
        const whole = chunkSize + tagSize;
        while (payload && waiting.bytes > whole) this.push(open(waiting.take(whole), false));
      })().then(() => done(), done);
    },
    flush(done) {
      try {
        if (!payload) throw couldBeAge(waiting.peek()) ? damaged() : noAge();
        const last = open(waiting.take(waiting.bytes), true);
        // Only of an empty file is the last chunk empty.
        if (last.length === 0 && count > 1) throw damaged();
        this.push(last);
        done();
      } catch (error) {
        done(error as Error);
      }
    },
  });
}

async function newHeader(lock: Lock): Promise<{ head: Buffer; fileKey: Buffer; nonce: Buffer }> {
  const encrypter = new Encrypter();
  let known: Uint8Array | undefined;
  encrypter.addRecipient('passphrase' in lock ? passphraseRecipient(lock.passphrase) : lock.recipient);
  // It adds nothing to the header, and is how the library tells the key of the payload.
  encrypter.addRecipient({
    wrapFileKey: (fileKey) => {
      known = fileKey.slice();
      return [];
    },
  });
  const empty = Buffer.from(await encrypter.encrypt(new Uint8Array()));
  const head = empty.subarray(0, empty.length - tagSize);
  const header = head.subarray(0, head.length - nonceSize);
  if (!known) throw new Error('The library gave no key for the content.');
  return { head, fileKey: Buffer.from(known), nonce: head.subarray(header.length) };
}

async function openHeader(header: Uint8Array, key: Key): Promise<Uint8Array> {
  const decrypter = new Decrypter();
  if ('passphrase' in key) decrypter.addIdentity(passphraseIdentity(key.passphrase));
  else decrypter.addIdentity(key.identity);
  try {
    return await decrypter.decryptHeader(new Uint8Array(header));
  } catch {
    throw new SealBroken('wrong-key', 'The key or passphrase does not open it, or its header is damaged.');
  }
}

const payloadKey = (fileKey: Uint8Array, nonce: Uint8Array): Buffer =>
  Buffer.from(hkdfSync('sha256', fileKey, nonce, 'payload', 32));

/** Nonces: eleven bytes that count up from zero, and one that marks the last chunk. */
function chunkCounter(): (isLast: boolean) => Buffer {
  let at = 0n;
  return (isLast) => {
    const nonce = Buffer.alloc(12);
    nonce.writeBigUInt64BE(at, 3);
    nonce[11] = isLast ? 1 : 0;
    at += 1n;
    return nonce;
  };
}

/** Bytes of the header up to and with the line that begins with `---`; undefined while that has not come. */
function headerSize(bytes: Buffer): number | undefined {
  const mark = bytes.indexOf('\n--- ');
  if (mark < 0) return undefined;
  const end = bytes.indexOf('\n', mark + 1);
  return end < 0 ? undefined : end + 1;
}

const version = 'age-encryption.org/v1\n';
const couldBeAge = (bytes: Buffer): boolean =>
  version.startsWith(bytes.subarray(0, version.length).toString('latin1'));

const damaged = (): SealBroken => new SealBroken('damaged', 'Its encrypted content is damaged or cut off.');
const noAge = (): SealBroken => new SealBroken('no-age', 'It is no file of the age format.');

/** Buffers in a row, taken out by size. */
class Chunks {
  #buffers: Buffer[] = [];
  bytes = 0;

  add(buffer: Buffer): void {
    this.#buffers.push(buffer);
    this.bytes += buffer.length;
  }

  peek(): Buffer {
    const all = Buffer.concat(this.#buffers);
    this.#buffers = [all];
    return all;
  }

  take(size: number): Buffer {
    const [first] = this.#buffers;
    const all = first && first.length >= size ? first : this.peek();
    const taken = all.subarray(0, size);
    this.#buffers[0] = all.subarray(size);
    this.bytes -= size;
    return taken;
  }
}
