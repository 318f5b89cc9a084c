import type {
  Comparison,
  Setting,
  SettingDifference,
  Settings,
} from '../../../preload/contract/server-settings.ts';
import { isSameValue } from './units.ts';

/** What belongs to a machine or to this very cluster, and differs from server to server as a matter of course. */
const ofTheMachine = new Set([
  'allow_in_place_tablespaces',
  'archive_command',
  'bonjour_name',
  'cluster_name',
  'config_file',
  'data_directory',
  'data_directory_mode',
  'dynamic_library_path',
  'event_source',
  'external_pid_file',
  'hba_file',
  'ident_file',
  'in_hot_standby',
  'krb_server_keyfile',
  'listen_addresses',
  'log_directory',
  'log_timezone',
  'port',
  'primary_conninfo',
  'primary_slot_name',
  'restore_command',
  'server_version',
  'server_version_num',
  'shared_memory_size',
  'shared_memory_size_in_huge_pages',
  'ssl_ca_file',
  'ssl_cert_file',
  'ssl_crl_dir',
  'ssl_crl_file',
  'ssl_dh_params_file',
  'ssl_key_file',
  'stats_temp_directory',
  'syslog_ident',
  'unix_socket_directories',
  'unix_socket_group',
  'unix_socket_permissions',
]);

/** Only of a session, its transaction, or of how the server was built. */
const ofASession =
  /^(?:transaction_(?:isolation|read_only|deferrable)|session_replication_role|is_superuser|role|session_authorization|application_name|client_encoding|num_os_semaphores)$/;

export interface Side {
  name: string;
  settings: Settings;
}

/** How two servers' settings differ; values are compared by what they mean, whatever unit they are in. */
export function compareSettings(mine: Side, theirs: Side, all = false): Comparison {
  const left = new Map(mine.settings.settings.map((one) => [one.name, one]));
  const right = new Map(theirs.settings.settings.map((one) => [one.name, one]));
  const names = [...new Set([...left.keys(), ...right.keys()])]
    .filter((name) => !ofASession.test(name))
    .sort();
  const differences: SettingDifference[] = [];
  let same = 0;
  let leftOut = 0;
  for (const name of names) {
    const [a, b] = [left.get(name), right.get(name)];
    const difference = differenceOf(name, a, b);
    if (!difference) same += 1;
    else if (!all && ofTheMachine.has(name)) leftOut += 1;
    else differences.push(difference);
  }
  const limits = [mine, theirs].flatMap(({ name, settings }) =>
    settings.limits
      .filter(({ cause }) => cause === 'settings-hidden')
      .map((limit) => ({ ...limit, what: `${name}: ${limit.what}` })),
  );
  return { mine: mine.name, theirs: theirs.name, differences, same, leftOut, limits };
}

function differenceOf(
  name: string,
  a: Setting | undefined,
  b: Setting | undefined,
): SettingDifference | undefined {
  const one = a ?? b;
  if (!one) return undefined;
  const about = {
    name,
    category: one.category,
    context: one.context,
    mine: a?.value ?? null,
    theirs: b?.value ?? null,
  };
  if (!a) return { ...about, kind: 'only theirs' };
  if (!b) return { ...about, kind: 'only mine' };
  if (isSame(a, b)) return undefined;
  return { ...about, kind: a.differs || b.differs ? 'differs' : 'defaults differ' };
}

function isSame(a: Setting, b: Setting): boolean {
  if (a.raw === null || b.raw === null) return a.raw === b.raw;
  if (a.unit === b.unit) return isSameValue(a.raw, b.raw, a.type, a.unit);
  // A unit may change with the version, and with the size of pages.
  return a.value === b.value;
}
