import { IconChevronRight } from '@tabler/icons-react';
import { Link } from 'wouter';
import type { Finding } from '../../preload/contract/environments.ts';
import { presetActivity } from '../activity/use-filters.ts';
import { SeverityIcon } from '../components/severity-icon.tsx';
import { roomAddress } from '../shell/address.ts';
import styles from './findings.module.css';

/** What a person should look at now, each leading to the sessions it speaks of. */
export function Findings({ environment, findings }: { environment: string; findings: readonly Finding[] }) {
  if (findings.length === 0) return null;
  return (
    <ul className={styles.findings} aria-label="Findings">
      {findings.map((finding) => (
        <li key={finding.id} data-severity={finding.severity}>
          <Link
            className={styles.finding ?? ''}
            href={roomAddress(environment, 'activity')}
            onClick={() => preset(environment, finding.id)}
          >
            <SeverityIcon severity={finding.severity} />
            <span className={styles.text}>{finding.text}</span>
            <span className={styles.go}>
              Activity
              <IconChevronRight size={14} aria-hidden />
            </span>
          </Link>
        </li>
      ))}
    </ul>
  );
}

/** Sets the filter under which Activity shows what the finding is about. */
function preset(environment: string, id: string): void {
  if (id === 'lock-waits') presetActivity(environment, 'blocking');
  else if (id === 'idle-in-transaction')
    presetActivity(environment, 'sessions', { states: new Set(['idle in transaction', 'aborted']) });
  else if (id === 'limited-visibility')
    presetActivity(environment, 'sessions', { states: new Set(['hidden']) });
  else presetActivity(environment, 'sessions');
}
