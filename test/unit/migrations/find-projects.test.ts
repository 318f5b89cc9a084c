import { execFile } from 'node:child_process';
import { chmodSync, mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { findProjects } from '../../../main/migrations/find-projects.ts';
import type { WalkLimits } from '../../../main/migrations/project-units.ts';
import { tools } from '../../../main/migrations/tools/index.ts';

let root: string;
beforeEach(() => {
  root = realpathSync(mkdtempSync(join(tmpdir(), 'howdah-projects-')));
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

const write = (path: string, text = ''): void => {
  mkdirSync(join(root, path, '..'), { recursive: true });
  writeFileSync(join(root, path), text);
};
const knex = (folder: string): void => {
  write(`${folder}knexfile.js`, "module.exports = { client: 'pg', migrations: { directory: './steps' } }");
  write(`${folder}steps/20240101_a.js`, 'exports.up = async () => {}; exports.down = async () => {};');
};
/** Each as `project: tool folder`, below the folder that was looked through. */
async function found(below = '', limits: Partial<WalkLimits> = {}) {
  const { found: all, problems } = await findProjects(tools, join(root, below), limits);
  const said = all.map(
    ({ project, tool, folder }) => `${project.slice(root.length + 1) || '.'}: ${tool} ${folder}`,
  );
  return { said, causes: problems.map(({ cause }) => cause) };
}

describe('projects below a folder', () => {
  it('are each found where the tool’s configuration lies, or what else only a project’s root has', async () => {
    knex('shop/');
    write('tools/go/go.mod', 'module x');
    write('tools/go/internal/db/migrations/1_x.up.sql', 'SELECT 1');
    write('plain/db/migrations/1_y.up.sql', 'SELECT 1');
    write('notes/readme.txt', 'x');
    expect(await found()).toEqual({
      said: [
        'plain: golang-migrate db/migrations',
        'shop: knex steps',
        'tools/go: golang-migrate internal/db/migrations',
      ],
      causes: [],
    });
  });

  it('are parts of a monorepo that has no migrations of its own', async () => {
    write('package.json', '{}');
    write('.git/HEAD', 'x');
    write('apps/web/package.json', '{}');
    knex('apps/api/');
    write('apps/auth/package.json', '{}');
    write('apps/auth/migrations/1_x.up.sql', 'SELECT 1');
    expect((await found()).said).toEqual(['apps/api: knex steps', 'apps/auth: golang-migrate migrations']);
  });

  it('are one where the folder is a project itself, whatever else lies in it', async () => {
    knex('');
    write('parts/other/package.json', '{}');
    write('parts/other/migrations/1_x.up.sql', 'SELECT 1');
    expect((await found()).said).toEqual(['.: golang-migrate parts/other/migrations', '.: knex steps']);
    write('bare/server/migrations/1_x.up.sql', 'SELECT 1');
    expect((await found('bare')).said).toEqual(['bare: golang-migrate server/migrations']);
  });

  it('are found through links once, and links that lead round in circles end', async () => {
    knex('real/elsewhere/shop/');
    mkdirSync(join(root, 'code'));
    symlinkSync(join(root, 'real/elsewhere/shop'), join(root, 'code/shop'));
    symlinkSync(join(root, 'real/elsewhere/shop'), join(root, 'code/twin'));
    symlinkSync('..', join(root, 'code/up'));
    symlinkSync('.', join(root, 'code/self'));
    symlinkSync('nowhere', join(root, 'code/broken'));
    expect((await found('code')).said).toEqual(['code/shop: knex steps']);
  });

  it('are not all found in a folder that is too big, and that is said', async () => {
    for (let at = 0; at < 40; at += 1) write(`many/${String(at).padStart(2, '0')}/x/y.txt`);
    knex('aaa/');
    expect(await found('', { folders: 20 })).toEqual({
      said: ['aaa: knex steps'],
      causes: ['folder-too-big'],
    });
    expect((await found('', { ms: -1 })).causes).toEqual(['folder-too-big']);
  });

  it('are found beside a folder that may not be read, which is named', async () => {
    write('open/package.json', '{}');
    write('closed/package.json', '{}');
    chmodSync(root, 0o755);
    chmodSync(join(root, 'closed'), 0o700);
    const module = join(import.meta.dirname, '../../../main/migrations/project-units.ts');
    const script = `import { projectUnits } from ${JSON.stringify(module)};
      if (process.getuid() === 0) process.setuid(65534);
      else (await import('node:fs')).chmodSync(${JSON.stringify(join(root, 'closed'))}, 0);
      console.log(JSON.stringify(await projectUnits(${JSON.stringify(root)})));`;
    const { stdout } = await promisify(execFile)(process.execPath, ['--input-type=module', '-e', script]);
    expect(JSON.parse(stdout)).toEqual({ units: [join(root, 'open')], unreadable: [join(root, 'closed')] });
  });
});
