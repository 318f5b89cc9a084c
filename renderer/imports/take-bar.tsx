import { Button, Checkbox } from '@mantine/core';
import { IconAlertOctagon } from '@tabler/icons-react';
import { plural } from '../components/format.ts';
import { useConsoleInfo } from '../console/use-console-info.ts';
import styles from './import.module.css';
import { changeImport, type ImportState } from './import-store.ts';
import { type Counts, mostAtOnce } from './rows.ts';

interface TakeBarProps {
  state: ImportState;
  counts: Counts;
  /** Chosen rows of which only the name is wrong, for it is in use. */
  clashes: number;
  onWrong: () => void;
  onNumber: () => void;
  onTake: () => void;
}

/** What happens with the chosen ones, and the button that does it. */
export function TakeBar({ state, counts, clashes, onWrong, onNumber, onTake }: TakeBarProps) {
  const { chosen, passwords, wrong, waiting } = counts;
  const tooMany = chosen > mostAtOnce;
  return (
    <footer className={styles.foot}>
      <div className={styles.choices}>
        {passwords > 0 && <KeepPasswords count={passwords} on={state.passwords} />}
        <Checkbox
          label={waiting > 0 ? `Connect at once, without ${runners(waiting)}` : 'Connect at once'}
          title={
            waiting > 0
              ? 'A command out of a file runs only after you have read it and allowed it, row by row.'
              : undefined
          }
          checked={state.connect}
          onChange={(event) => changeImport({ connect: event.currentTarget.checked })}
        />
      </div>
      <div className={styles.buttons}>
        {tooMany && (
          <span className={styles.wrong} role="status">
            <IconAlertOctagon size={14} aria-hidden /> At most {mostAtOnce} at once
          </span>
        )}
        {wrong > 0 && (
          <button type="button" className={styles.wrong} onClick={onWrong}>
            <IconAlertOctagon size={14} aria-hidden /> Correct {plural(wrong, 'row')} first
          </button>
        )}
        {clashes > 1 && (
          <Button title="Puts a number after each name that is in use: billing 2" onClick={onNumber}>
            Number {clashes} names
          </Button>
        )}
        <Button
          variant="filled"
          loading={state.taking}
          disabled={chosen === 0 || tooMany || state.reading}
          onClick={onTake}
        >
          Add {plural(chosen, 'environment')}
        </Button>
      </div>
    </footer>
  );
}

function runners(count: number): string {
  return count === 1 ? 'the one that runs a command' : `the ${count} that run a command`;
}

function KeepPasswords({ count, on }: { count: number; on: boolean }) {
  const keychain = useConsoleInfo()?.keychain;
  const where = keychain?.available === false ? 'in memory for this run' : 'in the keychain';
  return (
    <Checkbox
      label={`Keep ${count === 1 ? 'the password' : `the ${count} passwords`} found, ${where}`}
      title={
        keychain?.available === false
          ? `${keychain.detail} When Howdah ends they are forgotten.`
          : 'In the keychain of this system; nowhere else.'
      }
      checked={on}
      onChange={(event) => changeImport({ passwords: event.currentTarget.checked })}
    />
  );
}
