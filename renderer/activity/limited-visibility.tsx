import { IconEyeOff } from '@tabler/icons-react';
import { CopyButton } from '../components/copy-button.tsx';
import { plural } from '../components/format.ts';
import styles from './activity.module.css';
import { grantMonitor } from './grant.ts';

/** Says that this role sees only a part, what is missing, and the one statement that mends it. */
export function LimitedVisibility({ hidden, user }: { hidden: number; user: string | undefined }) {
  return (
    <div className={styles.banner} role="status">
      <IconEyeOff size={16} aria-hidden />
      <span className={styles.bannerText}>
        <strong>Limited visibility.</strong> {user ? <code>{user}</code> : 'This role'} may not see what{' '}
        {plural(hidden, 'session does', 'sessions do')}: counts are lower bounds, and waits may be missing.
        {user && (
          <>
            {' '}
            A superuser can run <code className={styles.grant}>{grantMonitor(user)}</code>
          </>
        )}
      </span>
      {user && <CopyButton text={grantMonitor(user)} label="Copy the statement" />}
    </div>
  );
}
