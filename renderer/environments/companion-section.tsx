import { Checkbox, Textarea } from '@mantine/core';
import styles from './environment-form.module.css';
import { FormSection } from './form-section.tsx';
import { FormText } from './form-text.tsx';
import type { EnvironmentFormModel } from './use-environment-form.ts';

const examples = [
  'cloud-sql-proxy --port 5433 project:region:instance',
  'kubectl port-forward svc/postgres 5433:5432',
  'docker compose up -d db',
].join('\n');

/** A process that runs while the environment is connected. */
export function CompanionSection({ form }: { form: EnvironmentFormModel }) {
  const { companion, host, port } = form.state;
  const address = host.startsWith('/') ? host : `${host || 'localhost'}:${port || '5432'}`;
  return (
    <FormSection form={form} section="companion" title="Companion command">
      <Checkbox
        name="companion.on"
        label="Run a command while connected"
        description="Started before connecting, started again when it dies, ended after."
        checked={companion.on}
        onChange={(event) => form.set({ companion: { ...companion, on: event.currentTarget.checked } })}
      />
      {companion.on && (
        <>
          <Textarea
            name="companion.command"
            label="Command"
            classNames={{ input: styles.mono ?? '' }}
            placeholder={examples}
            value={companion.command}
            error={form.errors['companion.command']}
            autosize
            minRows={3}
            maxRows={8}
            autoComplete="off"
            spellCheck={false}
            onChange={(event) => form.setText('companion.command', event.currentTarget.value)}
            onBlur={() => form.leave('companion.command')}
          />
          <FormText
            form={form}
            field="companion.folder"
            label="Folder to run it in"
            placeholder="your home folder"
          />
          <div className={styles.pair}>
            <FormText
              form={form}
              field="companion.waitFor"
              label="Wait until this address answers"
              placeholder={address}
            />
            <FormText form={form} field="companion.timeout" label="Timeout, s" inputMode="numeric" />
          </div>
          <FormText
            form={form}
            field="companion.stop"
            label="Command that undoes it"
            classNames={{ input: styles.mono ?? '' }}
            placeholder="docker compose stop db"
            description="Only for commands that end and leave something running."
          />
        </>
      )}
    </FormSection>
  );
}
