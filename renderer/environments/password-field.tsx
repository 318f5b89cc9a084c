import { Button, Checkbox, PasswordInput } from '@mantine/core';
import { IconKey } from '@tabler/icons-react';
import { useState } from 'react';
import type { Environment } from '../../preload/contract/environments.ts';
import { notifyDone, notifyProblem } from '../components/notify.tsx';
import { useConsoleInfo } from '../console/use-console-info.ts';
import { client } from '../lib/client.ts';
import { explain } from '../lib/errors.ts';
import styles from './environment-form.module.css';
import { connectionOf } from './form-connection.ts';
import { passwordIsForElsewhere } from './form-state.ts';
import type { EnvironmentFormModel } from './use-environment-form.ts';

const places: Record<Environment['password'], string> = {
  keychain: 'Stored in the keychain.',
  memory: 'In memory for this run only.',
  sample: 'Known to the sample server.',
  none: '',
};

interface PasswordFieldProps {
  form: EnvironmentFormModel;
  environment: Environment | undefined;
}

/** Takes a password. A stored one is never shown; it can be replaced or forgotten. */
export function PasswordField({ form, environment }: PasswordFieldProps) {
  const [replacing, setReplacing] = useState(false);
  const [forgotten, setForgotten] = useState(false);
  const stored = environment !== undefined && environment.password !== 'none' && !forgotten;
  const elsewhere = stored && passwordIsForElsewhere(environment, connectionOf(form.state));

  if (stored && !replacing && !elsewhere) {
    const forget = async (): Promise<void> => {
      try {
        await client.environments.forgetPassword({ environment: environment.id });
        setForgotten(true);
        notifyDone('The password is forgotten.', { environment });
      } catch (error) {
        notifyProblem(explain(error), { environment });
      }
    };
    return (
      <div>
        <div className={styles.label}>Password</div>
        <div className={styles.stored}>
          <IconKey size={14} stroke={1.75} aria-hidden />
          {places[environment.password]}
          {environment.password !== 'sample' && (
            <>
              <Button onClick={() => setReplacing(true)}>Replace</Button>
              <Button onClick={forget}>Forget</Button>
            </>
          )}
        </div>
      </div>
    );
  }
  return (
    <div>
      <PasswordInput
        name="password"
        label="Password"
        value={form.state.password}
        error={form.errors.password}
        autoComplete="new-password"
        data-autofocus={replacing || undefined}
        onChange={(event) => form.set({ password: event.currentTarget.value })}
      />
      {elsewhere && (
        <p className={styles.note}>
          The stored password is for the connection as it was saved: the same server and role, the same way
          there, and at least as much proof of who the server is. It is not sent to this one; enter it again.
        </p>
      )}
      {!elsewhere && form.state.passwordFor && form.state.password === '' && (
        <p className={styles.note}>
          The password that came with the URL before was for another connection and is not sent to this one;
          enter the one for this.
        </p>
      )}
      <KeepChoice form={form} />
    </div>
  );
}

function KeepChoice({ form }: { form: EnvironmentFormModel }) {
  const keychain = useConsoleInfo()?.keychain;
  if (keychain && !keychain.available) {
    return (
      <p className={styles.note} title={keychain.detail}>
        There is no keychain here: the password stays in memory for this run.
      </p>
    );
  }
  return (
    <Checkbox
      mt={8}
      label="Keep in the keychain"
      description={form.remember ? undefined : 'It stays in memory for this run only.'}
      checked={form.remember}
      onChange={(event) => form.setRemember(event.currentTarget.checked)}
    />
  );
}
