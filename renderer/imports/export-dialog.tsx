import { Button, Checkbox } from '@mantine/core';
import { type FormEvent, useId, useState } from 'react';
import type { Explanation as ExplanationData } from '../../preload/contract/common.ts';
import type { Environment } from '../../preload/contract/environments.ts';
import decision from '../components/confirm-dialog.module.css';
import { Dialog } from '../components/dialog.tsx';
import { Explanation } from '../components/explanation.tsx';
import { plural } from '../components/format.ts';
import { notifyDone } from '../components/notify.tsx';
import { Swatch } from '../components/swatch.tsx';
import { byGroup } from '../environments/groups.ts';
import { addressOf } from '../environments/way-words.ts';
import { client } from '../lib/client.ts';
import { explain } from '../lib/errors.ts';
import { download } from './download.ts';
import styles from './export-dialog.module.css';
import { exportable, pressed, shareOf } from './exporting.ts';

interface ExportDialogProps {
  environments: readonly Environment[];
  onClose: () => void;
}

/** Which environments go into a file for the team. */
export default function ExportDialog({ environments, onClose }: ExportDialogProps) {
  const offered = exportable(environments);
  const [left, setLeft] = useState<ReadonlySet<string>>(new Set());
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState<ExplanationData>();
  const titleId = useId();
  const chosen = offered.filter(({ id }) => !left.has(id));
  const commands = chosen.filter(({ connection }) => connection.companion).length;
  const all = offered.map(({ id }) => id);
  const groups = byGroup(offered);

  const send = async (): Promise<void> => {
    setBusy(true);
    setProblem(undefined);
    try {
      const { name, text } = await client.imports.export({ environments: chosen.map(({ id }) => id) });
      download(name, text);
      notifyDone(`Exported ${plural(chosen.length, 'environment')} as ${name}. No password is in it.`, {
        id: 'export',
      });
      onClose();
    } catch (error) {
      setProblem(explain(error));
      setBusy(false);
    }
  };
  return (
    <Dialog labelledBy={titleId} className={styles.dialog} onClose={onClose}>
      <form
        className={styles.form}
        onSubmit={(event: FormEvent) => {
          event.preventDefault();
          if (chosen.length > 0 && !busy) void send();
        }}
      >
        <header className={decision.header}>
          <h2 id={titleId} className={decision.title}>
            Export environments
          </h2>
        </header>
        {offered.length === 0 ? (
          <p className={styles.nothing}>
            There is no environment to export. The sample server's are of this machine alone, and one opened
            from a URL is gone after this run.
          </p>
        ) : (
          <>
            <p className={styles.text}>
              Names, groups, colours, protections and addresses go into one file that others import.{' '}
              <b>No password</b> or any other secret is in it.
            </p>
            <div className={styles.list}>
              {offered.length > 1 && (
                <Checkbox
                  className={styles.all ?? ''}
                  label={`All ${plural(offered.length, 'environment')}`}
                  data-autofocus
                  checked={shareOf(all, left) === 'all'}
                  indeterminate={shareOf(all, left) === 'some'}
                  onChange={() => setLeft(pressed(all, left))}
                />
              )}
              {groups.map(({ name, environments: members }) => (
                <fieldset key={name} className={styles.group}>
                  <legend className="visually-hidden">{name || 'Without a group'}</legend>
                  {(groups.length > 1 || name !== '') && (
                    <Checkbox
                      className={styles.groupName ?? ''}
                      label={<bdi>{name || 'Without a group'}</bdi>}
                      checked={shareOf(idsOf(members), left) === 'all'}
                      indeterminate={shareOf(idsOf(members), left) === 'some'}
                      onChange={() => setLeft(pressed(idsOf(members), left))}
                    />
                  )}
                  {members.map((environment) => (
                    <Checkbox
                      key={environment.id}
                      className={styles.one ?? ''}
                      label={<One environment={environment} />}
                      checked={!left.has(environment.id)}
                      onChange={() => setLeft(pressed([environment.id], left))}
                    />
                  ))}
                </fieldset>
              ))}
            </div>
          </>
        )}
        {commands > 0 && (
          <p className={styles.text}>
            {plural(commands, 'one runs', 'of them run')} a command before connecting; it stands in the file
            as you wrote it.
          </p>
        )}
        {problem && (
          <div className={styles.text}>
            <Explanation explanation={problem} />
          </div>
        )}
        <footer className={decision.footer}>
          <Button onClick={onClose}>{offered.length === 0 ? 'Close' : 'Cancel'}</Button>
          {offered.length > 0 && (
            <Button type="submit" variant="filled" loading={busy} disabled={chosen.length === 0}>
              Export {plural(chosen.length, 'environment')}
            </Button>
          )}
        </footer>
      </form>
    </Dialog>
  );
}

function One({ environment: { name, color, connection } }: { environment: Environment }) {
  const address = addressOf(connection);
  return (
    <span className={styles.label}>
      <Swatch color={color} />
      <bdi className={styles.name} title={name}>
        {name}
      </bdi>
      <bdi className={styles.address} dir="ltr" title={address}>
        {address}
      </bdi>
    </span>
  );
}

function idsOf(environments: readonly Environment[]): string[] {
  return environments.map(({ id }) => id);
}
