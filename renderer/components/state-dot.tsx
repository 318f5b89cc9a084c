import { IconCircle, IconCircleFilled, IconLoader2, IconPlugConnectedX } from '@tabler/icons-react';
import type { ComponentType } from 'react';
import type { EnvironmentStatus } from '../../preload/contract/environments.ts';
import styles from './state-dot.module.css';

export type ConnectionState = EnvironmentStatus['state'];

interface Look {
  word: string;
  Icon: ComponentType<{ size?: number | string; stroke?: number | string }>;
  className: string | undefined;
}

const looks: Record<ConnectionState, Look> = {
  connected: { word: 'Connected', Icon: IconCircleFilled, className: styles.connected },
  connecting: { word: 'Connecting', Icon: IconLoader2, className: styles.connecting },
  lost: { word: 'Connection lost', Icon: IconPlugConnectedX, className: styles.lost },
  disconnected: { word: 'Disconnected', Icon: IconCircle, className: styles.disconnected },
};

/** What a connection state is called on screen. */
export function connectionWord(state: ConnectionState): string {
  return looks[state].word;
}

/** The state of an environment's connection: its own shape and colour, and the word, visible or for screen readers. */
export function StateDot({ state, showWord = false }: { state: ConnectionState; showWord?: boolean }) {
  const { word, Icon, className } = looks[state];
  const size = state === 'lost' ? 14 : state === 'connecting' ? 12 : 9;
  return (
    <span className={styles.state} title={showWord ? undefined : word}>
      <span className={`${styles.icon} ${className}`} aria-hidden>
        <Icon size={size} stroke={2.25} />
      </span>
      <span className={showWord ? undefined : 'visually-hidden'}>{word}</span>
    </span>
  );
}
