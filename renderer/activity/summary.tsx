import { Tooltip } from '@mantine/core';
import { memo } from 'react';
import type { SessionState } from '../../preload/contract/activity.ts';
import { count } from '../components/format.ts';
import { sessionStateColors, sessionStateWords } from '../theme/colors.ts';
import { StateIcon, shortStateWords, statesByUrgency } from './session-state.tsx';
import styles from './summary.module.css';

interface SummaryProps {
  /** Client sessions of the whole server. */
  clients: Readonly<Record<SessionState, number>>;
  maxConnections: number;
  reservedConnections: number;
}

/** One bar of the whole server: its sessions by state, drawn against max_connections. */
export const ConnectionsBar = memo(function ConnectionsBar(props: SummaryProps) {
  const { clients, maxConnections, reservedConnections } = props;
  const sessions = statesByUrgency.reduce((sum, state) => sum + clients[state], 0);
  const limit = Math.max(maxConnections, sessions, 1);
  const share = sessions / limit;
  const severity = share >= 0.95 ? 'bad' : share >= 0.8 ? 'warning' : undefined;
  const said = statesByUrgency
    .filter((state) => clients[state] > 0)
    .map((state) => `${clients[state]} ${sessionStateWords[state].toLowerCase()}`)
    .join(', ');
  return (
    <Tooltip
      label={`${said || 'No sessions'}; ${reservedConnections} of the ${maxConnections} are reserved`}
      multiline
      maw={420}
    >
      <div className={styles.connections}>
        <div
          className={styles.bar}
          role="img"
          aria-label={`${sessions} of ${maxConnections} connections in use: ${said}. ${reservedConnections} are reserved.`}
        >
          {statesByUrgency.map(
            (state) =>
              clients[state] > 0 && (
                <span
                  key={state}
                  className={styles.segment}
                  style={{
                    width: `${(clients[state] / limit) * 100}%`,
                    background: sessionStateColors[state],
                  }}
                />
              ),
          )}
          <span className={styles.reserved} style={{ width: `${(reservedConnections / limit) * 100}%` }} />
        </div>
        <span className={styles.usage} data-severity={severity}>
          <strong>{count(sessions)}</strong> of {count(maxConnections)}
          <span className={styles.unit}> connections</span>
        </span>
      </div>
    </Tooltip>
  );
});

interface StateChipsProps {
  byState: Readonly<Record<SessionState, number>>;
  chosen: ReadonlySet<SessionState>;
  /** Whether the counts are lower bounds. */
  atLeast: boolean;
  onToggle: (state: SessionState) => void;
}

const seldom: ReadonlySet<SessionState> = new Set(['other', 'hidden', 'aborted']);

/** The states as filters, each with how many sessions it would show. */
export function StateChips({ byState, chosen, atLeast, onToggle }: StateChipsProps) {
  return (
    // biome-ignore lint/a11y/useSemanticElements: a fieldset brings a frame of its own.
    <div className={styles.chips} role="group" aria-label="Show only sessions in state">
      {statesByUrgency
        .filter((state) => byState[state] > 0 || chosen.has(state) || !seldom.has(state))
        .map((state) => {
          const lower = atLeast && state !== 'hidden';
          return (
            <button
              key={state}
              type="button"
              className={styles.chip}
              aria-pressed={chosen.has(state)}
              data-none={byState[state] === 0 || undefined}
              title={`${sessionStateWords[state]}${lower ? ': at least so many; the state of some sessions is not visible' : ''}`}
              onClick={() => onToggle(state)}
            >
              <StateIcon state={state} />
              <span className={styles.word}>{shortStateWords[state]}</span>
              <span className={styles.count}>
                {lower && <span aria-hidden>≥ </span>}
                {lower && <span className="visually-hidden">at least </span>}
                {count(byState[state])}
              </span>
            </button>
          );
        })}
    </div>
  );
}
