import { afterEach, expect, it } from 'vitest';
import { laravel } from '../../../main/migrations/tools/laravel.ts';
import { candidate, readTrack, states } from '../../support/migration-tracks.ts';
import { makeProject, type Project } from '../../support/project-folder.ts';

let project: Project | undefined;
afterEach(() => {
  project?.remove();
  project = undefined;
});

it('tells its table by its columns, those of later versions too', () => {
  const columns = { id: 'integer', migration: 'character varying(255)', batch: 'integer' };
  expect(laravel.recognise(candidate('migrations', columns), [])?.certainty).toBe('certain');
  expect(laravel.recognise(candidate('x', { ...columns, migrated_at: 'timestamp' }), [])?.certainty).toBe(
    'certain',
  );
  expect(laravel.recognise(candidate('migrations', { id: 'integer', name: 'text' }), [])).toBeUndefined();
});

it('takes the table’s name from the configuration, in the notation of either version', async () => {
  for (const setting of [
    "'migrations' => 'steps',",
    "'migrations' => [\n        'table' => 'steps',\n    ],",
  ]) {
    project = makeProject({
      artisan: '',
      'config/database.php': `<?php return [\n    // 'migrations' => 'no',\n    ${setting}\n];`,
      'database/migrations/2024_01_02_b.php':
        '<?php return new class extends Migration { public function up() {} };',
      'database/migrations/2024_01_01_a.php': '<?php /* function down() */ public function DOWN() {}',
      'vendor/x/database/migrations/2024_01_01_x.php': '<?php use Illuminate\\X;',
    });
    const track = await readTrack(laravel, project);
    expect(track.location.table).toEqual({ schema: null, name: 'steps' });
    expect(states(track)).toEqual(['2024_01_01_a: pending', '2024_01_02_b: pending']);
    expect(track.entries.map(({ reversible }) => reversible)).toEqual([true, false]);
    project.remove();
  }
});
