import { IconEye, IconLockOpen, IconShieldLock } from '@tabler/icons-react';
import type { ComponentType } from 'react';
import type { Protection } from '../../preload/contract/environments.ts';
import styles from './protection-badge.module.css';

interface Look {
  word: string;
  sentence: string;
  Icon: ComponentType<{ size?: number | string; stroke?: number | string }>;
}

/** The three protections in words. The sentence says what it means for the person. */
export const protections: Record<Protection, Look> = {
  open: {
    word: 'Open',
    sentence: 'Changes are made after one confirmation. For local and development servers.',
    Icon: IconLockOpen,
  },
  guarded: {
    word: 'Guarded',
    sentence: 'Whatever changes or ends something wants the name of the environment typed first.',
    Icon: IconShieldLock,
  },
  'read-only': {
    word: 'Read-only',
    sentence: 'Nothing is changed or ended. The console refuses, and the server itself refuses writes.',
    Icon: IconEye,
  },
};

/** How an environment is protected: icon and word, with the meaning on hover. */
export function ProtectionBadge({
  protection,
  compact = false,
}: {
  protection: Protection;
  compact?: boolean;
}) {
  const { word, sentence, Icon } = protections[protection];
  return (
    <span className={styles.badge} data-protection={protection} title={`${word}: ${sentence}`}>
      <Icon size={14} stroke={1.75} />
      <span className={compact ? 'visually-hidden' : undefined}>{word}</span>
    </span>
  );
}

/** The protection as an icon alone, for lists. An open environment shows none. */
export function ProtectionIcon({ protection }: { protection: Protection }) {
  if (protection === 'open') return null;
  const { word, Icon } = protections[protection];
  return (
    <span className={styles.icon} title={word}>
      <Icon size={14} stroke={1.75} />
      <span className="visually-hidden">{word}</span>
    </span>
  );
}
