import { Button, NativeSelect, TextInput } from '@mantine/core';
import { useState } from 'react';
import { plural } from '../../components/format.ts';
import { visible } from '../words.ts';
import styles from './seeds.module.css';

interface FolderChoiceProps {
  /** Those that were found in the linked projects. */
  folders: readonly { folder: string; files: number }[];
  folder: string | undefined;
  onChoose: (folder: string) => void;
}

const other = '\n';

/** Which folder's seeds: one that was found, or another one by its path. */
export function FolderChoice({ folders, folder, onChoose }: FolderChoiceProps) {
  const isFound = folders.some((one) => one.folder === folder);
  const [isTyping, setTyping] = useState(!isFound);
  const [path, setPath] = useState(isFound ? '' : (folder ?? ''));
  return (
    <div className={styles.choice}>
      {folders.length > 0 && (
        <NativeSelect
          label="Folder"
          classNames={{ input: styles.mono ?? '' }}
          value={isTyping ? other : (folder ?? other)}
          title={folder && visible(folder)}
          onChange={({ currentTarget: { value } }) => {
            setTyping(value === other);
            if (value !== other) onChoose(value);
          }}
          data={[
            ...folders.map((one) => ({
              value: one.folder,
              label: `${visible(one.folder)} (${plural(one.files, 'file')})`,
            })),
            { value: other, label: 'Another folder…' },
          ]}
        />
      )}
      {!isTyping && folder !== undefined && <bdi className={styles.path}>{visible(folder)}</bdi>}
      {isTyping && (
        <form
          className={styles.typed}
          onSubmit={(event) => {
            event.preventDefault();
            if (path.trim() !== '') onChoose(path.trim());
          }}
        >
          <TextInput
            className={styles.grow ?? ''}
            label="Folder of SQL files on the console’s machine"
            placeholder="/home/me/project/seeds"
            classNames={{ input: styles.mono ?? '' }}
            value={path}
            onChange={(event) => setPath(event.currentTarget.value)}
            autoComplete="off"
            spellCheck={false}
          />
          <Button type="submit" disabled={path.trim() === ''}>
            Look
          </Button>
        </form>
      )}
    </div>
  );
}
