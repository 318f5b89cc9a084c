import { IconDatabaseExport } from '@tabler/icons-react';
import { useState } from 'react';
import type { Engine, EngineBackup } from '../../../preload/contract/backup-engines.ts';
import { Empty } from '../../components/empty.tsx';
import { Explanation } from '../../components/explanation.tsx';
import { dateTime, plural } from '../../components/format.ts';
import { SeverityIcon } from '../../components/severity-icon.tsx';
import { DataTable } from '../../components/table/data-table.tsx';
import { TimeAgo } from '../../components/time-ago.tsx';
import { EngineBackupInspector } from './engine-backup.tsx';
import { columnsFor } from './engine-columns.tsx';
import type { EngineRunning } from './engine-run.ts';
import { EngineRunView } from './engine-run-view.tsx';
import { kindWords, thingWords, whereWords } from './engine-words.ts';
import styles from './engines.module.css';

const keyOf = ({ label }: EngineBackup): string => label;
const newestFirst = [{ id: 'ended', desc: true }];

/** One stanza or server: until when a restore can go back, its archive, its backups, and what is wrong. */
export function EngineView({ engine, running }: { engine: Engine; running: EngineRunning | undefined }) {
  const [opened, setOpened] = useState<string>();
  const { kind, name, where, version, window, walFrom, walTo, problem, unknown, readAt, backups } = engine;
  const { repositories } = engine;
  const inspected = backups.find(({ label }) => label === opened);
  return (
    <>
      <div className={styles.facts}>
        <p className={styles.fact}>
          <b>
            {kindWords[kind]}
            {version !== null && ` ${version}`}
          </b>
          <span>
            {thingWords[kind]} <bdi className={styles.mono}>{name}</bdi>, {whereWords(where)}
          </span>
          {engine.environment === null && <span className={styles.soft}>linked to no environment</span>}
          {readAt !== null && (
            <span className={styles.soft}>
              read <TimeAgo at={readAt} />
            </span>
          )}
        </p>
        {window ? (
          <p className={styles.fact}>
            {window.to === window.from ? (
              <>
                <span className={styles.soft}>A restore can end</span>
                <span>
                  at <b>{dateTime(window.from)}</b>
                </span>
                <span className={styles.soft}>
                  when its one good backup ended; later moments are not told
                </span>
              </>
            ) : (
              <>
                <span className={styles.soft}>A restore can end at any moment</span>
                <span>
                  from <b>{dateTime(window.from)}</b> to{' '}
                  <b>{window.to === null ? 'now' : dateTime(window.to)}</b>
                </span>
              </>
            )}
            {window.to === null && <span className={styles.soft}>as far as the engine can tell</span>}
          </p>
        ) : (
          !problem && <p className={styles.none}>There is no moment that a restore could go back to.</p>
        )}
        {(walFrom !== null || walTo !== null) && (
          <p className={styles.fact}>
            <span className={styles.soft}>WAL in the archive</span>
            <bdi className={styles.mono}>{walFrom ?? '?'}</bdi> to{' '}
            <bdi className={styles.mono}>{walTo ?? '?'}</bdi>
          </p>
        )}
        {repositories.map((one) => (
          <p key={one.key} className={styles.fact}>
            <span className={styles.soft}>Repository {one.key}</span>
            <span>
              {plural(one.backups, 'backup')},{' '}
              {one.window ? <>restores from {dateTime(one.window.from)} on</> : 'nothing to be restored'}
            </span>
            {one.walFrom !== null && (
              <span className={styles.soft}>
                WAL <bdi className={styles.mono}>{one.walFrom}</bdi> to{' '}
                <bdi className={styles.mono}>{one.walTo ?? '?'}</bdi>
              </span>
            )}
            {one.problem !== null && (
              <span className={styles.mark} data-severity="bad" title={one.problem}>
                <SeverityIcon severity="bad" /> Can’t be read as it should
              </span>
            )}
          </p>
        ))}
        {unknown.map((sentence) => (
          <p key={sentence} className={styles.soft}>
            {sentence}
          </p>
        ))}
      </div>
      {problem && (
        <div className={styles.problem}>
          <Explanation explanation={problem} />
        </div>
      )}
      {running && <EngineRunView running={running} />}
      <div className={styles.table}>
        <DataTable
          name="engine-backups"
          label={`Backups of ${name}`}
          noun="backup"
          columns={columnsFor(repositories.length > 0)}
          rows={backups}
          keyOf={keyOf}
          sorting={newestFirst}
          onOpen={({ label }) => setOpened(label)}
          onActive={(row) => row && inspected && setOpened(row.label)}
          empty={
            <Empty icon={IconDatabaseExport} title="The engine has no backup yet">
              What it makes by itself is seen here too, as soon as it is read again.
            </Empty>
          }
        />
      </div>
      {inspected && (
        <EngineBackupInspector engine={engine} backup={inspected} onClose={() => setOpened(undefined)} />
      )}
    </>
  );
}
