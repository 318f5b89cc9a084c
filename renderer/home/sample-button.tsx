import { Button } from '@mantine/core';
import { useState } from 'react';
import { SampleControl } from '../sample/sample-control.tsx';
import { useSampleJob } from '../sample/sample-provider.tsx';
import { useSampleStatus } from '../sample/use-sample-status.ts';
import styles from './home.module.css';

/** Starts the sample server at once and stops it after a second press: stopping ends a server. */
export function SampleButton() {
  const status = useSampleStatus();
  const { progress, stop } = useSampleJob();
  const [asks, setAsks] = useState(false);
  const [busy, setBusy] = useState(false);
  if (progress || status?.state !== 'running') return <SampleControl />;
  if (!asks) return <Button onClick={() => setAsks(true)}>Stop sample server</Button>;
  const close = (): void => setAsks(false);
  return (
    <fieldset
      className={styles.asks}
      onKeyDown={(event) => {
        if (event.key !== 'Escape') return;
        event.preventDefault();
        close();
      }}
    >
      <legend className="visually-hidden">Stop the sample server? Its data stay.</legend>
      <span aria-hidden>Stop it? Its data stay.</span>
      <Button autoFocus onClick={close}>
        Cancel
      </Button>
      <Button
        variant="filled"
        color="red"
        loading={busy}
        onClick={async () => {
          setBusy(true);
          await stop();
          setBusy(false);
          close();
        }}
      >
        Stop sample server
      </Button>
    </fieldset>
  );
}
