import { Link } from 'wouter';
import { CopyButton } from '../components/copy-button.tsx';
import { dateTime, milliseconds } from '../components/format.ts';
import { Inspector } from '../components/inspector.tsx';
import { Swatch } from '../components/swatch.tsx';
import { TimeAgo } from '../components/time-ago.tsx';
import { roomAddress } from '../shell/address.ts';
import styles from './audit.module.css';
import type { AuditRow } from './audit-columns.tsx';
import { isJson, outcomeOf, prettyJson, procedureWords, riskWords } from './entries.ts';
import { OutcomeMark } from './outcome-mark.tsx';

/** One act in full: who, when, where, what was asked and what came of it. */
export function AuditInspector({ entry, onClose }: { entry: AuditRow; onClose: () => void }) {
  const input = prettyJson(entry.input);
  const outcome = outcomeOf(entry, Date.now());
  return (
    <Inspector title={procedureWords(entry.procedure)} onClose={onClose}>
      <dl className={styles.facts}>
        <dt>Outcome</dt>
        <dd>
          <OutcomeMark outcome={outcome} />
          {outcome === 'unknown' && (
            <p className={styles.soft}>
              It was begun and no end was recorded: Howdah ended before the act did. Look at the server to
              know.
            </p>
          )}
        </dd>
        <dt>When</dt>
        <dd>
          {dateTime(entry.at)}, <TimeAgo at={entry.at} />
        </dd>
        <dt>Took</dt>
        <dd>{entry.tookMs === null ? '–' : milliseconds(entry.tookMs)}</dd>
        <dt>Who</dt>
        <dd>{entry.who}</dd>
        <dt>Environment</dt>
        <dd>
          {entry.environmentName === null ? (
            'Howdah itself'
          ) : entry.environment && entry.color ? (
            <Link href={roomAddress(entry.environment)} className={styles.environment}>
              <Swatch color={entry.color} height={14} />
              <bdi>{entry.environmentName}</bdi>
            </Link>
          ) : (
            <bdi>{entry.environmentName}</bdi>
          )}
        </dd>
        <dt>Procedure</dt>
        <dd>
          <code>{entry.procedure}</code>, {riskWords[entry.risk].toLowerCase()}
        </dd>
      </dl>
      {entry.result && (
        <>
          <h3 className={styles.title}>What came of it</h3>
          {isJson(entry.result) ? (
            <pre className={styles.json}>{prettyJson(entry.result)}</pre>
          ) : (
            <p className={styles.text}>{entry.result}</p>
          )}
        </>
      )}
      <h3 className={styles.title}>
        What was asked
        <CopyButton text={input} label="Copy what was asked" />
      </h3>
      <pre className={styles.json}>{input}</pre>
    </Inspector>
  );
}
