/** One numbered, forward-only step of the store's schema. */
export interface Migration {
  /** 1, 2, 3 … without gaps. */
  number: number;
  name: string;
  sql: string;
}

const files = import.meta.glob<string>('../../migrations/*.sql', {
  query: '?raw',
  import: 'default',
  eager: true,
});

/**
 * The migrations this program knows, in order.
 *
 * @throws when a file is not named `0001_name.sql` or the numbers have a gap.
 */
export function readMigrations(): Migration[] {
  const migrations = Object.entries(files)
    .map(([path, sql]) => {
      const match = /\/(\d{4})_(\w+)\.sql$/.exec(path);
      if (!match) throw new Error(`Migration ${path} is not named like 0001_name.sql.`);
      return { number: Number(match[1]), name: match[2] as string, sql };
    })
    .sort((a, b) => a.number - b.number);
  migrations.forEach((migration, index) => {
    if (migration.number !== index + 1) throw new Error(`Migration ${index + 1} is missing.`);
  });
  return migrations;
}
