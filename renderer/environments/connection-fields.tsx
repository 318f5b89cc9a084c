import { TextInput } from '@mantine/core';
import styles from './environment-form.module.css';
import { FormText } from './form-text.tsx';
import type { EnvironmentFormModel } from './use-environment-form.ts';

/** Where the server is: as a URL or by fields, each filling the other while one types. */
export function ConnectionFields({ form, focusUrl }: { form: EnvironmentFormModel; focusUrl: boolean }) {
  const { state, errors } = form;
  const service = state.parameters.service.trim();
  const placeholder = service ? `from service ${service}` : undefined;
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
        <FormText form={form} field="host" label="Host or socket folder" placeholder={placeholder} />
        <FormText form={form} field="port" label="Port" placeholder={service ? 'service' : undefined} />
      </div>
      <div className={styles.halves}>
        <FormText form={form} field="database" label="Database" placeholder={placeholder} />
        <FormText form={form} field="user" label="User" placeholder={placeholder} />
      </div>
    </>
  );
}
