import { expect, it } from 'vitest';
import { snapshotLink } from '../../../../main/backups/engines/snapshots.ts';
import type { Connection } from '../../../../preload/contract/connection.ts';

const linkOf = (host: string, more: Partial<Connection> = {}): string | undefined =>
  snapshotLink({
    id: 'one',
    name: 'one',
    group: '',
    color: 'blue',
    protection: 'open',
    password: 'none',
    transient: false,
    connect: false,
    connection: {
      host,
      port: 5432,
      database: 'shop',
      user: 'postgres',
      sslmode: 'require',
      parameters: {},
      ...more,
    },
  })?.url;

it('Amazon’s instances and clusters are told apart by their endpoints, in each of its clouds', () => {
  const rds = (region: string) => `https://${region}.console.aws.amazon.com/rds/home?region=${region}`;
  const of = (id: string, isCluster: boolean) =>
    `#database:id=${id};is-cluster=${isCluster};tab=maintenance-and-backups`;
  expect(linkOf('shop-1.c9akciq32.eu-west-1.rds.amazonaws.com')).toBe(rds('eu-west-1') + of('shop-1', false));
  expect(linkOf('Shop.cluster-c9akciq32.us-east-2.rds.amazonaws.com.')).toBe(
    rds('us-east-2') + of('shop', true),
  );
  expect(linkOf('shop.cluster-ro-c9akciq32.us-east-2.rds.amazonaws.com')).toBe(
    rds('us-east-2') + of('shop', true),
  );
  for (const kind of ['proxy', 'cluster-custom'])
    expect(linkOf(`any.${kind}-c9akciq32.us-east-2.rds.amazonaws.com`)).toBe(
      `${rds('us-east-2')}#snapshots-list:`,
    );
  expect(linkOf('shop.c9akciq32.rds.cn-north-1.amazonaws.com.cn')).toBe(
    `https://cn-north-1.console.amazonaws.cn/rds/home?region=cn-north-1${of('shop', false)}`,
  );
  expect(linkOf('shop.c9akciq32.us-gov-west-1.rds.amazonaws.com')).toContain(
    'console.amazonaws-us-gov.com/rds/',
  );
});

it('of the others a link leads as far as the name tells', () => {
  const cloudSql = 'https://console.cloud.google.com/sql/instances';
  const command = (text: string): Partial<Connection> => ({
    companion: { command: text, timeoutSeconds: 10 },
  });
  const cases: [string, string | undefined, Partial<Connection>?][] = [
    ['/cloudsql/acme-prod:europe-west1:shop', `${cloudSql}/shop/backups?project=acme-prod`],
    [
      '127.0.0.1',
      `${cloudSql}/shop/backups?project=acme-prod`,
      command('cloud-sql-proxy --port 6000 acme-prod:europe-west1:shop'),
    ],
    [
      '127.0.0.1',
      `${cloudSql}/shop/backups?project=acme.com%3Aprod`,
      command('./cloud_sql_proxy -instances=acme.com:prod:us-central1:shop=tcp:5432'),
    ],
    ['127.0.0.1', undefined, command('kubectl port-forward acme:one-two1:shop')],
    ['0a1b.2c3d.europe-west1.sql.goog', cloudSql],
    [
      'shop.postgres.database.azure.com',
      'https://portal.azure.com/#view/HubsExtension/BrowseResource/resourceType/Microsoft.DBforPostgreSQL%2FflexibleServers',
    ],
    [
      'db.abcdefghijklmnopqrst.supabase.co',
      'https://supabase.com/dashboard/project/abcdefghijklmnopqrst/database/backups/scheduled',
    ],
    [
      'aws-0-eu-central-1.pooler.supabase.com',
      'https://supabase.com/dashboard/project/abcdefghijklmnopqrst/database/backups/scheduled',
      { user: 'postgres.abcdefghijklmnopqrst' },
    ],
    ['aws-0-eu-central-1.pooler.supabase.com', undefined],
    [
      'p.vbjrfujv5beutlw725gvi3i.db.postgresbridge.com',
      'https://crunchybridge.com/clusters/vbjrfujv5beutlw725gvi3i',
    ],
    ['ep-cool-darkness-123456-pooler.us-east-2.aws.neon.tech', 'https://console.neon.tech/app/projects'],
    ['shop-acme.a.aivencloud.com', 'https://console.aiven.io/'],
    ['db-shop-do-user-1-0.b.db.ondigitalocean.com', 'https://cloud.digitalocean.com/databases'],
  ];
  for (const [host, url, more] of cases) expect(linkOf(host, more), host).toBe(url);
});

it('a name that only looks like a service’s is none', () => {
  for (const host of [
    'localhost',
    '/var/run/postgresql',
    'rds.amazonaws.com',
    'shop.c9akciq32.eu-west-1.rds.amazonaws.com.example.org',
    'evilneon.tech',
    'shop.postgres.database.azure.com.example.org',
    'db.supabase.co.example.org',
  ])
    expect(linkOf(host), host).toBeUndefined();
});
