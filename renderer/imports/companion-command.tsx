import { Checkbox } from '@mantine/core';
import { IconAlertTriangle } from '@tabler/icons-react';
import styles from './candidate-inspector.module.css';
import { correct } from './import-job.ts';
import type { ImportRow } from './rows.ts';

/** The command that a file wants to have run on this machine, in full, and whether it may be. */
export function CompanionCommand({ row }: { row: ImportRow }) {
  const companion = row.candidate.draft.connection.companion;
  if (!companion) return null;
  const isTaken = row.draft.connection.companion !== undefined;
  const { command, folder, waitFor, stop } = companion;
  return (
    <section className={styles.command} data-off={!isTaken || undefined}>
      <h3 className={styles.commandTitle}>
        <IconAlertTriangle size={16} aria-hidden /> The file has a command with it
      </h3>
      <p>
        Howdah runs it on this machine, as you, each time this environment is connected. Read it before you
        allow that.
      </p>
      <pre className={styles.code} dir="ltr">
        {command}
      </pre>
      {folder && (
        <p>
          In the folder <code>{folder}</code>
        </p>
      )}
      {waitFor && (
        <p>
          Until <code>{waitFor}</code> accepts connections
        </p>
      )}
      {stop && (
        <>
          <p>Once it is no longer needed:</p>
          <pre className={styles.code} dir="ltr">
            {stop}
          </pre>
        </>
      )}
      <Checkbox
        label="Take the command along"
        checked={isTaken}
        onChange={(event) => correct(row, { companion: event.currentTarget.checked })}
      />
      {isTaken && (
        <Checkbox
          label="Run it and connect at once"
          description="Otherwise it runs when you press Connect."
          checked={row.corrections.connect === true}
          onChange={(event) => correct(row, { connect: event.currentTarget.checked || null })}
        />
      )}
    </section>
  );
}
