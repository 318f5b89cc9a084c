import { Button, NumberInput, Select } from '@mantine/core';
import { IconAlertTriangle, IconCheck, IconHelp } from '@tabler/icons-react';
import { useQueryClient } from '@tanstack/react-query';
import { useCallback, useState } from 'react';
import {
  disks,
  type MachineGiven,
  type Tuning,
  type TuningAdvice,
  workloads,
} from '../../../preload/contract/server-tuning.ts';
import { CopyButton } from '../../components/copy-button.tsx';
import { Explanation } from '../../components/explanation.tsx';
import { plural } from '../../components/format.ts';
import { Inspector } from '../../components/inspector.tsx';
import { Fact, Facts, Section } from '../../components/inspector-parts.tsx';
import { Loading } from '../../components/loading.tsx';
import type { DataColumn } from '../../components/table/columns.ts';
import { DataTable } from '../../components/table/data-table.tsx';
import { client } from '../../lib/client.ts';
import { explain } from '../../lib/errors.ts';
import type { ViewProps } from '../../shell/room-props.ts';
import { Code, Limits } from '../parts.tsx';
import { useServer } from '../use-server.ts';
import styles from '../view.module.css';

const verdicts = {
  change: { word: 'change', Icon: IconAlertTriangle, rank: 0 },
  unknown: { word: 'not known', Icon: IconHelp, rank: 1 },
  'as it is': { word: 'as it is', Icon: IconCheck, rank: 2 },
} as const;

const columns: readonly DataColumn<TuningAdvice>[] = [
  {
    id: 'verdict',
    header: 'Verdict',
    width: 112,
    value: ({ verdict }) => verdicts[verdict].rank,
    text: ({ verdict }) => verdicts[verdict].word,
    cell: ({ verdict }) => {
      const { Icon, word } = verdicts[verdict];
      return (
        <span className={styles.mark}>
          <Icon size={14} aria-hidden />
          {word}
        </span>
      );
    },
  },
  { id: 'name', header: 'Setting', width: 248, mono: true, always: true, value: ({ name }) => name },
  {
    id: 'now',
    header: 'Now',
    width: 96,
    align: 'end',
    mono: true,
    value: ({ now }) => now,
    text: ({ now }) => now ?? 'hidden',
  },
  {
    id: 'recommended',
    header: 'Recommended',
    width: 112,
    align: 'end',
    mono: true,
    value: ({ recommended }) => recommended,
    text: ({ recommended }) => recommended ?? '–',
    cell: ({ recommended, verdict }) => (verdict === 'change' ? <b>{recommended}</b> : (recommended ?? '–')),
  },
  { id: 'takes', header: 'Takes', width: 72, value: ({ takes }) => takes },
  { id: 'group', header: 'Group', width: 104, hiddenAtFirst: 'narrow', value: ({ group }) => group },
  { id: 'reason', header: 'Why', width: 240, grow: true, value: ({ reason }) => reason },
];

const keyOf = ({ name }: TuningAdvice): string => name;
const worstFirst = [{ id: 'verdict', desc: false }];

/** What the settings should be on this machine, computed from what is known of it. */
export function Advisor({ environment, status, choice }: ViewProps) {
  const { data, problem } = useServer(status, ['tuning'], (options) =>
    client.server.tuning({ environment: environment.id }, options),
  );
  const [opened, setOpened] = useState<string>();
  const open = useCallback((one: TuningAdvice) => setOpened(one.name), []);
  const changes = data?.advice.filter(({ verdict }) => verdict === 'change') ?? [];
  const shown = data?.advice.find(({ name }) => name === opened);
  return (
    <div className={styles.view}>
      <div className={styles.head}>
        {choice}
        <span className={styles.space} />
        {changes.some(({ apply }) => apply) && (
          <>
            <span className={styles.soft}>
              {plural(changes.length, 'change')} advised; none is made by itself
            </span>
            <CopyButton text={() => script(changes)} label="Copy them all" withLabel />
          </>
        )}
      </div>
      {problem && (
        <div className={styles.limits}>
          <Explanation explanation={problem} severity={data ? 'warning' : 'bad'} compact />
        </div>
      )}
      {!data && !problem && <Loading label="Loading the advisor" rows={12} />}
      {data && (
        <>
          <MachineForm
            key={JSON.stringify(data.machine)}
            environment={environment.id}
            machine={data.machine}
          />
          <Limits limits={data.limits} />
          <div className={styles.table}>
            <DataTable
              name="server-advisor"
              label="Advice"
              noun="setting"
              columns={columns}
              rows={data.advice}
              keyOf={keyOf}
              sorting={worstFirst}
              onOpen={open}
              onActive={(row) => row && shown && open(row)}
            />
          </div>
        </>
      )}
      {shown && (
        <Inspector title={<code>{shown.name}</code>} aside={shown.group} onClose={() => setOpened(undefined)}>
          <div className={styles.sections}>
            <p>{shown.reason}</p>
            <Facts>
              <Fact label="Now">{shown.now ?? 'hidden from this role'}</Fact>
              <Fact label="Recommended">{shown.recommended ?? 'can’t be told'}</Fact>
              {shown.takes && <Fact label="Takes">a {shown.takes}</Fact>}
              <Fact label="Source">{shown.source}</Fact>
            </Facts>
            {shown.apply && (
              <Section title="Statement">
                <Code text={shown.apply} label="Copy the statement" />
              </Section>
            )}
          </div>
        </Inspector>
      )}
    </div>
  );
}

