import { type ByteReader, CutShort } from './byte-reader.ts';

/** A member of a tar. */
interface TarMember {
  name: string;
  bytes: number;
}

/** A header whose check value is wrong, or none where one has to be. */
export class BrokenTar extends Error {
  override readonly name = 'BrokenTar';
}

const block = 512;

/** Whether a block is a tar's header: its own check value is right (POSIX, ustar). */
export function isTarHeader(head: Buffer): boolean {
  if (head.length < block || head[0] === 0) return false;
  const told = Number.parseInt(text(head, 148, 8).trim(), 8);
  let sum = 8 * 32;
  for (let at = 0; at < block; at += 1) if (at < 148 || at >= 156) sum += head[at] ?? 0;
  return told === sum;
}

/**
 * The members of a tar one after the other, to its end mark. Their content may be read with `content` before the next is
 * asked for. `pg_restore` never ends with a tar that is cut, so this comes first.
 *
 * @throws {CutShort}, {BrokenTar}
 */
export async function* tarMembers(
  bytes: ByteReader,
): AsyncGenerator<TarMember & { content: () => AsyncGenerator<Buffer, void, void> }, void, void> {
  for (;;) {
    const head = await bytes.take(block);
    if (head.every((one) => one === 0)) {
      // pg_dump and tar(1) end with two empty blocks.
      const second = await bytes.take(block);
      if (!second.every((one) => one === 0)) throw new BrokenTar('Something follows an empty block.');
      return;
    }
    if (!isTarHeader(head)) throw new BrokenTar('A member’s header is damaged.');
    const member = tarSize(head);
    const from = bytes.position;
    yield { ...member, content: () => bytes.portions(member.bytes) };
    const padded = Math.ceil(member.bytes / block) * block;
    await bytes.skip(padded - (bytes.position - from));
  }
}

/** Name and size in a header. @throws {CutShort} when the size is no number */
export const tarSize = (head: Buffer): TarMember => ({ name: memberName(head), bytes: sizeIn(head) });

/** Whether nothing but zeros is left: tar(1) fills its last record up. @throws {CutShort} never */
export async function onlyZerosFollow(bytes: ByteReader): Promise<boolean> {
  for (;;) {
    const portion = await bytes.some(64 * 1024);
    if (!portion) return true;
    if (portion.some((one) => one !== 0)) return false;
  }
}

function memberName(head: Buffer): string {
  const name = text(head, 0, 100);
  const prefix = text(head, 257, 5) === 'ustar' ? text(head, 345, 155) : '';
  return prefix ? `${prefix}/${name}` : name;
}

/** Octal; beyond 8 GiB binary with the highest bit set, as pg_dump and GNU write it. */
function sizeIn(head: Buffer): number {
  if (((head[124] ?? 0) & 0x80) !== 0) return head.readUIntBE(130, 6);
  const size = Number.parseInt(text(head, 124, 12).trim() || '0', 8);
  if (!Number.isFinite(size)) throw new CutShort('A member’s size is damaged.');
  return size;
}

function text(head: Buffer, from: number, length: number): string {
  const field = head.subarray(from, from + length);
  const end = field.indexOf(0);
  return field.toString('utf8', 0, end < 0 ? length : end);
}
