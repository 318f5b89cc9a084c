import { blockingTree } from '../../preload/contract/blocking-tree.ts';
import type { LockGraph, LockParty } from '../../preload/contract/locks.ts';
import { duration } from '../components/format.ts';
import { sessionStateColors } from '../theme/colors.ts';
import styles from './history.module.css';
import { partyName } from './words.ts';

/** Who waited for whom at one instant, as an indented list: causes first. */
export function PartyTree({ graph }: { graph: LockGraph }) {
  const byPid = new Map(graph.parties.map((party) => [party.pid, party]));
  const lines = blockingTree(graph.parties).lines.flatMap((line) => {
    const party = byPid.get(line.pid);
    return party ? [{ ...line, party }] : [];
  });
  return (
    <ol className={styles.tree}>
      {lines.map(({ key, depth, party, repeated, inCycle }) => (
        <li key={key} style={{ paddingInlineStart: `${Math.min(depth, 8) * 14}px` }}>
          <span className={styles.party}>
            <span
              className={styles.dot}
              style={{ background: party.state ? sessionStateColors[party.state] : 'var(--fine)' }}
              aria-hidden
            />
            <strong>{partyName(party)}</strong>
            {party.pid > 0 && <span className={styles.soft}>{party.pid}</span>}
            <span className={styles.soft}>{repeated ? 'shown above' : said(party, graph.serverNow)}</span>
            {inCycle && <span className={styles.ring}>ring</span>}
          </span>
          {!repeated && party.query && (
            <code className={styles.query} title={party.query} dir="auto">
              {party.query.replace(/\s+/g, ' ')}
            </code>
          )}
        </li>
      ))}
    </ol>
  );
}

function said(party: LockParty, serverNow: number): string {
  const { waitsFor, waitingSince, blockedBy, state, kind, transactionAt, workers } = party;
  const parts: string[] = [];
  if (blockedBy.length === 0) {
    parts.push(kind === 'session' ? (state ?? '') : kind === 'gone' ? 'had ended' : 'has no session');
    if (transactionAt !== null) parts.push(`transaction ${duration(serverNow - transactionAt)} old`);
  } else {
    const since = waitingSince === null ? '' : ` ${duration(serverNow - waitingSince)}`;
    const lock = waitsFor ? ` for ${waitsFor.target}, ${waitsFor.mode.replace(/Lock$/, '')}` : '';
    parts.push(`waits${since}${lock}`);
    if (blockedBy.length > 1) parts.push(`${blockedBy.length} blockers`);
  }
  if (workers > 0) parts.push(`with ${workers} workers`);
  return parts.filter(Boolean).join(' · ');
}
