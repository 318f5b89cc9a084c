import { Button, Checkbox, PasswordInput, TextInput } from '@mantine/core';
import { IconCheck } from '@tabler/icons-react';
import { useState } from 'react';
import type { Bucket } from '../../../preload/contract/backup-places.ts';
import type { Explanation as ExplanationData } from '../../../preload/contract/common.ts';
import { Explanation } from '../../components/explanation.tsx';
import { client } from '../../lib/client.ts';
import { errorField, explain } from '../../lib/errors.ts';
import styles from '../dialogs.module.css';
import { type PlaceForm as Form, formOf, placeFaults, sentOf } from './place-draft.ts';

interface PlaceFormProps {
  /** Undefined: a new one. */
  bucket: Bucket | undefined;
  onSaved: () => void;
  onBack: () => void;
}

type Field = Exclude<keyof Form, 'pathStyle'>;

/** A bucket's address and keys; tested before or after it is saved. */
export function PlaceForm({ bucket, onSaved, onBack }: PlaceFormProps) {
  const [form, setForm] = useState(() => formOf(bucket));
  const [touched, setTouched] = useState(false);
  const [busy, setBusy] = useState<'save' | 'test'>();
  const [problem, setProblem] = useState<{ explanation: ExplanationData; field: string | undefined }>();
  const [isFine, setFine] = useState(false);
  const faults = placeFaults(form);
  const isSound = Object.keys(faults).length === 0;
  const field = (name: Field, label: string) => ({
    label,
    value: form[name],
    error: touched
      ? (faults[name] ?? (problem?.field === name ? problem.explanation.what : undefined))
      : undefined,
    autoComplete: 'off',
    spellCheck: false,
    onChange: ({ currentTarget }: { currentTarget: { value: string } }) => {
      setFine(false);
      setForm({ ...form, [name]: currentTarget.value });
    },
  });
  const attempt = async (what: 'save' | 'test', act: () => Promise<void>): Promise<void> => {
    setTouched(true);
    if (!isSound) return;
    setBusy(what);
    setProblem(undefined);
    setFine(false);
    try {
      await act();
    } catch (error) {
      setProblem({ explanation: explain(error), field: errorField(error)?.split('.').at(-1) });
    } finally {
      setBusy(undefined);
    }
  };
  const save = () =>
    attempt('save', async () => {
      const sent = sentOf(form);
      if (bucket) await client.backups.places.change({ id: bucket.id, ...sent });
      else await client.backups.places.add(sent);
      onSaved();
    });
  const isAsSaved = bucket !== undefined && JSON.stringify(form) === JSON.stringify(formOf(bucket));
  // The kept secret key goes nowhere but to what it was saved for.
  const wantsSave = bucket?.hasSecret === true && !isAsSaved && form.secretKey === '';
  const test = () =>
    attempt('test', async () => {
      const answer = await client.backups.places.test(isAsSaved ? { id: bucket.id } : sentOf(form));
      setFine(answer.ok);
      if (!answer.ok && answer.problem) setProblem({ explanation: answer.problem, field: undefined });
    });
  return (
    <form
      className={styles.fields}
      aria-label={bucket ? `Bucket ${bucket.name}` : 'New bucket'}
      noValidate
      onSubmit={(event) => {
        event.preventDefault();
        void save();
      }}
    >
      <TextInput {...field('name', 'Name here')} placeholder="offsite" data-autofocus />
      <TextInput {...field('bucket', 'Bucket')} placeholder="my-backups" dir="ltr" />
      <TextInput
        {...field('endpoint', 'Endpoint')}
        placeholder="Amazon’s own"
        description="Of a server that is not Amazon’s."
        dir="ltr"
      />
      <TextInput {...field('region', 'Region')} description="us-east-1 where there are none." dir="ltr" />
      <TextInput
        {...field('prefix', 'Prefix')}
        placeholder="postgres/"
        dir="ltr"
        className={styles.all ?? ''}
      />
      <TextInput
        {...field('accessKey', 'Access key')}
        placeholder="From the usual places of the AWS SDK"
        dir="ltr"
      />
      <PasswordInput
        {...field('secretKey', 'Secret key')}
        placeholder={bucket?.hasSecret ? 'Kept in the keychain' : ''}
        autoComplete="new-password"
      />
      <Checkbox
        className={styles.all ?? ''}
        label="The bucket’s name stands in the path, as MinIO wants it"
        checked={form.pathStyle}
        onChange={({ currentTarget }) => setForm({ ...form, pathStyle: currentTarget.checked })}
      />
      {problem && (
        <div className={styles.all}>
          <Explanation explanation={problem.explanation} />
        </div>
      )}
      {isFine && (
        <p className={styles.all} role="status">
          <IconCheck size={14} aria-hidden /> A small object was written, read and removed.
        </p>
      )}
      <div className={`${styles.all} ${styles.line}`}>
        <Button onClick={onBack}>Back</Button>
        <Button
          className={styles.start ?? ''}
          loading={busy === 'test'}
          disabled={wantsSave}
          title={
            wantsSave
              ? 'Save it first, or type the secret key: the kept one is used for what was saved'
              : undefined
          }
          onClick={() => void test()}
        >
          Test
        </Button>
        <Button type="submit" variant="filled" color="accent" loading={busy === 'save'}>
          {bucket ? 'Save' : 'Add the bucket'}
        </Button>
      </div>
    </form>
  );
}
