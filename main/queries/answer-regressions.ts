import type { Regressions } from '../../preload/contract/queries.ts';
import { place } from './counters.ts';
import { windowMs } from './grains.ts';
import { limitsOf } from './limits.ts';
import { findSlower } from './regressions.ts';
import { named, type Statements } from './statements.ts';
import { rowOf } from './top.ts';

/** Statements that take longer in a window that ends now than in the week before it. */
export async function regressionsOf(
  { steps, texts, needs, watch }: Statements,
  id: string,
  window: '1h' | '24h',
): Promise<Regressions> {
  const environment = steps.keyOf(id);
  const to = needs.now();
  const from = to - windowMs[window];
  const before = { from: from - windowMs['7d'], to: from };
  const { slower, known, totalUs, ...rest } = await findSlower(
    steps.reading(environment, from, to, to),
    steps.reading(environment, before.from, before.to, to),
    { from, to },
    before,
  );
  const statements = texts.statements(environment);
  const names = texts.names(environment);
  const facts = watch.facts(id);
  return {
    from,
    to,
    before,
    ...rest,
    rows: slower.flatMap(({ id: statement, row, ...found }) => {
      const key = statements.get(statement)?.key;
      if (key === undefined) return [];
      const share = totalUs > 0 ? (row[place.execUs] ?? 0) / totalUs : null;
      const one = rowOf(named(key, row, names), known, share, (of) => texts.text(environment, of));
      return [{ ...one, ...found }];
    }),
    limits: facts ? limitsOf(facts, watch.hidden(id), watch.textProblem(id)) : [],
  };
}
