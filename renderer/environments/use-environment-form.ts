import { ORPCError } from '@orpc/client';
import { useState } from 'react';
import type { Explanation } from '../../preload/contract/common.ts';
import type { Connection, TypedSecret } from '../../preload/contract/connection.ts';
import type { Environment, EnvironmentDraft } from '../../preload/contract/environments.ts';
import { notifyDone } from '../components/notify.tsx';
import { useConsoleInfo } from '../console/use-console-info.ts';
import { client } from '../lib/client.ts';
import { errorField, explain } from '../lib/errors.ts';
import { secretsFor } from './form-connection.ts';
import {
  changeOf,
  type FieldProblems,
  type FormField,
  type FormState,
  type TextField,
  textAt,
} from './form-fields.ts';
import { problemsOf } from './form-problems.ts';
import {
  changesOf,
  draftOf,
  formOf,
  isDelicate,
  isEdited,
  newForm,
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
  /** What a text field holds, and what it is to hold. */
  text: (field: TextField) => string;
  setText: (field: TextField, text: string) => void;
  remember: boolean;
  setRemember: (remember: boolean) => void;
  /** What is wrong at each field; told once a field was left or the form was sent. */
  errors: FieldProblems;
  leave: (field: FormField) => void;
  /** Marks every field as looked at. Returns whether the connection's fields are right. */
  checkConnection: () => boolean;
  /** The password as typed, as the contract takes it. */
  typedPassword: () => { password: string; remember: boolean } | undefined;
  /** Of the secrets that were typed, those that the connection has a use for, as the contract takes them. */
  secretsFor: (connection: Connection, typed: readonly TypedSecret[]) => TypedSecret[];
  save: (kind: SaveKind) => void;
  saving: SaveKind | undefined;
  /** Why saving failed, where no field is to blame. */
  problem: Explanation | undefined;
  /** Changes that want a name typed. */
  asksFor: Partial<EnvironmentDraft> | undefined;
  /** Whose name that is, where it is not the environment's own: one that protects the same server. */
  protector: Environment | undefined;
  confirmed: (confirm: string | undefined) => Promise<void>;
  dropDecision: () => void;
}

/** What waits for a name to be typed. */
interface Decision {
  kind: SaveKind;
  changes: Partial<EnvironmentDraft>;
  protector?: Environment | undefined;
}

/** Fields that say how the environment is told apart; all others say where it is and how to get there. */
const identityFields: readonly string[] = ['name', 'group', 'password'];

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
  const [decision, setDecision] = useState<Decision>();
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
  const set = (fields: Partial<FormState>): void => change(withFields(state, fields));
  const typedPassword = () =>
    state.password === '' ? undefined : { password: state.password, remember: remember && keychain };

  const keptSecrets = (connection: Connection, typed: readonly TypedSecret[]): TypedSecret[] =>
    secretsFor(connection, typed).map((one) => ({ ...one, remember: one.remember && keychain }));

  const fail = (error: unknown): void => {
    const field = errorField(error)?.replace(/^connection\./, '') as FormField | undefined;
    const explanation = explain(error);
    if (field && focusField(field)) setFromConsole({ [field]: `${explanation.what} ${explanation.next}` });
    else setProblem(explanation);
  };

  const send = async (kind: SaveKind, draft: EnvironmentDraft, confirm?: string): Promise<void> => {
    const password = typedPassword();
    const secrets = keptSecrets(draft.connection, state.secrets);
    const typed = { ...(password ? { password } : {}), ...(secrets.length > 0 ? { secrets } : {}) };
    if (!environment) {
      const added = await client.environments.add({
        draft,
        connect: kind === 'connect',
        ...typed,
        ...(confirm === undefined ? {} : { confirm }),
      });
      onSaved(added, kind === 'connect');
      return;
    }
    const saved = await client.environments.update({
      environment: environment.id,
      changes: changesOf(environment, draft),
      ...typed,
      ...(confirm === undefined ? {} : { confirm }),
    });
    if (kind === 'connect')
      void client.environments.connect({ environment: environment.id }).catch(() => undefined);
    notifyDone('Saved.', { id: `saved-${saved.id}`, environment: saved });
    onSaved(saved, kind === 'connect');
  };

  /** Asks for the name that the console wants. False when it wants none, or one that is not known here. */
  const asks = (kind: SaveKind, changes: Partial<EnvironmentDraft>, error: unknown): boolean => {
    const name = nameAskedFor(error);
    if (name === undefined) return false;
    const protector = name === environment?.name ? undefined : others.find((one) => one.name === name);
    if (!protector && name !== environment?.name) return false;
    setDecision({ kind, changes, protector });
    // Stays after the dialog, for one who would rather raise the protection.
    if (protector) setProblem(explain(error));
    return true;
  };

  const save = async (kind: SaveKind): Promise<void> => {
    const draft = draftOf(state);
    const [first] = Object.keys(found) as FormField[];
    if (!draft || first) {
      look(Object.keys(found) as FormField[]);
      if (first) focusField(first);
      return;
    }
    const changes = environment ? changesOf(environment, draft) : draft;
    if (environment && isDelicate(environment, changes)) {
      setDecision({ kind, changes });
      return;
    }
    setSaving(kind);
    try {
      await send(kind, draft);
    } catch (error) {
      if (!asks(kind, changes, error)) fail(error);
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
    set,
    text: (field) => textAt(state, field),
    setText: (field, text) => set(changeOf(state, field, text)),
    remember,
    setRemember,
    errors,
    leave: (field) => look([field]),
    checkConnection: () => {
      const ofConnection = (Object.keys(found) as FormField[]).filter(
        (field) => !identityFields.includes(field),
      );
      look(ofConnection);
      const [wrong] = ofConnection;
      if (wrong) focusField(wrong);
      return wrong === undefined;
    },
    typedPassword,
    secretsFor: keptSecrets,
    save: (kind) => void save(kind),
    saving,
    problem,
    asksFor: decision?.changes,
    protector: decision?.protector,
    confirmed: async (confirm) => {
      const draft = draftOf(state);
      if (!decision || !draft) return;
      try {
        await send(decision.kind, draft, confirm);
      } catch (error) {
        // It may be another one's name that is wanted; the dialog then asks for that.
        asks(decision.kind, decision.changes, error);
        throw error;
      }
    },
    dropDecision: () => setDecision(undefined),
  };
}

/** The environment whose name the console wants typed. */
function nameAskedFor(error: unknown): string | undefined {
  if (!(error instanceof ORPCError) || error.code !== 'CONFIRMATION_REQUIRED') return undefined;
  const { data } = error;
  const name = typeof data === 'object' && data !== null && 'environmentName' in data && data.environmentName;
  return typeof name === 'string' ? name : undefined;
}

/** Brings a field in sight, out of a folded section too, and puts the cursor there. False when there is none. */
function focusField(field: FormField): boolean {
  const input = document.querySelector<HTMLElement>(`#environment-form [name="${CSS.escape(field)}"]`);
  const section = input?.closest('details');
  if (section) section.open = true;
  input?.focus({ preventScroll: true });
  input?.scrollIntoView({ block: 'center' });
  return input !== null;
}
