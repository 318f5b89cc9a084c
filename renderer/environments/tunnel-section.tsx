import { Checkbox, NativeSelect } from '@mantine/core';
import type { Tunnel } from '../../preload/contract/connection.ts';
import styles from './environment-form.module.css';
import { FormSection } from './form-section.tsx';
import { FormText } from './form-text.tsx';
import type { EnvironmentFormModel } from './use-environment-form.ts';

const ways: { value: Tunnel['auth']; label: string }[] = [
  { value: 'auto', label: 'Agent, keys, password' },
  { value: 'agent', label: 'Agent only' },
  { value: 'key', label: 'Key file only' },
  { value: 'password', label: 'Password only' },
];

/** The SSH server to go through. Its password or passphrase is asked for when it is needed. */
export function TunnelSection({ form }: { form: EnvironmentFormModel }) {
  const { tunnel } = form.state;
  return (
    <FormSection form={form} section="tunnel" title="SSH tunnel">
      <Checkbox
        name="tunnel.on"
        label="Connect through an SSH server"
        description="Host and port above are then as that server sees them."
        checked={tunnel.on}
        onChange={(event) => form.set({ tunnel: { ...tunnel, on: event.currentTarget.checked } })}
      />
      {tunnel.on && (
        <>
          <div className={styles.pair}>
            <FormText
              form={form}
              field="tunnel.host"
              label="SSH host"
              placeholder="bastion.example.com, or an alias"
            />
            <FormText form={form} field="tunnel.port" label="Port" inputMode="numeric" placeholder="22" />
          </div>
          <div className={styles.halves}>
            <FormText form={form} field="tunnel.user" label="User" placeholder="this account's name" />
            <NativeSelect
              name="tunnel.auth"
              label="Authentication"
              data={ways}
              value={tunnel.auth}
              onChange={(event) =>
                form.set({ tunnel: { ...tunnel, auth: event.currentTarget.value as Tunnel['auth'] } })
              }
            />
          </div>
          {(tunnel.auth === 'auto' || tunnel.auth === 'key') && (
            <FormText
              form={form}
              field="tunnel.keyFile"
              label="Key file"
              placeholder={tunnel.auth === 'key' ? '~/.ssh/id_ed25519' : 'the usual ones in ~/.ssh'}
            />
          )}
          <FormText
            form={form}
            field="tunnel.jump"
            label="Jump hosts"
            placeholder="ada@first.example.com:22,second"
            description="To pass on the way, first to last."
          />
          <p className={styles.note}>
            What is left empty is taken from <code>~/.ssh/config</code>, then from OpenSSH's defaults. A
            password or a passphrase is asked for when it is needed.
          </p>
        </>
      )}
    </FormSection>
  );
}
