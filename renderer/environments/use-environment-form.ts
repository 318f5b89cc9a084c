import { ORPCError } from '@orpc/client';
import { useState } from 'react';
import type { Explanation } from '../../preload/contract/common.ts';
import type { Environment, EnvironmentDraft } from '../../preload/contract/environments.ts';
import { notifyDone } from '../components/notify.tsx';
import { useConsoleInfo } from '../console/use-console-info.ts';
import { client } from '../lib/client.ts';
import { errorField, explain } from '../lib/errors.ts';
import {
  changesOf,
  draftOf,
  type FieldProblems,
  type FormField,
  type FormState,
  formOf,
  isDelicate,
  isEdited,
  newForm,
  problemsOf,
  settled,
  withFields,
  withUrl,
} from './form-state.ts';

/** `connect` also connects when it is saved. */
export type SaveKind = 'save' | 'connect';

interface FormNeeds {
  environment: Environment | undefined;
  url: string | undefined;
  others: readonly Environment[];
  onSaved: (environment: Environment, connects: boolean) => void;
}

export interface EnvironmentFormModel {
  state: FormState;
  /** Whether closing the form would lose something. */
  edited: boolean;
  others: readonly Environment[];
  setUrl: (url: string) => void;
  settleUrl: () => void;
  set: (change: Partial<FormState>) => void;
  remember: boolean;
  setRemember: (remember: boolean) => void;
  /** What is wrong at each field; told once a field was left or the form was sent. */
  errors: FieldProblems;
  leave: (field: FormField) => void;
  /** Marks every field as looked at. Returns whether the connection's fields are right. */
  checkConnection: () => boolean;
  /** The password as typed, as the contract takes it. */
  typedPassword: () => { password: string; remember: boolean } | undefined;
  save: (kind: SaveKind) => void;
  saving: SaveKind | undefined;
  /** Why saving failed, where no field is to blame. */
  problem: Explanation | undefined;
  /** Changes that want the name typed. */
  asksFor: Partial<EnvironmentDraft> | undefined;
  confirmed: (confirm: string | undefined) => Promise<void>;
  dropDecision: () => void;
}

const connectionFields: readonly FormField[] = ['url', 'host', 'port', 'database', 'user', 'sslmode'];

/** The behaviour of the form: fields, what is wrong with them, and saving. */
export function useEnvironmentForm({ environment, url, others, onSaved }: FormNeeds): EnvironmentFormModel {
  const [state, setState] = useState<FormState>(() =>
    environment ? formOf(environment) : newForm(others, url),
  );
  const [untouched] = useState(state);
  const [left, setLeft] = useState<ReadonlySet<FormField>>(new Set());
  const [fromConsole, setFromConsole] = useState<FieldProblems>({});
  const [problem, setProblem] = useState<Explanation>();
  const [saving, setSaving] = useState<SaveKind>();
  const [remember, setRemember] = useState(true);
  const [decision, setDecision] = useState<{ kind: SaveKind; changes: Partial<EnvironmentDraft> }>();
  const keychain = useConsoleInfo()?.keychain.available ?? false;

  const found = problemsOf(
    state,
    others.map(({ name }) => name),
  );
  const told = Object.fromEntries(Object.entries(found).filter(([field]) => left.has(field as FormField)));
  const errors: FieldProblems = { ...told, ...fromConsole };

  const change = (next: FormState): void => {
    setState(next);
    setFromConsole({});
    setProblem(undefined);
  };
  const look = (fields: readonly FormField[]): void => setLeft(new Set([...left, ...fields]));
  const typedPassword = () =>
    state.password === '' ? undefined : { password: state.password, remember: remember && keychain };

  const fail = (error: unknown): void => {
    const field = errorField(error) as FormField | undefined;
    const explanation = explain(error);
    if (field && fieldsOnScreen.has(field)) {
      setFromConsole({ [field]: `${explanation.what} ${explanation.next}` });
      focusField(field);
    } else setProblem(explanation);
  };

  const send = async (kind: SaveKind, draft: EnvironmentDraft, confirm?: string): Promise<void> => {
    const password = typedPassword();
    const withPassword = password ? { password } : {};
    if (!environment) {
      const added = await client.environments.add({ draft, connect: kind === 'connect', ...withPassword });
      onSaved(added, kind === 'connect');
      return;
    }
    const saved = await client.environments.update({
      environment: environment.id,
      changes: changesOf(environment, draft),
      ...withPassword,
      ...(confirm === undefined ? {} : { confirm }),
    });
    if (kind === 'connect')
      void client.environments.connect({ environment: environment.id }).catch(() => undefined);
    notifyDone('Saved.', { id: `saved-${saved.id}`, environment: saved });
    onSaved(saved, kind === 'connect');
  };

  const save = async (kind: SaveKind): Promise<void> => {
    const draft = draftOf(state);
    const [first] = Object.keys(found) as FormField[];
    if (!draft || first) {
      look([...connectionFields, 'name', 'group']);
      if (first) focusField(first);
      return;
    }
    const changes = environment ? changesOf(environment, draft) : {};
    if (environment && isDelicate(environment, changes)) {
      setDecision({ kind, changes });
      return;
    }
    setSaving(kind);
    try {
      await send(kind, draft);
    } catch (error) {
      if (error instanceof ORPCError && error.code === 'CONFIRMATION_REQUIRED')
        setDecision({ kind, changes });
      else fail(error);
    } finally {
      setSaving(undefined);
    }
  };

  return {
    state,
    edited: isEdited(untouched, state),
    others,
    setUrl: (text) => change(withUrl(state, text)),
    settleUrl: () => setState(settled(state)),
    set: (fields) => change(withFields(state, fields)),
    remember,
    setRemember,
    errors,
    leave: (field) => look([field]),
    checkConnection: () => {
      look(connectionFields);
      const wrong = connectionFields.find((field) => found[field]);
      if (wrong) focusField(wrong);
      return wrong === undefined;
    },
    typedPassword,
    save: (kind) => void save(kind),
    saving,
    problem,
    asksFor: decision?.changes,
    confirmed: async (confirm) => {
      const draft = draftOf(state);
      if (decision && draft) await send(decision.kind, draft, confirm);
    },
    dropDecision: () => setDecision(undefined),
  };
}

const fieldsOnScreen: ReadonlySet<FormField> = new Set([...connectionFields, 'name', 'group', 'password']);

function focusField(field: FormField): void {
  const input = document.querySelector<HTMLElement>(`#environment-form [name="${field}"]`);
  input?.focus({ preventScroll: true });
  input?.scrollIntoView({ block: 'center' });
}
