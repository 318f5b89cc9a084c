import type { Recognised } from './recognise.ts';

/** What reading all of a backup showed, a sentence each. */
export interface Checked {
  recognised: Recognised;
  /** Of an archive: its version, such as `1.14`. */
  archive: string | null;
  /** It is not what it was, or it is not whole. */
  faults: string[];
  /** What was to be looked at and could not. */
  gaps: string[];
  /** What this format can't prove. */
  limits: string[];
  /** What was proven. */
  proofs: string[];
}

/** How the parts of a check write down what they see. */
export interface Findings extends Omit<Checked, 'recognised' | 'archive'> {
  archive: string | null;
  /** Each portion of a file as it lies on the disk. */
  onRaw(chunk: Buffer, name: string): void;
  lz4: string;
}

/** What went wrong while something was read, as a sentence; a gap when it is not its own fault. */
export function faultOf(error: unknown, what: string): { said: string; isGap: boolean } {
  const { name, code, message } = error as NodeJS.ErrnoException;
  if (name === 'NoDecoder')
    return {
      said: `${what} is compressed with LZ4, and the program lz4 is not there: it was not looked at.`,
      isGap: true,
    };
  if (name === 'UnknownArchive') return { said: `${message} It was not looked at.`, isGap: true };
  if (name === 'CutShort' || code === 'Z_BUF_ERROR') return { said: `${what} is cut off.`, isGap: false };
  if (code && !/^(Z_|ZSTD)/.test(code))
    return { said: `${what} can’t be read: the system says ${code}.`, isGap: false };
  return { said: `${what} is damaged: ${message}`, isGap: false };
}
