/** What the address says is open: a statement by its key, a kept plan, or two of them side by side. */
export type PlanPlace =
  | { kind: 'none' }
  | { kind: 'statement'; key: string }
  | { kind: 'plan'; id: number }
  | { kind: 'compare'; a: number; b: number };

export function readPlanPlace(rest: string): PlanPlace {
  const text = safely(rest);
  const plan = /^plan-(\d{1,15})$/.exec(text);
  if (plan) return { kind: 'plan', id: Number(plan[1]) };
  const compare = /^compare-(\d{1,15})-(\d{1,15})$/.exec(text);
  if (compare) return { kind: 'compare', a: Number(compare[1]), b: Number(compare[2]) };
  return /^\d{1,10}\.\d{1,10}\.-?\d{1,20}\.[tn]$/.test(text)
    ? { kind: 'statement', key: text }
    : { kind: 'none' };
}

export const planPlace = (id: number): string => `plan-${id}`;
export const comparePlace = (a: number, b: number): string => `compare-${a}-${b}`;

function safely(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
