import { notifications, notificationsStore } from '@mantine/notifications';
import { IconAlertTriangle, IconCheck } from '@tabler/icons-react';
import type { ReactNode } from 'react';
import type { Explanation } from '../../preload/contract/common.ts';
import type { Environment } from '../../preload/contract/environments.ts';
import { environmentColor } from '../theme/colors.ts';
import { CopyButton } from './copy-button.tsx';
import { explanationText } from './explanation.tsx';
import styles from './notify.module.css';

interface Told {
  /** A later notice of the same id takes the place of this one. */
  id?: string;
  /** Where it happened: its name and colour are shown. */
  environment?: Pick<Environment, 'name' | 'color'> | undefined;
  /** Stays until it is closed. */
  stays?: boolean;
}

/** Says that something was done, for a few seconds. */
export function notifyDone(text: string, told: Told = {}): void {
  show(
    <span className={styles.line}>
      <IconCheck size={16} className={styles.icon} aria-hidden />
      <span className={styles.words}>{text}</span>
    </span>,
    told,
  );
}

/** Says that something went wrong, with what to do; stays until it is closed. */
export function notifyProblem(problem: Explanation, told: Told = {}): void {
  show(
    <span className={styles.line}>
      <IconAlertTriangle size={16} className={`${styles.icon} ${styles.bad}`} aria-hidden />
      <span className={styles.words}>
        <b>{problem.what}</b> {problem.why}
        {problem.next && <span className={styles.next}>{problem.next}</span>}
      </span>
      <CopyButton text={() => explanationText(problem)} label="Copy the message" />
    </span>,
    { stays: true, ...told },
  );
}

/** Takes a notice back. */
export function takeBack(id: string): void {
  notifications.hide(id);
}

/** Notices in sight at once; the others wait until one goes. */
const mostInSight = 3;

function show(message: ReactNode, { id, environment, stays = false }: Told): void {
  notificationsStore.updateState((state) => ({ ...state, limit: mostInSight }));
  if (id) notifications.hide(id);
  notifications.show({
    ...(id ? { id } : {}),
    ...(environment ? { title: <b dir="auto">{environment.name}</b> } : {}),
    message,
    // At the left: at the right they would lie on the buttons of an inspector.
    position: 'bottom-left',
    color: environment ? environmentColor(environment.color) : 'var(--line-strong)',
    className: styles.notice ?? '',
    withBorder: true,
    autoClose: stays ? false : 6000,
    closeButtonProps: { 'aria-label': 'Close the notice' },
  });
}
