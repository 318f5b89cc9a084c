import type { FolderMigration } from '../../tool.ts';

/**
 * A migration that is one file of code with both directions in it, as tools of dynamic languages have them. They keep no
 * checksums.
 *
 * @param reversible null: that can't be told from the file
 */
export const codeMigration = (
  file: string,
  reversible: boolean | null,
  { id, name = id, labels = [] }: { id: string; name?: string; labels?: string[] },
): FolderMigration => ({
  id,
  name,
  file,
  downFile: reversible ? file : null,
  reversible,
  parents: [],
  labels,
  checksums: null,
});
