import { expect, it } from 'vitest';
import { type ArchiveEntry, type ArchiveHead, readHead } from '../../../main/backups/files/archive.ts';
import { ByteReader } from '../../../main/backups/files/byte-reader.ts';

const int = (value: number): Buffer => {
  const bytes = Buffer.alloc(5);
  bytes[0] = value < 0 ? 1 : 0;
  bytes.writeUInt32LE(Math.abs(value), 1);
  return bytes;
};
const string = (value: string | null): Buffer =>
  value === null ? int(-1) : Buffer.concat([int(Buffer.byteLength(value)), Buffer.from(value)]);

/** An archive as pg_backup_archiver.c writes it (WriteHead, WriteToc), with one table and its rows. */
function archive(minor: number, format: 1 | 3): Buffer {
  const entry = (
    id: number,
    kind: string,
    definition: string,
    copy: string | null,
    extra: Buffer,
  ): Buffer[] => [
    int(id),
    int(copy === null ? 0 : 1),
    ...['1259', '16385', 'Größe', kind].map(string),
    int(2),
    ...[definition, '', copy, 'public', ''].map(string),
    ...(minor >= 14 ? [string('heap')] : []),
    ...(minor >= 16 ? [int(114)] : []),
    ...['owner of it', 'false', '3', null].map(string),
    extra,
  ];
  const offset = (at: number): Buffer => {
    const bytes = Buffer.alloc(9);
    bytes[0] = at ? 2 : 3;
    bytes.writeBigUInt64LE(BigInt(at), 1);
    return bytes;
  };
  const extra = (at: number, file: string): Buffer => (format === 1 ? offset(at) : string(file));
  return Buffer.concat([
    Buffer.from('PGDMP'),
    Buffer.from([1, minor, 0, 4, 8, format]),
    minor >= 15 ? Buffer.from([3]) : int(-1),
    ...[5, 4, 3, 2, 0, 125, 0].map(int),
    ...['shop', '18.4 (Debian 18.4-1)', '18.4'].map(string),
    int(2),
    ...entry(7, 'TABLE', 'CREATE TABLE …;\n', null, extra(0, '')),
    ...entry(9, 'TABLE DATA', '', 'COPY …', extra(4000, '9.dat')),
  ]);
}

/** In small portions, as a file that is read may come. */
async function read(bytes: Buffer): Promise<{ head: ArchiveHead; entries: ArchiveEntry[] }> {
  const source = (async function* () {
    for (let at = 0; at < bytes.length; at += 7) yield bytes.subarray(at, at + 7);
  })();
  const { head, archive: reader } = await readHead(new ByteReader(source));
  const entries: ArchiveEntry[] = [];
  for await (const entry of reader.entries()) entries.push(entry);
  return { head, entries };
}

it('archives of all versions are read: 1.12 to 1.16, each field where that version has it', async () => {
  for (const minor of [12, 13, 14, 15, 16])
    for (const format of [1, 3] as const) {
      const { head, entries } = await read(archive(minor, format));
      expect(head).toEqual({
        version: `1.${minor}`,
        kind: format === 1 ? 'custom' : 'tar',
        compression: minor >= 15 ? 'zstd' : 'gzip',
        at: new Date(2025, 0, 2, 3, 4, 5).getTime(),
        database: 'shop',
        serverVersion: '18.4',
        toolVersion: '18.4',
      });
      expect(entries).toMatchObject([
        {
          id: 7,
          kind: 'TABLE',
          schema: 'public',
          name: 'Größe',
          owner: 'owner of it',
          hasData: false,
          needs: [3],
        },
        { id: 9, kind: 'TABLE DATA', hasData: true, isCopy: true, isListed: true },
      ]);
      expect(entries[1]).toMatchObject(
        format === 1 ? { offset: 4000, file: null } : { offset: null, file: '9.dat' },
      );
    }
});

it('an archive of a newer version, a cut and a flipped one end in a named error or in what they say, never in a hang', async () => {
  await expect(read(archive(17, 1))).rejects.toMatchObject({ name: 'UnknownArchive', version: '1.17' });
  const whole = archive(16, 1);
  for (let length = 0; length < whole.length; length += 3)
    await expect(read(whole.subarray(0, length))).rejects.toMatchObject({ name: 'CutShort' });
  const ends = new Set<string>();
  for (let at = 0; at < whole.length; at += 1)
    for (const bit of at % 2 ? [0x01] : [0x80]) {
      const flipped = Buffer.from(whole);
      flipped[at] = (flipped[at] ?? 0) ^ bit;
      ends.add(
        await read(flipped).then(
          () => 'read',
          (error: Error) => error.name,
        ),
      );
    }
  expect(ends).toEqual(new Set(['read', 'CutShort', 'BrokenArchive', 'UnknownArchive']));
});
