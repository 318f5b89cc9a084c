import { ActionIcon, Button, NativeSelect, TextInput } from '@mantine/core';
import { IconPlus, IconX } from '@tabler/icons-react';
import { useRef } from 'react';
import styles from './environment-form.module.css';
import type { ExtraParameter } from './form-fields.ts';
import { FormSection } from './form-section.tsx';
import { FormText } from './form-text.tsx';
import type { EnvironmentFormModel } from './use-environment-form.ts';

const kinds = [
  { value: '', label: 'any (the default)' },
  { value: 'read-write', label: 'read-write: takes writes' },
  { value: 'read-only', label: 'read-only: takes none' },
  { value: 'primary', label: 'primary' },
  { value: 'standby', label: 'standby' },
  { value: 'prefer-standby', label: 'prefer-standby: a standby if there is one' },
  { value: 'any', label: 'any' },
];

/** Parameters of libpq that few environments need. */
export function MoreSection({ form }: { form: EnvironmentFormModel }) {
  const { parameters, host } = form.state;
  return (
    <FormSection form={form} section="more" title="More">
      {(host.includes(',') || parameters.target_session_attrs) && (
        <NativeSelect
          name="parameters.target_session_attrs"
          label="Which of the hosts (target_session_attrs)"
          data={kinds}
          value={parameters.target_session_attrs}
          error={form.errors['parameters.target_session_attrs']}
          onChange={(event) => form.setText('parameters.target_session_attrs', event.currentTarget.value)}
        />
      )}
      <FormText
        form={form}
        field="parameters.service"
        label="Service"
        placeholder="a name in pg_service.conf"
        description="Fields that are left empty are taken from it at each connection."
      />
      <div className={styles.halves}>
        <FormText
          form={form}
          field="parameters.connect_timeout"
          label="connect_timeout, s"
          inputMode="numeric"
          placeholder="10"
        />
        <FormText
          form={form}
          field="parameters.pool_max_conns"
          label="pool_max_conns"
          inputMode="numeric"
          placeholder="4"
        />
      </div>
      <div className={styles.halves}>
        <FormText
          form={form}
          field="parameters.application_name"
          label="application_name"
          placeholder="howdah"
        />
        <FormText form={form} field="parameters.options" label="options" placeholder="-c search_path=app" />
      </div>
      <ExtraParameters form={form} />
    </FormSection>
  );
}

/** Any other parameter, by name and value. */
function ExtraParameters({ form }: { form: EnvironmentFormModel }) {
  const { extra } = form.state;
  const list = useRef<HTMLFieldSetElement>(null);
  const setAt = (index: number, change: Partial<ExtraParameter>): void =>
    form.set({ extra: extra.map((one, at) => (at === index ? { ...one, ...change } : one)) });
  const focusLater = (selector: string): void => {
    requestAnimationFrame(() => list.current?.querySelector<HTMLElement>(selector)?.focus());
  };
  const add = (): void => {
    form.set({ extra: [...extra, { name: '', value: '' }] });
    focusLater(`[name="extra.${extra.length}"]`);
  };
  const remove = (index: number): void => {
    form.set({ extra: extra.toSpliced(index, 1) });
    focusLater('[data-add]');
  };
  return (
    <fieldset className={styles.set} ref={list}>
      <legend className={styles.label}>Other parameters</legend>
      <div className={styles.extras}>
        {extra.map(({ name, value }, index) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: a row is its place; its name changes as it is typed.
          <div key={index} className={styles.extra}>
            <TextInput
              name={`extra.${index}`}
              aria-label={`Name of parameter ${index + 1}`}
              placeholder="name"
              value={name}
              error={form.errors[`extra.${index}`] !== undefined}
              aria-describedby={`extra-problem-${index}`}
              autoComplete="off"
              spellCheck={false}
              onChange={(event) => setAt(index, { name: event.currentTarget.value })}
              onBlur={() => form.leave(`extra.${index}`)}
            />
            <TextInput
              aria-label={`Value of ${name || `parameter ${index + 1}`}`}
              placeholder="value"
              value={value}
              autoComplete="off"
              spellCheck={false}
              onChange={(event) => setAt(index, { value: event.currentTarget.value })}
              onBlur={() => form.leave(`extra.${index}`)}
            />
            <ActionIcon
              aria-label={`Remove ${name || `parameter ${index + 1}`}`}
              onClick={() => remove(index)}
            >
              <IconX size={14} />
            </ActionIcon>
            {form.errors[`extra.${index}`] && (
              <p id={`extra-problem-${index}`} className={styles.extraProblem}>
                {form.errors[`extra.${index}`]}
              </p>
            )}
          </div>
        ))}
        <Button data-add leftSection={<IconPlus size={14} />} onClick={add} className={styles.add ?? ''}>
          Add a parameter
        </Button>
      </div>
    </fieldset>
  );
}
