import type { BackupPlan } from '../../../preload/contract/backups.ts';
import { Explanation } from '../../components/explanation.tsx';
import { bytes, exactBytes } from '../../components/format.ts';
import { Fact, Facts } from '../../components/inspector-parts.tsx';
import { Loading } from '../../components/loading.tsx';
import { SeverityIcon } from '../../components/severity-icon.tsx';
import { visible } from '../../migrations/words.ts';
import { Copied } from '../inspect/backup-facts.tsx';
import { toolsWords } from '../words.ts';
import styles from './create.module.css';
import type { Planned } from './use-plan.ts';

interface PlanViewProps {
  planned: Planned;
  /** Its name is one that somebody gave, and not made of the time. */
  isNamed: boolean;
}

/** What the backup would do, before it does; or why it can't be done. */
export function PlanView({ planned: { plan, problem, isCurrent }, isNamed }: PlanViewProps) {
  return (
    <section className={styles.plan} aria-label="Plan" aria-busy={!isCurrent}>
      <h3 className={styles.heading}>
        Plan{(plan || problem) && !isCurrent && ', of what was chosen before'}
      </h3>
      {problem ? (
        <Explanation explanation={problem} />
      ) : plan ? (
        <PlanFacts plan={plan} isNamed={isNamed} />
      ) : (
        <Loading label="Looking at the server and the programs" rows={4} />
      )}
    </section>
  );
}

function PlanFacts({
  plan: { tools, command, path, databaseBytes, freeBytes, warnings },
  isNamed,
}: Pick<PlanViewProps, 'isNamed'> & { plan: BackupPlan }) {
  const isTight = databaseBytes !== null && freeBytes !== null && freeBytes < databaseBytes;
  return (
    <>
      <Copied label="Command" text={command} />
      <Copied label="Path" note={isNamed ? undefined : 'with the time at which it begins'} text={path} />
      <Facts>
        <Fact label="Programs">{visible(toolsWords(tools))}</Fact>
        <Fact label="Database">
          {databaseBytes === null ? (
            <span className={styles.note}>its size may not be seen</span>
          ) : (
            <span title={exactBytes(databaseBytes)}>{bytes(databaseBytes)}</span>
          )}
        </Fact>
        {freeBytes !== null && (
          <Fact label="Free there">
            <span title={exactBytes(freeBytes)}>{bytes(freeBytes)}</span>
            {isTight && ', less than the database takes; compressed, a backup is mostly smaller'}
          </Fact>
        )}
      </Facts>
      {warnings.length > 0 && (
        <ul className={styles.warnings} aria-label="Warnings">
          {warnings.map((warning) => (
            <li key={warning}>
              <SeverityIcon severity="warning" /> <span>{visible(warning)}</span>
            </li>
          ))}
        </ul>
      )}
    </>
  );
}
