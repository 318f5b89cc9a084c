/** What keeps a script from being read as text, and where. */
export interface TextProblem {
  /** From 1. */
  line: number;
  what: string;
}

export interface Decoded {
  text: string;
  problems: TextProblem[];
}

/**
 * Bytes of a file as text: UTF-8, with or without a byte order mark, or UTF-16 with one. Other encodings are not
 * guessed; what is no UTF-8 is told with its line, and so are NUL bytes, which no server takes.
 */
export function decode(bytes: Uint8Array): Decoded {
  const [one, two, three] = bytes;
  if (one === 0xff && two === 0xfe) return checked(new TextDecoder('utf-16le').decode(bytes));
  if (one === 0xfe && two === 0xff) return checked(new TextDecoder('utf-16be').decode(bytes));
  const body = one === 0xef && two === 0xbb && three === 0xbf ? bytes.subarray(3) : bytes;
  try {
    return checked(new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(body));
  } catch {
    return {
      text: '',
      problems: [{ line: lineOfFault(body), what: 'is not UTF-8; save the file as UTF-8' }],
    };
  }
}

function checked(text: string): Decoded {
  const at = text.indexOf('\0');
  if (at < 0) return { text, problems: [] };
  return { text, problems: [{ line: linesBefore(text, at) + 1, what: 'holds a NUL byte' }] };
}

/** The line with the first byte that is no UTF-8. Lines are decoded one by one: a line feed is part of no other character. */
function lineOfFault(bytes: Uint8Array): number {
  const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });
  let line = 1;
  for (let from = 0; from < bytes.length; line += 1) {
    const end = bytes.indexOf(10, from);
    try {
      decoder.decode(bytes.subarray(from, end < 0 ? bytes.length : end));
    } catch {
      return line;
    }
    if (end < 0) break;
    from = end + 1;
  }
  return line;
}

/** How many lines end before a place. */
export function linesBefore(text: string, place: number, from = 0): number {
  let lines = 0;
  for (let at = text.indexOf('\n', from); at >= 0 && at < place; at = text.indexOf('\n', at + 1)) lines += 1;
  return lines;
}
