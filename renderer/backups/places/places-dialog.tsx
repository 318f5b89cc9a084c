import { Button } from '@mantine/core';
import { IconCheck, IconPlus } from '@tabler/icons-react';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useId, useState } from 'react';
import type { Bucket } from '../../../preload/contract/backup-places.ts';
import type { Explanation as ExplanationData } from '../../../preload/contract/common.ts';
import decision from '../../components/confirm-dialog.module.css';
import { Dialog } from '../../components/dialog.tsx';
import { Explanation } from '../../components/explanation.tsx';
import { Loading } from '../../components/loading.tsx';
import { client } from '../../lib/client.ts';
import { explain } from '../../lib/errors.ts';
import { visible } from '../../migrations/words.ts';
import styles from '../dialogs.module.css';
import { placesKey } from '../use-backups.ts';
import { PlaceForm } from './place-form.tsx';

/** Buckets that backups go to, beside folders. */
export default function PlacesDialog({ onClose }: { onClose: () => void }) {
  const titleId = useId();
  const queries = useQueryClient();
  /** `new`, or the id of the one that is changed. */
  const [edited, setEdited] = useState<string>();
  const places = useQuery({
    queryKey: placesKey,
    queryFn: ({ signal }) => client.backups.places.list(undefined, { signal }),
  });
  const again = (): void => void queries.invalidateQueries({ queryKey: placesKey });
  return (
    <Dialog labelledBy={titleId} className={styles.wide} onClose={onClose}>
      <div className={styles.dialog}>
        <header className={decision.header}>
          <h2 id={titleId} className={decision.title}>
            Buckets for backups
          </h2>
        </header>
        <div className={styles.body}>
          {edited === undefined ? (
            <>
              {places.error && <Explanation explanation={explain(places.error)} />}
              {places.isPending && <Loading label="Loading the buckets" rows={3} />}
              {places.data?.length === 0 && (
                <p>There is none. A bucket of S3, or of what speaks like it, takes backups beside folders.</p>
              )}
              {places.data && places.data.length > 0 && (
                <ul className={styles.list} aria-label="Buckets">
                  {places.data.map((bucket) => (
                    <Place
                      key={bucket.id}
                      bucket={bucket}
                      onEdit={() => setEdited(bucket.id)}
                      onGone={again}
                    />
                  ))}
                </ul>
              )}
            </>
          ) : (
            <PlaceForm
              bucket={places.data?.find(({ id }) => id === edited)}
              onSaved={() => {
                again();
                setEdited(undefined);
              }}
              onBack={() => setEdited(undefined)}
            />
          )}
        </div>
        {edited === undefined && (
          <footer className={decision.footer}>
            <Button
              className={styles.start ?? ''}
              leftSection={<IconPlus size={14} />}
              onClick={() => setEdited('new')}
            >
              Add a bucket…
            </Button>
            <Button data-autofocus onClick={onClose}>
              Close
            </Button>
          </footer>
        )}
      </div>
    </Dialog>
  );
}

interface PlaceProps {
  bucket: Bucket;
  onEdit: () => void;
  onGone: () => void;
}

function Place({ bucket, onEdit, onGone }: PlaceProps) {
  const [busy, setBusy] = useState<'test' | 'remove'>();
  const [asks, setAsks] = useState(false);
  const [isFine, setFine] = useState(false);
  const [problem, setProblem] = useState<ExplanationData>();
  const attempt = async (what: 'test' | 'remove', act: () => Promise<void>): Promise<void> => {
    setBusy(what);
    setFine(false);
    setProblem(undefined);
    try {
      await act();
    } catch (error) {
      setProblem(explain(error));
    } finally {
      setBusy(undefined);
    }
  };
  const test = () =>
    attempt('test', async () => {
      const { ok, problem: found } = await client.backups.places.test({ id: bucket.id });
      setFine(ok);
      setProblem(found);
    });
  const remove = () =>
    attempt('remove', async () => {
      await client.backups.places.remove({ id: bucket.id });
      onGone();
    });
  return (
    <>
      <li className={styles.item}>
        <span>
          <b className={styles.name}>{visible(bucket.name)}</b>{' '}
          <bdi className={styles.mono}>
            {visible(`${bucket.endpoint ?? 'Amazon S3'} ${bucket.bucket}/${bucket.prefix}`)}
          </bdi>{' '}
          {isFine && (
            <span role="status">
              <IconCheck size={14} aria-hidden /> Works
            </span>
          )}
        </span>
        {asks ? (
          <>
            <span role="alert">What lies in it stays.</span>
            <Button autoFocus onClick={() => setAsks(false)}>
              Cancel
            </Button>
            <Button variant="filled" color="red" loading={busy === 'remove'} onClick={() => void remove()}>
              Remove from the list
            </Button>
          </>
        ) : (
          <>
            <Button aria-label={`Test ${bucket.name}`} loading={busy === 'test'} onClick={() => void test()}>
              Test
            </Button>
            <Button aria-label={`Change ${bucket.name}`} onClick={onEdit}>
              Change…
            </Button>
            <Button aria-label={`Remove ${bucket.name}`} onClick={() => setAsks(true)}>
              Remove…
            </Button>
          </>
        )}
      </li>
      {problem && (
        <li className={styles.item}>
          <Explanation explanation={problem} plain />
        </li>
      )}
    </>
  );
}
