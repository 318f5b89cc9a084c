/** Writes whole numbers from 0 to 2^53 in as many bytes as they need, seven bits each (LEB128). */
export class VarintWriter {
  #bytes = new Uint8Array(4096);
  #length = 0;

  add(value: number): void {
    if (this.#length + 8 > this.#bytes.length) {
      const more = new Uint8Array(this.#bytes.length * 2);
      more.set(this.#bytes);
      this.#bytes = more;
    }
    let left = value;
    // Beyond 31 bits JavaScript's shifts do not reach.
    while (left > 0x7fffffff) {
      this.#bytes[this.#length++] = (left % 128) | 128;
      left = Math.floor(left / 128);
    }
    while (left > 127) {
      this.#bytes[this.#length++] = (left & 127) | 128;
      left >>>= 7;
    }
    this.#bytes[this.#length++] = left;
  }

  /** Adds a column; one of nothing but zeros takes one byte. */
  column(values: ArrayLike<number>): void {
    let some = false;
    for (let index = 0; index < values.length && !some; index += 1) some = values[index] !== 0;
    this.add(some ? 1 : 0);
    if (some) for (let index = 0; index < values.length; index += 1) this.add(values[index] ?? 0);
  }

  bytes(): Uint8Array {
    return this.#bytes.subarray(0, this.#length);
  }
}

/** Reads them back, in the same order. */
export class VarintReader {
  readonly #bytes: Uint8Array;
  #at = 0;

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
  }

  /** @throws when the bytes end within a number */
  next(): number {
    const bytes = this.#bytes;
    let byte = bytes[this.#at++] ?? ended();
    if (byte < 128) return byte;
    let value = byte & 127;
    let factor = 128;
    do {
      byte = bytes[this.#at++] ?? ended();
      value += (byte & 127) * factor;
      factor *= 128;
    } while (byte > 127);
    return value;
  }

  column(length: number): Float64Array {
    if (this.next() === 0) return new Float64Array(length);
    const values = new Float64Array(length);
    for (let index = 0; index < length; index += 1) values[index] = this.next();
    return values;
  }

  isAtEnd(): boolean {
    return this.#at >= this.#bytes.length;
  }
}

function ended(): never {
  throw new Error('The packed numbers end too soon.');
}
