import type { Engine, EngineBackup } from '../../../preload/contract/backup-engines.ts';
import { bytes, dateTime, duration, exactBytes } from '../../components/format.ts';
import { Inspector } from '../../components/inspector.tsx';
import { Fact, Facts } from '../../components/inspector-parts.tsx';
import { visible } from '../../migrations/words.ts';
import { kindWords, stateWords } from './engine-words.ts';
import styles from './engines.module.css';

interface EngineBackupInspectorProps {
  engine: Engine;
  backup: EngineBackup;
  onClose: () => void;
}

/** One backup of an engine, as the engine tells of it. */
export function EngineBackupInspector({ engine, backup, onClose }: EngineBackupInspectorProps) {
  const { label, type, startedAt, endedAt, repositoryBytes, walFrom, walTo, needs, state, said } = backup;
  return (
    <Inspector title={<bdi className={styles.mono}>{label}</bdi>} onClose={onClose}>
      <Facts>
        <Fact label="Engine">
          {kindWords[engine.kind]}, {engine.name}
        </Fact>
        <Fact label="Type">{type}</Fact>
        <Fact label="State">{stateWords[state].word}</Fact>
        {said !== '' && <Fact label="It says">{visible(said)}</Fact>}
        <Fact label="Started">{startedAt === null ? 'Not told' : dateTime(startedAt)}</Fact>
        <Fact label="Ended">{endedAt === null ? 'Not told' : dateTime(endedAt)}</Fact>
        {startedAt !== null && endedAt !== null && <Fact label="Took">{duration(endedAt - startedAt)}</Fact>}
        <Fact label="Cluster">
          {backup.bytes === null ? (
            'Not told'
          ) : (
            <span title={exactBytes(backup.bytes)}>{bytes(backup.bytes)}</span>
          )}
        </Fact>
        <Fact label="In the repository">
          {repositoryBytes === null ? (
            'Not told'
          ) : (
            <span title={exactBytes(repositoryBytes)}>{bytes(repositoryBytes)}</span>
          )}
        </Fact>
        {backup.repository !== null && <Fact label="Repository">{backup.repository}</Fact>}
        <Fact label="WAL from">
          <span className={styles.mono}>{walFrom ?? 'Not told'}</span>
        </Fact>
        <Fact label="WAL to">
          <span className={styles.mono}>{walTo ?? 'Not told'}</span>
        </Fact>
        <Fact label="Needs">
          {needs.length === 0
            ? 'No other backup'
            : needs.map((one) => (
                <div key={one} className={styles.mono}>
                  {one}
                </div>
              ))}
        </Fact>
      </Facts>
    </Inspector>
  );
}
