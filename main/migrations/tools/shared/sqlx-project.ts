import type { FolderView } from '../../tool.ts';
import { textOrNothing } from './content.ts';
import { joined, parentOf } from './find-folders.ts';

/**
 * Whether a folder belongs to a Rust package that uses sqlx, whose reversible migrations are named as golang-migrate's
 * are: by `sqlx.toml`, `.sqlx` or a `Cargo.toml` with that dependency, there or on the way to the project's root.
 */
export async function isSqlxProject(folder: FolderView, path: string): Promise<boolean> {
  for (let at = path; ; at = parentOf(at)) {
    if (await folder.exists(joined(at, 'sqlx.toml'))) return true;
    if (await folder.exists(joined(at, '.sqlx'))) return true;
    if (
      /^\s*(?:sqlx(?:-core|-cli|-postgres)?|\[.*dependencies\.sqlx\])/m.test(
        await textOrNothing(folder, joined(at, 'Cargo.toml')),
      )
    )
      return true;
    if (at === '') return false;
  }
}
