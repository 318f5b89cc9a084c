import { constants, zstdCompressSync, zstdDecompressSync } from 'node:zlib';
import { width } from './counters.ts';
import type { Step } from './step.ts';
import { VarintReader, VarintWriter } from './varints.ts';

const thorough = { params: { [constants.ZSTD_c_compressionLevel]: 12 } };

/** Packs what a step holds of each statement: ids as distances, then column by column. */
export function packEntries({ ids, others, columns }: Pick<Step, 'ids' | 'others' | 'columns'>): Uint8Array {
  const writer = new VarintWriter();
  writer.add(ids.length);
  writer.add(others);
  let last = 0;
  for (const id of ids) {
    writer.add(id - last);
    last = id;
  }
  for (const values of columns) writer.column(values);
  return zstdCompressSync(writer.bytes(), thorough);
}

/** @throws when the bytes are not a step's entries */
export function unpackEntries(packed: Uint8Array): Pick<Step, 'ids' | 'others' | 'columns'> {
  const reader = new VarintReader(zstdDecompressSync(packed));
  const length = reader.next();
  const others = reader.next();
  const ids = new Int32Array(length);
  let last = 0;
  for (let index = 0; index < length; index += 1) {
    last += reader.next();
    ids[index] = last;
  }
  // A counter that is newer than the step is unknown there, which its bit says.
  const columns = Array.from({ length: width }, () =>
    reader.isAtEnd() ? new Float64Array(length) : reader.column(length),
  );
  return { ids, others, columns };
}
