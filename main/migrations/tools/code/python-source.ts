import type { FolderView } from '../../tool.ts';
import { decodeText } from '../shared/decode-text.ts';
import { FileProblem } from '../shared/file-problem.ts';
import { SOURCE_LIMIT } from './read-sources.ts';

const COOKIE = /^(?:[^\n]*\n)?[ \t\f]*#[^\n]*?coding[:=][ \t]*([-\w.]+)/;

/**
 * A Python source as Python would decode it: UTF-8, or Latin-1 and its kin where the first two lines say so (PEP 263).
 *
 * @throws FileProblem for anything else, which Python refuses too
 */
export async function pythonSource(view: FolderView, path: string): Promise<string> {
  const bytes = await view.bytes(path, SOURCE_LIMIT);
  try {
    return decodeText(bytes, path);
  } catch (error) {
    const coding = COOKIE.exec(bytes.subarray(0, 400).toString('latin1'))?.[1]?.toLowerCase();
    if (coding && error instanceof FileProblem && !bytes.includes(0) && oneByteCodings.test(coding))
      return bytes.toString('latin1');
    throw error;
  }
}

/** All of them have ASCII in their lower half, which is where revisions, names and keywords are written. */
const oneByteCodings = /^(latin[-_]?\d+|iso[-_]?8859[-_]?\d+|l\d|cp125\d|windows[-_]?125\d|koi8[-_][ru])$/;
