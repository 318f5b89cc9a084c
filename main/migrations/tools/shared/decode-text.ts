import { isUtf8 } from 'node:buffer';
import { FileProblem } from './file-problem.ts';

const LINE_END = 0x0a;

/**
 * A file's bytes as text: UTF-8, a byte order mark left out.
 *
 * @throws FileProblem naming the first line that is not UTF-8 or holds a null byte
 */
export function decodeText(bytes: Buffer, path: string): string {
  const content = bytes.subarray(byteOrderMark(bytes));
  if (isUtf8(content) && !content.includes(0)) return content.toString('utf8');
  if ((bytes[0] === 0xff && bytes[1] === 0xfe) || (bytes[0] === 0xfe && bytes[1] === 0xff)) {
    throw problem(path, 1, 'It is written in UTF-16.', 'iconv -f UTF-16 -t UTF-8');
  }
  let line = 1;
  for (let start = 0; start < content.length; line++) {
    const end = content.indexOf(LINE_END, start);
    const stretch = content.subarray(start, end < 0 ? content.length : end);
    if (stretch.includes(0)) throw problem(path, line, `Line ${line} holds a null byte.`);
    if (!isUtf8(stretch)) {
      const why = `Line ${line} is not UTF-8; perhaps the file is written in Latin-1.`;
      throw problem(path, line, why, 'iconv -f LATIN1 -t UTF-8');
    }
    start += stretch.length + 1;
  }
  throw problem(path, line, 'It is not UTF-8.');
}

/** How many bytes UTF-8's byte order mark takes at the beginning: 3 or none. */
export const byteOrderMark = (bytes: Uint8Array): 0 | 3 =>
  bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf ? 3 : 0;

function problem(path: string, line: number, why: string, command?: string): FileProblem {
  return new FileProblem(
    path,
    {
      what: `${path} can’t be read as text.`,
      why,
      next: 'Save it as UTF-8.',
      cause: 'file-not-text',
      ...(command ? { command: `${command} '${path.replaceAll("'", "'\\''")}'` } : {}),
    },
    line,
  );
}
