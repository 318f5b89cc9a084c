/** Words that every shell takes as they are. */
const plain = /^[\w./:@+,][\w./:@+,-]*$/;

/**
 * A file's or a migration's name as one word of the system's shell; undefined where that shell has no safe way to write
 * it. One that begins with a dash would be an option, and is refused too.
 */
export function shellWord(text: string, platform: NodeJS.Platform = process.platform): string | undefined {
  if (plain.test(text)) return text;
  // biome-ignore lint/suspicious/noControlCharactersInRegex: these are the very characters that are refused.
  if (text === '' || text.startsWith('-') || /[\u0000-\u001f\u007f]/.test(text)) return undefined;
  // cmd.exe has no quotes within which "%" and "!" are only characters.
  if (platform === 'win32') return /["%!^]/.test(text) ? undefined : `"${text}"`;
  return `'${text.replaceAll("'", String.raw`'\''`)}'`;
}
