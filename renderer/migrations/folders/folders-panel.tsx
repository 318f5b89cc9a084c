import { Button } from '@mantine/core';
import { IconUnlink } from '@tabler/icons-react';
import { useState } from 'react';
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
  folders: readonly string[];
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
              {folders.map((folder) => (
                <Linked key={folder} environment={environment} folder={folder} onTake={onTake} />
              ))}
            </ul>
          )}
        </section>
        <FindProjects environment={environment} folders={folders} onTake={onTake} />
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
      onTake(status);
      if (status.folders.some((one) => one.folder === folder)) setProblem(stays(folder));
      else notifyDone(`Unlinked ${folder}.`, { environment });
    } catch (error) {
      setProblem(explain(error));
    } finally {
      setBusy(false);
    }
  };
  return (
    <li className={styles.item}>
      <div className={styles.line}>
        <bdi className={`mono ${styles.path}`}>{visible(folder)}</bdi>
        <CopyButton text={folder} label="Copy the path" />
        <Button
          leftSection={<IconUnlink size={14} />}
          loading={isBusy}
          onClick={() => void unlink()}
          aria-label={`Unlink ${folder}`}
        >
          Unlink
        </Button>
      </div>
      {problem && <Explanation explanation={problem} severity="notice" compact />}
    </li>
  );
}

const stays = (folder: string): ExplanationData => ({
  cause: 'folder-own',
  what: 'This folder stays.',
  why: `${folder} comes with the sample system and was not linked by hand.`,
  next: 'It goes when the sample system does.',
});
