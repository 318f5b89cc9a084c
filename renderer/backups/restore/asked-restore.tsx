import { RestoreDialog } from './restore-dialog.tsx';
import { useAskedRestore } from './restore-store.ts';

/** The restore that was pressed in the status strip. Render it once, wherever the room is in sight. */
export function AskedRestore({ environmentId }: { environmentId: string }) {
  const [backup, close] = useAskedRestore();
  return backup ? <RestoreDialog environmentId={environmentId} backup={backup} onClose={close} /> : null;
}
