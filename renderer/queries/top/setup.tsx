import type { StatementsState } from '../../../preload/contract/queries.ts';
import { CopyButton } from '../../components/copy-button.tsx';
import { Explanation } from '../../components/explanation.tsx';
import styles from './top.module.css';

const providers: Record<StatementsState['provider'], string> = {
  own: '',
  rds: 'This looks like Amazon RDS or Aurora; the steps are for it.',
  cloudsql: 'This looks like Google Cloud SQL; the steps are for it.',
  azure: 'This looks like Azure Database for PostgreSQL; the steps are for it.',
};

/** Nothing is counted or can be read there: why, and the steps to it in order. */
export function Setup({ state }: { state: StatementsState }) {
  const [limit] = state.limits;
  const provider = providers[state.provider];
  return (
    <div className={styles.setup}>
      <div className={styles.setupBody}>
        {limit && (
          <Explanation
            explanation={{ cause: limit.cause, what: limit.what, why: limit.why, next: '' }}
            severity="notice"
          />
        )}
        <h2>What to do</h2>
        {provider && <p className={styles.soft}>{provider}</p>}
        <ol className={styles.steps}>
          {state.steps.map(({ text, command }) => (
            <li key={text}>
              {text}
              {command && (
                <div className={styles.command}>
                  <code>{command}</code>
                  <CopyButton text={command} label="Copy the command" />
                </div>
              )}
            </li>
          ))}
        </ol>
        <p className={styles.soft}>
          This screen looks again every half a minute, and begins to keep history as soon as it can.
        </p>
      </div>
    </div>
  );
}
