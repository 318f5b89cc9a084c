import type { ImportProblem, ImportSource } from '../../preload/contract/imports.ts';
import type { Source } from './sources.ts';

/** The sources as the contract takes them; a file that can't be read becomes a problem. */
export async function loadSources(
  sources: readonly Source[],
): Promise<{ loaded: ImportSource[]; problems: ImportProblem[] }> {
  const loaded: ImportSource[] = [];
  const problems: ImportProblem[] = [];
  for (const { name, file } of sources) {
    if (!file) loaded.push({ path: name });
    else {
      try {
        loaded.push({ name, content: await base64Of(file) });
      } catch {
        problems.push({
          file: name,
          line: null,
          text: 'The file could not be read: it is a folder, it is not readable, or it has changed since. Choose it again.',
        });
      }
    }
  }
  return { loaded, problems };
}

function base64Of(file: File): Promise<string> {
  return new Promise((resolve, reject) => {
    const reader = new FileReader();
    reader.onerror = () => reject(reader.error ?? new Error('The file could not be read.'));
    // A data URL: `data:text/plain;base64,…`; an empty file has nothing after the comma, or no comma.
    reader.onload = () => resolve(String(reader.result).split(',')[1] ?? '');
    reader.readAsDataURL(file);
  });
}
