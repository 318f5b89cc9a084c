import { Button, Checkbox, PasswordInput } from '@mantine/core';
import { useEffect, useRef, useState } from 'react';
import type { Environment } from '../../preload/contract/environments.ts';
import { notifyProblem } from '../components/notify.tsx';
import { useConsoleInfo } from '../console/use-console-info.ts';
import { client } from '../lib/client.ts';
import { explain } from '../lib/errors.ts';
import styles from './password-form.module.css';

/** Asks for a password right where it is missing, and connects with it. It comes anew after each attempt. */
export function PasswordForm({ environment }: { environment: Environment }) {
  const input = useRef<HTMLInputElement>(null);
  // An attempt takes the form away and with it the focus; whoever is elsewhere by then stays there.
  useEffect(() => {
    if (document.activeElement === document.body) input.current?.focus({ preventScroll: true });
  }, []);
  const keychain = useConsoleInfo()?.keychain.available ?? false;
  const [password, setPassword] = useState('');
  const [remember, setRemember] = useState(true);
  const [busy, setBusy] = useState(false);

  const connect = async (): Promise<void> => {
    setBusy(true);
    try {
      await client.environments.connect({
        environment: environment.id,
        password: { password, remember: remember && keychain },
      });
    } catch (error) {
      notifyProblem(explain(error), { environment });
    } finally {
      setBusy(false);
    }
  };
  return (
    <form
      className={styles.form}
      onSubmit={(event) => {
        event.preventDefault();
        void connect();
      }}
    >
      <PasswordInput
        ref={input}
        aria-label={`Password of ${environment.connection.user}`}
        placeholder={`Password of ${environment.connection.user}`}
        value={password}
        onChange={(event) => setPassword(event.currentTarget.value)}
        autoComplete="off"
        className={styles.password ?? ''}
      />
      <Button type="submit" variant="filled" loading={busy} disabled={password === ''}>
        Connect
      </Button>
      {keychain ? (
        <Checkbox
          label="Keep in the keychain"
          checked={remember}
          onChange={(event) => setRemember(event.currentTarget.checked)}
        />
      ) : (
        <span className={styles.note}>There is no keychain: it stays in memory for this run.</span>
      )}
    </form>
  );
}
