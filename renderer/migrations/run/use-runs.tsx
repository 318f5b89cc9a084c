import {
  IconArrowBarDown,
  IconArrowBarUp,
  IconBookmark,
  IconBookmarkOff,
  IconFlag,
} from '@tabler/icons-react';
import { type ReactNode, useCallback, useMemo, useState } from 'react';
import type { Environment } from '../../../preload/contract/environments.ts';
import type {
  MigrationEntry,
  MigrationStatus,
  MigrationTrack,
  RunAction,
} from '../../../preload/contract/migrations.ts';
import type { RowAction } from '../../components/table/row-menu.tsx';
import { CreateDialog } from './create-dialog.tsx';
import { ForceDialog, MarkDialog } from './mark-dialogs.tsx';
import { RunPanel } from './run-panel.tsx';
import { type Run, runKey, useRun } from './run-store.ts';
import { isIn } from './run-words.ts';

type Asked =
  | { kind: 'run'; action: RunAction }
  | { kind: 'mark'; entry: MigrationEntry; as: 'applied' | 'unmark' }
  | { kind: 'force'; version: string }
  | { kind: 'create' };

export interface Runs {
  /** Whether this track can be run from here at all. */
  isOffered: boolean;
  track: MigrationTrack;
  /** The one under way, or the last one. */
  run: Run | undefined;
  ask: (asked: Asked) => void;
  /** What can be done with one migration. */
  actionsOf: (entry: MigrationEntry) => readonly RowAction[];
  /** The panel or dialog under way. */
  dialog: ReactNode;
}

interface RunsNeeds {
  environment: Environment;
  track: MigrationTrack;
  onTake: (status: MigrationStatus) => void;
  onLook: () => void;
  /** Shows a migration in the inspector; undefined closes it. */
  onInspect: (id: string | undefined) => void;
}

/** Running migrations from a screen: what is offered, its preview and question, and what came of it. */
export function useRuns({ environment, track, onTake, onLook, onInspect }: RunsNeeds): Runs {
  const [asked, setAsked] = useState<Asked>();
  const run = useRun(runKey(environment.id, track.key));
  const isOffered = track.runner === 'own' && track.project !== null;
  const close = useCallback(() => setAsked(undefined), []);
  const inspect = (id: string): void => {
    close();
    onInspect(id);
  };
  const ask = useCallback(
    (next: Asked) => {
      // One drawer at a time: the preview takes the place of what was inspected.
      if (next.kind === 'run') onInspect(undefined);
      setAsked(next);
    },
    [onInspect],
  );
  const actionsOf = useCallback(
    (entry: MigrationEntry) => (isOffered ? entryActions(track, entry, ask) : none),
    [isOffered, track, ask],
  );
  const dialog = asked && isOffered && (
    <Dialogs
      asked={asked}
      environment={environment}
      track={track}
      onTake={onTake}
      onLook={onLook}
      onInspect={inspect}
      onAsk={ask}
      onClose={close}
    />
  );
  return useMemo(
    () => ({ isOffered, track, run, ask, actionsOf, dialog }),
    [isOffered, track, run, ask, actionsOf, dialog],
  );
}

const none: readonly RowAction[] = [];

interface DialogsProps extends Omit<RunsNeeds, 'onInspect'> {
  onInspect: (id: string) => void;
  asked: Asked;
  onAsk: (asked: Asked) => void;
  onClose: () => void;
}

function Dialogs({ asked, onAsk, onClose, ...needs }: DialogsProps) {
  const { environment, track, onTake, onLook } = needs;
  switch (asked.kind) {
    case 'run':
      return (
        <RunPanel
          key={JSON.stringify(asked.action)}
          {...needs}
          action={asked.action}
          onForce={(version) => onAsk({ kind: 'force', version })}
          onClose={onClose}
        />
      );
    case 'mark':
      return (
        <MarkDialog
          environment={environment}
          track={track}
          entry={asked.entry}
          as={asked.as}
          onTake={onTake}
          onClose={onClose}
        />
      );
    case 'force':
      return (
        <ForceDialog
          environment={environment}
          track={track}
          version={asked.version}
          onTake={onTake}
          onClose={onClose}
        />
      );
    case 'create':
      return <CreateDialog environment={environment} track={track} onMade={onLook} onClose={onClose} />;
  }
}

function entryActions(
  track: MigrationTrack,
  entry: MigrationEntry,
  ask: (asked: Asked) => void,
): readonly RowAction[] {
  const isHere = isIn(entry);
  const goto = (): void => ask({ kind: 'run', action: { kind: 'goto', version: entry.id } });
  const isLast = track.entries.findLast(isIn)?.id === entry.id;
  const way: RowAction | undefined = isHere
    ? isLast
      ? undefined
      : { id: 'down-to', label: 'Down to here…', icon: IconArrowBarDown, destroys: true, run: goto }
    : { id: 'up-to', label: 'Up to here…', icon: IconArrowBarUp, run: goto };
  const record: RowAction =
    track.tool === 'golang-migrate'
      ? {
          id: 'force',
          label: 'Force this version…',
          icon: IconFlag,
          run: () => ask({ kind: 'force', version: entry.id }),
        }
      : isHere
        ? {
            id: 'unmark',
            label: 'Mark as not applied…',
            icon: IconBookmarkOff,
            run: () => ask({ kind: 'mark', entry, as: 'unmark' }),
          }
        : {
            id: 'mark',
            label: 'Mark as applied…',
            icon: IconBookmark,
            run: () => ask({ kind: 'mark', entry, as: 'applied' }),
          };
  return way ? [way, record] : [record];
}
