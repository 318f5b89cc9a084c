import { mkdtempSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Client } from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readSamplePassword } from '../../../main/sample/index.ts';
import { roomOrder } from '../../../preload/contract/health-words.ts';
import { openTestConsole, type TestConsole } from '../../support/console.ts';
import { eventually } from '../../support/eventually.ts';
import { healthReport } from '../../support/health-report.ts';
import { putSample } from '../../support/kept-sample.ts';

const slow = join(
  import.meta.dirname,
  '../../../assets/samples/edictflow/workload/latest_change_of_teams.sql',
);

/** What is wrong on purpose (assets/samples/README.md), by environment: what the report has to name, and nothing else. */
const planted: Record<string, readonly (readonly [kind: string, object: RegExp])[]> = {
  edictflow: [['index-missing', /change_events/]],
  tau_lighting: [],
  kronos_eam: [
    ['view-past-rls', /v_plant_overview/],
    ['view-past-rls', /v_upcoming_deadlines/],
  ],
  kronos_eam_production: [
    ['view-past-rls', /v_plant_overview/],
    ['view-past-rls', /v_upcoming_deadlines/],
  ],
  iotistic: [['index-duplicate', /users/]],
  billing: [],
  nebenkosten_config: [],
};

describe('the health report of the sample systems, their workload having run', () => {
  let howdah: TestConsole;
  let folder: string;

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'howdah-health-'));
    await putSample(folder);
    howdah = await openTestConsole({ dataFolder: folder });
    for await (const _ of await howdah.client.sample.start({})) {
      // It is there already: started, and its workload with it.
    }
    const { environments } = await eventually(async () => {
      const view = await howdah.client.environments.list();
      return view.statuses.every(({ state }) => state === 'connected') && view;
    });
    // What the workload does every 15 s, some minutes of it at once.
    const connection = environments.find(({ name }) => name === 'edictflow')?.connection;
    const client = new Client({
      host: '127.0.0.1',
      port: connection?.port,
      user: 'edictflow',
      database: 'edictflow',
      password: await readSamplePassword({ dataFolder: folder }),
    });
    await client.connect();
    const text = await readFile(slow, 'utf8');
    for (let turn = 0; turn < 3; turn += 1) await client.query(text);
    await client.end();
  }, 180_000);
  afterAll(() => howdah?.remove());

  it.each(Object.entries(planted))('names what is wrong in %s, and nothing else', async (name, wrong) => {
    const report = await healthReport(howdah.client, name);
    expect(report.looks.map(({ room, state }) => `${room} ${state}`)).toEqual(
      roomOrder.map((room) => `${room} done`),
    );
    expect(report.findings.map(({ kind, title }) => `${kind}: ${title}`)).toEqual(
      wrong.map(([kind, object]) => expect.stringMatching(new RegExp(`^${kind}: .*${object.source}`))),
    );
  });

  it('has the statement that mends each', async () => {
    const statements = async (name: string) =>
      (await healthReport(howdah.client, name)).findings.map(({ statement }) => statement);
    expect(await statements('edictflow')).toEqual([
      expect.stringMatching(
        /^CREATE INDEX CONCURRENTLY .*change_events.*\(.*team_id.*, .*created_at.* DESC\)/s,
      ),
    ]);
    expect(await statements('iotistic')).toEqual([expect.stringMatching(/^DROP INDEX CONCURRENTLY .*users/)]);
    expect(await statements('kronos_eam')).toEqual([
      expect.stringContaining('SET (security_invoker = true)'),
      expect.stringContaining('SET (security_invoker = true)'),
    ]);
  });

  it('is kept until the next one, over a restart of the console too, and can be handed over', async () => {
    const report = await healthReport(howdah.client, 'kronos_eam');
    const partial: string[] = [];
    const progress = await howdah.client.health.report({ environment: 'kronos_eam', rooms: ['access'] });
    for await (const { report: so } of progress) partial.push(...so.looks.map(({ room }) => room));
    expect(new Set(partial)).toEqual(new Set(['access']));
    expect(await howdah.client.health.last({ environment: 'kronos_eam' })).toEqual(report);
    await howdah.close();
    howdah = await openTestConsole({ dataFolder: folder, connect: false });
    expect(await howdah.client.health.last({ environment: 'kronos_eam' })).toEqual(report);
    const { text } = await howdah.client.health.export({ environment: 'kronos_eam', format: 'html' });
    expect(text).toContain('v_plant_overview');
    await expect(
      howdah.client.health.export({ environment: 'kronos_eam', format: 'html', at: 1 }),
    ).rejects.toMatchObject({ code: 'INVALID' });
    await expect(healthReport(howdah.client, 'kronos_eam')).rejects.toMatchObject({ code: 'NOT_CONNECTED' });
  });
});
