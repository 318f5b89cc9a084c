import type { TrackProblem } from '../../../../preload/contract/migrations.ts';
import type { FolderView } from '../../tool.ts';
import { asTrackProblem } from '../shared/file-problem.ts';

const AT_ONCE = 64;
/** Bytes; a migration that is code and bigger than this holds data, and is named as a problem. */
export const SOURCE_LIMIT = 4 * 1024 * 1024;

/** A file of source; `text` is undefined when it can't be read, which `problems` then says. */
export interface Source {
  path: string;
  text: string | undefined;
}

/** Reads many files, in the order given. One that can't be read is a problem, not an error. */
export async function readSources(
  view: FolderView,
  paths: readonly string[],
  read: (view: FolderView, path: string) => Promise<string> = (folder, path) =>
    folder.text(path, SOURCE_LIMIT),
): Promise<{ sources: Source[]; problems: TrackProblem[] }> {
  const sources: Source[] = [];
  const problems: TrackProblem[] = [];
  for (let start = 0; start < paths.length; start += AT_ONCE) {
    const stretch = paths.slice(start, start + AT_ONCE);
    const texts = await Promise.all(
      stretch.map((path) => read(view, path).catch((error: unknown) => asTrackProblem(error, 'warning'))),
    );
    for (const [index, path] of stretch.entries()) {
      const text = texts[index];
      if (typeof text === 'object') problems.push(text);
      sources.push({ path, text: typeof text === 'string' ? text : undefined });
    }
  }
  return { sources, problems };
}

/** A small file's text for looking at; undefined when it can't be read or is no text. */
export async function textOrNothing(view: FolderView, path: string): Promise<string | undefined> {
  try {
    return await view.text(path);
  } catch {
    return undefined;
  }
}
