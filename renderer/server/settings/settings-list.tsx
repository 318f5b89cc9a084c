import { ActionIcon, Button, SegmentedControl, Select, TextInput } from '@mantine/core';
import { IconRefresh, IconSearch } from '@tabler/icons-react';
import { useCallback, useMemo, useState } from 'react';
import type { Explanation as ExplanationData } from '../../../preload/contract/common.ts';
import type { Setting, Settings } from '../../../preload/contract/server-settings.ts';
import { Empty } from '../../components/empty.tsx';
import { Explanation } from '../../components/explanation.tsx';
import { count, plural } from '../../components/format.ts';
import { Loading } from '../../components/loading.tsx';
import { DataTable } from '../../components/table/data-table.tsx';
import { client } from '../../lib/client.ts';
import type { ViewProps } from '../../shell/room-props.ts';
import { Identity } from '../identity.tsx';
import { Limits } from '../parts.tsx';
import { useServer } from '../use-server.ts';
import styles from '../view.module.css';
import { settingColumns } from './columns.tsx';
import type { SettingsPlace } from './place.ts';
import { SettingInspector } from './setting-inspector.tsx';

const keyOf = ({ name }: Setting): string => name;
const toneOf = ({ pendingRestart, pending }: Setting): string | undefined =>
  pendingRestart || pending !== null ? 'warning' : undefined;

/** Every setting, searched and narrowed, with what is open beside it. */
export function SettingsList({ environment, status, choice, place }: ViewProps & { place: SettingsPlace }) {
  const { data, problem, isAsking, ask } = useServer(status, ['settings'], (options) =>
    client.server.settings({ environment: environment.id }, options),
  );
  const [words, setWords] = useState('');
  const [which, setWhich] = useState<'all' | 'changed' | 'waiting'>('all');
  const [group, setGroup] = useState<string | null>(null);
  const rows = useMemo(
    () => (data ? narrowed(data.settings, words, which, group) : []),
    [data, words, which, group],
  );
  const groups = useMemo(() => groupsOf(data), [data]);
  const { goTo, rest } = place;
  const open = useCallback((setting: Setting) => goTo(setting.name), [goTo]);
  const shown = data?.settings.find(({ name }) => name === rest);

  return (
    <div className={styles.view}>
      <div className={styles.head}>
        {choice}
        <TextInput
          data-filter
          className={styles.search ?? ''}
          placeholder="Search"
          aria-label="Search in names, values and descriptions"
          leftSection={<IconSearch size={14} />}
          value={words}
          onChange={(event) => setWords(event.currentTarget.value)}
        />
        <Select
          className={styles.pick ?? ''}
          aria-label="Group"
          placeholder="Group"
          data={groups}
          value={group}
          onChange={setGroup}
          searchable
          clearable
          comboboxProps={{ width: 340, position: 'bottom-start' }}
        />
        <SegmentedControl
          aria-label="Which settings"
          value={which}
          onChange={(next) => setWhich(next as typeof which)}
          data={[
            { value: 'all', label: 'Any' },
            { value: 'changed', label: 'Changed' },
            { value: 'waiting', label: 'Waiting' },
          ]}
        />
        <span className={styles.space} />
        <ActionIcon
          variant="default"
          aria-label="Look again"
          title="Look again"
          onClick={ask}
          loading={isAsking}
        >
          <IconRefresh size={14} />
        </ActionIcon>
      </div>
      <Identity status={status} />
      {problem && (
        <div className={styles.limits}>
          <Explanation explanation={problem} severity={data ? 'warning' : 'bad'} compact />
        </div>
      )}
      {data && <Limits limits={data.limits} />}
      {data && <Waiting settings={data} onShow={() => setWhich('waiting')} />}
      {!data && !problem && <Loading label="Loading the settings" rows={14} />}
      {data && (
        <div className={styles.table}>
          <DataTable
            name="server-settings"
            label="Settings"
            noun="setting"
            columns={settingColumns}
            rows={rows}
            keyOf={keyOf}
            toneOf={toneOf}
            filterSignature={`${words} ${which} ${group}`}
            onOpen={open}
            onActive={(row) => row && shown && open(row)}
            note={data.hidden ? `at least ${count(data.hidden)} more are hidden from this role` : undefined}
            empty={
              <Empty
                title={
                  which === 'waiting' ? 'No change waits for a reload or restart' : 'No setting is like that'
                }
              />
            }
          />
        </div>
      )}
      {data && shown && (
        <SettingInspector
          environment={environment.id}
          setting={shown}
          settings={data}
          onClose={() => goTo()}
        />
      )}
    </div>
  );
}

function narrowed(
  settings: readonly Setting[],
  words: string,
  which: 'all' | 'changed' | 'waiting',
  group: string | null,
): Setting[] {
  const wanted = words.toLowerCase().split(/\s+/).filter(Boolean);
  return settings.filter((one) => {
    if (which === 'changed' && !one.differs) return false;
    if (which === 'waiting' && one.pending === null && !one.pendingRestart) return false;
    if (group !== null && one.category !== group) return false;
    const text = `${one.name} ${one.value ?? ''} ${one.description} ${one.category}`.toLowerCase();
    return wanted.every((word) => text.includes(word));
  });
}

function groupsOf(data: Settings | undefined): { value: string; label: string }[] {
  const groups = Map.groupBy(data?.settings ?? [], ({ category }) => category);
  return [...groups].map(([value, all]) => ({ value, label: `${value} · ${all.length}` }));
}

/** What is wrong with the files, and what a restart or reload would bring. */
function Waiting({ settings, onShow }: { settings: Settings; onShow: () => void }) {
  const waiting = settings.settings.filter(
    ({ pending, pendingRestart }) => pending !== null || pendingRestart,
  );
  const problems: ExplanationData[] = [];
  if (settings.fileErrors && settings.fileErrors.length > 0)
    problems.push({
      cause: 'settings-file-error',
      what: 'The settings files hold lines that the server can’t take.',
      why: settings.fileErrors
        .map(({ place, name, message }) => `${place}: ${name ? `${name}: ` : ''}${message}`)
        .join(' · '),
      next: 'Correct them: until then no reload takes anything, and the server does not start again.',
    });
  if (waiting.length > 0)
    problems.push({
      cause: 'settings-pending',
      what: `${plural(waiting.length, 'change is', 'changes are')} not in effect yet.`,
      why: waiting
        .slice(0, 8)
        .map(
          ({ name, value, pending, pendingRestart, context }) =>
            `${name}: ${value} → ${pending ?? 'not seen by this role'} (${pendingRestart || context === 'postmaster' ? 'restart' : 'reload'})`,
        )
        .join(' · '),
      next: '',
    });
  if (problems.length === 0) return null;
  return (
    <div className={styles.limits}>
      {problems.map((problem) => (
        <Explanation
          key={problem.cause}
          explanation={problem}
          severity="warning"
          compact
          actions={
            problem.cause === 'settings-file-error' ? undefined : (
              <Button onClick={onShow}>Show what waits</Button>
            )
          }
        />
      ))}
    </div>
  );
}
