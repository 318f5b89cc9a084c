import { plural } from '../components/format.ts';
import { notifyDone, notifyProblem } from '../components/notify.tsx';
import { explain } from '../lib/errors.ts';
import type { DiagramView } from './canvas/view.ts';
import { saveBlob } from './save-blob.ts';
import type { SchemaSession } from './session.ts';
import type { SchemaState } from './state.ts';
import type { ExportFormat } from './worker/messages.ts';

/** Hands over what is drawn now as a file, or says why it could not be made. */
export async function exportDrawn(
  session: SchemaSession,
  state: SchemaState,
  view: DiagramView | undefined,
  format: ExportFormat,
): Promise<void> {
  const placed = view?.scene?.placed ?? state.shown?.placed;
  if (!placed || !view) return;
  try {
    const { name, blob, note } = await session.export(format, view.palette, placed);
    saveBlob(name, blob);
    notifyDone(`Exported ${plural(placed.tables.length, 'table')} to ${name}.${note ? ` ${note}` : ''}`);
  } catch (error) {
    notifyProblem(explain(error));
  }
}
