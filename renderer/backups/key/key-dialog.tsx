import { Button, PasswordInput } from '@mantine/core';
import { IconDownload } from '@tabler/icons-react';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useId, useState } from 'react';
import type { Explanation as ExplanationData } from '../../../preload/contract/common.ts';
import decision from '../../components/confirm-dialog.module.css';
import { CopyButton } from '../../components/copy-button.tsx';
import { Dialog } from '../../components/dialog.tsx';
import { Explanation } from '../../components/explanation.tsx';
import { Loading } from '../../components/loading.tsx';
import { notifyDone } from '../../components/notify.tsx';
import { useConsoleInfo } from '../../console/use-console-info.ts';
import { download } from '../../imports/download.ts';
import { client } from '../../lib/client.ts';
import { explain } from '../../lib/errors.ts';
import styles from '../dialogs.module.css';
import { Copied } from '../inspect/backup-facts.tsx';
import { recipientKey } from '../use-backups.ts';

/** The key that backups are encrypted with: its public half, a copy of the secret one, and taking another console's. */
export default function KeyDialog({ onClose }: { onClose: () => void }) {
  const titleId = useId();
  const queries = useQueryClient();
  const [shown, setShown] = useState<string>();
  const [taken, setTaken] = useState('');
  const [busy, setBusy] = useState<'reveal' | 'take'>();
  const [problem, setProblem] = useState<ExplanationData>();
  const key = useQuery({
    queryKey: recipientKey,
    queryFn: ({ signal }) => client.backups.key(undefined, { signal }),
  });
  const recipient = key.data?.recipient ?? null;
  const keychain = useConsoleInfo()?.keychain;
  const attempt = async (what: 'reveal' | 'take', act: () => Promise<void>): Promise<void> => {
    setBusy(what);
    setProblem(undefined);
    try {
      await act();
    } catch (error) {
      setProblem(explain(error));
    } finally {
      setBusy(undefined);
    }
  };
  const reveal = () =>
    attempt('reveal', async () => {
      const revealed = await client.backups.revealKey();
      setShown(revealed.identity);
      queries.setQueryData(recipientKey, { recipient: revealed.recipient });
    });
  const take = () =>
    attempt('take', async () => {
      queries.setQueryData(recipientKey, await client.backups.takeKey({ identity: taken }));
      setTaken('');
      setShown(undefined);
      notifyDone('The key is taken. Backups are encrypted with it from now on.');
    });

  return (
    <Dialog labelledBy={titleId} onClose={onClose}>
      <div className={styles.dialog}>
        <header className={decision.header}>
          <h2 id={titleId} className={decision.title}>
            Key that backups are encrypted with
          </h2>
        </header>
        <div className={styles.body}>
          {key.error && <Explanation explanation={explain(key.error)} />}
          {key.isPending ? (
            <Loading label="Looking into the keychain" rows={2} />
          ) : recipient === null ? (
            !key.error && (
              <p>
                There is none yet. It is made with the first backup that is encrypted by it, or when a copy is
                saved.
              </p>
            )
          ) : (
            <Copied label="Recipient" text={recipient} />
          )}
          {keychain?.available === false && (
            <Explanation
              severity="warning"
              explanation={{
                cause: 'keychain-missing',
                what: 'No key can be kept here.',
                why: keychain.detail,
                next: 'Encrypt with a passphrase, or start Howdah where there is a keychain.',
              }}
            />
          )}
          <p>
            The recipient is public: it closes backups. The key opens them. It is in the keychain of this
            machine alone, and <b>whoever loses it never opens one of these backups again</b>; whoever has it
            opens all of them.
          </p>
          {shown === undefined ? (
            <div>
              <Button
                loading={busy === 'reveal'}
                disabled={keychain?.available === false}
                onClick={() => void reveal()}
              >
                Save a copy of the key…
              </Button>
            </div>
          ) : (
            <Revealed identity={shown} onHide={() => setShown(undefined)} />
          )}
          <form
            className={styles.line}
            onSubmit={(event) => {
              event.preventDefault();
              if (taken.trim() !== '') void take();
            }}
          >
            <PasswordInput
              className={styles.grow ?? ''}
              label="Take another console’s key"
              description={
                recipient === null
                  ? 'It opens that console’s backups.'
                  : 'It takes the place of the one above: save a copy of that first.'
              }
              placeholder="AGE-SECRET-KEY-1…"
              value={taken}
              onChange={({ currentTarget }) => setTaken(currentTarget.value)}
              autoComplete="off"
            />
            <Button
              type="submit"
              loading={busy === 'take'}
              disabled={taken.trim() === '' || keychain?.available === false}
            >
              Take it
            </Button>
          </form>
          {problem && <Explanation explanation={problem} />}
        </div>
        <footer className={decision.footer}>
          <Button data-autofocus onClick={onClose}>
            Close
          </Button>
        </footer>
      </div>
    </Dialog>
  );
}

function Revealed({ identity, onHide }: { identity: string; onHide: () => void }) {
  return (
    <section aria-label="The key">
      <Explanation
        severity="warning"
        explanation={{
          cause: 'key-shown',
          what: 'This is the secret key.',
          why: 'Who reads it can open every backup that was encrypted with it.',
          next: 'Keep it where this machine’s loss does not reach: in a password manager, or on paper in a safe.',
        }}
      />
      <pre className={styles.secret}>{identity}</pre>
      <div className={styles.line}>
        <CopyButton text={identity} label="Copy the key" withLabel />
        <Button
          variant="subtle"
          color="gray"
          leftSection={<IconDownload size={14} />}
          onClick={() => download('howdah-backup-key.txt', `${identity}\n`, 'text/plain')}
        >
          Save as a file
        </Button>
        <Button variant="subtle" color="gray" onClick={onHide}>
          Hide
        </Button>
      </div>
    </section>
  );
}
