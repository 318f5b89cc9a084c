import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { FolderReading, ToolLocation } from '../../../main/migrations/tool.ts';
import { dbmate } from '../../../main/migrations/tools/dbmate.ts';
import { golangMigrate } from '../../../main/migrations/tools/golang-migrate.ts';
import { openFolder } from '../../../main/migrations/tools/shared/folder-view.ts';
import { sqlx } from '../../../main/migrations/tools/sqlx.ts';
import { makeProject, type Project } from '../../support/project-folder.ts';

const count = 1000;
const number = (index: number): string => String(index + 1).padStart(6, '0');
const location: ToolLocation = { tool: 'dbmate', folder: 'm', config: null, table: null, settings: {} };

/** ms of the fastest of several runs: what others do on the machine meanwhile is not meant. */
async function fastest(work: () => unknown, runs = 15): Promise<number> {
  let best = Number.POSITIVE_INFINITY;
  for (let run = 0; run < runs; run++) {
    const from = performance.now();
    await work();
    best = Math.min(best, performance.now() - from);
  }
  return best;
}

describe(`of ${count} migrations`, () => {
  let project: Project;
  let plain: FolderReading;
  let summed: FolderReading;

  beforeAll(async () => {
    const files: Record<string, string> = {};
    for (let index = 0; index < count; index++)
      files[`m/${number(index)}_x.up.sql`] = 'SELECT 1;\n'.repeat(50);
    project = makeProject(files);
    plain = await golangMigrate.readFolder(await project.look(), location);
    summed = await sqlx.readFolder(await project.look(), location);
  });
  afterAll(() => project.remove());

  it('the status takes less than 5 ms', async () => {
    const versions = plain.migrations.map(({ id }) => id);
    const sums = summed.migrations.map(({ id, checksums }) => ({
      version: id,
      description: 'x',
      at: null,
      success: true,
      checksum: checksums?.[0] ?? '',
      nanoseconds: '1',
    }));
    expect(sums).toHaveLength(count);
    expect(
      await fastest(() => golangMigrate.status({ rows: [{ version: '900', dirty: false }] }, plain)),
    ).toBeLessThan(5);
    expect(await fastest(() => dbmate.status({ versions: versions.slice(0, 900) }, plain))).toBeLessThan(5);
    expect(await fastest(() => sqlx.status({ rows: sums }, summed))).toBeLessThan(5);
  });

  it('the folder is read in less than 100 ms', async () => {
    expect(
      await fastest(async () => await golangMigrate.readFolder(await openFolder(project.root), location)),
    ).toBeLessThan(100);
  });
});