/** All changes in one script, those that take a restart said once at its end. */
function script(changes: readonly TuningAdvice[]): string {
  const sets = changes.flatMap(({ apply }) => apply?.split('\n')[0] ?? []);
  const restart = changes.filter(({ takes }) => takes === 'restart').map(({ name }) => name);
  return [
    ...sets,
    'SELECT pg_reload_conf();',
    ...(restart.length > 0 ? [`-- then restart the server for ${restart.join(', ')}`] : []),
  ].join('\n');
}

const GB = 1024 ** 3;

const diskWords = { ssd: 'solid state', hdd: 'turning disk', network: 'network' } as const;
const workloadWords = {
  web: 'web application',
  oltp: 'many small writes',
  analytics: 'reports',
  mixed: 'mixed',
  desktop: 'development',
} as const;

/** Says or corrects what the machine has. */
function MachineForm({ environment, machine }: { environment: string; machine: Tuning['machine'] }) {
  const queries = useQueryClient();
  const [memory, setMemory] = useState<string | number>(
    machine.memory ? Number((machine.memory.value / GB).toFixed(2)) : '',
  );
  const [cores, setCores] = useState<string | number>(machine.cores?.value ?? '');
  const [disk, setDisk] = useState<string | null>(machine.disk?.value ?? null);
  const [workload, setWorkload] = useState<string | null>(machine.workload?.value ?? null);
  const [refusal, setRefusal] = useState<string>();
  const save = async (given: MachineGiven | null): Promise<void> => {
    try {
      await client.server.setMachine({ environment, machine: given });
      setRefusal(undefined);
      await queries.invalidateQueries({ queryKey: ['server', environment, 'tuning'] });
    } catch (error) {
      setRefusal(explain(error).what);
    }
  };
  const given = (): MachineGiven => ({
    memory: memory === '' ? null : Math.round(Number(memory) * GB),
    cores: cores === '' ? null : Number(cores),
    disk: disks.find((one) => one === disk) ?? null,
    workload: workloads.find((one) => one === workload) ?? null,
  });
  const isGiven = [machine.memory, machine.cores, machine.disk, machine.workload].some(
    (one) => one?.source === 'given',
  );
  const from = machine.memory && machine.memory.source !== 'given' ? ` (${machine.memory.source})` : '';
  return (
    <form
      className={styles.form}
      aria-label="The machine"
      onSubmit={(event) => {
        event.preventDefault();
        void save(given());
      }}
    >
      <NumberInput
        label="Memory, GB"
        value={memory}
        onChange={setMemory}
        min={0.1}
        placeholder="not known"
        error={refusal}
      />
      <NumberInput
        label="Cores"
        value={cores}
        onChange={setCores}
        min={1}
        allowDecimal={false}
        placeholder="not known"
      />
      <Select
        label="Disk"
        placeholder="not known"
        clearable
        value={disk}
        onChange={setDisk}
        data={disks.map((value) => ({ value, label: diskWords[value] }))}
      />
      <Select
        label="Used for"
        placeholder="not known"
        clearable
        value={workload}
        onChange={setWorkload}
        data={workloads.map((value) => ({ value, label: workloadWords[value] }))}
      />
      <Button type="submit" variant="filled" color="accent">
        Advise for this
      </Button>
      {isGiven && <Button onClick={() => void save(null)}>Forget what I said</Button>}
      <p className={styles.notes}>
        {from && `Memory and cores: as found out${from}. `}
        {machine.notes.join(' ')}
      </p>
    </form>
  );
}
