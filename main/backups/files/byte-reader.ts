/** A file or stream that ends before what its own structure promises. */
export class CutShort extends Error {
  override readonly name = 'CutShort';
}

/** Reads a stream of bytes in the portions that its structure asks for. Holds no more than one chunk and one portion. */
export class ByteReader {
  /** How many bytes have been taken. */
  position = 0;
  readonly #source: AsyncIterator<Buffer>;
  #held: Buffer = Buffer.alloc(0);
  #isOver = false;

  constructor(source: AsyncIterable<Buffer>) {
    this.#source = source[Symbol.asyncIterator]();
  }

  async #more(): Promise<boolean> {
    if (this.#isOver) return false;
    const next = await this.#source.next();
    if (next.done) {
      this.#isOver = true;
      return false;
    }
    this.#held = this.#held.length ? Buffer.concat([this.#held, next.value]) : next.value;
    return true;
  }

  async isAtEnd(): Promise<boolean> {
    while (this.#held.length === 0) if (!(await this.#more())) return true;
    return false;
  }

  /** The next bytes without taking them; fewer at the end. */
  async peek(bytes: number): Promise<Buffer> {
    while (this.#held.length < bytes) if (!(await this.#more())) break;
    return this.#held.subarray(0, bytes);
  }

  /** Exactly so many. For small portions. @throws {CutShort} */
  async take(bytes: number): Promise<Buffer> {
    const taken = await this.peek(bytes);
    if (taken.length < bytes) throw new CutShort('It ends in the middle.');
    this.#held = this.#held.subarray(bytes);
    this.position += bytes;
    return taken;
  }

  /** At least one byte and at most `most`; undefined at the end. */
  async some(most: number): Promise<Buffer | undefined> {
    if (await this.isAtEnd()) return undefined;
    const taken = this.#held.subarray(0, most);
    this.#held = this.#held.subarray(taken.length);
    this.position += taken.length;
    return taken;
  }

  /** So many in portions, as they come. @throws {CutShort} */
  async *portions(bytes: number): AsyncGenerator<Buffer, void, void> {
    for (let left = bytes; left > 0; ) {
      const portion = await this.some(left);
      if (!portion) throw new CutShort('It ends in the middle.');
      left -= portion.length;
      yield portion;
    }
  }

  /** @throws {CutShort} */
  async skip(bytes: number): Promise<void> {
    for await (const _ of this.portions(bytes));
  }

  /** Lets go of the source. */
  async close(): Promise<void> {
    await this.#source.return?.();
  }
}
