import { Button, Menu, NativeSelect } from '@mantine/core';
import { IconDatabaseExport, IconDots, IconPlayerPlay, IconPlus, IconRefresh } from '@tabler/icons-react';
import { type ReactNode, useState } from 'react';
import type { Engine } from '../../../preload/contract/backup-engines.ts';
import type { Environment } from '../../../preload/contract/environments.ts';
import { Empty } from '../../components/empty.tsx';
import { Explanation } from '../../components/explanation.tsx';
import { Loading } from '../../components/loading.tsx';
import { notifyProblem } from '../../components/notify.tsx';
import { explain } from '../../lib/errors.ts';
import { useEnvironments } from '../../shell/environments-provider.tsx';
import { AddEngine } from './add-engine.tsx';
import { backUpByEngine, type EngineType, useEngineRunning } from './engine-store.ts';
import { EngineView } from './engine-view.tsx';
import { kindWords, repositoryChoices, whereWords } from './engine-words.ts';
import styles from './engines.module.css';
import { LinkEngine } from './link-engine.tsx';
import { RemoveEngine } from './remove-engine.tsx';
import { Snapshots } from './snapshots.tsx';
import { useEngines } from './use-engines.ts';

interface EnginesProps {
  environmentId: string;
  /** Of the room's views, to stand in the same line. */
  choice?: ReactNode;
}

/** What pgBackRest and Barman keep of an environment's server, and where a managed service shows its own. */
export default function Engines({ environmentId, choice }: EnginesProps) {
  const { environments = [] } = useEnvironments();
  const environment = environments.find(({ id }) => id === environmentId);
  const { engines, problem, isReading, readAgain } = useEngines(environmentId);
  const [chosen, setChosen] = useState<string>();
  const [isAdding, setAdding] = useState(false);
  const shown = engines?.find(({ id }) => id === chosen) ?? engines?.[0];
  if (!environment) return null;
  const add = (
    <Button leftSection={<IconPlus size={14} />} onClick={() => setAdding(true)}>
      Add an engine…
    </Button>
  );
  return (
    <div className={styles.screen}>
      <div className={styles.tools}>
        {choice}
        {engines && shown && (
          <>
            {engines.length > 1 && (
              <NativeSelect
                aria-label="Engine"
                className={styles.choice ?? ''}
                value={shown.id}
                onChange={(event) => setChosen(event.currentTarget.value)}
                data={engines.map(({ id, kind, name, where }) => ({
                  value: id,
                  label: `${kindWords[kind]} ${name}, ${whereWords(where)}`,
                }))}
              />
            )}
            <Button leftSection={<IconRefresh size={14} />} loading={isReading} onClick={readAgain}>
              Read again
            </Button>
          </>
        )}
        <span className={styles.space} />
        {shown && <EngineActs key={shown.id} engine={shown} environment={environment} />}
        {shown && add}
      </div>
      <Snapshots environment={environment} />
      {problem && (
        <div className={styles.problem}>
          <Explanation explanation={problem} actions={<Button onClick={readAgain}>Read again</Button>} />
        </div>
      )}
      {!engines && !problem && <Loading label="Loading the engines" rows={6} />}
      {engines?.length === 0 && (
        <Empty icon={IconDatabaseExport} title="No engine is known" actions={add}>
          pgBackRest and Barman keep backups and the WAL between them, so that a server can be restored to any
          moment. Howdah reads what they have and asks them for more; it does not do their work.
        </Empty>
      )}
      {shown && <Shown key={shown.id} engine={shown} />}
      {isAdding && (
        <AddEngine
          environment={environment}
          onAdded={(engine) => {
            setChosen(engine.id);
            setAdding(false);
          }}
          onClose={() => setAdding(false)}
        />
      )}
    </div>
  );
}

function Shown({ engine }: { engine: Engine }) {
  return <EngineView engine={engine} running={useEngineRunning(engine.id)} />;
}

const types: readonly EngineType[] = ['full', 'differential', 'incremental'];
const typeWords: Record<EngineType, string> = {
  full: 'A full backup',
  differential: 'A differential one: what changed since the last full one',
  incremental: 'An incremental one: what changed since the last one',
};

function EngineActs({ engine, environment }: { engine: Engine; environment: Environment }) {
  const running = useEngineRunning(engine.id);
  const [asked, setAsked] = useState<'remove' | 'link'>();
  const [repository, setRepository] = useState<number | null>(null);
  const backUp = (type: EngineType): void => {
    backUpByEngine(engine, { type, repository }, environment.id).catch((error: unknown) =>
      notifyProblem(explain(error)),
    );
  };
  // Barman has full backups and, from PostgreSQL 17 on, incremental ones.
  const able = engine.kind === 'barman' ? types.filter((type) => type !== 'differential') : types;
  return (
    <>
      {engine.repositories.length > 0 && (
        <NativeSelect
          aria-label="Repository that backups go to"
          className={styles.repository ?? ''}
          value={repository ?? ''}
          onChange={(event) =>
            setRepository(event.currentTarget.value === '' ? null : Number(event.currentTarget.value))
          }
          data={repositoryChoices(engine.repositories, repository).map(({ value, label }) => ({
            value,
            label: `Into ${label[0]?.toLowerCase()}${label.slice(1)}${value === '' ? ' repository' : ''}`,
          }))}
        />
      )}
      <Menu position="bottom-end">
        <Menu.Target>
          <Button
            variant="filled"
            color="accent"
            leftSection={<IconPlayerPlay size={14} />}
            disabled={running?.phase === 'running'}
          >
            Back up now
          </Button>
        </Menu.Target>
        <Menu.Dropdown>
          {able.map((type) => (
            <Menu.Item key={type} onClick={() => backUp(type)}>
              {typeWords[type]}
            </Menu.Item>
          ))}
        </Menu.Dropdown>
      </Menu>
      <Menu position="bottom-end">
        <Menu.Target>
          <Button aria-label={`More about ${engine.name}`} className={styles.dots ?? ''}>
            <IconDots size={16} />
          </Button>
        </Menu.Target>
        <Menu.Dropdown>
          <Menu.Item onClick={() => setAsked('link')}>Link it to an environment…</Menu.Item>
          <Menu.Item color="red" onClick={() => setAsked('remove')}>
            Take it off the list…
          </Menu.Item>
        </Menu.Dropdown>
      </Menu>
      {asked === 'link' && <LinkEngine engine={engine} onClose={() => setAsked(undefined)} />}
      {asked === 'remove' && (
        <RemoveEngine engine={engine} environment={environment} onClose={() => setAsked(undefined)} />
      )}
    </>
  );
}
