import { Button } from '@mantine/core';
import { IconHourglass, IconUsers } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import type { Episode } from '../../preload/contract/locks.ts';
import { CopyButton } from '../components/copy-button.tsx';
import { Explanation } from '../components/explanation.tsx';
import { dateTime, duration, plural } from '../components/format.ts';
import { Inspector } from '../components/inspector.tsx';
import { Fact, Facts, Section } from '../components/inspector-parts.tsx';
import { Loading } from '../components/loading.tsx';
import { client } from '../lib/client.ts';
import { explain } from '../lib/errors.ts';
import styles from './history.module.css';
import { PartyTree } from './party-tree.tsx';
import { endOf, lastedMs, partyName } from './words.ts';

interface EpisodeInspectorProps {
  environment: string;
  id: number;
  /** As the list has it; undefined where it is not in it. */
  listed: Episode | undefined;
  connected: boolean;
  /** Shows the root's session among the live ones. */
  onSession: (pid: number) => void;
  /** Shows what sessions waited for meanwhile. */
  onZoom: (span: readonly [number, number]) => void;
  onClose: () => void;
}

/** One blocking episode: the tree when most waited, who stood in the way, and how it ended. */
export function EpisodeInspector(props: EpisodeInspectorProps) {
  const { environment, id, listed, connected, onSession, onZoom, onClose } = props;
  const query = useQuery({
    queryKey: ['locks', environment, 'episode', id, listed?.lastSeen, listed?.end],
    queryFn: () => client.locks.episode({ environment, id }),
    placeholderData: (before) => (before?.id === id ? before : undefined),
    retry: false,
  });
  const episode = query.data ?? listed;
  return (
    <Inspector
      title={episode ? `Behind ${partyName(episode.root)}` : 'Blocking episode'}
      onClose={onClose}
      footer={
        episode && (
          <>
            <Button
              leftSection={<IconHourglass size={14} />}
              onClick={() => onZoom([episode.began - 30_000, (episode.ended ?? episode.lastSeen) + 30_000])}
            >
              Zoom to it
            </Button>
            <Button
              leftSection={<IconUsers size={14} />}
              disabled={!connected || episode.root.kind !== 'session'}
              onClick={() => onSession(episode.root.pid)}
            >
              Look for its session
            </Button>
          </>
        )
      }
    >
      {query.isError && <Explanation explanation={explain(query.error)} />}
      {query.isPending && <Loading label="Loading the episode" rows={6} />}
      {episode && (
        <>
          <Facts>
            <Fact label="Began">{dateTime(episode.began)}</Fact>
            <Fact label="Lasted">{duration(lastedMs(episode))}</Fact>
            <Fact label="End">{endOf(episode, Date.now(), connected).full}</Fact>
            <Fact label="Most waiting">{plural(episode.mostWaiters, 'session')}</Fact>
            <Fact label="Longest wait">{duration(episode.longestWaitMs)}</Fact>
            <Fact label="All waits">{duration(episode.waitedMs)}</Fact>
            {episode.locks.length > 0 && (
              <Fact label="Waited for">
                {episode.locks.map(({ target, mode, waiters }) => (
                  <span key={`${target} ${mode}`} className={styles.lock}>
                    <code>{target}</code> {mode.replace(/Lock$/, '')}
                    <span className={styles.soft}> × {waiters}</span>
                  </span>
                ))}
              </Fact>
            )}
          </Facts>
          <Section title="Root">
            <Facts>
              {episode.root.pid > 0 && <Fact label="pid">{episode.root.pid}</Fact>}
              {episode.root.gid !== null && <Fact label="Prepared as">{episode.root.gid}</Fact>}
              <Fact label="User">{episode.root.user ?? 'unknown'}</Fact>
              <Fact label="Database">{episode.root.database ?? 'unknown'}</Fact>
              {episode.root.application && <Fact label="Application">{episode.root.application}</Fact>}
              {episode.root.client && <Fact label="Client">{episode.root.client}</Fact>}
              {episode.root.state && <Fact label="State">{episode.root.state}</Fact>}
              {episode.root.transactionAt !== null && (
                <Fact label="Transaction">since {dateTime(episode.root.transactionAt)}</Fact>
              )}
              {episode.root.queryId !== null && <Fact label="Query id">{episode.root.queryId}</Fact>}
            </Facts>
            {episode.root.query && (
              <div className={styles.statement}>
                {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a long statement scrolls, and the keyboard must reach it. */}
                <pre dir="auto" tabIndex={0}>
                  {episode.root.query}
                  {episode.root.queryCut && '…'}
                </pre>
                <CopyButton text={episode.root.query} label="Copy the statement" />
              </div>
            )}
          </Section>
          {query.data && (
            <Section title="When most waited">
              <p className={styles.soft}>{dateTime(query.data.worst.at)}</p>
              <PartyTree graph={query.data.worst} />
              {query.data.leftOut > 0 && (
                <p className={styles.soft}>and {plural(query.data.leftOut, 'session')} more, not kept</p>
              )}
            </Section>
          )}
        </>
      )}
    </Inspector>
  );
}
