import type { RunEvent } from '../../../preload/contract/sql.ts';

/** What the server says beside its answer (PostgreSQL manual, "Error and Notice Message Fields"). */
export interface Notice {
  severity?: string | undefined;
  message?: string | undefined;
  code?: string | undefined;
  detail?: string | undefined;
  hint?: string | undefined;
}

/** Of one statement; a loop may raise any number. */
const mostNotices = 1000;

/** Tells a statement's notices as they come. */
export function noticeTeller(nth: number, tell: (event: RunEvent) => void): (notice: Notice) => void {
  let count = 0;
  return (notice) => {
    count += 1;
    if (count > mostNotices) return;
    const rest = count === mostNotices ? ' (later notices are left out)' : '';
    tell({
      kind: 'notice',
      nth,
      severity: notice.severity ?? 'NOTICE',
      message: `${(notice.message ?? '').slice(0, 10_000)}${rest}`,
      sqlstate: notice.code ?? null,
      detail: notice.detail ?? null,
      hint: notice.hint ?? null,
    });
  };
}
