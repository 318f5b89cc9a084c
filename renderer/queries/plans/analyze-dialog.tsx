import { Checkbox, NumberInput } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import type { Environment } from '../../../preload/contract/environments.ts';
import { ConfirmDialog } from '../../components/confirm-dialog.tsx';
import { Explanation } from '../../components/explanation.tsx';
import { Loading } from '../../components/loading.tsx';
import { client } from '../../lib/client.ts';
import { explain } from '../../lib/errors.ts';
import styles from './plans.module.css';

export interface RunOptions {
  confirm: string | undefined;
  timeoutMs: number;
  readOnly: boolean;
}

interface AnalyzeDialogProps {
  environment: Environment;
  source: { text: string } | { key: string };
  onRun: (options: RunOptions) => void;
  onClose: () => void;
}

/** Says what running the statement does that rolling back does not undo, and asks whether to run it. */
export function AnalyzeDialog({ environment, source, onRun, onClose }: AnalyzeDialogProps) {
  const [seconds, setSeconds] = useState<number | string>(30);
  const onlyReads = environment.protection === 'read-only';
  const [readOnly, setReadOnly] = useState(onlyReads);
  const facts = useQuery({
    queryKey: ['plans', environment.id, 'statement', source],
    queryFn: () => client.queries.plans.statement({ environment: environment.id, ...source }),
    staleTime: 0,
    gcTime: 0,
  });
  const timeout = Number(seconds);
  const isTime = Number.isFinite(timeout) && timeout >= 0.1 && timeout <= 3600;
  const refusal = facts.data?.refusal;
  return (
    <ConfirmDialog
      title={`Run the statement on ${environment.name} and roll it back`}
      environment={environment}
      action="Run and roll back"
      // In a READ ONLY transaction the server itself refuses writes; the name is wanted all the same.
      acts={readOnly ? 'console' : 'server'}
      undo="What it changes in tables is rolled back; what is listed here is not undone."
      ready={facts.isSuccess && !refusal && isTime}
      onConfirm={async (confirm) => onRun({ confirm, timeoutMs: Math.round(timeout * 1000), readOnly })}
      onClose={onClose}
    >
      {facts.isPending && <Loading label="Looking at the statement" rows={3} />}
      {facts.isError && <Explanation explanation={explain(facts.error)} />}
      {refusal && <Explanation explanation={refusal} />}
      {facts.data && !refusal && (
        <ul className={styles.warnings}>
          {facts.data.warnings.map((warning) => (
            <li key={warning}>{warning}</li>
          ))}
        </ul>
      )}
      <div className={styles.runOptions}>
        <NumberInput
          label="End it after, s"
          value={seconds}
          onChange={setSeconds}
          min={0.1}
          max={3600}
          error={isTime ? undefined : 'From 0.1 to 3600 s'}
        />
        <Checkbox
          label="In a READ ONLY transaction, so that the server refuses writes"
          checked={readOnly}
          disabled={onlyReads}
          onChange={(event) => setReadOnly(event.currentTarget.checked)}
        />
      </div>
    </ConfirmDialog>
  );
}
