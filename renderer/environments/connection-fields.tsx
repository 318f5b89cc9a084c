import { NativeSelect, TextInput } from '@mantine/core';
import type { SslMode } from '../../preload/contract/environments.ts';
import styles from './environment-form.module.css';
import type { FormField } from './form-state.ts';
import { sslModes, sslModeWords } from './ssl-modes.ts';
import type { EnvironmentFormModel } from './use-environment-form.ts';

/** Where the server is: as a URL or by fields, each filling the other while one types. */
export function ConnectionFields({ form, focusUrl }: { form: EnvironmentFormModel; focusUrl: boolean }) {
  const { state, errors } = form;
  const text = (field: FormField & ('host' | 'port' | 'database' | 'user')) => ({
    name: field,
    value: state[field],
    error: errors[field],
    autoComplete: 'off',
    spellCheck: false,
    onChange: (event: { currentTarget: HTMLInputElement }) =>
      form.set({ [field]: event.currentTarget.value }),
    onBlur: () => form.leave(field),
  });
  const parameters = Object.entries(state.parameters);
  return (
    <>
      <TextInput
        name="url"
        label="Connection URL"
        placeholder="postgres://user@host:5432/database"
        value={state.url}
        error={errors.url}
        autoComplete="off"
        spellCheck={false}
        data-autofocus={focusUrl || undefined}
        onChange={(event) => form.setUrl(event.currentTarget.value)}
        onBlur={() => {
          form.settleUrl();
          form.leave('url');
        }}
      />
      <div className={styles.pair}>
        <TextInput label="Host or socket folder" {...text('host')} />
        <TextInput label="Port" inputMode="numeric" {...text('port')} />
      </div>
      <div className={styles.halves}>
        <TextInput label="Database" {...text('database')} />
        <TextInput label="User" {...text('user')} />
      </div>
      <NativeSelect
        name="sslmode"
        label="Encryption (sslmode)"
        data={sslModes}
        value={state.sslmode}
        error={errors.sslmode}
        description={sslModeWords[state.sslmode]}
        inputWrapperOrder={['label', 'input', 'description', 'error']}
        onChange={(event) => form.set({ sslmode: event.currentTarget.value as SslMode })}
      />
      {parameters.length > 0 && (
        <p className={styles.note}>
          Further parameters of the URL:{' '}
          <code>{parameters.map(([name, value]) => `${name}=${value}`).join(' ')}</code>
        </p>
      )}
    </>
  );
}
