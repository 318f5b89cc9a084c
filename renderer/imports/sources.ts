import { type ImportPlace, type ImportProblem, largestImport } from '../../preload/contract/imports.ts';
import { bytes, plural } from '../components/format.ts';

/** A file that connections are read from: one that a person chose, or one at its usual place on the console's machine. */
export interface Source {
  id: string;
  /** Name of the file, or the whole path of a place. */
  name: string;
  /** In bytes; null where only the console can see the file. */
  size: number | null;
  /** Read anew for each preview, so that no content stays in the window. */
  file: File | undefined;
}

/** Files in one preview, as the contract has it. */
export const mostSources = 20;

/** Bytes of all chosen files together, as the console takes them: they travel in one message. */
export const largestTogether = 6_000_000;

/** What is known of a file before it is read. */
type Chosen = Pick<File, 'name' | 'size' | 'lastModified'>;

export interface Admitted<T> {
  admitted: T[];
  /** Why the others are not read. */
  refused: ImportProblem[];
}

/**
 * Which of the files just chosen are read beside those that are there: none twice, none too large, not too many,
 * not too much together. Nothing is read to find out.
 */
export function admit<T extends Chosen>(present: readonly Source[], chosen: readonly T[]): Admitted<T> {
  const admitted: T[] = [];
  const refused: ImportProblem[] = [];
  const ids = new Set(present.map(({ id }) => id));
  let together = present.reduce((sum, { size }) => sum + (size ?? 0), 0);
  for (const file of chosen) {
    const id = fileId(file);
    if (ids.has(id)) continue;
    const text = refusal(file.size, ids.size, together);
    if (text) refused.push({ file: file.name, line: null, text });
    else {
      admitted.push(file);
      ids.add(id);
      together += file.size;
    }
  }
  return { admitted, refused };
}

function refusal(size: number, sources: number, together: number): string | undefined {
  if (size > largestImport) {
    return `The file has ${bytes(size)}; at most ${bytes(largestImport)} are looked at, so it was not read. A file with connections is far smaller.`;
  }
  if (sources >= mostSources) {
    return `At most ${plural(mostSources, 'file')} are read together, so it was left out. Add those first, then choose it again.`;
  }
  if (together + size > largestTogether) {
    return `With the other files it would be more than ${bytes(largestTogether)}, so it was left out. Add those first, then choose it again.`;
  }
  return undefined;
}

/** The same file chosen twice has the same id; one that has changed since has another. */
function fileId({ name, size, lastModified }: Chosen): string {
  return `file ${name} ${size} ${lastModified}`;
}

export function fileSource(file: File): Source {
  return { id: fileId(file), name: file.name, size: file.size, file };
}

export function placeSource({ path }: Pick<ImportPlace, 'path'>): Source {
  return { id: `path ${path}`, name: path, size: null, file: undefined };
}

/** Last part of a path, on either kind of system. */
export function baseName(path: string): string {
  return path.split(/[\\/]/).at(-1) || path;
}
