import { Button } from '@mantine/core';
import { IconUnlink } from '@tabler/icons-react';
import { type ReactNode, useState } from 'react';
import type { Explanation as ExplanationData } from '../../../preload/contract/common.ts';
import type { Environment } from '../../../preload/contract/environments.ts';
import type { MigrationStatus } from '../../../preload/contract/migrations.ts';
import { CopyButton } from '../../components/copy-button.tsx';
import { Explanation } from '../../components/explanation.tsx';
import { Inspector } from '../../components/inspector.tsx';
import { notifyDone } from '../../components/notify.tsx';
import { client } from '../../lib/client.ts';
import { explain } from '../../lib/errors.ts';
import { visible } from '../words.ts';
import { FindProjects } from './find-projects.tsx';
import styles from './folders.module.css';

interface FoldersPanelProps {
  environment: Environment;
  folders: MigrationStatus['folders'];
  onTake: (status: MigrationStatus) => void;
  onDescribe: () => void;
  onClose: () => void;
}

/** The projects' folders that an environment is linked to: those there are, and looking for another one. */
export function FoldersPanel({ environment, folders, onTake, onDescribe, onClose }: FoldersPanelProps) {
  return (
    <Inspector title={`Folders of ${environment.name}`} onClose={onClose} takeFocus>
      <div className={styles.sections}>
        <p className={styles.soft}>
          A linked folder says what is to be run; the database says what has run. Howdah reads the project’s
          files and runs none of them to do so.
        </p>
        <section className={styles.section}>
          <h3 className={styles.heading}>Linked</h3>
          {folders.length === 0 ? (
            <p className={styles.soft}>None: only the database’s side is known.</p>
          ) : (
            <ul className={styles.list}>
              {folders.map(({ folder, linked }) =>
                linked ? (
                  <Linked key={folder} environment={environment} folder={folder} onTake={onTake} />
                ) : (
                  <li key={folder} className={styles.item}>
                    <FolderLine folder={folder}>
                      <span className={styles.origin}>comes with the sample</span>
                    </FolderLine>
                  </li>
                ),
              )}
            </ul>
          )}
        </section>
        <FindProjects
          environment={environment}
          folders={folders.map(({ folder }) => folder)}
          onTake={onTake}
        />
        <section className={styles.section}>
          <h3 className={styles.heading}>A table of your own</h3>
          <p className={styles.soft}>
            Tables that hold names of SQL files are found by the shape of their columns. One that was not
            found, or was read wrongly, can be described.
          </p>
          <Button className={styles.start ?? ''} onClick={onDescribe}>
            Describe a home-made table
          </Button>
        </section>
      </div>
    </Inspector>
  );
}

interface LinkedProps {
  environment: Environment;
  folder: string;
  onTake: (status: MigrationStatus) => void;
}

function Linked({ environment, folder, onTake }: LinkedProps) {
  const [isBusy, setBusy] = useState(false);
  const [problem, setProblem] = useState<ExplanationData>();
  const unlink = async (): Promise<void> => {
    setBusy(true);
    setProblem(undefined);
    try {
      const status = await client.migrations.unlink({ environment: environment.id, folder });
      notifyDone(`Unlinked ${visible(folder)}.`, { environment });
      onTake(status);
    } catch (error) {
      setProblem(explain(error));
    } finally {
      setBusy(false);
    }
  };
  return (
    <li className={styles.item}>
      <FolderLine folder={folder}>
        <Button
          leftSection={<IconUnlink size={14} />}
          loading={isBusy}
          onClick={() => void unlink()}
          aria-label={`Unlink ${visible(folder)}`}
        >
          Unlink
        </Button>
      </FolderLine>
      {problem && <Explanation explanation={problem} compact />}
    </li>
  );
}

function FolderLine({ folder, children }: { folder: string; children: ReactNode }) {
  return (
    <div className={styles.line}>
      <bdi className={`mono ${styles.path}`}>{visible(folder)}</bdi>
      <CopyButton text={folder} label="Copy the path" />
      {children}
    </div>
  );
}
