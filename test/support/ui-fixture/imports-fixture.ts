import type { Environment, EnvironmentColor, Finding } from '../../../preload/contract/environments.ts';
import type {
  ImportCandidate,
  ImportPlace,
  ImportPreview,
  ImportProblem,
  ImportSource,
} from '../../../preload/contract/imports.ts';
import type { SecretEntry } from '../../../preload/contract/secrets.ts';

/**
 * What an acted console finds in files. The name of a file says what it holds: `many…` two hundred connections,
 * `empty…` none, `broken…` only problems, `slow…` comes after 6 s, `refused…` fails; any other a handful of
 * awkward ones.
 */
export function makePreview(
  sources: readonly ImportSource[],
  environments: readonly Environment[],
  serial: number,
): ImportPreview {
  const found = sources.map((source) => candidatesOf(nameOf(source), environments));
  return {
    id: `preview-${serial}`,
    candidates: found.flatMap(({ candidates }) => candidates),
    problems: found.flatMap(({ problems }) => problems),
  };
}

export function nameOf(source: ImportSource): string {
  const name = 'path' in source ? source.path : source.name;
  return name.split('/').at(-1) ?? name;
}

export const places: ImportPlace[] = [
  { kind: 'service', path: '/home/dba/.pg_service.conf', label: 'Connection services' },
  { kind: 'pgpass', path: '/home/dba/.pgpass', label: 'Password file' },
  {
    kind: 'dbeaver',
    path: '/home/dba/.local/share/DBeaverData/workspace6/a-project-with-a-long-name-that-goes-on/.dbeaver/data-sources.json',
    label: 'DBeaver',
  },
  { kind: 'pgadmin', path: '/home/dba/.pgadmin/pgadmin4.db', label: 'pgAdmin' },
];

export const entries: SecretEntry[] = [
  { account: 'env-0', what: 'Password', environment: 'billing-prod' },
  {
    account: 'env-0/ssh',
    what: 'SSH password of ada@bastion.eu-central-1.example.com:22',
    environment: 'billing-prod',
  },
  { account: 'env-3', what: 'Password', environment: 'تقارير الإنتاج' },
  {
    account: 'env-2',
    what: 'Passphrase of /home/dba/.ssh/id_ed25519_for_the_jump_host_in_frankfurt_that_nobody_renamed',
    environment: 'a-very-long-environment-name-that-somebody-thought-was-a-good-idea-eu-central-1',
  },
  { account: '6f9619ff-8b86-d011-b42d-00c04fc964ff', what: 'Password', environment: null },
  { account: '7a1b3a44-0c5e-4a52-a1f3-000000000001', what: 'SSH password of old@gone:22', environment: null },
  { account: '7a1b3a44-0c5e-4a52-a1f3-000000000002', what: 'Password', environment: null },
];

const notes: Finding[] = [
  {
    severity: 'notice',
    id: 'address-guessed',
    text: 'The host is the name of a service; its published port on localhost is taken instead.',
  },
  {
    severity: 'warning',
    id: 'variable-unknown',
    text: 'The variable DB_PORT is not set in any of the files; 5432 is taken.',
  },
  { severity: 'warning', id: 'password-weak', text: 'The password equals the name of the user.' },
  {
    severity: 'notice',
    id: 'password-not-read',
    text: 'The file keeps its password encrypted; it is asked for when connecting.',
  },
];

