import { Button } from '@mantine/core';
import { type ReactNode, useId, useState } from 'react';
import type { Explanation as ExplanationData } from '../../preload/contract/common.ts';
import styles from '../components/confirm-dialog.module.css';
import { Dialog } from '../components/dialog.tsx';
import { Explanation } from '../components/explanation.tsx';
import { explain } from '../lib/errors.ts';

interface DecisionProps {
  /** What and how many: "Stop the sample server". */
  title: string;
  /** The act alone, on the red button. */
  action: string;
  /** What is hit, and whether it can be undone. */
  children: ReactNode;
  /** What it throws is shown here; resolving closes. */
  onConfirm: () => Promise<unknown>;
  onClose: () => void;
}

/** A decision about the console's own things, of which no environment is hit alone. The focus starts on Cancel. */
export function Decision({ title, action, children, onConfirm, onClose }: DecisionProps) {
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState<ExplanationData>();
  const titleId = useId();
  const confirm = async (): Promise<void> => {
    setBusy(true);
    setProblem(undefined);
    try {
      await onConfirm();
      onClose();
    } catch (error) {
      setProblem(explain(error));
      setBusy(false);
    }
  };
  return (
    <Dialog labelledBy={titleId} onClose={onClose}>
      <header className={styles.header}>
        <h2 id={titleId} className={styles.title}>
          {title}
        </h2>
      </header>
      <div className={styles.body}>
        {children}
        {problem && <Explanation explanation={problem} />}
      </div>
      <footer className={styles.footer}>
        <Button data-autofocus onClick={onClose}>
          Cancel
        </Button>
        <Button variant="filled" color="red" loading={busy} onClick={confirm}>
          {action}
        </Button>
      </footer>
    </Dialog>
  );
}
