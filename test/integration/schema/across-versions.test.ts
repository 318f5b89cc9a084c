import { expect, it } from 'vitest';
import { compareSchemas } from '../../../main/schema/diff/index.ts';
import type { SchemaModel } from '../../../preload/contract/schema-model.ts';
import { startPostgres } from '../../support/postgres.ts';
import { binariesOf, hasServerVersions, type Major } from '../../support/server-versions.ts';
import { everyFeature, modelReader } from './model-support.ts';

async function modelOn(major: Major): Promise<SchemaModel> {
  const server = await startPostgres({
    binaries: binariesOf(major),
    settings: { wal_level: 'logical', shared_preload_libraries: '' },
  });
  try {
    await server.query('CREATE ROLE deb; CREATE ROLE "Read Er"; CREATE ROLE pass');
    // What all of them understand.
    await server.query(await everyFeature(12));
    const reader = await modelReader(server.url());
    const model = await reader.read();
    await reader.end();
    return model;
  } finally {
    await server.remove();
  }
}

it.runIf(hasServerVersions)(
  'the same statements make no difference between servers of different versions',
  { timeout: 120_000 },
  async () => {
    const wanted = await modelOn(15);
    for (const major of (process.env.MAJORS?.split(',').map(Number) ?? [12, 18]) as Major[]) {
      const actual = await modelOn(major);
      const found = [...compareSchemas(wanted, actual), ...compareSchemas(actual, wanted)].filter(
        // Extensions come with the server, in another version; who may create in public is another matter since 15.
        ({ kind, name }) => kind !== 'extension' && !(kind === 'schema' && name === 'public'),
      );
      expect(found, `15 and ${major}`).toEqual([]);
    }
  },
);