const awkward: readonly Partial<{
  name: string;
  group: string;
  user: string;
  host: string;
  database: string;
  from: string;
}>[] = [
  { name: 'kronos-eam', from: 'DATABASE_URL' },
  {
    name: 'a-very-long-environment-name-that-somebody-thought-was-a-good-idea-eu-1',
    host: 'ec2-203-0-113-25.a-long-subdomain.of-some-account.eu-central-1.compute.internal.example.com',
    database: 'a_database_name_of_the_longest_kind_that_postgresql_will_let_us',
    from: 'CONFIG_OF_THE_SECOND_WAREHOUSE_DATABASE_CONNECTION_DB_HOST',
  },
  { name: 'تقارير المبيعات', group: 'الإنتاج', database: 'تقارير', user: 'محلل', from: 'services.تقارير' },
  { name: 'données 🐘 analytics 👩‍💻', user: 'ana lyst', host: 'fd00::1:2:3', from: 'services.db' },
  { name: 'socket', host: '/cloudsql/project:region:instance', from: 'PGHOST' },
  { name: 'billing-prod', group: 'Production', from: 'service billing' },
];
const colors: EnvironmentColor[] = ['green', 'teal', 'violet', 'magenta', 'amber', 'red'];

function candidatesOf(
  file: string,
  environments: readonly Environment[],
): { candidates: ImportCandidate[]; problems: ImportProblem[] } {
  if (file.startsWith('empty')) return { candidates: [], problems: [] };
  if (file.startsWith('broken')) return { candidates: [], problems: problemsOf(file, 12) };
  const many = file.startsWith('many');
  return {
    candidates: Array.from({ length: many ? 200 : awkward.length }, (_, index) =>
      candidate(file, index, many, environments),
    ),
    problems: file.startsWith('half') ? problemsOf(file, 2) : [],
  };
}

function candidate(
  file: string,
  index: number,
  many: boolean,
  environments: readonly Environment[],
): ImportCandidate {
  const about = many ? {} : (awkward[index] ?? {});
  const mine =
    index === 1
      ? Array.from({ length: 10 }, (_, at): Finding => notes[at % notes.length] as Finding)
      : notes.slice(0, [0, 0, 1, 2, 0, 0][index % 6]);
  return {
    key: `${file}-${index}`,
    kind: many ? 'dbeaver' : 'env',
    file,
    line: index === 4 ? null : index * 3 + 1,
    from: about.from ?? `connection db-${index}`,
    hasPassword: index % 3 !== 2,
    notes: mine,
    same: index % 6 === 5 ? (environments[0]?.name ?? null) : null,
    draft: {
      name: about.name ?? `warehouse-${String(index).padStart(3, '0')}`,
      group: about.group ?? (many ? `Region ${index % 7}` : ''),
      color: colors[index % colors.length] ?? 'slate',
      protection: index % 2 === 0 ? 'open' : 'guarded',
      connection: {
        host: about.host ?? `db-${index}.eu-central-1.rds.example.com`,
        port: 5432,
        database: about.database ?? `app_${index}`,
        user: about.user ?? 'postgres',
        sslmode: index % 2 === 0 ? 'prefer' : 'verify-full',
        parameters: index === 0 ? { application_name: 'kronos', options: '-c search_path=eam' } : {},
        ...(index === 4
          ? {
              companion: {
                command:
                  './cloud-sql-proxy --unix-socket /cloudsql --credentials-file ~/keys/howdah.json project:region:instance',
                folder: '/home/dba/bin',
                waitFor: '/cloudsql/project:region:instance/.s.PGSQL.5432',
                timeoutSeconds: 30,
                stop: 'rm -rf /cloudsql/project:region:instance',
              },
            }
          : {}),
        ...(index === 2
          ? {
              tunnel: {
                host: 'bastion',
                user: 'ada',
                auth: 'auto' as const,
                jump: 'ada@gate.example.com:2222',
              },
            }
          : {}),
      },
    },
  };
}

function problemsOf(file: string, count: number): ImportProblem[] {
  return Array.from(
    { length: count },
    (_, index): ImportProblem => ({
      file,
      line: index === 1 ? null : index * 7 + 3,
      text:
        index % 2 === 0
          ? 'The quote that begins here is never closed, so the rest of the line is not a value.'
          : 'DB_HOST and DB_URL refer to each other; neither has a value.',
    }),
  );
}
