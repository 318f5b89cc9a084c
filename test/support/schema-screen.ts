import { readFile } from 'node:fs/promises';
import { expect, type Locator, type Page } from '@playwright/test';
import type pg from 'pg';
import type { DiagramView } from '../../renderer/schema/canvas/view.ts';

/** A box as the diagram draws it. Places are the diagram's own, and beside them where it lies in the window, px. */
export interface DrawnBox {
  name: string;
  kind: string;
  /** From the corner of its schema's region. */
  place: { x: number; y: number };
  /** The middle of its header in the window. */
  header: { x: number; y: number };
}

export interface Exported {
  name: string;
  bytes: Buffer;
  path: string;
}

/** The schema room in a browser, as a person finds their way in it. */
export class SchemaScreen {
  readonly page: Page;
  readonly #environments: ReadonlyMap<string, string>;

  /** @param environments ids by name */
  constructor(page: Page, environments: ReadonlyMap<string, string>) {
    this.page = page;
    this.#environments = environments;
  }

  /** Goes to an environment's schema. */
  async open(environment: string, view: '' | '/compare' = ''): Promise<void> {
    const id = this.#environments.get(environment);
    await this.page.goto(`${new URL(this.page.url()).origin}/#/environments/${id}/schema${view}`);
  }

  get canvas(): Locator {
    return this.page.locator('[role=application] canvas');
  }

  get outline(): Locator {
    return this.page.getByRole('tree', { name: 'Schemas and tables' });
  }

  get inspector(): Locator {
    return this.page.locator('aside:has(h2)');
  }

  /** How a name that was searched for becomes the one that is inspected. */
  async inspect(table: string): Promise<void> {
    await this.page.getByPlaceholder(/Find a table/).fill(table);
    await this.page.keyboard.press('ArrowDown');
    await this.page.keyboard.press('Enter');
    await expect(this.inspector.locator('h2')).toHaveText(table);
  }

  async tab(name: string): Promise<void> {
    await this.inspector.getByRole('tab', { name }).click();
  }

  /** What is drawn at this moment; nothing before there is a picture. */
  async boxes(): Promise<DrawnBox[]> {
    if ((await this.canvas.count()) === 0) return [];
    return this.canvas.evaluate((canvas) => {
      const { scene, camera } = (canvas as HTMLCanvasElement & { diagramView: DiagramView }).diagramView;
      if (!scene) return [];
      const { left, top } = canvas.getBoundingClientRect();
      return [...scene.placed.tables].map((_, at) => {
        const table = scene.table(at);
        const { x, y, width } = scene.rect(at);
        const region = scene.placed.regions.find(({ schema }) => schema === table.schema);
        return {
          name: table.name,
          kind: table.kind,
          place: { x: x - (region?.x ?? 0), y: y - (region?.y ?? 0) },
          header: {
            x: left + (x + width / 2 - camera.x) * camera.scale,
            y: top + (y + 12 - camera.y) * camera.scale,
          },
        };
      });
    });
  }

  /** Whether the picture is as it will stay: laid out with care, its lines led round the boxes. */
  async isSettled(): Promise<boolean> {
    if ((await this.canvas.count()) === 0) return false;
    return this.canvas.evaluate((canvas) => {
      const { scene } = (canvas as HTMLCanvasElement & { diagramView: DiagramView }).diagramView;
      return scene?.placed.routes !== undefined;
    });
  }

  async names(): Promise<string[]> {
    return (await this.boxes()).map(({ name }) => name).sort();
  }

  async box(name: string): Promise<DrawnBox> {
    const box = (await this.boxes()).find((one) => one.name === name);
    if (!box) throw new Error(`${name} is not drawn.`);
    return box;
  }

  /** Chooses in the menu and takes the file that comes of it. */
  async export(format: string): Promise<Exported> {
    await this.page.getByRole('button', { name: 'Export' }).click();
    return this.saved(() => this.page.getByRole('menuitem', { name: format }).click());
  }

  async saved(act: () => Promise<void>): Promise<Exported> {
    const [download] = await Promise.all([this.page.waitForEvent('download'), act()]);
    const path = await download.path();
    return { name: download.suggestedFilename(), bytes: await readFile(path), path };
  }
}

/** Ids of environments in the rail, by name. */
export async function environmentIds(page: Page, names: readonly string[]): Promise<Map<string, string>> {
  const links = await page
    .getByLabel('Environments')
    .getByRole('link')
    .evaluateAll((all) => all.map((link) => [link.textContent ?? '', link.getAttribute('href') ?? '']));
  const ids = new Map<string, string>();
  for (const name of names) {
    // Behind the name stands its state; one name may begin with another.
    const [own] = links
      .filter(([text = '']) => text.startsWith(name))
      .sort(([a = ''], [b = '']) => a.length - b.length);
    const id = /environments\/([^/]+)/.exec(own?.[1] ?? '')?.[1];
    if (id) ids.set(name, id);
  }
  return ids;
}

/** Names of all that is to be drawn of a database: a partitioned table once, nothing that an extension brought. */
export async function drawable(client: pg.Client): Promise<string[]> {
  const { rows } = await client.query<{ name: string }>(`
    SELECT relname AS name FROM pg_class
    WHERE relkind IN ('r', 'p', 'f', 'v', 'm') AND NOT relispartition
      AND relnamespace::regnamespace::text !~ '^pg_|^information_schema$'
      AND NOT EXISTS (SELECT FROM pg_depend WHERE objid = pg_class.oid AND deptype = 'e')
    UNION ALL
    SELECT typname FROM pg_type
    WHERE typtype = 'e' AND typnamespace::regnamespace::text !~ '^pg_|^information_schema$'
      AND NOT EXISTS (SELECT FROM pg_depend WHERE objid = pg_type.oid AND deptype = 'e')`);
  return rows.map(({ name }) => name).sort();
}

/** Tables that are at most `depth` foreign keys away from one, itself among them. */
export async function neighbours(client: pg.Client, table: string, depth: number): Promise<string[]> {
  const { rows } = await client.query<{ name: string }>(
    `WITH RECURSIVE edge AS (
       SELECT conrelid AS a, confrelid AS b FROM pg_constraint WHERE contype = 'f' AND conparentid = 0
       UNION SELECT confrelid, conrelid FROM pg_constraint WHERE contype = 'f' AND conparentid = 0
     ), near AS (
       SELECT to_regclass($1)::oid AS oid, 0 AS depth
       UNION SELECT edge.b, near.depth + 1 FROM near JOIN edge ON edge.a = near.oid WHERE near.depth < $2
     )
     SELECT DISTINCT relname AS name FROM near JOIN pg_class USING (oid)`,
    [table, depth],
  );
  return rows.map(({ name }) => name).sort();
}
