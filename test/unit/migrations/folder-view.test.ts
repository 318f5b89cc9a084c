import { execFileSync } from 'node:child_process';
import { mkdirSync, symlinkSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { digestsOf } from '../../../main/migrations/tools/shared/content.ts';
import { FileProblem } from '../../../main/migrations/tools/shared/file-problem.ts';
import { foldersOf } from '../../../main/migrations/tools/shared/find-folders.ts';
import { openFolder } from '../../../main/migrations/tools/shared/folder-view.ts';
import { makeProject, type Project } from '../../support/project-folder.ts';

describe('a look into a project’s folder', () => {
  let project: Project;
  afterEach(() => project?.remove());

  const problemOf = async (work: Promise<unknown>): Promise<FileProblem> => {
    const error = await work.then(
      () => undefined,
      (failure: unknown) => failure,
    );
    if (!(error instanceof FileProblem)) throw new Error(`No FileProblem, but ${String(error)}`);
    return error;
  };

  it('names a root that is missing, and one that is a file', async () => {
    project = makeProject({ 'a.txt': 'x' });
    const missing = await problemOf(openFolder(join(project.root, 'gone')));
    expect(missing.explanation).toMatchObject({
      cause: 'folder-missing',
      what: `There is no folder ${project.root}/gone.`,
    });
    expect((await problemOf(openFolder(join(project.root, 'a.txt')))).explanation.cause).toBe(
      'folder-is-file',
    );
  });

  it('lists by code point, and nothing of a folder that isn’t there', async () => {
    project = makeProject({ 'm/b.sql': '', 'm/B.sql': 'xy', 'm/ä.sql': '', 'm/sub/c.sql': '' });
    const view = await project.look();
    const entries = await view.list('./m/');
    expect(entries.map(({ name, kind, bytes }) => `${name} ${kind} ${bytes}`)).toEqual([
      'B.sql file 2',
      'b.sql file 0',
      'sub folder 0',
      'ä.sql file 0',
    ]);
    expect(await view.list('nowhere')).toEqual([]);
    expect(await view.list('m/b.sql')).toEqual([]);
  });

  it('leaves a byte order mark out of the text and keeps it in the bytes', async () => {
    project = makeProject({ 'a.sql': '\ufeffSELECT 1' });
    const view = await project.look();
    expect(await view.text('a.sql')).toBe('SELECT 1');
    expect(await view.bytes('a.sql')).toHaveLength(11);
  });

  it('names the line that is not UTF-8', async () => {
    const latin = Buffer.from('SELECT 1;\n-- Gr\xfc\xdfe\nSELECT 2;\n', 'latin1');
    project = makeProject({
      'a.sql': latin,
      'b.sql': 'x\ny\0z',
      'c.sql': Buffer.from('\ufeffhallo', 'utf16le'),
    });
    const view = await project.look();
    const problem = await problemOf(view.text('a.sql'));
    expect(problem).toMatchObject({ path: 'a.sql', line: 2 });
    expect(problem.explanation.why).toContain('Latin-1');
    expect(await problemOf(view.text('b.sql'))).toMatchObject({
      line: 2,
      explanation: { why: 'Line 2 holds a null byte.' },
    });
    expect((await problemOf(view.text('c.sql'))).explanation.why).toContain('UTF-16');
  });

  it('tells a missing file from one that can’t be had', async () => {
    project = makeProject({ 'm/a.sql': '' });
    const view = await project.look();
    expect(await view.textIfAny('m/none.sql')).toBeUndefined();
    expect((await problemOf(view.text('m/none.sql'))).explanation.cause).toBe('file-missing');
    expect((await problemOf(view.text('m'))).explanation.cause).toMatch(/file-unreadable|folder/);
  });

  it('does not leave the root', async () => {
    project = makeProject({ 'm/a.sql': '' });
    const view = await openFolder(join(project.root, 'm'));
    expect(await view.list('..')).toEqual([]);
    expect(await view.exists('../m')).toBe(false);
    expect((await problemOf(view.text('../m/a.sql'))).explanation.cause).toBe('file-outside-project');
    expect((await problemOf(view.text('/etc/passwd'))).explanation.cause).toBe('file-outside-project');
  });

  it('does not read a big file whole, and hashes it piece by piece', async () => {
    project = makeProject({ 'm/big.sql': '' });
    truncateSync(join(project.root, 'm/big.sql'), 50 * 1024 * 1024);
    const view = await project.look();
    expect((await view.list('m'))[0]?.bytes).toBe(50 * 1024 * 1024);
    expect((await problemOf(view.text('m/big.sql'))).explanation).toMatchObject({ cause: 'file-too-big' });
    const [digest] = await digestsOf(view, { path: 'm/big.sql', bytes: 50 * 1024 * 1024 }, ['md5']);
    expect(digest?.toString('hex')).toBe('25e317773f308e446cc84c503a6d1f85');
  });

  it('follows links, but none in a circle, and stumbles over none that leads nowhere', async () => {
    project = makeProject({ 'a/b/c.sql': '', 'elsewhere/x.sql': '' });
    symlinkSync(project.root, join(project.root, 'a/b/up'));
    symlinkSync('.', join(project.root, 'a/self'));
    symlinkSync('../elsewhere', join(project.root, 'a/other'));
    symlinkSync('../a', join(project.root, 'elsewhere/back'));
    symlinkSync('nowhere', join(project.root, 'a/broken'));
    const view = await project.look();
    const paths = (await foldersOf(view)).map(({ path }) => path);
    expect(paths).toContain('a/other');
    expect(paths).toContain('elsewhere/back/b');
    expect(paths).not.toContain('a/self');
    expect(paths).not.toContain('a/b/up');
    expect(paths.length).toBeLessThan(12);
  });

  it('leaves a pipe alone, which would be waited for forever', async () => {
    project = makeProject({ 'm/a.sql': '' });
    execFileSync('mkfifo', [join(project.root, 'm/pipe.sql')]);
    const view = await project.look();
    expect((await view.list('m')).map(({ name }) => name)).toEqual(['a.sql']);
    expect((await problemOf(view.text('m/pipe.sql'))).explanation.cause).toBe('file-unreadable');
  });

  it('gives up on a folder far too big', async () => {
    project = makeProject();
    for (let folder = 0; folder < 6; folder++) {
      mkdirSync(join(project.root, `f${folder}`));
      for (let file = 0; file < 10; file++) writeFileSync(join(project.root, `f${folder}/${file}`), '');
    }
    const view = await openFolder(project.root, { entries: 50 });
    expect((await problemOf(foldersOf(view))).explanation.cause).toBe('folder-too-big');
  });
});
