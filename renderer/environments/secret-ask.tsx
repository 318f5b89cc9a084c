import { Button, Checkbox, PasswordInput } from '@mantine/core';
import { IconKey } from '@tabler/icons-react';
import { type KeyboardEvent, useId, useState } from 'react';
import type { Explanation as ExplanationData } from '../../preload/contract/common.ts';
import type { Ask, TypedSecret } from '../../preload/contract/connection.ts';
import { useConsoleInfo } from '../console/use-console-info.ts';
import styles from './ask.module.css';
import { secretWords } from './ask-words.ts';
import { isTyping, useFirstFocus } from './use-first-focus.ts';

interface SecretAskProps {
  ask: Extract<Ask, { kind: 'secret' }>;
  problem: ExplanationData | undefined;
  go: 'test' | 'connect';
  onSecret: (secret: TypedSecret) => Promise<void>;
  onCancel: () => void;
  onEdit: (() => void) | undefined;
}

/**
 * Asks for a password or a passphrase on the way to a server, where it is needed. It is no form of its own: it
 * may stand inside of one.
 */
export function SecretAsk({ ask, problem, go, onSecret, onCancel, onEdit }: SecretAskProps) {
  const keychain = useConsoleInfo()?.keychain.available ?? false;
  const input = useFirstFocus<HTMLInputElement>();
  const titleId = useId();
  const [value, setValue] = useState('');
  const [remember, setRemember] = useState(true);
  const [busy, setBusy] = useState(false);
  const words = secretWords(ask);
  const isPassphrase = ask.secret !== 'ssh-password';
  const answer = async (): Promise<void> => {
    if (value === '' || busy) return;
    setBusy(true);
    await onSecret({ kind: ask.secret, of: ask.of, value, remember: remember && keychain });
    setBusy(false);
    setValue('');
    if (!isTyping()) input.current?.focus();
  };
  const onEnter = (event: KeyboardEvent): void => {
    if (event.key !== 'Enter') return;
    event.preventDefault();
    void answer();
  };
  return (
    <section className={styles.ask} aria-labelledby={titleId}>
      <span className={styles.icon} aria-hidden>
        <IconKey size={16} />
      </span>
      <div className={styles.body}>
        <div>
          <h2 id={titleId} className={styles.title}>
            {problem?.what ??
              (isPassphrase ? 'A key wants its passphrase.' : 'The SSH server wants a password.')}
          </h2>
          {problem?.why && <p className={styles.soft}>{problem.why}</p>}
        </div>
        <PasswordInput
          ref={input}
          classNames={{ wrapper: styles.input ?? '' }}
          label={words}
          value={value}
          error={
            ask.wasWrong && (isPassphrase ? 'The last one did not open it.' : 'The last one was refused.')
          }
          autoComplete="off"
          onChange={(event) => setValue(event.currentTarget.value)}
          onKeyDown={onEnter}
        />
        {keychain ? (
          <Checkbox
            label="Keep in the keychain"
            checked={remember}
            onChange={(event) => setRemember(event.currentTarget.checked)}
          />
        ) : (
          <p className={styles.soft}>There is no keychain: it stays in memory for this run.</p>
        )}
        <div className={styles.actions}>
          <Button onClick={onCancel}>Cancel</Button>
          <Button variant="filled" disabled={value === ''} loading={busy} onClick={answer}>
            {go === 'test' ? 'Go on with the test' : 'Connect'}
          </Button>
          {onEdit && <Button onClick={onEdit}>Edit the environment</Button>}
        </div>
      </div>
    </section>
  );
}
