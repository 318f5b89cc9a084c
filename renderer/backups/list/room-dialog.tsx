import { lazy, Suspense } from 'react';
import type { Environment } from '../../../preload/contract/environments.ts';
import type { ListDialog } from '../palette-commands.ts';

const FindDialog = lazy(() => import('../find/find-dialog.tsx'));
const KeyDialog = lazy(() => import('../key/key-dialog.tsx'));
const PlacesDialog = lazy(() => import('../places/places-dialog.tsx'));
const ToolsDialog = lazy(() => import('../tools/tools-dialog.tsx'));

interface RoomDialogProps {
  dialog: ListDialog;
  environment: Environment;
  onClose: () => void;
}

/** What is seldom asked for comes in chunks of its own. */
export function RoomDialog({ dialog, environment, onClose }: RoomDialogProps) {
  return (
    <Suspense fallback={null}>
      {dialog === 'find' && <FindDialog environment={environment} onClose={onClose} />}
      {dialog === 'tools' && <ToolsDialog environment={environment} onClose={onClose} />}
      {dialog === 'places' && <PlacesDialog onClose={onClose} />}
      {dialog === 'key' && <KeyDialog onClose={onClose} />}
    </Suspense>
  );
}
