import { useQuery } from '@tanstack/react-query';
import type { Setting, Settings } from '../../../preload/contract/server-settings.ts';
import { dateTime } from '../../components/format.ts';
import { Inspector } from '../../components/inspector.tsx';
import { Fact, Facts, Section } from '../../components/inspector-parts.tsx';
import { client } from '../../lib/client.ts';
import { Code } from '../parts.tsx';
import styles from '../view.module.css';
import { contextWords } from './columns.tsx';

interface SettingInspectorProps {
  environment: string;
  setting: Setting;
  settings: Settings;
  onClose: () => void;
}

/** One setting: where its value comes from, who has another one, what it may be, and how it was before. */
export function SettingInspector({ environment, setting, settings, onClose }: SettingInspectorProps) {
  const { name, value, standard, context, unit, min, max, choices, place, source } = setting;
  const overrides = settings.overrides.filter((one) => one.name === name);
  const changes = useQuery({
    queryKey: ['server', environment, 'changes', name],
    queryFn: () => client.server.settingChanges({ environment, name }),
  });
  return (
    <Inspector title={<code>{name}</code>} onClose={onClose}>
      <div className={styles.sections}>
        <p>{setting.description}</p>
        <Section title="Value">
          <Facts>
            <Fact label="Now">
              <code>{value === null ? 'not told: Howdah’s own sessions set it' : value || '(empty)'}</code>
            </Fact>
            <Fact label="Built in">
              <code>{standard ?? '–'}</code>
            </Fact>
            {setting.pending !== null && (
              <Fact label={setting.pendingRestart ? 'After a restart' : 'After a reload'}>
                <code>{setting.pending}</code>
              </Fact>
            )}
            <Fact label="Where from">{place ?? source}</Fact>
            <Fact label="To change it">{contextWords[context] ?? context}</Fact>
            {min !== null && max !== null && (
              <Fact label="From … to">
                {min} … {max}
                {unit ? ` × ${unit}` : ''}
              </Fact>
            )}
            {choices.length > 0 && <Fact label="One of">{choices.join(', ')}</Fact>}
            <Fact label="Group">{setting.category}</Fact>
          </Facts>
        </Section>
        {overrides.length > 0 && (
          <Section title="Other values" of={overrides.length}>
            <Facts>
              {overrides.map((one) => (
                <Fact key={`${one.database} ${one.role}`} label={whereOf(one.database, one.role)}>
                  <code>{one.value}</code>
                </Fact>
              ))}
            </Facts>
          </Section>
        )}
        <Section title="Changes that were noticed" of={changes.data?.length ?? 0}>
          {changes.data && changes.data.length > 0 ? (
            <Facts>
              {changes.data.map((one) => (
                <Fact key={one.at} label={dateTime(one.at)}>
                  <code>
                    {one.before || '(empty)'} → {one.after || '(empty)'}
                  </code>
                </Fact>
              ))}
            </Facts>
          ) : (
            <p className={styles.soft}>None since Howdah began to look. It looks every ten minutes.</p>
          )}
        </Section>
        {context !== 'internal' && value !== null && (
          <Section title="Statement">
            <Code text={alterSystem(setting, value)} label="Copy the statement" />
            <p className={styles.soft}>
              With the present value, to be edited. Howdah runs none of it by itself.
            </p>
          </Section>
        )}
      </div>
    </Inspector>
  );
}

function whereOf(database: string | null, role: string | null): string {
  if (database !== null && role !== null) return `${role} in ${database}`;
  return database !== null ? `database ${database}` : `role ${role ?? 'any'}`;
}

/** Settings that are lists of names: quoted as one, they would become a single name. */
const lists = new Set([
  'search_path',
  'temp_tablespaces',
  'shared_preload_libraries',
  'session_preload_libraries',
  'local_preload_libraries',
  'unix_socket_directories',
]);

function alterSystem({ name, context }: Setting, value: string): string {
  const quote = (text: string): string => `'${text.replaceAll("'", "''")}'`;
  const parts =
    lists.has(name) && value !== ''
      ? value.split(',').map((one) => one.trim().replace(/^"|"$/g, ''))
      : [value];
  const then = context === 'postmaster' ? '-- then restart the server' : 'SELECT pg_reload_conf();';
  return `ALTER SYSTEM SET ${name} = ${parts.map(quote).join(', ')};\n${then}`;
}
