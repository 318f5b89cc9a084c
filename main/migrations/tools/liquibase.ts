import { escapeIdentifier } from 'pg';
import type { TrackProblem } from '../../../preload/contract/migrations.ts';
import type {
  FolderReading,
  FolderView,
  MigrationTool,
  StateQuery,
  StateTable,
  ToolLocation,
} from '../tool.ts';
import stateText from './liquibase.sql?raw';
import type { LiquibaseExtra, LiquibaseRow, LiquibaseState } from './liquibase-changeset.ts';
import { locateLiquibase } from './liquibase-locate.ts';
import lockText from './liquibase-lock.sql?raw';
import { liquibaseStatus } from './liquibase-status.ts';
import { readChangelogTree } from './liquibase-tree.ts';
import { stateSql } from './shared/state-sql.ts';

/**
 * Liquibase. A changelog is read as far as it can be without running it: its files, ids and what they include.
 * Checksums are of the parsed change, not of the file, and are not computed. Source: Liquibase 4.28.
 */
export const liquibase: MigrationTool<LiquibaseState> = {
  id: 'liquibase',
  title: 'Liquibase',
  runner: 'driven',
  unrecorded: ['by whom', 'how long'],
  recognise: ({ schema, name, columns }) => {
    const names = columns.map((column) => column.name);
    const wanted = ['id', 'author', 'filename', 'dateexecuted', 'orderexecuted', 'exectype', 'md5sum'];
    if (!wanted.every((column) => names.includes(column))) return undefined;
    return { tool: 'liquibase', schema, name, columns: names, certainty: 'certain' };
  },
  readState: readLiquibaseState,
  locate: locateLiquibase,
  readFolder: readLiquibase,
  status: liquibaseStatus,
};

async function readLiquibaseState(query: StateQuery, { schema, name }: StateTable): Promise<LiquibaseState> {
  const lock = { schema, name: `${name}lock` };
  const quoted = `${escapeIdentifier(lock.schema)}.${escapeIdentifier(lock.name)}`;
  const [found] = await query<{ rows: LiquibaseRow[] | null; lockReadable: boolean }>(
    stateSql(stateText, { table: { schema, name } }),
    [quoted],
  );
  const [held] = found?.lockReadable
    ? await query<{ heldBy: string | null; since: string | null }>(stateSql(lockText, { table: lock }))
    : [undefined];
  return { rows: found?.rows ?? [], lock: held };
}

async function readLiquibase(view: FolderView, { settings, folder }: ToolLocation): Promise<FolderReading> {
  const changelog = settings.changelog ?? folder;
  const root = settings.root ?? '';
  const { changeSets, doubts, problems } = await readChangelogTree(view, changelog, [
    ...new Set([root, folder, '']),
  ]);
  const extra: LiquibaseExtra = { changeSets, doubts, root, changelog };
  const migrations = changeSets.map((changeSet) => ({
    id: `${changeSet.path}::${changeSet.id}::${changeSet.author}`,
    name: `${changeSet.id} by ${changeSet.author}`,
    file: changeSet.file,
    downFile: changeSet.rollback ? changeSet.file : null,
    reversible: changeSet.rollback,
    parents: [],
    labels: [],
    checksums: null,
  }));
  return { migrations, problems: [...problems, ...doubtful(changelog, doubts)], extra };
}

function doubtful(changelog: string, doubts: readonly string[]): TrackProblem[] {
  if (doubts.length === 0) return [];
  return [
    {
      severity: 'warning',
      cause: 'changelog-uncertain',
      what: `Not all of ${changelog} can be told without Liquibase.`,
      why: `${doubts.slice(0, 5).join(' ')}${doubts.length > 5 ? ` And ${doubts.length - 5} more.` : ''}`,
      next: 'Run liquibase status --verbose in the project.',
      command: 'liquibase status --verbose',
    },
  ];
}
