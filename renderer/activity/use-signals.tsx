import { IconPlayerStop, IconSkull } from '@tabler/icons-react';
import { type ReactNode, useCallback, useState } from 'react';
import type { Backend, SignalResult } from '../../preload/contract/activity.ts';
import type { Environment } from '../../preload/contract/environments.ts';
import { notifyDone } from '../components/notify.tsx';
import type { RowAction } from '../components/table/row-menu.tsx';
import { SignalDialog } from './signal-dialog.tsx';
import { SignalResults } from './signal-results.tsx';
import { endedBy, type Signal, signalWords, wentWell } from './signals.ts';

export interface Signals {
  /** Asks whether to send the signal; nothing is sent before a person says so. */
  ask: (signal: Signal, backends: readonly Backend[]) => void;
  /** Why no signal can be sent here; undefined when it can. */
  refused: string | undefined;
  /** What the menu of some backends offers. */
  actions: (backends: readonly Backend[]) => readonly RowAction[];
  /** `c` cancels, `k` terminates. */
  onShortcut: (key: string, backends: readonly Backend[]) => boolean;
  /** The dialog under way. */
  dialog: ReactNode;
}

/** The longest list of backends one signal takes. */
const most = 500;

/** Cancelling and terminating from a screen: what is offered, the question, and what came of it. */
export function useSignals(
  environment: Environment,
  connected: boolean,
  onEnded: (pids: ReadonlySet<number>) => void,
): Signals {
  const [asked, setAsked] = useState<{ signal: Signal; backends: readonly Backend[] } | null>(null);
  const [outcome, setOutcome] = useState<{ signal: Signal; result: SignalResult } | null>(null);
  const refused =
    environment.protection === 'read-only'
      ? `${environment.name} is read-only: nothing is cancelled or ended from here.`
      : connected
        ? undefined
        : `Howdah is not connected to ${environment.name}: nothing can be cancelled or ended now.`;

  const ask = useCallback(
    (signal: Signal, backends: readonly Backend[]): void => {
      if (refused === undefined && backends.length > 0)
        setAsked({ signal, backends: backends.slice(0, most) });
    },
    [refused],
  );
  const actions = useCallback(
    (backends: readonly Backend[]): readonly RowAction[] => [
      {
        id: 'cancel',
        label: `${signalWords.cancel.act(backends.length)}…`,
        icon: IconPlayerStop,
        refused: refused ?? (backends.length === 0 ? 'No backend is chosen.' : undefined),
        run: () => ask('cancel', backends),
      },
      {
        id: 'terminate',
        label: `${signalWords.terminate.act(backends.length)}…`,
        icon: IconSkull,
        destroys: true,
        refused: refused ?? (backends.length === 0 ? 'No backend is chosen.' : undefined),
        run: () => ask('terminate', backends),
      },
    ],
    [ask, refused],
  );
  const onShortcut = useCallback(
    (key: string, backends: readonly Backend[]): boolean => {
      const signal = key === 'c' ? 'cancel' : key === 'k' ? 'terminate' : undefined;
      if (signal) ask(signal, backends);
      return signal !== undefined;
    },
    [ask],
  );

  const onResult = (result: SignalResult): void => {
    if (!asked) return;
    onEnded(endedBy(asked.signal, result));
    if (!wentWell(result)) setOutcome({ signal: asked.signal, result });
    else notifyDone(`${signalWords[asked.signal].done(result.results.length)}.`, { environment });
  };

  const dialog = asked ? (
    <SignalDialog
      environment={environment}
      connected={connected}
      {...asked}
      onResult={onResult}
      onClose={() => setAsked(null)}
    />
  ) : outcome ? (
    <SignalResults environmentName={environment.name} {...outcome} onClose={() => setOutcome(null)} />
  ) : null;
  return { ask, refused, actions, onShortcut, dialog };
}
