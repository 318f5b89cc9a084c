import { ActionIcon, Button, Menu, TextInput } from '@mantine/core';
import { IconCamera, IconDots, IconDownload, IconPencil, IconTrash, IconX } from '@tabler/icons-react';
import { type ReactNode, useEffect, useRef, useState } from 'react';
import type { Environment } from '../../../preload/contract/environments.ts';
import type { SnapshotInfo } from '../../../preload/contract/schema.ts';
import { Explanation } from '../../components/explanation.tsx';
import { bytes, count, dateTime, plural } from '../../components/format.ts';
import { Loading } from '../../components/loading.tsx';
import { notifyDone, notifyProblem } from '../../components/notify.tsx';
import { Progress } from '../../components/progress.tsx';
import { Decision } from '../../console/decision.tsx';
import { client } from '../../lib/client.ts';
import { explain } from '../../lib/errors.ts';
import type { CompareStart } from '../views.ts';
import { dayWords } from './dates.ts';
import { RenameSnapshot } from './rename-snapshot.tsx';
import styles from './snapshots.module.css';
import { saveSnapshotFile, useTakeSnapshot } from './use-snapshots.ts';

interface SnapshotsPanelProps {
  /** What else the room shows. */
  choice?: ReactNode;
  environment: Environment;
  /** Newest first; undefined while they are being fetched. */
  snapshots: readonly SnapshotInfo[] | undefined;
  problem: Parameters<typeof Explanation>[0]['explanation'] | undefined;
  /** The one that is compared with now. */
  shown: number | null;
  /** What is to have the keyboard: the newest snapshot, or the name of one to be taken. */
  sought: CompareStart | undefined;
  onFound: () => void;
  onSince: (snapshot: SnapshotInfo) => void;
  onChanged: () => void;
  onClose: () => void;
}

type Asked = { about: 'rename' | 'remove'; snapshot: SnapshotInfo };

/** What this environment was like before: one press compares now with then. */
export function SnapshotsPanel(props: SnapshotsPanelProps) {
  const { choice, environment, snapshots, problem, shown, sought, onFound, onSince, onChanged, onClose } =
    props;
  const [asked, setAsked] = useState<Asked>();
  const now = Date.now();
  const panel = useRef<HTMLElement>(null);
  useEffect(() => {
    if (!sought || (sought === 'snapshots' && !snapshots && !problem)) return;
    const newest = panel.current?.querySelector<HTMLElement>('ul button');
    const name = panel.current?.querySelector<HTMLElement>('form input');
    (sought === 'snapshots' && newest ? newest : name)?.focus();
    onFound();
  }, [sought, snapshots, problem, onFound]);
  return (
    <section ref={panel} className={styles.panel} aria-labelledby="drift-since">
      {choice && <div className={styles.choice}>{choice}</div>}
      <header className={styles.header}>
        <h2 id="drift-since" className={styles.title}>
          What changed here since …
        </h2>
        <ActionIcon aria-label="Hide the snapshots" onClick={onClose}>
          <IconX size={14} />
        </ActionIcon>
      </header>
      <TakeSnapshot environment={environment.id} onTaken={onChanged} />
      {problem && <Explanation explanation={problem} compact />}
      {!snapshots && !problem && <Loading label="Loading snapshots" rows={4} />}
      {snapshots?.length === 0 && (
        <p className={styles.none}>
          There is no snapshot of this database yet. One is kept by itself whenever its structure is read and
          has changed: when its diagram is opened, for example. Take one now to see later what has changed
          since.
        </p>
      )}
      {snapshots && snapshots.length > 0 && (
        <ul className={styles.list} aria-label="Snapshots, newest first">
          {snapshots.map((snapshot) => (
            <Item
              key={snapshot.id}
              snapshot={snapshot}
              now={now}
              isShown={snapshot.id === shown}
              onSince={() => onSince(snapshot)}
              onAsk={(about) => setAsked({ about, snapshot })}
            />
          ))}
        </ul>
      )}
      {asked?.about === 'rename' && (
        <RenameSnapshot snapshot={asked.snapshot} onRenamed={onChanged} onClose={() => setAsked(undefined)} />
      )}
      {asked?.about === 'remove' && (
        <Decision
          title={`Remove the snapshot ${asked.snapshot.name ?? `of ${dayWords(asked.snapshot.takenAt, now)}`}`}
          action="Remove the snapshot"
          onConfirm={async () => {
            await client.schema.removeSnapshot({ id: asked.snapshot.id });
            onChanged();
          }}
          onClose={() => setAsked(undefined)}
        >
          <p>
            It is the only record here of how {plural(asked.snapshot.tables, 'table')} of{' '}
            <bdi>{asked.snapshot.database}</bdi> were on {dateTime(asked.snapshot.takenAt)}. The database is
            not touched. This can’t be undone; saved as a file first, it can be compared with later.
          </p>
        </Decision>
      )}
    </section>
  );
}

