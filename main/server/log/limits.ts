import type { Explanation } from '../../../preload/contract/common.ts';

/** How a server logs, and what this role may do about it. */
export interface About extends Record<string, unknown> {
  collects: boolean;
  destination: string;
  prefix: string;
  slow_from: number | null;
  zone_minutes: number;
  directory: string | null;
  may_list: boolean;
  may_ask: boolean;
  may_read: boolean;
  user: string;
  managed_by: string | null;
}

/** Why the log can't be read from here, and what would change that; undefined where it can. */
export function whyNot(about: About): Explanation | undefined {
  const managed = managedWay(about.managed_by);
  if (managed && !(about.may_list && about.may_read)) {
    return {
      cause: 'log-managed',
      what: 'The log of this server can’t be read through SQL.',
      why: `It runs at ${managed.name}, which keeps the files to itself.`,
      next: `${managed.next} A file fetched that way can be opened here by its path.`,
      command: managed.command,
    };
  }
  if (!about.collects)
    return {
      cause: 'log-not-collected',
      what: 'The server does not write its log into files itself.',
      why: `logging_collector is off, so what it says goes to ${about.destination === 'stderr' ? 'whoever started it: journald, a container’s log, or a file of the service’s' : about.destination}.`,
      next: 'Open the file by its path if it is on this machine (Debian writes /var/log/postgresql), or turn the collector on; it takes a restart.',
      command: "ALTER SYSTEM SET logging_collector = 'on'",
    };
  const user = `"${about.user.replaceAll('"', '""')}"`;
  if (about.may_list && about.may_read && about.directory !== null) return undefined;
  const grants = [
    ...(about.may_list && about.directory !== null ? [] : [`GRANT pg_monitor TO ${user}`]),
    ...(about.may_read
      ? []
      : [`GRANT EXECUTE ON FUNCTION pg_catalog.pg_read_binary_file(text, bigint, bigint) TO ${user}`]),
  ];
  return {
    cause: 'log-not-allowed',
    what: 'This role may not read the server’s log.',
    why: `${about.may_list ? '' : 'It may not list the log files. '}${about.may_read ? '' : 'It may not read files.'}`.trim(),
    next: 'A superuser can grant it in this database. The function then reads only the data and log folders for this role; pg_read_server_files would open the whole machine and is not needed.',
    command: grants.join('; '),
  };
}

function managedWay(setting: string | null): { name: string; next: string; command: string } | undefined {
  if (setting?.startsWith('rds.'))
    return {
      name: 'Amazon RDS',
      next: 'Fetch the newest file with the AWS command line.',
      command:
        'aws rds download-db-log-file-portion --db-instance-identifier <instance> --log-file-name error/postgresql.log --output text > postgresql.log',
    };
  if (setting?.startsWith('cloudsql.'))
    return {
      name: 'Google Cloud SQL',
      next: 'Cloud Logging has it.',
      command:
        'gcloud logging read \'resource.type="cloudsql_database" logName:"postgres.log"\' --limit 1000',
    };
  if (setting?.startsWith('azure.'))
    return {
      name: 'Azure Database for PostgreSQL',
      next: 'Turn on server logs there and fetch them.',
      command:
        'az postgres flexible-server server-logs download --resource-group <group> --server-name <server> --name <file>',
    };
  return undefined;
}
