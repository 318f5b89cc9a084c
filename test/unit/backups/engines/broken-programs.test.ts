import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { openEngines } from '../../../../main/backups/engines/index.ts';
import { openStore } from '../../../../main/store/index.ts';
import type { EngineDraft } from '../../../../preload/contract/backup-engines.ts';

/** What has ended may wait for ever for its parent to notice. */
function isRunning(pid: string): boolean {
  try {
    return !/\) [ZX] /.test(readFileSync(`/proc/${pid}/stat`, 'latin1'));
  } catch {
    return false;
  }
}

/** Programs of the test's own that do what a broken one would. */
it('a program that hangs, breaks off or is not there is told, and ended with what it has started', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'howdah-test-engines-'));
  const store = openStore(folder);
  mkdirSync(join(folder, 'bin'));
  const script = (body: string): void => {
    writeFileSync(join(folder, 'bin/pgbackrest'), `#!/bin/sh\n${body}\n`);
    chmodSync(join(folder, 'bin/pgbackrest'), 0o755);
  };
  const needs = {
    store,
    pool: () => {
      throw new Error('not connected');
    },
    onEvent: () => undefined,
  };
  const engines = openEngines({ ...needs, env: { PATH: `${folder}/bin:/usr/bin:/bin` } });
  const one: EngineDraft = {
    kind: 'pgbackrest',
    name: 'shop',
    where: { kind: 'local' },
    config: null,
    environment: null,
  };
  const problem = async (with_ = engines) =>
    await with_.add(one).then(
      () => undefined,
      (error) => error.problem,
    );
  try {
    script(`sleep 97 & echo $! >> ${folder}/pids; echo '[{"name":'; wait`);
    const hurried = openEngines({ ...needs, env: { PATH: `${folder}/bin:/usr/bin:/bin` }, patienceMs: 400 });
    expect(await problem(hurried)).toMatchObject({
      cause: 'engine-hangs',
      why: expect.stringContaining('0.4 s'),
    });
    const left = readFileSync(join(folder, 'pids'), 'utf8').trim().split('\n').filter(isRunning);
    expect(left).toEqual([]);
    script(
      `[ "$1" = version ] && exec echo pgBackRest 2.45; echo '[{"name":"shop","status":{"code":0},"db":[{'`,
    );
    expect(await problem()).toMatchObject({
      cause: 'engine-answer',
      server: { message: expect.stringContaining('"db":[{') },
    });
    script('echo "ERROR: [099]: password=hidden is wrong" >&2; exit 99');
    const failed = await problem();
    expect(failed).toMatchObject({ cause: 'engine-failed', why: expect.stringContaining('code 99') });
    expect(JSON.stringify(failed)).not.toContain('hidden');
    mkdirSync(join(folder, 'few'));
    symlinkSync('/bin/sh', join(folder, 'few/sh'));
    const engineless = openEngines({ ...needs, env: { PATH: `${folder}/few` } });
    expect(await engineless.find({ kind: 'local' }).catch((error) => error.problem)).toMatchObject({
      cause: 'engine-missing',
      command: expect.stringMatching(/install -y pgbackrest$/),
    });
  } finally {
    store.close();
    rmSync(folder, { recursive: true, force: true });
  }
});
