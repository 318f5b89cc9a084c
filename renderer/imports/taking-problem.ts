import { ORPCError } from '@orpc/client';
import type { Explanation } from '../../preload/contract/common.ts';
import { isRowField, type RowField } from './row-form.ts';
import type { ImportRow } from './rows.ts';

/** The row, and its field, that an error of adding speaks of. */
export interface RowAtFault {
  key: string;
  field: RowField | 'other';
  text: string;
}

/**
 * Finds the row that the console refused. Its errors name a field: by its place among the choices
 * (`choices.3.draft.name`), or alone, with the name of the environment in the words.
 *
 * @param sent the rows in the order in which they were sent.
 * @returns undefined when the error is of none of them.
 */
export function rowAtFault(
  explanation: Explanation,
  field: string | undefined,
  sent: readonly ImportRow[],
): RowAtFault | undefined {
  const place = /choices\.(\d+)\.?([\w.]*)/.exec(`${field ?? ''} ${explanation.why}`);
  const row = place ? sent[Number(place[1])] : sent.find(({ draft }) => quotes(explanation, draft.name));
  if (!row) return undefined;
  const last = (place?.[2] || field || '').split('.').filter(Boolean).at(-1) ?? '';
  const text =
    place && !field?.startsWith('choices') ? explanation.what : `${explanation.what} ${explanation.next}`;
  return { key: row.key, field: isRowField(last) ? last : 'other', text: text.trim() };
}

/** The environment whose name has to be typed, because it protects the same server more strictly. */
export function protectorIn(error: unknown): string | undefined {
  if (!(error instanceof ORPCError) || error.code !== 'CONFIRMATION_REQUIRED') return undefined;
  const { data } = error;
  const name = typeof data === 'object' && data !== null && 'environmentName' in data && data.environmentName;
  return typeof name === 'string' ? name : undefined;
}

/** Whether the preview is no longer kept, so that the files have to be read again. */
export function isExpired(explanation: Explanation, field: string | undefined): boolean {
  return field === 'preview' || /preview/.test(explanation.cause);
}

function quotes({ what }: Explanation, name: string): boolean {
  return name !== '' && what.toLowerCase().includes(`"${name.toLowerCase()}"`);
}
