import { Button } from '@mantine/core';
import { IconChevronRight } from '@tabler/icons-react';
import { useState } from 'react';
import { Link } from 'wouter';
import type { Adviser } from '../../preload/contract/advice.ts';
import type { HealthFinding } from '../../preload/contract/health.ts';
import { roomWords } from '../../preload/contract/health-words.ts';
import { CopyButton } from '../components/copy-button.tsx';
import { bytes, exactBytes } from '../components/format.ts';
import { SeverityIcon } from '../components/severity-icon.tsx';
import { roomAddress } from '../shell/address.ts';
import styles from './health.module.css';

/** Where a room's findings can be looked at. */
const places: Record<Adviser, { address: string; label: string }> = {
  activity: { address: 'activity', label: 'Activity' },
  locks: { address: 'activity/blocking', label: 'Activity' },
  queries: { address: 'queries', label: 'Queries' },
  storage: { address: 'storage/indexes', label: 'Storage' },
  maintenance: { address: 'storage/vacuum', label: 'Vacuum' },
  server: { address: 'server/settings', label: 'Server' },
  access: { address: 'schema', label: 'Schema' },
};

const severityWords = { bad: 'Bad', warning: 'Warning', notice: 'Notice' } as const;

/** Of so many of one sort the rest is folded away. */
const shownOf = 3;

/** Findings of one sort: the first few, and the others at a press. */
export function FindingGroup({
  findings,
  environment,
}: {
  findings: readonly HealthFinding[];
  environment: string;
}) {
  const [isOpen, setOpen] = useState(false);
  const rest = findings.length - shownOf;
  // One more line would take as much room as the last of them.
  const shown = isOpen || rest < 2 ? findings : findings.slice(0, shownOf);
  return (
    <ul className={styles.findings}>
      {shown.map((finding) => (
        <Finding key={finding.id} finding={finding} environment={environment} />
      ))}
      {shown.length < findings.length && (
        <li className={styles.more}>
          <Button variant="subtle" onClick={() => setOpen(true)}>
            Show {rest} more of this sort
          </Button>
        </li>
      )}
    </ul>
  );
}

function Finding({ finding, environment }: { finding: HealthFinding; environment: string }) {
  const { severity, title, database, evidence, harm, remedy, statement, estimated, source, rooms } = finding;
  const { address, label } = places[rooms[0] ?? finding.room];
  return (
    <li className={styles.finding} data-severity={severity}>
      <div className={styles.line}>
        <SeverityIcon severity={severity} size={16} />
        <span className={styles.word} aria-hidden>
          {severityWords[severity]}
        </span>
        <h3 className={styles.title} dir="auto">
          {title}
        </h3>
        {finding.bytes !== null && (
          <span className={styles.size} title={exactBytes(finding.bytes)}>
            {bytes(finding.bytes)}
          </span>
        )}
        <Link className={styles.go ?? ''} href={roomAddress(environment, address)}>
          {label}
          <IconChevronRight size={14} aria-hidden />
        </Link>
      </div>
      {(evidence.length > 0 || estimated) && (
        <ul className={styles.evidence}>
          {evidence.map((fact) => (
            <li key={fact} dir="auto">
              {fact}
            </li>
          ))}
          {estimated && <li>It rests on an estimate.</li>}
        </ul>
      )}
      <dl className={styles.words}>
        <dt>Harm</dt>
        <dd dir="auto">{harm}</dd>
        <dt>Remedy</dt>
        <dd dir="auto">{remedy}</dd>
      </dl>
      {statement !== null && (
        <div className={styles.statement}>
          <code dir="ltr">{statement}</code>
          <CopyButton text={statement} label="Copy the statement" />
        </div>
      )}
      <p className={styles.about}>
        {[
          database === null ? 'Whole server' : `Database ${database}`,
          rooms.map((room) => roomWords[room].title).join(', '),
          ...(source === null ? [] : [source]),
        ].join(' · ')}
      </p>
    </li>
  );
}