interface ItemProps {
  snapshot: SnapshotInfo;
  now: number;
  isShown: boolean;
  onSince: () => void;
  onAsk: (about: Asked['about']) => void;
}

function Item({ snapshot, now, isShown, onSince, onAsk }: ItemProps) {
  const { takenAt, seenUntil, name, automatic, tables, bytes: size, serverVersion } = snapshot;
  const when = dayWords(takenAt, now);
  const until = dayWords(seenUntil, now);
  const save = async (): Promise<void> => {
    try {
      const file = await saveSnapshotFile({ kind: 'snapshot', id: snapshot.id });
      notifyDone(`Saved the snapshot as ${file}.`);
    } catch (error) {
      notifyProblem(explain(error));
    }
  };
  return (
    <li className={styles.item} data-shown={isShown || undefined}>
      <button
        type="button"
        className={styles.since}
        aria-pressed={isShown}
        title={`Compare now with ${dateTime(takenAt)}. PostgreSQL ${serverVersion}, ${bytes(size)} in the store`}
        onClick={onSince}
      >
        <bdi className={styles.name}>{name ?? capital(when)}</bdi>
        <span className={styles.facts}>
          {name !== null && `${when} · `}
          {automatic ? 'kept by itself' : 'taken by hand'} · {count(tables)}{' '}
          {tables === 1 ? 'table' : 'tables'}
        </span>
        {until !== when && <span className={styles.facts}>the same until {until}</span>}
      </button>
      <Menu position="bottom-end">
        <Menu.Target>
          <ActionIcon aria-label={`More about the snapshot ${name ?? `of ${when}`}`}>
            <IconDots size={14} />
          </ActionIcon>
        </Menu.Target>
        <Menu.Dropdown>
          <Menu.Item leftSection={<IconPencil size={14} />} onClick={() => onAsk('rename')}>
            {name === null ? 'Give it a name' : 'Rename'}
          </Menu.Item>
          <Menu.Item leftSection={<IconDownload size={14} />} onClick={() => void save()}>
            Save as file
          </Menu.Item>
          <Menu.Item leftSection={<IconTrash size={14} />} onClick={() => onAsk('remove')}>
            Remove …
          </Menu.Item>
        </Menu.Dropdown>
      </Menu>
    </li>
  );
}

function TakeSnapshot({ environment, onTaken }: { environment: string; onTaken: () => void }) {
  const [name, setName] = useState('');
  const { step, problem, isRunning, take, cancel } = useTakeSnapshot(environment, (snapshot) => {
    setName('');
    onTaken();
    notifyDone(`Took a snapshot of ${plural(snapshot.tables, 'table')}.`);
  });
  return (
    <form
      className={styles.take}
      onSubmit={(event) => {
        event.preventDefault();
        if (!isRunning) take(name);
      }}
    >
      <TextInput
        aria-label="Name of the snapshot, if it is to have one"
        placeholder="Name, for example before 2.4"
        value={name}
        maxLength={200}
        onChange={(event) => setName(event.currentTarget.value)}
        disabled={isRunning}
      />
      {isRunning ? (
        <div className={styles.progress} role="status">
          <span>{step ? stepWords(step) : 'Beginning'}</span>
          <Progress done={step?.done ?? 0} total={step?.total ?? 0} label="Taking a snapshot" />
          <Button onClick={cancel}>Cancel</Button>
        </div>
      ) : (
        <Button type="submit" leftSection={<IconCamera size={14} />}>
          Take a snapshot now
        </Button>
      )}
      {problem && <Explanation explanation={problem} compact />}
    </form>
  );
}

/** How far a reading is: the step, and of how many where there are many. */
export function stepWords({ step, done, total }: { step: string; done: number; total: number }): string {
  return total > 3 ? `${step}: ${count(done)} of ${count(total)}` : step;
}

const capital = (words: string): string => words.charAt(0).toUpperCase() + words.slice(1);
