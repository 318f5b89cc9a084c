import { afterEach, expect, it } from 'vitest';
import { ecto } from '../../../main/migrations/tools/ecto.ts';
import { candidate, causes, readTrack } from '../../support/migration-tracks.ts';
import { makeProject, type Project } from '../../support/project-folder.ts';

let project: Project | undefined;
afterEach(() => {
  project?.remove();
  project = undefined;
});

it('tells its table by bigint and inserted_at', () => {
  const table = candidate('schema_migrations', {
    version: 'bigint',
    inserted_at: 'timestamp(0) without time zone',
  });
  expect(ecto.recognise(table, [])?.certainty).toBe('certain');
  expect(
    ecto.recognise(candidate('schema_migrations', { version: 'bigint', dirty: 'boolean' }), []),
  ).toBeUndefined();
});

it('reads an umbrella’s apps, a table of another name, and names what Ecto refuses', async () => {
  project = makeProject({
    'mix.exs': '',
    'config/config.exs': 'config :shop, Shop.Repo, migration_source: "our_migrations"\n',
    'apps/shop/mix.exs': '',
    'apps/shop/priv/repo/migrations/02_create_a.exs': 'def change, do: nil',
    'apps/shop/priv/repo/migrations/2_create_b.exs': 'def change, do: nil',
    'apps/shop/priv/repo/migrations/3_create_a.exs': 'def change, do: nil',
    'apps/shop/priv/repo/migrations/no.exs': '',
  });
  const track = await readTrack(ecto, project);
  expect(track.location.table).toEqual({ schema: null, name: 'our_migrations' });
  expect(track.entries.map(({ id }) => id)).toEqual(['2', '2', '3']);
  expect(causes(track)).toEqual(['version-twice', 'name-twice']);
});
