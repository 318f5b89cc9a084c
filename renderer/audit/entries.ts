import type { AuditEntry } from '../../preload/contract/audit.ts';

/** What became of an act, as it is told. */
export type Outcome = 'running' | 'unknown' | 'done' | 'failed' | 'refused';

/** ms after which an act without an end is no longer taken for running. */
const patience = 10 * 60_000;

/** An act that was begun long ago and never ended is one whose outcome nobody recorded. */
export function outcomeOf({ outcome, at }: Pick<AuditEntry, 'outcome' | 'at'>, now: number): Outcome {
  if (outcome !== 'started') return outcome;
  return now - at > patience ? 'unknown' : 'running';
}

/** What each outcome is called. */
export const outcomeWords: Record<Outcome, string> = {
  running: 'Running',
  unknown: 'Outcome unknown',
  done: 'Done',
  failed: 'Failed',
  refused: 'Refused',
};

export const riskWords: Record<AuditEntry['risk'], string> = { change: 'Change', destroy: 'Destroy' };

/** `activity.terminate` as `Activity: terminate`. */
export function procedureWords(procedure: string): string {
  const [room = '', ...rest] = procedure.split('.');
  const act = rest
    .join(' ')
    .replace(/([a-z])([A-Z])/g, (_, before: string, after: string) => `${before} ${after.toLowerCase()}`);
  const title = room.charAt(0).toUpperCase() + room.slice(1);
  return act ? `${title}: ${act}` : title;
}

/** Whether a result is data rather than words. */
export function isJson(text: string): boolean {
  return /^\s*[{[]/.test(text);
}

/** JSON text set in lines; any other text as it is. */
export function prettyJson(text: string): string {
  try {
    return JSON.stringify(JSON.parse(text), undefined, 2);
  } catch {
    return text;
  }
}
