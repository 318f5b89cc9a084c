import { NativeSelect } from '@mantine/core';
import type { SslMode } from '../../preload/contract/connection.ts';
import styles from './environment-form.module.css';
import { FormSection } from './form-section.tsx';
import { FormText } from './form-text.tsx';
import { sslModes, sslModeWords } from './ssl-modes.ts';
import type { EnvironmentFormModel } from './use-environment-form.ts';

const bindings = [
  { value: '', label: 'prefer (the default)' },
  { value: 'disable', label: 'disable' },
  { value: 'prefer', label: 'prefer' },
  { value: 'require', label: 'require' },
];

/** How the connection is encrypted and what is checked. Only what the mode makes use of is asked for. */
export function EncryptionSection({ form }: { form: EnvironmentFormModel }) {
  const { sslmode, parameters } = form.state;
  const service = parameters.service.trim();
  const checks = sslmode === 'verify-ca' || sslmode === 'verify-full';
  const encrypts = sslmode !== 'disable';
  const modes = service
    ? [
        { value: '', label: `from service ${service}` },
        ...sslModes.map((mode) => ({ value: mode, label: mode })),
      ]
    : sslModes;
  return (
    <FormSection form={form} section="encryption" title="Encryption">
      <NativeSelect
        name="sslmode"
        label="Mode (sslmode)"
        data={modes}
        value={sslmode}
        error={form.errors.sslmode}
        description={sslmode ? sslModeWords[sslmode] : undefined}
        inputWrapperOrder={['label', 'input', 'description', 'error']}
        onChange={(event) => form.set({ sslmode: event.currentTarget.value as SslMode | '' })}
      />
      {(checks || parameters.sslrootcert) && (
        <FormText
          form={form}
          field="parameters.sslrootcert"
          label="Root certificate (sslrootcert)"
          placeholder="/path/to/root.crt"
          description="A file with the authorities to trust, or the word system for this machine's own."
        />
      )}
      {(encrypts || parameters.sslcert || parameters.sslkey) && (
        <div className={styles.halves}>
          <FormText
            form={form}
            field="parameters.sslcert"
            label="Client certificate (sslcert)"
            placeholder="/path/to/client.crt"
          />
          <FormText
            form={form}
            field="parameters.sslkey"
            label="Its key (sslkey)"
            placeholder="/path/to/client.key"
          />
        </div>
      )}
      {(encrypts || parameters.channel_binding) && (
        <NativeSelect
          name="parameters.channel_binding"
          label="Channel binding"
          data={bindings}
          value={parameters.channel_binding}
          error={form.errors['parameters.channel_binding']}
          onChange={(event) => form.setText('parameters.channel_binding', event.currentTarget.value)}
        />
      )}
    </FormSection>
  );
}
