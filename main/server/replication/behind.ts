/** Positions of two processes are read one after the other: one that is ahead by then is not behind. */
export const behind = (bytes: string | null): string | null => (bytes?.startsWith('-') ? '0' : bytes);
