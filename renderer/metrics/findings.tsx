import { IconChevronRight } from '@tabler/icons-react';
import { Link } from 'wouter';
import type { Finding } from '../../preload/contract/environments.ts';
import { presetActivity } from '../activity/use-filters.ts';
import { SeverityIcon } from '../components/severity-icon.tsx';
import { roomAddress } from '../shell/address.ts';
import styles from './findings.module.css';

/** Findings about sessions; all others are about the server or the way to it, which no other screen shows better. */
const aboutSessions: ReadonlySet<string> = new Set([
  'connections-near-limit',
  'lock-waits',
  'idle-in-transaction',
  'limited-visibility',
]);

/** What a person should look at now, those about sessions leading there. */
export function Findings({ environment, findings }: { environment: string; findings: readonly Finding[] }) {
  if (findings.length === 0) return null;
  return (
    <ul className={styles.findings} aria-label="Findings">
      {findings.map((finding) => (
        <li key={finding.id} data-severity={finding.severity}>
          {aboutSessions.has(finding.id) ? (
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
          ) : (
            <p className={styles.remark}>
              <SeverityIcon severity={finding.severity} />
              <span>{finding.text}</span>
            </p>
          )}
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
