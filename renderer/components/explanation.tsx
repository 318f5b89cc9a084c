import { IconAlertTriangle, IconInfoCircle } from '@tabler/icons-react';
import type { ReactNode } from 'react';
import type { Explanation as ExplanationData } from '../../preload/contract/common.ts';
import { CopyButton } from './copy-button.tsx';
import styles from './explanation.module.css';

interface ExplanationProps {
  explanation: ExplanationData;
  /** `bad` for a failure, `warning` for something that works in part, `notice` for a limitation. */
  severity?: 'bad' | 'warning' | 'notice';
  /** Buttons that do what `next` advises. */
  actions?: ReactNode;
  /** In as few lines as may be, above a screen that goes on below. */
  compact?: boolean;
  /** Without a frame of its own, where the surroundings have one. */
  plain?: boolean;
}

/**
 * What happened, why, what to do next, and the command that shows or mends it; then the server's own words with
 * SQLSTATE. All of it can be copied.
 */
export function Explanation({
  explanation,
  severity = 'bad',
  actions,
  compact = false,
  plain = false,
}: ExplanationProps) {
  const { what, why, next, command, server } = explanation;
  const Icon = severity === 'notice' ? IconInfoCircle : IconAlertTriangle;
  return (
    <section
      className={`${styles.explanation} ${plain ? '' : styles.framed} ${compact ? styles.compact : ''}`}
      data-severity={severity}
      role={severity === 'bad' ? 'alert' : 'status'}
    >
      <span className={styles.icon} aria-hidden>
        <Icon size={16} />
      </span>
      <div className={styles.body}>
        <p className={styles.what}>{what}</p>
        {why && <p className={styles.why}>{why}</p>}
        {next && <p className={styles.next}>{next}</p>}
        {command && (
          <div className={styles.command}>
            <code className={styles.commandText}>{command}</code>
            <CopyButton text={command} label="Copy the command" />
          </div>
        )}
        {server && (
          <pre className={styles.server} dir="auto">
            {serverWords(explanation)}
          </pre>
        )}
        {actions && <div className={styles.actions}>{actions}</div>}
      </div>
      <CopyButton text={() => explanationText(explanation)} label="Copy the message" />
    </section>
  );
}

/** The whole explanation as plain text, as it is copied. */
export function explanationText(explanation: ExplanationData): string {
  const { what, why, next, command, cause } = explanation;
  return [what, why, next, command, `(${cause})`, serverWords(explanation)].filter(Boolean).join('\n');
}

function serverWords({ server }: ExplanationData): string {
  if (!server) return '';
  const { message, sqlstate, system } = server;
  // Errors of the network have codes of their own, which are no SQLSTATE.
  const code = sqlstate ? `SQLSTATE ${sqlstate}` : system;
  const lines = [code && !message.includes(code) ? `${message} (${code})` : message];
  if (server.detail) lines.push(`DETAIL: ${server.detail}`);
  if (server.hint) lines.push(`HINT: ${server.hint}`);
  return lines.join('\n');
}
