import type { Environment } from '../../preload/contract/environments.ts';
import type { Comparison, ComparisonProgress, SchemaSource } from '../../preload/contract/schema.ts';
import { following } from '../lib/following.ts';
import type { OpenedSource, Sources } from './sources.ts';
import type { TextThreads } from './text-threads.ts';

export interface CompareNeeds {
  sources: Sources;
  threads: TextThreads;
  /** @throws ENVIRONMENT_UNKNOWN */
  findEnvironment(ref: string): Environment;
}

type Side = 'wanted' | 'actual';

/**
 * Reads two structures, both at once, and tells what differs and what script closes it. Ends on both servers and in
 * the thread when the signal is given or the iteration is left.
 */
export async function* compareSources(
  { sources, threads, findEnvironment }: CompareNeeds,
  { wanted, actual, options }: Comparison,
  signal: AbortSignal | undefined,
): AsyncGenerator<ComparisonProgress, void, void> {
  const both = yield* following<ComparisonProgress, { wanted: OpenedSource; actual: OpenedSource }>(
    signal,
    async (tell, until) => {
      const failed = new AbortController();
      const ending = AbortSignal.any([until, failed.signal]);
      const open = (of: Side, source: SchemaSource): Promise<OpenedSource> =>
        sources.open(source, {
          field: of,
          signal: ending,
          onStep: (step, done, total) => tell({ kind: 'step', of, step, done, total }),
        });
      // One reading of an environment serves both sides.
      if (isSame(wanted, actual, findEnvironment)) {
        const opened = await open('wanted', wanted);
        return { wanted: opened, actual: opened };
      }
      const opening = [open('wanted', wanted), open('actual', actual)] as const;
      try {
        const [one, other] = await Promise.all(opening);
        return { wanted: one, actual: other };
      } catch (error) {
        // What goes on at the other side is of no use any more.
        failed.abort(error);
        await Promise.allSettled(opening);
        throw error;
      }
    },
  );
  yield { kind: 'sides', wanted: both.wanted.side, actual: both.actual.side };
  const step = (text: string, done: number): ComparisonProgress => ({
    kind: 'step',
    of: 'comparison',
    step: text,
    done,
    total: 2,
  });
  yield step('Comparing', 0);
  const { schemas, ...rules } = options;
  const work = {
    kind: 'compare' as const,
    wanted: both.wanted.model,
    actual: both.actual.model,
    options: rules,
    schemas,
  };
  for await (const piece of threads.run(work, signal)) {
    if (piece.kind !== 'differences' && piece.kind !== 'script') continue;
    yield piece;
    if (piece.kind === 'differences' && piece.last) yield step('Writing the script', 1);
  }
}

function isSame(
  wanted: SchemaSource,
  actual: SchemaSource,
  findEnvironment: CompareNeeds['findEnvironment'],
): boolean {
  if (wanted.kind !== 'environment' || actual.kind !== 'environment') return false;
  return findEnvironment(wanted.environment).id === findEnvironment(actual.environment).id;
}
