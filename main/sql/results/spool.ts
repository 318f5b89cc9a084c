import { type FileHandle, open, rm } from 'node:fs/promises';

/** A row as the server printed it; null is NULL. */
export type TextRow = (string | null)[];

/** Rows of a result in a file of their own: any number of them, at the same memory. */
export interface Spool {
  /** Rows that can be read. */
  count(): number;
  bytes(): number;
  /** Adds rows; comes back when they can be read. One call at a time. */
  append(rows: readonly TextRow[]): Promise<void>;
  /** Rows from the `from`th on, as many as there are of `count`. */
  read(from: number, count: number): Promise<TextRow[]>;
  /** Where the blocks begin, and the first row of each, for a reader of the whole file. */
  layout(): { file: string; offsets: number[]; firsts: number[]; bytes: number; count: number };
  remove(): Promise<void>;
}

/** A block is what is read at once: so many rows, or fewer where they are long. */
const blockRows = 128;
/** Characters. */
const blockLength = 65_536;

/**
 * Opens a new file for rows. Each block is JSON; the beginnings of blocks are kept in memory, 16 bytes for 128 rows.
 *
 * @throws the system's error, for example ENOSPC
 */
export async function openSpool(file: string): Promise<Spool> {
  const handle = await open(file, 'wx+', 0o600);
  const offsets: number[] = [];
  const firsts: number[] = [];
  let bytes = 0;
  let count = 0;
  let removed = false;

  const readBlock = async (block: number): Promise<TextRow[]> => {
    const from = offsets[block] ?? 0;
    const to = offsets[block + 1] ?? bytes;
    return parseBlock(await readAll(handle, from, to - from));
  };

  return {
    count: () => count,
    bytes: () => bytes,
    append: async (rows) => {
      let at = bytes;
      let nth = count;
      const texts: Buffer[] = [];
      const starts: [offset: number, first: number][] = [];
      for (let from = 0; from < rows.length; ) {
        const to = endOfBlock(rows, from);
        const block = Buffer.from(JSON.stringify(rows.slice(from, to)));
        starts.push([at, nth]);
        texts.push(block);
        at += block.length;
        nth += to - from;
        from = to;
      }
      await handle.writev(texts, bytes);
      for (const [offset, first] of starts) {
        offsets.push(offset);
        firsts.push(first);
      }
      bytes = at;
      count = nth;
    },
    read: async (from, wanted) => {
      const to = Math.min(count, from + wanted);
      const rows: TextRow[] = [];
      let block = blockOf(firsts, from);
      while (rows.length < to - from && block < firsts.length) {
        const first = firsts[block] ?? 0;
        const all = await readBlock(block);
        rows.push(...all.slice(Math.max(0, from - first), to - first));
        block += 1;
      }
      return rows;
    },
    layout: () => ({ file, offsets: [...offsets], firsts: [...firsts], bytes, count }),
    remove: async () => {
      if (removed) return;
      removed = true;
      await handle.close().catch(() => undefined);
      await rm(file, { force: true });
    },
  };
}

async function readAll(handle: FileHandle, from: number, length: number): Promise<Buffer> {
  const buffer = Buffer.allocUnsafe(length);
  let done = 0;
  while (done < length) {
    const { bytesRead } = await handle.read(buffer, done, length - done, from + done);
    if (bytesRead === 0) throw new Error('The file of the result ends before its rows do.');
    done += bytesRead;
  }
  return buffer;
}

/** The rows of one whole block. */
export function parseBlock(block: Buffer): TextRow[] {
  return JSON.parse(block.toString('utf8')) as TextRow[];
}

/** Past the last row of the block that begins with this one. */
function endOfBlock(rows: readonly TextRow[], from: number): number {
  let length = 0;
  let to = from;
  while (to < rows.length && to - from < blockRows && length < blockLength) {
    for (const cell of rows[to] ?? []) length += cell === null ? 4 : cell.length;
    to += 1;
  }
  return to;
}

/** The block that a row lies in. */
export function blockOf(firsts: readonly number[], row: number): number {
  let low = 0;
  let high = firsts.length - 1;
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if ((firsts[middle] ?? 0) <= row) low = middle;
    else high = middle - 1;
  }
  return Math.max(0, low);
}
