import type { SnapshotLink } from '../../../preload/contract/backup-engines.ts';
import type { Environment } from '../../../preload/contract/environments.ts';

type Link = Omit<SnapshotLink, 'environment'>;

/**
 * Where a managed service shows its own backups of an environment's server, by what its host name tells. Undefined: it
 * tells of no such service. What the name does not tell (a project, a subscription) is chosen over there.
 */
export function snapshotLink({ id, connection }: Environment): SnapshotLink | undefined {
  const { host, user, companion } = connection;
  const name = host.toLowerCase().replace(/\.$/, '');
  const link =
    amazon(name) ??
    google(host, name, companion?.command) ??
    azure(name) ??
    supabase(name, user) ??
    bridge(name) ??
    consoleOnly(name);
  return link && { environment: id, ...link };
}

/**
 * `<instance>.<account's hash>.<region>.rds.amazonaws.com`; of Aurora `<cluster>.cluster-<hash>.…` and, to read from,
 * `cluster-ro-`. Source: AWS, "Amazon Aurora endpoint connections". In China `rds` comes before the region.
 */
function amazon(name: string): Link | undefined {
  const [, id, kind = '', region] =
    /^([^.]+)\.((?:cluster(?:-ro|-custom)?|proxy|shardgrp)-)?[^.]+\.([a-z0-9-]+)\.rds\.amazonaws\.com$/.exec(
      name,
    ) ??
    /^([^.]+)\.((?:cluster(?:-ro|-custom)?|proxy|shardgrp)-)?[^.]+\.rds\.([a-z0-9-]+)\.amazonaws\.com\.cn$/.exec(
      name,
    ) ??
    [];
  if (id === undefined || region === undefined) return undefined;
  const domain = region.startsWith('cn-')
    ? 'console.amazonaws.cn'
    : region.startsWith('us-gov-')
      ? 'console.amazonaws-us-gov.com'
      : 'console.aws.amazon.com';
  const home = `https://${region}.${domain}/rds/home?region=${region}`;
  const isCluster = kind === 'cluster-' || kind === 'cluster-ro-';
  const provider = kind.startsWith('cluster') ? 'Amazon Aurora or RDS cluster' : 'Amazon RDS';
  // An endpoint somebody named, or a proxy: the name is not that of the cluster or instance behind it.
  if (kind !== '' && !isCluster)
    return {
      provider,
      url: `${home}#snapshots-list:`,
      said: `Snapshots of ${region}; the host name tells only an endpoint, not what stands behind it.`,
    };
  return {
    provider,
    url: `${home}#database:id=${id};is-cluster=${isCluster};tab=maintenance-and-backups`,
    said: `Snapshots and automated backups of ${isCluster ? 'the cluster' : 'the instance'} ${id} in ${region}.`,
  };
}

/** The connection name `project:region:instance`, in a socket's folder or in the proxy's command; else the DNS name. */
function google(host: string, name: string, command: string | undefined): Link | undefined {
  const named = String.raw`((?:[a-z][a-z0-9.-]+:)?[a-z][a-z0-9-]+):([a-z]+-[a-z]+\d+):([a-z][a-z0-9-]*)`;
  const proxy = /\bcloud[-_]sql[-_]proxy\b/.test(command ?? '') ? command : undefined;
  const [, project, , instance] =
    new RegExp(`^/cloudsql/${named}/?$`).exec(host) ??
    new RegExp(`(?:^|[\\s='"])${named}`).exec(proxy ?? '') ??
    [];
  if (project !== undefined && instance !== undefined)
    return {
      provider: 'Google Cloud SQL',
      url: `https://console.cloud.google.com/sql/instances/${instance}/backups?project=${encodeURIComponent(project)}`,
      said: `Backups of the instance ${instance} in the project ${project}.`,
    };
  if (!/\.sql(-psa|-psc)?\.goog$/.test(name)) return undefined;
  return {
    provider: 'Google Cloud SQL',
    url: 'https://console.cloud.google.com/sql/instances',
    said: 'The host name tells neither project nor instance: choose them there, then Backups.',
  };
}

/** `<server>.postgres.database.azure.com`, or `<server>.private.…`; other clouds have other ends. */
function azure(name: string): Link | undefined {
  const [, server, end] =
    /^([^.]+)(?:\.private)?\.postgres\.database\.(azure\.com|usgovcloudapi\.net|chinacloudapi\.cn)$/.exec(
      name,
    ) ?? [];
  if (server === undefined || end === undefined) return undefined;
  const portal =
    { 'azure.com': 'portal.azure.com', 'usgovcloudapi.net': 'portal.azure.us' }[end] ?? 'portal.azure.cn';
  return {
    provider: 'Azure Database for PostgreSQL',
    url: `https://${portal}/#view/HubsExtension/BrowseResource/resourceType/Microsoft.DBforPostgreSQL%2FflexibleServers`,
    said: `Choose ${server} there, then Backup and restore: the host name tells neither subscription nor resource group.`,
  };
}

/** `db.<project>.supabase.co`; through the pooler the project stands in the user's name. */
function supabase(name: string, user: string): Link | undefined {
  const [, direct] = /^db\.([a-z0-9]+)\.supabase\.(?:co|com|net)$/.exec(name) ?? [];
  const isPooler = /\.pooler\.supabase\.com$/.test(name);
  const project = direct ?? (isPooler ? /\.([a-z0-9]{20})$/.exec(user)?.[1] : undefined);
  if (project === undefined) return undefined;
  return {
    provider: 'Supabase',
    url: `https://supabase.com/dashboard/project/${project}/database/backups/scheduled`,
    said: `Backups of the project ${project}.`,
  };
}

/** `p.<cluster>.db.postgresbridge.com` */
function bridge(name: string): Link | undefined {
  const [, cluster] = /^p\.([a-z0-9]+)\.db\.postgresbridge\.com$/.exec(name) ?? [];
  if (cluster === undefined) return undefined;
  return {
    provider: 'Crunchy Bridge',
    url: `https://crunchybridge.com/clusters/${cluster}`,
    said: `The cluster ${cluster}; its backups are under Backups.`,
  };
}

/** Services whose host names do not tell where in their console a server is. */
function consoleOnly(name: string): Link | undefined {
  const found = consoles.find(([end]) => name.endsWith(end));
  if (!found) return undefined;
  const [, provider, url, said] = found;
  return { provider, url, said };
}

const consoles: readonly (readonly [end: string, provider: string, url: string, said: string])[] = [
  [
    '.neon.tech',
    'Neon',
    'https://console.neon.tech/app/projects',
    'Choose the project there, then Backup & restore: the host name tells only its endpoint.',
  ],
  [
    '.aivencloud.com',
    'Aiven',
    'https://console.aiven.io/',
    'Choose the project and the service there, then Backups.',
  ],
  [
    '.db.ondigitalocean.com',
    'DigitalOcean',
    'https://cloud.digitalocean.com/databases',
    'Choose the cluster there, then its backups: the host name does not tell its id.',
  ],
];
