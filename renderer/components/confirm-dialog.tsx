import { Button, TextInput } from '@mantine/core';
import { type ReactNode, useId, useState } from 'react';
import type { Explanation as ExplanationData } from '../../preload/contract/common.ts';
import type { Environment } from '../../preload/contract/environments.ts';
import { explain } from '../lib/errors.ts';
import { environmentColor } from '../theme/colors.ts';
import styles from './confirm-dialog.module.css';
import { Dialog } from './dialog.tsx';
import { Explanation } from './explanation.tsx';
import { ProtectionBadge } from './protection-badge.tsx';

interface ConfirmDialogProps {
  /** What, how many and where: "Terminate 3 backends on billing-prod". */
  title: string;
  /** Where it happens; its colour and protection are shown. */
  environment: Environment;
  /** The act alone, on the button: "Terminate 3 backends". */
  action: string;
  /** Something is ended or removed; the button is red. */
  destructive?: boolean;
  /** Whether it can be undone, as a sentence. */
  undo: string;
  /**
   * `server`: it acts on the environment's PostgreSQL; guarded wants the name, read-only refuses.
   * `console`: it touches only the console's own settings; guarded and read-only want the name.
   */
  acts?: 'server' | 'console';
  /** Set to false while what is hit is still being fetched. */
  ready?: boolean;
  /** Who and what is hit. */
  children?: ReactNode;
  /** Does it, with the name as typed where one is wanted. What it throws is shown here; resolving closes. */
  onConfirm: (confirm: string | undefined) => Promise<unknown>;
  onClose: () => void;
}

/**
 * A decision: what, where, how many, who is hit, whether it can be undone. The focus starts on Cancel.
 * Render it to open it. The rules are enforced behind the contract; this only asks for what they want.
 */
export function ConfirmDialog(props: ConfirmDialogProps) {
  const {
    title,
    environment,
    action,
    destructive = false,
    undo,
    acts = 'server',
    ready = true,
    children,
  } = props;
  const [typed, setTyped] = useState('');
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState<ExplanationData>();
  const titleId = useId();
  const refused = acts === 'server' && environment.protection === 'read-only';
  const wantsName = !refused && environment.protection !== 'open';
  const mayGo = ready && !refused && (!wantsName || typed.trim() === environment.name);

  const confirm = async (): Promise<void> => {
    if (!mayGo || busy) return;
    setBusy(true);
    setProblem(undefined);
    try {
      await props.onConfirm(wantsName ? typed.trim() : undefined);
      props.onClose();
    } catch (error) {
      setProblem(explain(error));
    } finally {
      setBusy(false);
    }
  };

  return (
    <Dialog labelledBy={titleId} onClose={props.onClose}>
      <form
        className={styles.form}
        style={{ borderTopColor: environmentColor(environment.color) }}
        onSubmit={(event) => {
          event.preventDefault();
          void confirm();
        }}
      >
        <header className={styles.header}>
          <h2 id={titleId} className={styles.title} dir="auto">
            {title}
          </h2>
          <ProtectionBadge protection={environment.protection} />
        </header>
        <div className={styles.body}>
          {children}
          <p className={styles.undo}>{undo}</p>
          {refused && (
            <p className={styles.refused}>
              {environment.name} is read-only, so this is refused. Change its protection first if it has to be
              done from here.
            </p>
          )}
          {wantsName && (
            <TextInput
              label={
                <>
                  Type <b className={styles.name}>{environment.name}</b> to go on
                </>
              }
              classNames={{ label: styles.label ?? '' }}
              value={typed}
              onChange={(event) => setTyped(event.currentTarget.value)}
              autoComplete="off"
              spellCheck={false}
              dir="auto"
            />
          )}
          {problem && <Explanation explanation={problem} />}
        </div>
        <footer className={styles.footer}>
          <Button data-autofocus onClick={props.onClose}>
            Cancel
          </Button>
          <Button
            type="submit"
            variant="filled"
            color={destructive ? 'red' : 'accent'}
            loading={busy}
            disabled={!mayGo}
          >
            {action}
          </Button>
        </footer>
      </form>
    </Dialog>
  );
}
