import { Button } from '@mantine/core';
import { IconKey, IconKeyOff, IconLock } from '@tabler/icons-react';
import { useEffect, useId, useRef, useState } from 'react';
import type { Explanation as ExplanationData } from '../../preload/contract/common.ts';
import type { Keychain } from '../../preload/contract/secrets.ts';
import decision from '../components/confirm-dialog.module.css';
import { Dialog } from '../components/dialog.tsx';
import { Explanation } from '../components/explanation.tsx';
import { plural } from '../components/format.ts';
import { Loading } from '../components/loading.tsx';
import { notifyDone, takeBack } from '../components/notify.tsx';
import { client } from '../lib/client.ts';
import { explain } from '../lib/errors.ts';
import { type EntryGroup, entryGroups, orphans } from './entries.ts';
import styles from './keychain-dialog.module.css';
import { lockedNotice } from './locked-notice.tsx';
import { useKeychain } from './use-keychain.ts';

const states = {
  open: { word: 'Open', Icon: IconKey },
  locked: { word: 'Locked', Icon: IconLock },
  none: { word: 'None', Icon: IconKeyOff },
} as const;

/** What Howdah keeps in the keychain of the system, never the secrets themselves; unlocking and cleaning up. */
export default function KeychainDialog({ onClose }: { onClose: () => void }) {
  const { keychain, error, again, put } = useKeychain();
  const [asks, setAsks] = useState(false);
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState<ExplanationData>();
  const titleId = useId();
  const left = orphans(keychain?.entries ?? []);

  const attempt = async (act: () => Promise<void>): Promise<void> => {
    setBusy(true);
    setProblem(undefined);
    try {
      await act();
    } catch (error) {
      setProblem(explain(error));
    } finally {
      setBusy(false);
      setAsks(false);
    }
  };
  const unlock = (): Promise<void> =>
    attempt(async () => {
      const now = await client.secrets.unlock();
      put(now);
      if (now.state !== 'locked') takeBack(lockedNotice);
      else setProblem(stillLocked);
    });
  const cleanUp = (): Promise<void> =>
    attempt(async () => {
      const { removed } = await client.secrets.cleanUp();
      notifyDone(`Removed ${plural(removed, 'entry', 'entries')} from the keychain.`, { id: 'keychain' });
      await again();
    });
  const shown = problem ?? (error ? explain(error) : undefined);

  return (
    <Dialog labelledBy={titleId} onClose={onClose}>
      <div className={styles.keychain}>
        <header className={decision.header}>
          <h2 id={titleId} className={decision.title}>
            Keychain
          </h2>
          {keychain && <StateBadge state={keychain.state} />}
        </header>
        <div className={styles.body}>
          {shown && <Explanation explanation={shown} />}
          {keychain ? (
            <>
              <p>
                {keychain.state === 'open' ? keychain.detail : stateSentences[keychain.state]}{' '}
                <span className={styles.soft}>
                  {keychain.state === 'open' ? stateSentences.open : keychain.detail}
                </span>
              </p>
              {keychain.state === 'open' && <Entries groups={entryGroups(keychain.entries)} />}
            </>
          ) : (
            !shown && <Loading label="Looking into the keychain" rows={3} />
          )}
        </div>
        <footer className={`${decision.footer} ${styles.foot}`}>
          {asks ? (
            <Asks count={left} busy={busy} onKeep={() => setAsks(false)} onRemove={cleanUp} />
          ) : (
            <>
              {left > 0 && keychain?.state === 'open' && (
                <Button className={styles.start ?? ''} onClick={() => setAsks(true)}>
                  Remove {entriesOfRemoved(left)}
                </Button>
              )}
              {error && <Button onClick={() => void again()}>Try again</Button>}
              <Button data-autofocus autoFocus onClick={onClose}>
                Close
              </Button>
              {keychain?.state === 'locked' && (
                <Button variant="filled" loading={busy} onClick={unlock}>
                  Unlock
                </Button>
              )}
            </>
          )}
        </footer>
      </div>
    </Dialog>
  );
}

const stateSentences: Record<Keychain['state'], string> = {
  open: 'They are in no file of Howdah and are never shown.',
  locked:
    'Passwords that are kept in it can’t be read until it is unlocked. It was asked once; Howdah does not ask again by itself.',
  none: 'There is no keychain here. Passwords stay in memory for this run, and are asked for again after the next start.',
};

const stillLocked: ExplanationData = {
  what: 'The keychain is still locked.',
  why: 'The system’s question was closed without the password, or nobody answered it.',
  next: 'Press Unlock again and answer the question of the system, or unlock it with the system’s own tool.',
  cause: 'keychain-locked',
};

function StateBadge({ state }: { state: Keychain['state'] }) {
  const { word, Icon } = states[state];
  return (
    <span className={styles.state} data-state={state}>
      <Icon size={14} stroke={1.75} aria-hidden /> {word}
    </span>
  );
}

function Entries({ groups }: { groups: readonly EntryGroup[] }) {
  if (groups.length === 0) return <p className={styles.soft}>Howdah keeps nothing in it yet.</p>;
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: a list that scrolls must be reached by the keyboard.
    <section className={styles.list} aria-label="Entries" tabIndex={0}>
      {groups.map(({ environment, entries }) => (
        <section
          key={environment ?? ''}
          className={styles.group}
          data-gone={environment === null || undefined}
        >
          <h3 className={styles.name}>
            {environment === null ? 'Of removed environments' : <bdi>{environment}</bdi>}
          </h3>
          <ul className={styles.entries}>
            {entries.map(({ account, what }) => (
              <li key={account} title={account}>
                <span dir="auto">{what}</span>
                {environment === null && <bdi className={styles.account}>{account}</bdi>}
              </li>
            ))}
          </ul>
        </section>
      ))}
    </section>
  );
}

interface AsksProps {
  count: number;
  busy: boolean;
  onKeep: () => void;
  onRemove: () => void;
}

/** In place of the buttons: whether to remove what can't be brought back. The focus starts on Cancel. */
function Asks({ count, busy, onKeep, onRemove }: AsksProps) {
  const cancel = useRef<HTMLButtonElement>(null);
  useEffect(() => cancel.current?.focus(), []);
  return (
    <>
      <b className={styles.start} role="alert">
        Remove {entriesOfRemoved(count)}? They can’t be brought back.
      </b>
      <Button ref={cancel} onClick={onKeep}>
        Cancel
      </Button>
      <Button variant="filled" color="red" loading={busy} onClick={onRemove}>
        Remove {plural(count, 'entry', 'entries')}
      </Button>
    </>
  );
}

function entriesOfRemoved(count: number): string {
  return `${plural(count, 'entry', 'entries')} of removed environments`;
}
