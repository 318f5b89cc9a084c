import { Button, TextInput } from '@mantine/core';
import { IconFolderSearch } from '@tabler/icons-react';
import { useCallback, useId, useMemo, useRef, useState } from 'react';
import type { Backup } from '../../../preload/contract/backups.ts';
import type { Explanation as ExplanationData } from '../../../preload/contract/common.ts';
import type { Environment } from '../../../preload/contract/environments.ts';
import decision from '../../components/confirm-dialog.module.css';
import { Dialog } from '../../components/dialog.tsx';
import { Explanation } from '../../components/explanation.tsx';
import { plural } from '../../components/format.ts';
import { notifyDone } from '../../components/notify.tsx';
import { DataTable } from '../../components/table/data-table.tsx';
import { nothingSelected, type Selection } from '../../components/table/selection.ts';
import { client } from '../../lib/client.ts';
import { explain } from '../../lib/errors.ts';
import { visible } from '../../migrations/words.ts';
import { useEnvironments } from '../../shell/environments-provider.tsx';
import styles from '../dialogs.module.css';
import { backupsChanged } from '../use-backups.ts';
import { findColumns } from './find-columns.tsx';

interface FindDialogProps {
  environment: Environment;
  onClose: () => void;
}

/** As high as its rows, up to where it scrolls. */
const tableHeight = (rows: number): string => `min(${(Math.max(rows, 3) + 1) * 28 + 2}px, 44vh)`;

const keyOf = ({ path }: Backup): string => path;

/** Backups that lie in a folder, told by their content, whoever made them; those chosen are noted in the list. */
export default function FindDialog({ environment, onClose }: FindDialogProps) {
  const titleId = useId();
  const { environments } = useEnvironments();
  const [folder, setFolder] = useState('');
  const [found, setFound] = useState<{ folder: string; backups: readonly Backup[] }>();
  const [selection, setSelection] = useState<Selection>(nothingSelected);
  const [busy, setBusy] = useState<'find' | 'adopt'>();
  const [problem, setProblem] = useState<ExplanationData>();
  const stop = useRef<AbortController>(undefined);
  const nameOf = useCallback(
    (id: string) => environments?.find((one) => one.id === id)?.name ?? 'a removed environment',
    [environments],
  );
  const columns = useMemo(() => findColumns(nameOf), [nameOf]);
  const chosen = found?.backups.filter(({ path }) => selection.keys.has(path)) ?? [];

  const find = async (): Promise<void> => {
    const path = folder.trim();
    stop.current?.abort();
    stop.current = new AbortController();
    const { signal } = stop.current;
    setBusy('find');
    setProblem(undefined);
    try {
      const backups = await client.backups.find({ folder: path }, { signal });
      if (signal.aborted) return;
      setFound({ folder: path, backups });
      // What is in no list yet is what somebody looks for.
      setSelection({ keys: new Set(backups.filter(({ id }) => id === null).map(keyOf)), anchor: null });
    } catch (error) {
      if (signal.aborted) return;
      setFound(undefined);
      setProblem(explain(error));
    } finally {
      if (!signal.aborted) setBusy(undefined);
    }
  };
  const adopt = async (): Promise<void> => {
    setBusy('adopt');
    setProblem(undefined);
    const done = new Map<string, Backup>();
    try {
      for (const { path } of chosen)
        done.set(path, await client.backups.adopt({ environment: environment.id, path }));
      notifyDone(`Noted ${plural(done.size, 'backup')}.`, { environment });
      onClose();
    } catch (error) {
      setProblem(explain(error));
      setFound(
        (before) => before && { ...before, backups: before.backups.map((one) => done.get(one.path) ?? one) },
      );
    } finally {
      setBusy(undefined);
      if (done.size > 0) backupsChanged();
    }
  };
  const close = (): void => {
    stop.current?.abort();
    onClose();
  };

  return (
    <Dialog labelledBy={titleId} className={styles.wide} onClose={close}>
      <div className={styles.dialog}>
        <header className={decision.header}>
          <h2 id={titleId} className={decision.title}>
            Find backup files for <bdi>{environment.name}</bdi>
          </h2>
        </header>
        <div className={styles.body}>
          <form
            className={styles.line}
            onSubmit={(event) => {
              event.preventDefault();
              if (folder.trim() !== '') void find();
            }}
          >
            <TextInput
              className={styles.grow ?? ''}
              label="Folder on the console’s machine with those below it, or s3:// with a bucket’s name here"
              placeholder="/var/backups/postgresql"
              classNames={{ input: styles.mono ?? '' }}
              value={folder}
              onChange={(event) => setFolder(event.currentTarget.value)}
              autoComplete="off"
              spellCheck={false}
              dir="ltr"
              data-autofocus
            />
            <Button
              type="submit"
              leftSection={<IconFolderSearch size={14} />}
              loading={busy === 'find'}
              disabled={folder.trim() === ''}
            >
              Look
            </Button>
          </form>
          {problem && <Explanation explanation={problem} />}
          {found &&
            (found.backups.length === 0 ? (
              <p role="status">
                No backups lie below <bdi className="mono">{visible(found.folder)}</bdi>. Files are told by
                their content: dumps in any of pg_dump’s formats, compressed by gzip, zstd, lz4, xz or bzip2
                or not.
              </p>
            ) : (
              <>
                <p className={styles.soft} role="status">
                  {plural(found.backups.length, 'backup')} found. What is taken is only noted; the files stay
                  as and where they are.
                </p>
                <div className={styles.table} style={{ height: tableHeight(found.backups.length) }}>
                  <DataTable
                    name="found-backups"
                    label="Found"
                    noun="backup"
                    columns={columns}
                    rows={found.backups}
                    keyOf={keyOf}
                    selection={selection}
                    onSelect={setSelection}
                    footer={false}
                  />
                </div>
              </>
            ))}
        </div>
        <footer className={decision.footer}>
          <Button onClick={close}>Close</Button>
          <Button
            variant="filled"
            color="accent"
            loading={busy === 'adopt'}
            disabled={chosen.length === 0}
            onClick={() => void adopt()}
          >
            {chosen.length === 0 ? 'Take them' : `Take ${plural(chosen.length, 'backup')}`}
          </Button>
        </footer>
      </div>
    </Dialog>
  );
}
