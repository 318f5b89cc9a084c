import { Button, TextInput } from '@mantine/core';
import { useState } from 'react';
import type { Environment } from '../../../preload/contract/environments.ts';
import type {
  MigrationEntry,
  MigrationStatus,
  MigrationTrack,
} from '../../../preload/contract/migrations.ts';
import { ConfirmDialog } from '../../components/confirm-dialog.tsx';
import { notifyDone } from '../../components/notify.tsx';
import { client } from '../../lib/client.ts';
import { visible } from '../words.ts';
import styles from './run.module.css';
import { forceChoices, versionWords } from './run-words.ts';

interface MarkProps {
  environment: Environment;
  track: MigrationTrack;
  onTake: (status: MigrationStatus) => void;
  onClose: () => void;
}

const confirmed = (confirm: string | undefined) => (confirm === undefined ? {} : { confirm });

/** Writes or removes the record of one migration; nothing is run. */
export function MarkDialog(props: MarkProps & { entry: MigrationEntry; as: 'applied' | 'unmark' }) {
  const { environment, track, entry, as, onTake, onClose } = props;
  const name = visible(entry.name);
  const words = as === 'applied' ? 'as applied' : 'as not applied';
  return (
    <ConfirmDialog
      title={`Mark ${name} ${words} on ${environment.name}`}
      environment={environment}
      action={`Mark ${words}`}
      undo="It can be marked back."
      onConfirm={async (confirm) => {
        const mark = { kind: as, id: entry.id } as const;
        onTake(
          await client.migrations.mark({
            environment: environment.id,
            track: track.key,
            mark,
            ...confirmed(confirm),
          }),
        );
        notifyDone(`${name} is marked ${words}; nothing of it was run.`, { environment });
      }}
      onClose={onClose}
    >
      <p>
        {as === 'applied'
          ? `Only ${track.title}’s table is written, as if it had run. Its statements are not run: what it makes has to be there already.`
          : `Only its row in ${track.title}’s table is removed. What it made stays in the database, and it is run again with the next up.`}
      </p>
    </ConfirmDialog>
  );
}

/** Sets golang-migrate's version and takes its dirty flag away; nothing is run. */
export function ForceDialog(props: MarkProps & { version: string }) {
  const { environment, track, onTake, onClose } = props;
  const [version, setVersion] = useState(props.version);
  const wanted = version.trim();
  const isVersion = /^(?:-1|\d+)$/.test(wanted);
  const entry = track.entries.find(({ id }) => id === wanted);
  const choices = track.dirty ? forceChoices(track, track.dirty.version) : [];
  const what = versionWords(wanted || '…');
  return (
    <ConfirmDialog
      title={`Force ${what} on ${environment.name}`}
      environment={environment}
      action={`Force ${what}`}
      undo="It can be forced to another version. What is in the database does not change by it."
      ready={isVersion}
      onConfirm={async (confirm) => {
        const mark = { kind: 'force', version: wanted } as const;
        onTake(
          await client.migrations.mark({
            environment: environment.id,
            track: track.key,
            mark,
            ...confirmed(confirm),
          }),
        );
        notifyDone(`Forced to ${what}; nothing was run.`, { environment });
      }}
      onClose={onClose}
    >
      <p>
        {track.title}’s table is set to this version, clean. Everything up to it counts as applied, and
        nothing is run: make sure that the database is really there.
      </p>
      <TextInput
        label="Version (-1 for none)"
        value={version}
        onChange={(event) => setVersion(event.currentTarget.value)}
        classNames={{ input: styles.mono ?? '' }}
        error={wanted !== '' && !isVersion ? 'A whole number, or -1.' : undefined}
        autoComplete="off"
        spellCheck={false}
      />
      {choices.length > 0 && (
        <div className={styles.choices}>
          {choices.map((choice) => (
            <Button key={choice} onClick={() => setVersion(choice)} aria-pressed={choice === wanted}>
              {choice === '-1' ? 'No version' : `Version ${choice}`}
            </Button>
          ))}
        </div>
      )}
      {isVersion && wanted !== '-1' && (
        <p className={styles.soft}>
          {entry ? visible(entry.name) : 'No file has this version: golang-migrate then refuses to go on.'}
        </p>
      )}
    </ConfirmDialog>
  );
}
