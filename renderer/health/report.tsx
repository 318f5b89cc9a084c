import { IconCircleCheck, IconHelpCircle } from '@tabler/icons-react';
import { severities } from '../../preload/contract/environments.ts';
import type { HealthReport } from '../../preload/contract/health.ts';
import { groupsOf, roomWords, summaryOf, verdictOf } from '../../preload/contract/health-words.ts';
import { Explanation } from '../components/explanation.tsx';
import { bytes, count, dateTime, duration, exactBytes } from '../components/format.ts';
import { SeverityIcon } from '../components/severity-icon.tsx';
import { FindingGroup } from './finding.tsx';
import styles from './health.module.css';

const sights = {
  superuser: 'superuser, sees everything',
  statistics: 'sees the statistics of all roles',
  own: 'sees only what its own sessions do',
} as const;

const titles = { bad: 'Bad', warning: 'Warnings', notice: 'Notices' } as const;

interface ReportProps {
  report: HealthReport;
  environment: string;
  /** False while rooms are still to come. */
  isWhole: boolean;
}

/** A report as a page: what it comes to, facts, findings worst first, and what could not be seen. */
export function Report({ report, environment, isWhole }: ReportProps) {
  const { findings, limits, looks } = report;
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reached with the keyboard.
    <article className={styles.report} aria-label="Health report" tabIndex={0}>
      <div className={styles.page}>
        {isWhole && <Summary report={report} />}
        <Facts report={report} />
        {[...severities].reverse().map((severity) => {
          const of = findings.filter((one) => one.severity === severity);
          if (of.length === 0) return null;
          return (
            <section key={severity} aria-label={titles[severity]}>
              <h2 className={styles.heading}>
                {titles[severity]} <span className={styles.soft}>{count(of.length)}</span>
              </h2>
              {groupsOf(of).map((group) => (
                <FindingGroup key={group.kind} findings={group.findings} environment={environment} />
              ))}
            </section>
          );
        })}
        {isWhole && (
          <section aria-label="Looked at">
            <h2 className={styles.heading}>Looked at</h2>
            <table className={styles.table}>
              <tbody>
                {looks.map(({ room, state, findings: found, tookMs }) => (
                  <tr key={room} data-state={state}>
                    <th scope="row">{roomWords[room].title}</th>
                    <td>{roomWords[room].looksFor}</td>
                    <td>{state === 'done' ? foundWords(found) : 'Could not be looked at'}</td>
                    <td className={styles.number}>{tookMs === null ? '' : duration(tookMs)}</td>
                  </tr>
                ))}
              </tbody>
            </table>
          </section>
        )}
        {limits.length > 0 && (
          <section aria-label="What could not be seen">
            <h2 className={styles.heading}>
              What could not be seen <span className={styles.soft}>{count(limits.length)}</span>
            </h2>
            <div className={styles.limits}>
              {limits.map(({ room, ...limit }) => (
                <Explanation
                  key={`${room} ${limit.cause} ${limit.what}`}
                  explanation={limit}
                  severity={limit.cause.startsWith('room-') ? 'warning' : 'notice'}
                  compact
                />
              ))}
            </div>
          </section>
        )}
      </div>
    </article>
  );
}

const foundWords = (found: number): string =>
  found === 0 ? 'Nothing found' : `${count(found)} ${found === 1 ? 'finding' : 'findings'}`;

function Summary({ report }: { report: HealthReport }) {
  const verdict = verdictOf(report);
  return (
    <p className={styles.summary} data-verdict={verdict} role="status">
      {verdict === 'fine' ? (
        <IconCircleCheck size={16} aria-hidden />
      ) : verdict === 'unknown' ? (
        <IconHelpCircle size={16} role="img" aria-label="Unknown" />
      ) : (
        <SeverityIcon severity={verdict} size={16} />
      )}
      <span>{summaryOf(report)}</span>
    </p>
  );
}

function Facts({ report: { facts } }: { report: HealthReport }) {
  const {
    version,
    role,
    startedAt,
    address,
    database,
    databaseBytes,
    sessions,
    maxConnections,
    user,
    sight,
  } = facts;
  return (
    <dl className={styles.facts}>
      <Fact name="PostgreSQL">
        {version}, {role}
      </Fact>
      <Fact name="Address">{address}</Fact>
      <Fact name="Up since">{dateTime(startedAt)}</Fact>
      <Fact name="Database">
        <bdi>{database}</bdi>
        {databaseBytes !== null && (
          <span className={styles.soft} title={exactBytes(databaseBytes)}>
            {' '}
            {bytes(databaseBytes)}
          </span>
        )}
      </Fact>
      <Fact name="Sessions">
        {sessions === null ? 'Not known' : count(sessions)}
        <span className={styles.soft}> of {count(maxConnections)}</span>
      </Fact>
      <Fact name="As role">
        <bdi>{user}</bdi>
        {sight && <span className={styles.soft}> {sights[sight]}</span>}
      </Fact>
    </dl>
  );
}

function Fact({ name, children }: { name: string; children: React.ReactNode }) {
  return (
    <div className={styles.fact}>
      <dt>{name}</dt>
      <dd>{children}</dd>
    </div>
  );
}
