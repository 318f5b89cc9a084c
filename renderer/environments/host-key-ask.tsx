import { Button } from '@mantine/core';
import { IconShieldQuestion } from '@tabler/icons-react';
import { Fragment, type ReactNode, useId, useState } from 'react';
import type { Explanation as ExplanationData } from '../../preload/contract/common.ts';
import type { Ask } from '../../preload/contract/connection.ts';
import { CopyButton } from '../components/copy-button.tsx';
import { Explanation } from '../components/explanation.tsx';
import { client } from '../lib/client.ts';
import { explain } from '../lib/errors.ts';
import styles from './ask.module.css';
import { fingerprintCommand, keyName } from './ask-words.ts';
import { useFirstFocus } from './use-first-focus.ts';

interface HostKeyAskProps {
  ask: Extract<Ask, { kind: 'host-key' }>;
  go: 'test' | 'connect';
  onTrusted: () => Promise<void>;
  onCancel: () => void;
  onEdit: (() => void) | undefined;
}

/** Whether an SSH server that was never seen before is the one it is taken for. */
export function HostKeyAsk({ ask, go, onTrusted, onCancel, onEdit }: HostKeyAskProps) {
  const { host, type, key, fingerprint } = ask;
  const titleId = useId();
  const cancel = useFirstFocus<HTMLButtonElement>();
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState<ExplanationData>();
  const command = fingerprintCommand(type);
  const trust = async (): Promise<void> => {
    setBusy(true);
    setProblem(undefined);
    try {
      await client.environments.trustHost({ host, type, key });
      await onTrusted();
    } catch (error) {
      setProblem(explain(error));
    } finally {
      setBusy(false);
    }
  };
  return (
    <section className={styles.ask} aria-labelledby={titleId}>
      <span className={styles.icon} aria-hidden>
        <IconShieldQuestion size={16} />
      </span>
      <div className={styles.body}>
        <h2 id={titleId} className={styles.title}>
          <bdi>{host}</bdi> is seen for the first time
        </h2>
        <p className={styles.soft}>
          Nothing shows yet that it is the server you mean. Trust its key only when the fingerprint is the one
          that the server itself prints.
        </p>
        <dl className={styles.facts}>
          <dt>{keyName(type)} key</dt>
          <dd>
            <code className={`${styles.code} ${styles.fingerprint}`}>{breakable(fingerprint)}</code>
            <CopyButton text={fingerprint} label="Copy the fingerprint" />
          </dd>
          <dt>On that server</dt>
          <dd>
            <code className={styles.code}>{command}</code>
            <CopyButton text={command} label="Copy the command" />
          </dd>
        </dl>
        {problem && <Explanation explanation={problem} />}
        <div className={styles.actions}>
          <Button ref={cancel} onClick={onCancel}>
            Cancel
          </Button>
          <Button variant="filled" loading={busy} onClick={trust}>
            {go === 'test' ? 'Trust this key and test' : 'Trust this key and connect'}
          </Button>
          {onEdit && <Button onClick={onEdit}>Edit the environment</Button>}
        </div>
      </div>
    </section>
  );
}

/** A fingerprint that may go on in the next line after every four characters. */
function breakable(fingerprint: string): ReactNode {
  return fingerprint.match(/.{1,4}/g)?.map((part, index) => (
    // biome-ignore lint/suspicious/noArrayIndexKey: parts of one text, which never change places.
    <Fragment key={index}>
      {part}
      <wbr />
    </Fragment>
  ));
}
