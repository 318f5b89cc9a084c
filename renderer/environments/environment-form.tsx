import { Button } from '@mantine/core';
import { useState } from 'react';
import { useLocation } from 'wouter';
import type { Environment } from '../../preload/contract/environments.ts';
import { Explanation } from '../components/explanation.tsx';
import { Inspector } from '../components/inspector.tsx';
import { useEnvironments } from '../shell/environments-provider.tsx';
import { CompanionSection } from './companion-section.tsx';
import { ConnectionFields } from './connection-fields.tsx';
import { EncryptionSection } from './encryption-section.tsx';
import styles from './environment-form.module.css';
import sectionStyles from './form-section.module.css';
import { IdentityFields } from './identity-fields.tsx';
import { MoreSection } from './more-section.tsx';
import { PasswordField } from './password-field.tsx';
import { SaveDecision } from './save-decision.tsx';
import { TestPanel } from './test-panel.tsx';
import { TunnelSection } from './tunnel-section.tsx';
import { useEnvironmentForm } from './use-environment-form.ts';
import { useTest } from './use-test.ts';

interface EnvironmentFormProps {
  /** The one to edit; undefined for a new one. */
  environment: Environment | undefined;
  /** A connection URL to begin with. */
  url: string | undefined;
  onClose: () => void;
}

/** Adds or edits an environment, beside whatever screen is in sight. */
export default function EnvironmentForm({ environment, url, onClose }: EnvironmentFormProps) {
  const { environments } = useEnvironments();
  const [, navigate] = useLocation();
  const form = useEnvironmentForm({
    environment,
    url,
    others: (environments ?? []).filter(({ id }) => id !== environment?.id),
    onSaved: (saved, connects) => {
      onClose();
      if (!environment && connects) navigate(`/environments/${encodeURIComponent(saved.id)}`);
    },
  });
  const test = useTest(form, environment);
  const formId = 'environment-form';
  const [asks, setAsks] = useState(false);
  // What was typed is not thrown away by one key; the same key again goes on with it.
  const close = (): void => {
    if (!form.edited) onClose();
    else if (asks) keepEditing();
    else setAsks(true);
  };
  const keepEditing = (): void => {
    setAsks(false);
    document.querySelector<HTMLElement>(`#${formId} input`)?.focus({ preventScroll: true });
  };

  return (
    <Inspector
      title={environment ? `Edit ${environment.name}` : 'Add an environment'}
      takeFocus
      onClose={close}
      footer={
        asks ? (
          <DiscardBar onKeep={keepEditing} onDiscard={onClose} />
        ) : (
          <>
            <Button onClick={() => (test.running ? test.cancel() : void test.run())}>
              {test.running ? 'Cancel the test' : 'Test'}
            </Button>
            <span className={styles.space} />
            <Button
              loading={form.saving === 'save'}
              disabled={form.saving !== undefined}
              onClick={() => form.save('save')}
            >
              Save
            </Button>
            <Button
              type="submit"
              form={formId}
              variant="filled"
              loading={form.saving === 'connect'}
              disabled={form.saving !== undefined}
            >
              Save and connect
            </Button>
          </>
        )
      }
    >
      <form
        id={formId}
        className={styles.form}
        noValidate
        onSubmit={(event) => {
          event.preventDefault();
          form.save('connect');
        }}
      >
        {form.problem && <Explanation explanation={form.problem} />}
        <ConnectionFields form={form} focusUrl={!environment && url === undefined} />
        <PasswordField form={form} environment={environment} />
        <div className={sectionStyles.sections}>
          <EncryptionSection form={form} />
          <TunnelSection form={form} />
          <CompanionSection form={form} />
          <MoreSection form={form} />
        </div>
        <IdentityFields form={form} />
        <TestPanel test={test} />
      </form>
      {form.asksFor && (
        <SaveDecision
          environment={environment}
          changes={form.asksFor}
          protector={form.protector}
          onConfirm={form.confirmed}
          onClose={form.dropDecision}
        />
      )}
    </Inspector>
  );
}

/** In place of the form's buttons: whether to lose what was typed. */
function DiscardBar({ onKeep, onDiscard }: { onKeep: () => void; onDiscard: () => void }) {
  return (
    <>
      <b role="alert">Discard changes?</b>
      <span className={styles.space} />
      <Button autoFocus onClick={onKeep}>
        Keep editing
      </Button>
      <Button variant="filled" color="red" onClick={onDiscard}>
        Discard
      </Button>
    </>
  );
}
