import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, it, vi } from 'vitest';
import type { CommandOutput, DrivenCommand } from '../../../preload/contract/migration-runs.ts';
import { draftFor, openTestConsole, type TestConsole } from '../../support/console.ts';
import { driven, linkModules, programs } from '../../support/driven-projects.ts';
import { isSkipped } from '../../support/migration-tools.ts';
import { startPostgres, type TestServer } from '../../support/postgres.ts';
import { makeProject, type Project } from '../../support/project-folder.ts';

// Each command starts an interpreter or a virtual machine; several tools run at once.
vi.setConfig({ testTimeout: 180_000, hookTimeout: 120_000, maxConcurrency: 3 });

/** One that has to be escaped in a URL, in a shell and in a configuration. */
const password = `p"a's$ %w/o@r:d`;
const kept = { ...process.env };

let server: TestServer;
let howdah: TestConsole;
let bin: string;
const projects: Project[] = [];

beforeAll(async () => {
  bin = mkdtempSync(join(tmpdir(), 'howdah-test-bin-'));
  // Debian's tools are made for Debian's Python, whatever else lies in the path.
  Object.assign(process.env, { PATH: `${bin}:/usr/bin:${process.env.PATH}`, ...programs.environment(bin) });
  // The tests' own, which tools take for the project's.
  delete process.env.NODE_ENV;
  for (const [name, text] of Object.entries(programs.files)) {
    writeFileSync(join(bin, name), text);
    chmodSync(join(bin, name), 0o755);
  }
  server = await startPostgres();
  await server.query(`CREATE ROLE ada LOGIN SUPERUSER PASSWORD '${password.replaceAll("'", "''")}'`);
  howdah = await openTestConsole();
});
afterAll(async () => {
  process.env = kept;
  await howdah?.remove();
  await server?.remove();
  for (const project of projects) project.remove();
  rmSync(bin, { recursive: true, force: true });
});

describe.concurrent('by its own commands each tool goes up and down, is marked, and the status follows:', () => {
  for (const tool of driven)
    it.skipIf(isSkipped(tool.installed))(tool.name, async ({ expect }) => {
      const { files, folder } = tool;
      const project = makeProject(files);
      projects.push(project);
      if (folder) linkModules(folder, project.root);
      const database = tool.name.toLowerCase().replace(/\W/g, '_');
      await server.query(`CREATE DATABASE ${database}`);
      const { id: environment } = await howdah.client.environments.add({
        draft: draftFor(server.url(database, 'ada', 'x'), { name: database }),
        password: { password, remember: false },
      });
      await howdah.client.environments.connect({ environment });
      await howdah.client.migrations.link({ environment, folder: project.root });

      const trackOf = async () => {
        const { tracks } = await howdah.client.migrations.status({ environment });
        const [track, more] = tracks;
        if (!track || more) throw new Error(`Tracks: ${tracks.map(({ key }) => key).join()}`);
        return track;
      };
      const states = async () => (await trackOf()).entries.map(({ state }) => state);
      const commands = async (): Promise<Map<string, DrivenCommand>> => {
        const listed = await howdah.client.migrations.commands({ environment, track: (await trackOf()).key });
        return new Map(listed.map((one) => [one.action, one]));
      };
      const outputs: string[] = [];
      const run = async (action: string) => {
        const { key: track } = await trackOf();
        const { command } = (await commands()).get(action) ?? {};
        if (command === undefined) throw new Error(`${action} is not listed`);
        const told: CommandOutput[] = [];
        for await (const one of await howdah.client.migrations.drive({ environment, track, action, command }))
          told.push(one);
        const text = told.flatMap((one) => (one.kind === 'line' ? [one.text] : [])).join('\n');
        outputs.push(text);
        if (process.env.SHOW)
          console.log(`--- ${tool.name} ${action}: ${command}\n${text}\n${JSON.stringify(told.at(-1))}`);
        const end = told.at(-1);
        expect(end?.kind === 'ended' ? end.code : null, `${command}\n${text}`).toBe(0);
        return text;
      };
      const tables = async (): Promise<string[]> =>
        (
          await server.query<{ name: string }>(
            "SELECT relname::text AS name FROM pg_class WHERE relname IN ('one', 'two') AND relkind = 'r' ORDER BY 1",
            database,
          )
        ).map(({ name }) => name);
      const stateTables = () =>
        server.query(
          "SELECT relname::text AS name FROM pg_class WHERE relkind = 'r' AND relnamespace::regnamespace::text !~ '^(pg_|information)'",
          database,
        );

      // What is said to be only read must leave nothing.
      for (const [action, { risk }] of await commands())
        if (risk === 'read' && !tool.needsState?.includes(action)) {
          await run(action);
          expect(await stateTables(), action).toEqual([]);
        }
      const listed = await commands();
      if (listed.has('up-one') && !tool.slow) {
        await run('up-one');
        expect(await states()).toEqual(['applied', 'pending']);
        expect(await tables()).toEqual(['one']);
      }
      await run('up');
      expect(await states()).toEqual(['applied', 'applied']);
      expect(await tables()).toEqual(['one', 'two']);
      for (const action of ['status', 'check', 'unlock', 'repair'])
        if (listed.has(action)) {
          const text = await run(action);
          const words = tool.says?.[action];
          if (words) expect(text).toMatch(words);
        }
      if (listed.has('down')) {
        await run('down');
        expect(await states()).toEqual(['applied', tool.takenBack ?? 'pending']);
        expect(await tables()).toEqual(['one']);
        if ((await commands()).has('mark')) {
          await run('mark');
          expect(await states()).toEqual(['applied', 'applied']);
          expect(await tables()).toEqual(['one']);
        }
      }
      const all = outputs.join('\n');
      for (const form of [password, encodeURIComponent(password)]) expect(all).not.toContain(form);
    });
});
