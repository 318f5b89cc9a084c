// biome-ignore-all lint/a11y/useSemanticElements: part of a virtual grid.
// biome-ignore-all lint/a11y/useFocusableInteractive: what is inside takes the focus.
import { Link } from 'wouter';
import type { Environment } from '../../../preload/contract/environments.ts';
import type { MigrationStatus } from '../../../preload/contract/migrations.ts';
import { ProtectionIcon } from '../../components/protection-badge.tsx';
import { SeverityIcon } from '../../components/severity-icon.tsx';
import { TimeAgo } from '../../components/time-ago.tsx';
import { environmentColor } from '../../theme/colors.ts';
import { migrationsAddress } from '../address.ts';
import { severityOf, visible, worstFirst } from '../words.ts';
import styles from './matrix.module.css';

interface EnvironmentHeadProps {
  environment: Environment;
  /** Undefined until it has answered. */
  status: MigrationStatus | undefined;
  isWaiting: boolean;
  column: number;
  left: number;
  width: number;
  onProblem: () => void;
}

/** The head of a column: whose it is, how protected, where it stands and how old that is; or why nothing is known. */
export function EnvironmentHead(props: EnvironmentHeadProps) {
  const { environment, status, isWaiting, column, left, width, onProblem } = props;
  return (
    <div
      role="columnheader"
      aria-colindex={column + 2}
      className={styles.environment}
      style={{ insetInlineStart: left, width, borderTopColor: environmentColor(environment.color) }}
    >
      <span className={styles.environmentName}>
        <Link href={migrationsAddress(environment.id, 'status')} title={`Status of ${environment.name}`}>
          <bdi>{environment.name}</bdi>
        </Link>
        <ProtectionIcon protection={environment.protection} />
      </span>
      {status ? (
        <Stands status={status} onProblem={onProblem} />
      ) : (
        <span className={styles.soft}>{isWaiting ? 'being looked at' : 'not looked at'}</span>
      )}
    </div>
  );
}

function Stands({ status, onProblem }: { status: MigrationStatus; onProblem: () => void }) {
  const { problem, tracks, at } = status;
  const problems = worstFirst(tracks.flatMap((track) => track.problems));
  const worst = tracks.map(severityOf);
  const [only] = tracks;
  const current = only && tracks.length === 1 ? only.current.join(', ') : '';
  const said = problem?.what ?? problems[0]?.what;
  return (
    <>
      {problem ? (
        <button type="button" className={styles.why} onClick={onProblem} title={visible(problem.what)}>
          <SeverityIcon severity={tracks.length > 0 ? 'warning' : 'bad'} />
          <span>{problem.cause === 'not-connected' ? 'Not connected' : 'Why it is empty'}</span>
        </button>
      ) : (
        <span className={styles.stands}>
          <bdi className="mono" title={visible(current)}>
            {tracks.length === 0
              ? 'no tool'
              : tracks.length > 1
                ? `${tracks.length} tools`
                : visible(current) || 'none yet'}
          </bdi>
          {said && (
            <button type="button" className={styles.sign} onClick={onProblem} title={visible(said)}>
              <SeverityIcon severity={worst.includes('bad') ? 'bad' : (problems[0]?.severity ?? 'notice')} />
              <span className="visually-hidden">What is wrong</span>
            </button>
          )}
        </span>
      )}
      <span className={styles.soft}>
        <TimeAgo at={at} />
      </span>
    </>
  );
}
