import type { ReactNode } from 'react';
import type { Environment } from '../../preload/contract/environments.ts';
import type { MigrationEntry, MigrationTrack } from '../../preload/contract/migrations.ts';
import { CopyButton } from '../components/copy-button.tsx';
import { dateTime, duration, milliseconds } from '../components/format.ts';
import { Inspector } from '../components/inspector.tsx';
import { Swatch } from '../components/swatch.tsx';
import { AppliedTime } from './applied-time.tsx';
import { EntryFile } from './entry-file.tsx';
import styles from './inspector.module.css';
import { StateMark } from './state-mark.tsx';
import { instantOf, stateWords, visible } from './words.ts';

interface EntryInspectorProps {
  environment: Environment;
  track: MigrationTrack;
  entry: MigrationEntry;
  /** What can be done with it. */
  actions?: ReactNode;
  /** Goes to another migration of the track. */
  onGo: (id: string) => void;
  onClose: () => void;
  /** Names the environment, where several are in sight. */
  named?: boolean;
}

/** Everything about one migration in one environment, and its file. */
export function EntryInspector(props: EntryInspectorProps) {
  const { environment, track, entry, actions, onGo, onClose, named = false } = props;
  return (
    <Inspector
      title={
        <bdi className="mono" title={visible(entry.name)}>
          {visible(entry.name)}
        </bdi>
      }
      aside={
        <>
          <StateMark state={entry.state} />
          <CopyButton text={entry.name} label="Copy the name" />
        </>
      }
      footer={actions}
      onClose={onClose}
    >
      <div className={styles.sections}>
        {named && (
          <p className={styles.where}>
            <Swatch color={environment.color} />
            <bdi>{environment.name}</bdi>
          </p>
        )}
        <div className={styles.said}>
          <p>{stateWords[entry.state].sentence}</p>
          {entry.notes.map((note) => (
            <p key={note} className={styles.note}>
              {visible(note)}
            </p>
          ))}
        </div>
        <Facts track={track} entry={entry} onGo={onGo} />
        <EntryFile environment={environment.id} track={track} entry={entry} />
      </div>
    </Inspector>
  );
}

type FactsProps = Pick<EntryInspectorProps, 'track' | 'entry' | 'onGo'>;

function Facts({ track, entry, onGo }: FactsProps) {
  const children = track.entries.filter(({ parents }) => parents.includes(entry.id));
  const unrecorded = (what: string): ReactNode =>
    track.unrecorded.includes(what) ? (
      <span className={styles.soft}>{track.title} does not record it</span>
    ) : null;
  const instant = entry.appliedAt === null ? undefined : instantOf(entry.appliedAt);
  return (
    <dl className={styles.facts}>
      <Fact label="Tool">{track.title}</Fact>
      <Fact label="Id">
        <bdi className="mono">{visible(entry.id)}</bdi>
      </Fact>
      <Fact label="Applied">
        {entry.appliedAt === null ? (
          unrecorded('when')
        ) : (
          <>
            <AppliedTime at={entry.appliedAt} />
            {instant !== undefined && <span className={styles.soft}> {dateTime(instant)}</span>}
          </>
        )}
      </Fact>
      <Fact label="By">{entry.appliedBy === null ? unrecorded('by whom') : visible(entry.appliedBy)}</Fact>
      <Fact label="Took">
        {entry.durationMs === null ? (
          unrecorded('how long')
        ) : (
          <span title={milliseconds(entry.durationMs)}>{duration(entry.durationMs)}</span>
        )}
      </Fact>
      <Fact label="Checksum">{checksumWords(track, entry)}</Fact>
      <Fact label="Can be taken back">
        {entry.reversible === null ? (
          <span className={styles.soft}>can’t be told</span>
        ) : entry.reversible ? (
          'yes'
        ) : (
          'no'
        )}
      </Fact>
      {entry.labels.length > 0 && <Fact label="Labels">{visible(entry.labels.join(', '))}</Fact>}
      {entry.parents.length > 0 && (
        <Fact label="Comes after">
          <Ids ids={entry.parents} track={track} onGo={onGo} />
        </Fact>
      )}
      {children.length > 0 && (
        <Fact label="Before">
          <Ids ids={children.map(({ id }) => id)} track={track} onGo={onGo} />
        </Fact>
      )}
      {entry.file && (
        <Fact label="File">
          <Path path={entry.file} project={track.project} />
        </Fact>
      )}
      {entry.downFile && entry.downFile !== entry.file && (
        <Fact label="Down file">
          <Path path={entry.downFile} project={track.project} />
        </Fact>
      )}
    </dl>
  );
}

function checksumWords(track: MigrationTrack, { checksum }: MigrationEntry): ReactNode {
  if (checksum === 'same') return 'the file is what was applied';
  if (checksum === 'different') return 'the file is not what was applied';
  return (
    <span className={styles.soft}>
      {track.unrecorded.includes('checksum') ? `${track.title} keeps none` : 'not known'}
    </span>
  );
}

function Fact({ label, children }: { label: string; children: ReactNode }) {
  return (
    <>
      <dt>{label}</dt>
      <dd dir="auto">{children ?? <span className={styles.soft}>–</span>}</dd>
    </>
  );
}

function Path({ path, project }: { path: string; project: string | null }) {
  return (
    <span className={styles.path}>
      <bdi className="mono">{visible(path)}</bdi>
      <CopyButton text={project ? `${project}/${path}` : path} label="Copy the whole path" />
    </span>
  );
}

const mostIds = 20;

function Ids({
  ids,
  track,
  onGo,
}: {
  ids: readonly string[];
  track: MigrationTrack;
  onGo: (id: string) => void;
}) {
  return (
    <span className={styles.ids}>
      {ids.slice(0, mostIds).map((id) =>
        track.entries.some((entry) => entry.id === id) ? (
          <button key={id} type="button" className={styles.go} onClick={() => onGo(id)}>
            {visible(id)}
          </button>
        ) : (
          <span key={id} className="mono" title="No file and no row has it">
            {visible(id)} <span className={styles.soft}>(unknown)</span>
          </span>
        ),
      )}
      {ids.length > mostIds && <span className={styles.soft}>and {ids.length - mostIds} more</span>}
    </span>
  );
}
