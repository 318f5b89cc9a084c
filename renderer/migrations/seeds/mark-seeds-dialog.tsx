import { Button } from '@mantine/core';
import { useId, useState } from 'react';
import type { Explanation as ExplanationData } from '../../../preload/contract/common.ts';
import type { Environment } from '../../../preload/contract/environments.ts';
import type { Seed } from '../../../preload/contract/migration-runs.ts';
import { Dialog } from '../../components/dialog.tsx';
import { Explanation } from '../../components/explanation.tsx';
import { plural } from '../../components/format.ts';
import { notifyDone } from '../../components/notify.tsx';
import { client } from '../../lib/client.ts';
import { explain } from '../../lib/errors.ts';
import runStyles from '../run/run.module.css';
import { visible } from '../words.ts';

interface MarkSeedsDialogProps {
  environment: Environment;
  folder: string;
  files: string[];
  ran: boolean;
  onTake: (seeds: Seed[]) => void;
  onClose: () => void;
}

/** Notes that seeds have run here, or that they have not; the database is not touched, so no name is asked for. */
export function MarkSeedsDialog({ environment, folder, files, ran, onTake, onClose }: MarkSeedsDialogProps) {
  const [isBusy, setBusy] = useState(false);
  const [problem, setProblem] = useState<ExplanationData>();
  const id = useId();
  const act = `Mark ${plural(files.length, 'file')} as ${ran ? 'ran' : 'not run'}`;
  const mark = async (): Promise<void> => {
    setBusy(true);
    setProblem(undefined);
    try {
      onTake(await client.migrations.markSeeds({ environment: environment.id, folder, files, ran }));
      notifyDone(
        `${plural(files.length, 'file')} of seeds marked as ${ran ? 'ran' : 'not run'}; nothing was run.`,
        {
          environment,
        },
      );
      onClose();
    } catch (error) {
      setProblem(explain(error));
      setBusy(false);
    }
  };
  return (
    <Dialog labelledBy={id} onClose={onClose}>
      <form
        className={runStyles.dialog}
        onSubmit={(event) => {
          event.preventDefault();
          void mark();
        }}
      >
        <h2 id={id} className={runStyles.dialogTitle} dir="auto">
          {act} on {environment.name}
        </h2>
        <p>
          {ran
            ? 'Howdah notes that they ran here, as they are now: for seeds that other hands have run. Their statements are not run, and the database is not touched.'
            : 'Howdah forgets that they ran here, so that they can be run once more. What they brought stays in the database: make sure that a second time does no harm.'}
        </p>
        <ul className={runStyles.names}>
          {files.slice(0, 12).map((file) => (
            <li key={file}>
              <bdi className="mono">{visible(file)}</bdi>
            </li>
          ))}
          {files.length > 12 && <li>and {files.length - 12} more</li>}
        </ul>
        {problem && <Explanation explanation={problem} />}
        <div className={runStyles.dialogActs}>
          <Button onClick={onClose} data-autofocus>
            Cancel
          </Button>
          <Button type="submit" variant="filled" color="accent" loading={isBusy}>
            {act}
          </Button>
        </div>
      </form>
    </Dialog>
  );
}
