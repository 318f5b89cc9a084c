import type { ReactNode } from 'react';
import type {
  AgeLimits,
  LeftoverIndex,
  MaintenanceStatus,
  Operation,
  XminHolder,
} from '../../preload/contract/maintenance.ts';
import { CopyButton } from '../components/copy-button.tsx';
import { count, percent, plural, shortCount } from '../components/format.ts';
import { Progress } from '../components/progress.tsx';
import { SeverityIcon } from '../components/severity-icon.tsx';
import { TimeAgo } from '../components/time-ago.tsx';
import { visible } from '../migrations/words.ts';
import styles from './maintenance.module.css';

/** One of the boxes above the table; what is in it may be more than it shows. */
function Panel({ label, children }: { label: string; children: ReactNode }) {
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reached by the keyboard.
    <section className={styles.panel} aria-label={label} tabIndex={0}>
      {children}
    </section>
  );
}

/** How old the server's worst database is, on the way to where nothing can be written any more. */
export function Ages({ databases, xid, multixact }: MaintenanceStatus) {
  const worst = (of: 'xidAge' | 'multixactAge') =>
    databases.reduce((most, one) => (one[of] > most[of] ? one : most), databases[0] ?? nobody);
  const oldest = worst('xidAge');
  return (
    <Panel label="Ages">
      <header className={styles.panelHead}>
        <h2>Ages</h2>
        <span className={styles.soft}>of the way to the stop</span>
      </header>
      <Gauge label="Transactions" age={oldest.xidAge} limits={xid} />
      <Gauge label="Multixacts" age={worst('multixactAge').multixactAge} limits={multixact} />
      <p className={styles.entry}>
        <span className={styles.soft}>
          Oldest: <bdi>{visible(oldest.database)}</bdi>. Vacuum is forced from {shortCount(xid.forced)} on
          {xid.failsafe !== null && `, failsafe from ${shortCount(xid.failsafe)}`}.
        </span>
      </p>
    </Panel>
  );
}

const nobody = { database: '', xidAge: 0, multixactAge: 0, share: 0 };

function Gauge({ label, age, limits }: { label: string; age: number; limits: AgeLimits }) {
  const share = age / limits.stop;
  const severity = share >= 0.8 ? 'bad' : share >= 0.5 ? 'warning' : undefined;
  return (
    <div className={styles.gauge} title={`${count(age)} of ${count(limits.stop)}`}>
      <span>{label}</span>
      <span className={styles.gaugeTrack} data-severity={severity} aria-hidden>
        <span style={{ width: `${Math.min(1, share) * 100}%` }} />
        <i style={{ left: `${(limits.forced / limits.stop) * 100}%` }} />
      </span>
      <span className={styles.number}>{percent(share)}</span>
    </div>
  );
}

/** Fewer transactions than this, and younger than that in ms, somebody's snapshot is an ordinary one. */
const worthTelling = { age: 1000, ms: 60_000 };

export function Holders({ holders, at }: Pick<MaintenanceStatus, 'holders' | 'at'>) {
  const old = holders.filter(
    ({ age, since, kind }) =>
      kind !== 'session' || age > worthTelling.age || (since !== null && at - since > worthTelling.ms),
  );
  return (
    <Panel label="Who holds dead rows back">
      <header className={styles.panelHead}>
        <h2>Who holds dead rows back</h2>
        {old.length > 0 && <span className={styles.soft}>{count(old.length)}</span>}
      </header>
      {old.length === 0 ? (
        <p className={styles.soft}>Nobody: no old transaction, slot, prepared transaction or standby.</p>
      ) : (
        old.map((holder) => <Holder key={`${holder.kind} ${holder.name}`} holder={holder} />)
      )}
    </Panel>
  );
}

function Holder({ holder }: { holder: XminHolder }) {
  const { kind, name, age, since, user, application, database, state, remedy, statement } = holder;
  return (
    <div className={styles.entry} title={remedy}>
      <SeverityIcon severity={age > 1_000_000 ? 'warning' : 'notice'} />
      <b>
        {kind === 'session' ? `Process ${name}` : `${kind.charAt(0).toUpperCase()}${kind.slice(1)}`}
        {kind !== 'session' && <bdi> {visible(name)}</bdi>}
      </b>
      <span className={styles.number}>{plural(age, 'transaction')}</span>
      {since !== null && <TimeAgo at={since} as="age" />}
      <span className={styles.soft}>
        <bdi>{visible([user, application, database, state].filter(Boolean).join(', '))}</bdi>
      </span>
      {statement !== null && <CopyButton text={statement} label="Copy the statement that ends it" />}
    </div>
  );
}

export function Operations({ operations }: { operations: readonly Operation[] | undefined }) {
  return (
    <Panel label="Running now">
      <header className={styles.panelHead}>
        <h2>Running now</h2>
        {operations && operations.length > 0 && (
          <span className={styles.soft}>{count(operations.length)}</span>
        )}
      </header>
      {!operations ? (
        <p className={styles.soft}>Looking</p>
      ) : operations.length === 0 ? (
        <p className={styles.soft}>No vacuum, analyze, index build, rewrite, copy or base backup.</p>
      ) : (
        operations.map((one) => <Running key={`${one.kind} ${one.pid}`} operation={one} />)
      )}
    </Panel>
  );
}

function Running({ operation }: { operation: Operation }) {
  const { command, relation, database, phase, meaning, done, total, since, auto, blockedBy, pid } = operation;
  return (
    <div className={styles.operation} title={meaning}>
      <p className={styles.entry}>
        <b>{command}</b>
        <bdi>{visible(relation ?? database ?? '')}</bdi>
        {auto && <span className={styles.soft}>autovacuum</span>}
        <span className={styles.soft}>{phase ?? 'hidden from this role'}</span>
        {total !== null && done !== null && (
          <span className={styles.number}>{percent(Math.min(1, done / total))}</span>
        )}
        {since !== null && <TimeAgo at={since} as="age" />}
        <span className={styles.soft}>process {pid}</span>
        {blockedBy.length > 0 && <b>waits for {blockedBy.join(', ')}</b>}
      </p>
      <Progress done={done ?? 0} total={total ?? 0} label={`${command} ${relation ?? ''}`} />
    </div>
  );
}

interface LeftoversProps {
  leftovers: readonly LeftoverIndex[];
  onDrop: (index: LeftoverIndex) => void;
}

/** What REINDEX CONCURRENTLY left behind. */
export function Leftovers({ leftovers, onDrop }: LeftoversProps) {
  if (leftovers.length === 0) return null;
  return (
    <div className={styles.notes}>
      {leftovers.map((one) => (
        <p key={`${one.schema}.${one.name}`} className={styles.entry} data-severity="warning" role="status">
          <SeverityIcon severity="warning" />
          <span>
            <bdi>{visible(`${one.schema}.${one.name}`)}</bdi> was left behind by a REINDEX CONCURRENTLY on{' '}
            <bdi>{visible(one.table)}</bdi>: no query uses it, and every write keeps it up.
          </span>
          <button type="button" className={styles.link} onClick={() => onDrop(one)}>
            Drop it…
          </button>
        </p>
      ))}
    </div>
  );
}
