import { type ReactNode, useCallback, useEffect, useState } from 'react';
import type { Environment } from '../../../preload/contract/environments.ts';
import type { CommandAction, RunAction } from '../../../preload/contract/migration-runs.ts';
import type {
  MigrationEntry,
  MigrationStatus,
  MigrationTrack,
} from '../../../preload/contract/migrations.ts';
import type { RowAction } from '../../components/table/row-menu.tsx';
import type { Drive } from '../drive/drive-job.ts';
import { DrivePanel } from '../drive/drive-panel.tsx';
import { useDrive } from '../drive/drive-store.ts';
import type { DryRun } from '../dry-run/dry-run-job.ts';
import { DryRunPanel } from '../dry-run/dry-run-panel.tsx';
import { startDryRun, useDryRun } from '../dry-run/dry-run-store.ts';
import type { Asked, Panel, Question } from './asked.ts';
import { takeAskedWork, useAskedWork } from './asked-work.ts';
import { CreateDialog } from './create-dialog.tsx';
import { entryActions } from './entry-actions.ts';
import type { Act } from './failed.tsx';
import { ForceDialog, MarkDialog } from './mark-dialogs.tsx';
import { RunPanel } from './run-panel.tsx';
import { type Run, useRun } from './run-store.ts';
import { workKeys } from './work-keys.ts';

export interface Runs {
  /** Whether this track can be run by Howdah itself. */
  isOffered: boolean;
  /** Whether its tool's own commands can be run. */
  isDriven: boolean;
  track: MigrationTrack;
  /** The ones under way, or the last ones. */
  run: Run | undefined;
  drive: Drive | undefined;
  dryRun: DryRun | undefined;
  ask: (asked: Asked) => void;
  /** What can be done with one migration. */
  actionsOf: (entry: MigrationEntry) => readonly RowAction[];
  /** The panel and the dialog under way. */
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
export function useRuns(needs: RunsNeeds): Runs {
  const { environment, track, onInspect } = needs;
  const [panel, setPanel] = useState<Panel>();
  const [question, setQuestion] = useState<Question>();
  const run = useRun(environment.id, track);
  const drive = useDrive(environment.id, track);
  const dryRun = useDryRun(environment.id, track);
  const isOffered = track.runner === 'own' && track.project !== null;
  const isDriven = track.runner === 'driven' && track.project !== null;
  const ask = useCallback(
    (next: Asked) => {
      if (next.kind === 'mark' || next.kind === 'force' || next.kind === 'create') {
        setQuestion(next);
        return;
      }
      // One drawer at a time: the panel takes the place of what was inspected.
      onInspect(undefined);
      setPanel(next);
    },
    [onInspect],
  );
  useAskedFor(environment.id, track, ask);
  const actionsOf = useCallback(
    (entry: MigrationEntry) => (isOffered ? entryActions(track, entry, ask) : none),
    [isOffered, track, ask],
  );
  const closePanel = useCallback(() => setPanel(undefined), []);
  // What is inspected takes the panel's place too.
  const inspect = (id: string): void => {
    closePanel();
    onInspect(id);
  };
  const dialog = (isOffered || isDriven) && (
    <>
      {panel && <PanelOf panel={panel} needs={needs} onInspect={inspect} onAsk={ask} onClose={closePanel} />}
      {question && <QuestionOf question={question} needs={needs} onClose={() => setQuestion(undefined)} />}
    </>
  );
  return { isOffered, isDriven, track, run, drive, dryRun, ask, actionsOf, dialog };
}

const none: readonly RowAction[] = [];

/** Shows what the status strip asked for. */
function useAskedFor(environment: string, track: MigrationTrack, ask: (asked: Asked) => void): void {
  const asked = useAskedWork(environment);
  useEffect(() => {
    if (!asked || asked.kind === 'seeds' || !workKeys(environment, track).includes(asked.key)) return;
    ask({ kind: asked.kind });
    takeAskedWork(environment);
  }, [asked, environment, track, ask]);
}

interface PanelOfProps {
  panel: Panel;
  needs: RunsNeeds;
  onInspect: (id: string) => void;
  onAsk: (asked: Asked) => void;
  onClose: () => void;
}

function PanelOf({ panel, needs: { environment, track }, onInspect, onAsk, onClose }: PanelOfProps) {
  const dryRun = (action: RunAction | CommandAction): void => {
    void startDryRun(environment.id, track, action);
    onAsk({ kind: 'dry-run' });
  };
  switch (panel.kind) {
    case 'run':
      return (
        <RunPanel
          key={JSON.stringify(panel.action)}
          environment={environment}
          track={track}
          action={panel.action}
          onAct={(act) => actOn(act, track, onInspect, onAsk)}
          onDryRun={dryRun}
          onClose={onClose}
        />
      );
    case 'drive':
      return <DrivePanel environment={environment} track={track} onDryRun={dryRun} onClose={onClose} />;
    case 'dry-run':
      return (
        <DryRunPanel
          environment={environment}
          track={track}
          onReal={(action) => onAsk({ kind: 'run', action })}
          onCommands={() => onAsk({ kind: 'drive' })}
          onClose={onClose}
        />
      );
  }
}

/** Goes a way out of a failure. */
function actOn(
  act: Act,
  track: MigrationTrack,
  onInspect: (id: string) => void,
  onAsk: (asked: Asked) => void,
): void {
  if (act.kind === 'inspect') onInspect(act.id);
  if (act.kind === 'force') onAsk({ kind: 'force', version: act.version });
  if (act.kind !== 'mark' && act.kind !== 'unmark') return;
  const entry = track.entries.find(({ id }) => id === act.id);
  if (entry) onAsk({ kind: 'mark', entry, as: act.kind === 'mark' ? 'applied' : 'unmark' });
}

interface QuestionOfProps {
  question: Question;
  needs: RunsNeeds;
  onClose: () => void;
}

function QuestionOf({ question, needs: { environment, track, onTake, onLook }, onClose }: QuestionOfProps) {
  switch (question.kind) {
    case 'mark':
      return (
        <MarkDialog
          environment={environment}
          track={track}
          entry={question.entry}
          as={question.as}
          onTake={onTake}
          onClose={onClose}
        />
      );
    case 'force':
      return (
        <ForceDialog
          environment={environment}
          track={track}
          version={question.version}
          onTake={onTake}
          onClose={onClose}
        />
      );
    case 'create':
      return <CreateDialog environment={environment} track={track} onMade={onLook} onClose={onClose} />;
  }
}
