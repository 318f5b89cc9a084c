import { Button, NativeSelect } from '@mantine/core';
import { useId, useState } from 'react';
import type { Engine } from '../../../preload/contract/backup-engines.ts';
import type { Explanation as ExplanationData } from '../../../preload/contract/common.ts';
import { Dialog } from '../../components/dialog.tsx';
import { Explanation } from '../../components/explanation.tsx';
import { client } from '../../lib/client.ts';
import { explain } from '../../lib/errors.ts';
import { useEnvironments } from '../../shell/environments-provider.tsx';
import styles from './engines.module.css';
import { takeEngine } from './use-engines.ts';

/** Which environment's server an engine backs up. */
export function LinkEngine({ engine, onClose }: { engine: Engine; onClose: () => void }) {
  const { environments = [] } = useEnvironments();
  const [environment, setEnvironment] = useState(engine.environment ?? '');
  const [isBusy, setBusy] = useState(false);
  const [problem, setProblem] = useState<ExplanationData>();
  const titleId = useId();
  const save = async (): Promise<void> => {
    setBusy(true);
    setProblem(undefined);
    const { id, kind, name, where, config } = engine;
    try {
      takeEngine(
        await client.backups.engines.change({
          id,
          kind,
          name,
          where,
          config,
          environment: environment === '' ? null : environment,
        }),
      );
      onClose();
    } catch (error) {
      setProblem(explain(error));
      setBusy(false);
    }
  };
  return (
    <Dialog labelledBy={titleId} onClose={onClose}>
      <form
        className={styles.dialog}
        onSubmit={(event) => {
          event.preventDefault();
          void save();
        }}
      >
        <h2 id={titleId} className={styles.dialogTitle}>
          Link <bdi>{engine.name}</bdi> to an environment
        </h2>
        <NativeSelect
          label="It backs up the server of"
          data-autofocus
          value={environment}
          onChange={(event) => setEnvironment(event.currentTarget.value)}
          data={[
            { value: '', label: 'None: it is shown for all' },
            ...environments.map(({ id, name }) => ({ value: id, label: name })),
          ]}
        />
        {problem && <Explanation explanation={problem} />}
        <div className={styles.dialogActs}>
          <Button onClick={onClose}>Cancel</Button>
          <Button type="submit" variant="filled" color="accent" loading={isBusy}>
            Link it
          </Button>
        </div>
      </form>
    </Dialog>
  );
}
