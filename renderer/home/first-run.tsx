import { Button, TextInput } from '@mantine/core';
import { IconDatabasePlus, IconFileImport, IconFlask } from '@tabler/icons-react';
import { useState } from 'react';
import { parseConnectionUrl, UrlProblem } from '../../preload/contract/connection-url.ts';
import { SampleProgressCard } from '../sample/sample-progress.tsx';
import { useSampleJob } from '../sample/sample-provider.tsx';
import { useActions } from '../shell/actions.tsx';
import { Mark } from '../shell/rail/mark.tsx';
import styles from './first-run.module.css';

/** The home screen before there is any environment: four ways to begin. */
export function FirstRun() {
  const { add, importFrom } = useActions();
  const sample = useSampleJob();
  return (
    <div className={styles.page}>
      <div className={styles.column}>
        <header className={styles.header}>
          <Mark size={32} />
          <h2 className={styles.title}>Begin with a PostgreSQL server</h2>
          <p className={styles.text}>
            An environment is one database on one server, with a name, a colour and a protection. Howdah
            watches all of them at once.
          </p>
        </header>
        <PasteUrl onUrl={add} />
        <div className={styles.ways}>
          <section className={styles.way}>
            <h3>
              <IconDatabasePlus size={16} stroke={1.75} /> Your own server
            </h3>
            <p className={styles.text}>
              By fields or a connection URL, tested step by step before it is saved.
            </p>
            <Button onClick={() => add()}>Add an environment</Button>
          </section>
          <section className={styles.way}>
            <h3>
              <IconFileImport size={16} stroke={1.75} /> Already in a file
            </h3>
            <p className={styles.text}>
              From .env and compose files, pg_service.conf, DBeaver, pgAdmin, DbGate, or a colleague's Howdah.
              Or drop the files here.
            </p>
            <Button onClick={() => importFrom()}>Import connections</Button>
          </section>
          <section className={styles.way}>
            <h3>
              <IconFlask size={16} stroke={1.75} /> Only looking
            </h3>
            <p className={styles.text}>
              A private PostgreSQL on this machine with five sample systems and a gentle workload.
            </p>
            {sample.progress ? (
              <SampleProgressCard />
            ) : (
              <Button onClick={sample.start}>Explore with a sample server</Button>
            )}
          </section>
        </div>
      </div>
    </div>
  );
}

function PasteUrl({ onUrl }: { onUrl: (url: string) => void }) {
  const [url, setUrl] = useState('');
  const [problem, setProblem] = useState<string>();
  const go = (text: string): void => {
    try {
      parseConnectionUrl(text);
      onUrl(text.trim());
      setUrl('');
      setProblem(undefined);
    } catch (error) {
      if (!(error instanceof UrlProblem)) throw error;
      setProblem(error.message);
    }
  };
  return (
    <form
      className={styles.url}
      onSubmit={(event) => {
        event.preventDefault();
        go(url);
      }}
    >
      <TextInput
        className={styles.field ?? ''}
        aria-label="Connection URL"
        placeholder="Paste a connection URL: postgres://user@host:5432/database"
        value={url}
        error={problem}
        spellCheck={false}
        autoComplete="off"
        onChange={(event) => {
          setUrl(event.currentTarget.value);
          setProblem(undefined);
        }}
        onPaste={(event) => {
          const text = event.clipboardData.getData('text');
          if (!/^\s*postgres(ql)?:\/\//.test(text)) return;
          event.preventDefault();
          go(text);
        }}
      />
      <Button type="submit" variant="filled" disabled={url.trim() === ''}>
        Go on
      </Button>
    </form>
  );
}
