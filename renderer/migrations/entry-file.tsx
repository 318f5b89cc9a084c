import { Button, SegmentedControl } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import type { MigrationEntry, MigrationTrack } from '../../preload/contract/migrations.ts';
import { CopyButton } from '../components/copy-button.tsx';
import { Explanation } from '../components/explanation.tsx';
import { count } from '../components/format.ts';
import { Loading } from '../components/loading.tsx';
import { client } from '../lib/client.ts';
import { explain } from '../lib/errors.ts';
import styles from './inspector.module.css';

interface EntryFileProps {
  environment: string;
  track: Pick<MigrationTrack, 'key' | 'project'>;
  entry: Pick<MigrationEntry, 'id' | 'file' | 'downFile'>;
}

type Direction = 'up' | 'down';

/** What a migration's file says, in the direction that is chosen. */
export function EntryFile({ environment, track, entry }: EntryFileProps) {
  const hasTwo = entry.file !== null && entry.downFile !== null && entry.downFile !== entry.file;
  const [wanted, setWanted] = useState<Direction>('up');
  const direction: Direction = entry.file === null ? 'down' : hasTwo ? wanted : 'up';
  const hasAny = entry.file !== null || entry.downFile !== null;
  const file = useQuery({
    queryKey: ['migrations', environment, 'file', track.key, entry.id, direction],
    queryFn: ({ signal }) =>
      client.migrations.file({ environment, track: track.key, id: entry.id, direction }, { signal }),
    enabled: hasAny,
  });
  return (
    <section className={styles.file} aria-label="File">
      <div className={styles.bar}>
        {hasTwo ? (
          <SegmentedControl
            aria-label="Direction"
            value={direction}
            onChange={(next) => setWanted(next as Direction)}
            data={[
              { value: 'up', label: 'Up' },
              { value: 'down', label: 'Down' },
            ]}
          />
        ) : (
          <h3 className={styles.heading}>{hasAny && entry.file === null ? 'Down file' : 'File'}</h3>
        )}
        <span className={styles.space} />
        {file.data && <CopyButton text={file.data.text} label="Copy the text" withLabel />}
      </div>
      {!hasAny ? (
        <p className={styles.soft}>
          {track.project
            ? 'The folder holds no file of it.'
            : 'No project’s folder is linked, so there is no file to show.'}
        </p>
      ) : file.isError ? (
        <Explanation
          explanation={explain(file.error)}
          actions={<Button onClick={() => void file.refetch()}>Try again</Button>}
        />
      ) : file.data ? (
        <FileText text={file.data.text} cut={file.data.cut} />
      ) : (
        <Loading label="Reading the file" rows={6} />
      )}
    </section>
  );
}

/** More than this is not drawn: it is copied, or opened where it lies. Characters. */
const mostDrawn = 200_000;

function FileText({ text, cut }: { text: string; cut: boolean }) {
  const drawn = text.slice(0, mostDrawn);
  return (
    <>
      {(cut || drawn.length < text.length) && (
        <p className={styles.cut}>
          The file is long: its first {count(drawn.length)} characters are shown
          {cut ? `, and Copy takes the first ${count(text.length)}` : ', and Copy takes all of it'}.
        </p>
      )}
      {text.trim() === '' ? (
        <p className={styles.soft}>The file is empty.</p>
      ) : (
        // biome-ignore lint/a11y/noNoninteractiveTabindex: a long text is selected and scrolled by keys.
        <pre className={styles.text} tabIndex={0}>
          {drawn}
        </pre>
      )}
    </>
  );
}
