import { Checkbox, Select } from '@mantine/core';
import { IconArrowsDiff } from '@tabler/icons-react';
import { useMemo, useState } from 'react';
import type { Comparison, SettingDifference } from '../../../preload/contract/server-settings.ts';
import { Empty } from '../../components/empty.tsx';
import { Explanation } from '../../components/explanation.tsx';
import { plural } from '../../components/format.ts';
import { Loading } from '../../components/loading.tsx';
import type { DataColumn } from '../../components/table/columns.ts';
import { DataTable } from '../../components/table/data-table.tsx';
import { client } from '../../lib/client.ts';
import { useEnvironments } from '../../shell/environments-provider.tsx';
import type { ViewProps } from '../../shell/room-props.ts';
import { Limits } from '../parts.tsx';
import { useServer } from '../use-server.ts';
import styles from '../view.module.css';
import { contextWords } from './columns.tsx';
import type { SettingsPlace } from './place.ts';

const keyOf = ({ name }: SettingDifference): string => name;

/** The settings of this environment beside those of another one. */
export function Compare({ environment, status, choice, place }: ViewProps & { place: SettingsPlace }) {
  const { environments = [], statusOf } = useEnvironments();
  const others = environments.filter(({ id }) => id !== environment.id);
  const chosen = place.rest.slice('compare '.length);
  const other = others.find(({ id }) => id === chosen);
  const [all, setAll] = useState(false);
  return (
    <div className={styles.view}>
      <div className={styles.head}>
        {choice}
        <span>with</span>
        <Select
          className={styles.pick ?? ''}
          aria-label="The other environment"
          placeholder="Another environment"
          searchable
          data={others.map(({ id, name }) => ({
            value: id,
            label: statusOf(id).state === 'connected' ? name : `${name} (not connected)`,
          }))}
          value={other?.id ?? null}
          onChange={(next) => place.goTo(next ? `compare ${next}` : 'compare')}
        />
        <Checkbox
          label="Paths, ports and names too"
          checked={all}
          onChange={(event) => setAll(event.currentTarget.checked)}
        />
      </div>
      {other ? (
        <Differences
          key={`${other.id} ${all}`}
          environment={environment}
          status={status}
          other={other.id}
          all={all}
        />
      ) : (
        <Empty icon={IconArrowsDiff} title="Choose the environment to compare with">
          Values are compared by what they mean, whatever their unit. What belongs to a machine, such as paths
          and ports, is left out until you ask for it.
        </Empty>
      )}
    </div>
  );
}

function Differences({
  environment,
  status,
  other,
  all,
}: Omit<ViewProps, 'choice'> & { other: string; all: boolean }) {
  const { data, problem } = useServer(status, ['compare', other, all], (options) =>
    client.server.compareSettings({ environment: environment.id, other, all }, options),
  );
  const columns = useMemo(() => (data ? columnsOf(data) : []), [data]);
  if (!data)
    return problem ? (
      <Explanation explanation={problem} />
    ) : (
      <Loading label="Comparing the settings" rows={10} />
    );
  return (
    <>
      <Limits limits={data.limits} />
      <div className={styles.table}>
        <DataTable
          name="server-compare"
          label="Differences"
          noun="difference"
          columns={columns}
          rows={data.differences}
          keyOf={keyOf}
          empty={<Empty title={`All ${data.same} settings are the same`} />}
          note={`${plural(data.same, 'setting')} the same${data.leftOut > 0 ? `, ${data.leftOut} of the machine left out` : ''}`}
        />
      </div>
    </>
  );
}

const kinds = {
  differs: '',
  'defaults differ': 'built-in values differ',
  'only mine': 'not there, or hidden',
  'only theirs': 'not here, or hidden',
} as const;

const columnsOf = ({ mine, theirs }: Comparison): DataColumn<SettingDifference>[] => [
  { id: 'name', header: 'Setting', width: 264, mono: true, always: true, value: ({ name }) => name },
  {
    id: 'mine',
    header: mine,
    width: 184,
    mono: true,
    value: ({ mine: value }) => value,
    text: ({ mine: value }) => value ?? '–',
  },
  {
    id: 'theirs',
    header: theirs,
    width: 184,
    mono: true,
    value: ({ theirs: value }) => value,
    text: ({ theirs: value }) => value ?? '–',
  },
  { id: 'kind', header: 'Remark', width: 168, value: ({ kind }) => kinds[kind] },
  { id: 'context', header: 'Takes', width: 128, value: ({ context }) => contextWords[context] ?? context },
  { id: 'category', header: 'Group', width: 200, grow: true, value: ({ category }) => category },
];
