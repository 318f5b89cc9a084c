import { Button } from '@mantine/core';
import { IconPlayerStop, IconSkull } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import type { Backend, BackendDetail } from '../../preload/contract/activity.ts';
import { CopyButton } from '../components/copy-button.tsx';
import { Explanation } from '../components/explanation.tsx';
import { exactBytes } from '../components/format.ts';
import { Inspector } from '../components/inspector.tsx';
import { RowGone } from '../components/table/row.tsx';
import { client } from '../lib/client.ts';
import { explain } from '../lib/errors.ts';
import { pidWord } from './columns.tsx';
import styles from './inspector.module.css';
import { Facts } from './inspector-facts.tsx';
import { Locks } from './locks.tsx';
import { SessionState } from './session-state.tsx';
import { backendKey } from './share.ts';
import type { Signals } from './use-signals.tsx';

interface BackendInspectorProps {
  environment: string;
  /** As the newest sample has it; as it last was when it is gone. */
  backend: Backend;
  gone: boolean;
  /** False: nothing new can be asked of the server. */
  connected: boolean;
  /** pids that wait for it directly. */
  blocks: readonly number[];
  /** pids that there is something to show of. */
  known: (pid: number) => boolean;
  onWalk: (pid: number) => void;
  signals: Signals;
  onClose: () => void;
}

/** Everything about one backend: its whole statement, times, client, locks, and who it waits for and holds up. */
export function BackendInspector(props: BackendInspectorProps) {
  const { environment, backend, gone, connected, blocks, known, onWalk, signals, onClose } = props;
  const detail = useQuery({
    queryKey: ['activity', environment, 'detail', backendKey(backend)],
    queryFn: () =>
      client.activity.detail({
        environment,
        backend: { pid: backend.pid, backendStart: backend.backendStart },
      }),
    enabled: !gone && connected,
    refetchInterval: 5000,
    retry: false,
  });
  return (
    <Inspector
      title={`Backend ${backend.pid}`}
      aside={<SessionState state={backend.state} />}
      onClose={onClose}
      footer={
        <>
          <Button
            leftSection={<IconPlayerStop size={14} />}
            disabled={gone || signals.refused !== undefined}
            {...(signals.refused === undefined ? {} : { title: signals.refused })}
            onClick={() => signals.ask('cancel', [backend])}
          >
            Cancel statement
          </Button>
          <Button
            variant="outline"
            color="red"
            leftSection={<IconSkull size={14} />}
            disabled={gone || signals.refused !== undefined}
            {...(signals.refused === undefined ? {} : { title: signals.refused })}
            onClick={() => signals.ask('terminate', [backend])}
          >
            Terminate
          </Button>
          {signals.refused && <span className={styles.refused}>{signals.refused}</span>}
        </>
      }
    >
      <div className={styles.sections}>
        {gone && <p className={styles.gone}>This session has ended. What follows is how it last was.</p>}
        <Statement backend={backend} detail={detail.data} />
        {(backend.blockedBy.length > 0 || blocks.length > 0) && (
          <section className={styles.section}>
            <h3 className={styles.heading}>Blocking</h3>
            <Pids label="Blocked by" pids={backend.blockedBy} known={known} onWalk={onWalk} />
            <Pids label="Blocks" pids={blocks} known={known} onWalk={onWalk} />
          </section>
        )}
        <RowGone value={gone}>
          <Facts backend={backend} detail={detail.data} />
        </RowGone>
        {detail.isError && !gone && connected && (
          <Explanation explanation={explain(detail.error)} severity="notice" />
        )}
        <Locks detail={detail.data} loading={detail.isLoading && !gone} />
      </div>
    </Inspector>
  );
}

function Statement({ backend, detail }: { backend: Backend; detail: BackendDetail | undefined }) {
  const text = detail?.query ?? backend.query;
  const running = backend.state === 'active' || backend.state === 'waiting';
  return (
    <section className={styles.section}>
      <div className={styles.line}>
        <h3 className={styles.heading}>{running ? 'Statement' : 'Last statement'}</h3>
        {text && <CopyButton text={text} label="Copy the statement" />}
      </div>
      {backend.state === 'hidden' ? (
        <p className={styles.soft}>This role may not see what other roles' sessions do.</p>
      ) : text ? (
        // biome-ignore lint/a11y/noNoninteractiveTabindex: a long statement scrolls, and the keyboard must reach it.
        <pre className={styles.query} dir="auto" tabIndex={0}>
          {text}
          {!detail && backend.queryCut && '…'}
        </pre>
      ) : (
        <p className={styles.soft}>None yet.</p>
      )}
      {detail?.truncatedByServer && (
        <p className={styles.truncated}>
          The server keeps {exactBytes(detail.trackActivityQuerySize)} of a statement
          (track_activity_query_size), so its end may be missing. Do not run it again as it stands.
        </p>
      )}
    </section>
  );
}

interface PidsProps {
  label: string;
  pids: readonly number[];
  known: (pid: number) => boolean;
  onWalk: (pid: number) => void;
}

function Pids({ label, pids, known, onWalk }: PidsProps) {
  if (pids.length === 0) return null;
  return (
    <div className={styles.pids}>
      <span className={styles.soft}>{label}</span>
      {pids.map((pid) =>
        known(pid) ? (
          <button key={pid} type="button" className={styles.pid} onClick={() => onWalk(pid)}>
            {pid}
          </button>
        ) : (
          <span key={pid}>{pidWord(pid)}</span>
        ),
      )}
    </div>
  );
}
