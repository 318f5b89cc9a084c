import { afterEach, expect, it } from 'vitest';
import { rails } from '../../../main/migrations/tools/rails.ts';
import { candidate, causes, readTrack, states } from '../../support/migration-tracks.ts';
import { makeProject, type Project } from '../../support/project-folder.ts';

let project: Project | undefined;
afterEach(() => {
  project?.remove();
  project = undefined;
});

it('is sure of its table beside ar_internal_metadata, and less without', () => {
  const table = candidate('schema_migrations', { version: 'character varying' }, ['version']);
  const stamp = 'timestamp(6) without time zone';
  const metadata = candidate('ar_internal_metadata', {
    key: 'character varying',
    value: 'character varying',
    created_at: stamp,
    updated_at: stamp,
  });
  expect(rails.recognise(table, [table, metadata])?.certainty).toBe('certain');
  expect(rails.recognise(table, [table])?.certainty).toBe('probable');
  expect(rails.recognise(candidate('versions', { version: 'character varying' }), [])).toBeUndefined();
  const ecto = candidate('schema_migrations', {
    version: 'bigint',
    inserted_at: 'timestamp(0) without time zone',
  });
  expect(rails.recognise(ecto, [])).toBeUndefined();
});

it('orders by number, pads short versions, and tells what can be taken back', async () => {
  project = makeProject({
    'db/migrate/10_ten.rb': 'def up\n  execute <<~SQL\n    def down\n  SQL\nend',
    'db/migrate/9_nine.rb': 'def up; end\ndef down\n  raise ActiveRecord::IrreversibleMigration\nend',
    'db/migrate/20240101000000_new.rb': 'def change; end # def down',
    'db/migrate/notes.txt': '',
  });
  const view = await project.look();
  const [location] = await rails.locate(view);
  const reading = await rails.readFolder(view, location as never);
  expect(reading.migrations.map(({ id, reversible }) => [id, reversible])).toEqual([
    ['009', false],
    ['010', false],
    ['20240101000000', null],
  ]);
  expect(states(rails.status(['9', '011', '20240101000000'], reading))).toEqual([
    '9_nine: applied',
    '10_ten: out-of-order',
    '011: missing',
    '20240101000000_new: applied',
  ]);
});

it('names a file that is not UTF-8 and shows its migration all the same', async () => {
  project = makeProject({ 'db/migrate/1_a.rb': Buffer.from('# für', 'latin1') });
  const track = await readTrack(rails, project);
  expect(causes(track)).toEqual(['file-not-text']);
  expect(track.entries).toMatchObject([{ id: '001', state: 'pending', reversible: null }]);
});
