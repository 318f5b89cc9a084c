import { Loader } from '@mantine/core';
import { IconAlertTriangle, IconArrowForwardUp } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import type { Backend, Impact, SignalResult } from '../../preload/contract/activity.ts';
import type { Environment } from '../../preload/contract/environments.ts';
import { ConfirmDialog } from '../components/confirm-dialog.tsx';
import { Explanation } from '../components/explanation.tsx';
import { plural } from '../components/format.ts';
import { client } from '../lib/client.ts';
import { explain } from '../lib/errors.ts';
import { Age } from './age.tsx';
import { oneLine, pidWord } from './columns.tsx';
import { SessionState } from './session-state.tsx';
import styles from './signal.module.css';
import { freesTogether, type Signal, signalWords } from './signals.ts';

interface SignalDialogProps {
  environment: Environment;
  /** Nothing can be sent while it is false; what is hit may have changed. */
  connected: boolean;
  signal: Signal;
  /** As they were when the dialog was asked for. */
  backends: readonly Backend[];
  onResult: (result: SignalResult) => void;
  onClose: () => void;
}

/** Says who and what a signal hits and what it sets free, as the server stands now, and asks whether to send it. */
export function SignalDialog(props: SignalDialogProps) {
  const { environment, connected, signal, backends, onResult, onClose } = props;
  const refs = backends.map(({ pid, backendStart }) => ({ pid, backendStart }));
  const impact = useQuery({
    queryKey: ['activity', environment.id, 'impact', signal, refs],
    queryFn: () => client.activity.impact({ environment: environment.id, signal, backends: refs }),
    staleTime: 0,
    gcTime: 0,
    retry: false,
  });
  const words = signalWords[signal];
  const what = words.act(refs.length);
  const found = impact.data?.backends.filter((each) => each.found).length ?? 0;

  return (
    <ConfirmDialog
      title={`${what} on ${environment.name}`}
      environment={environment}
      action={what}
      destructive={signal === 'terminate'}
      undo={words.undo}
      ready={connected && impact.isSuccess && found > 0}
      onConfirm={async (confirm) => {
        const input = {
          environment: environment.id,
          backends: refs,
          ...(confirm === undefined ? {} : { confirm }),
        };
        const result =
          signal === 'cancel' ? await client.activity.cancel(input) : await client.activity.terminate(input);
        onResult(result);
      }}
      onClose={onClose}
    >
      {impact.isPending && (
        <p className={styles.asking}>
          <Loader size={14} /> Looking at who is hit
        </p>
      )}
      {!connected && (
        <p className={styles.warning}>
          <IconAlertTriangle size={13} aria-hidden />
          Howdah is not connected to {environment.name}.
        </p>
      )}
      {impact.isError && <Explanation explanation={explain(impact.error)} />}
      {impact.data && <ImpactList impact={impact.data} backends={backends} signal={signal} />}
    </ConfirmDialog>
  );
}

function ImpactList({
  impact,
  backends,
  signal,
}: {
  impact: Impact;
  backends: readonly Backend[];
  signal: Signal;
}) {
  const gone = impact.backends.filter(({ found }) => !found);
  const free = freesTogether(impact);
  const known = new Map(backends.map((backend) => [backend.pid, backend]));
  return (
    <>
      <ul className={styles.list}>
        {impact.backends
          .filter(({ found }) => found)
          .map((each) => (
            <Hit key={each.pid} hit={each} backend={known.get(each.pid)} />
          ))}
      </ul>
      {free.length > 0 && (
        <p className={styles.free}>
          <IconArrowForwardUp size={14} aria-hidden />
          <span>
            {plural(free.length, 'backend waits', 'backends wait')} behind{' '}
            {impact.backends.length === 1 ? 'it' : 'them'}
            {signal === 'cancel' ? ' and may go on if the statement holds the lock' : ' and may go on'}:{' '}
            {list(free.map(String))}
          </span>
        </p>
      )}
      {gone.length > 0 && (
        <p className={styles.gone}>
          {plural(gone.length, 'chosen backend is', 'chosen backends are')} gone already:{' '}
          {list(gone.map(({ pid }) => pidWord(pid)))}
        </p>
      )}
    </>
  );
}

function Hit({ hit, backend }: { hit: Impact['backends'][number]; backend: Backend | undefined }) {
  return (
    <li className={styles.hit}>
      <div className={styles.who}>
        <span className={styles.pid}>{hit.pid}</span>
        <span className={styles.name} dir="auto" title={hit.who}>
          {hit.who}
        </span>
      </div>
      {backend && (
        <div className={styles.state}>
          <SessionState state={backend.state} />
          {backend.transactionAt !== null && (
            <span>
              transaction open for <Age since={backend.transactionAt} long />
            </span>
          )}
        </div>
      )}
      {backend?.query ? (
        <code className={styles.query} dir="auto">
          {oneLine(backend.query)}
        </code>
      ) : (
        <span className={styles.gone}>{hit.what}</span>
      )}
      {hit.warnings.map((warning) => (
        <span key={warning} className={styles.warning}>
          <IconAlertTriangle size={13} aria-hidden />
          {warning}
        </span>
      ))}
    </li>
  );
}

/** The first few, and how many more. */
function list(items: readonly string[]): string {
  const most = 12;
  const rest = items.length - most;
  return rest > 0 ? `${items.slice(0, most).join(', ')} and ${rest} more` : items.join(', ');
}
