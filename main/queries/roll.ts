import { type Store, within } from '../store/index.ts';
import { grains, mostIn } from './grains.ts';
import { marks } from './marks.ts';
import { slices } from './slices.ts';
import { joinSteps, type Step } from './step.ts';
import { type StepStore, unpackStep } from './step-store.ts';
import type { TextStore } from './text-store.ts';

/**
 * Makes the coarser grains of all environments up to `now`, drops what is past its time, and what nothing speaks of
 * any more. `watched` is how many environments there are. Others have their turn in between; `isOver` is asked then, because the store may have been closed.
 */
export async function rollStatements(
  { db }: Store,
  steps: StepStore,
  texts: TextStore,
  now: number,
  watched: number,
  isOver: () => boolean,
): Promise<void> {
  const turn = slices();
  const longest = grains.at(-1)?.keepMs ?? 0;
  for (const environment of steps.environments()) {
    for (let index = 1; index < grains.length; index += 1) {
      for (const made of coarser(steps, environment, index, now, watched)) {
        within(db, () => steps.add(environment, grains[index]?.ms ?? 0, made));
        await turn();
        if (isOver()) return;
      }
    }
    within(db, () => {
      for (const { ms, keepMs } of grains) steps.drop(environment, ms, now - keepMs);
      texts.sweep(environment, now - longest);
    });
    await turn();
    if (isOver()) return;
  }
  texts.sweepTexts();
}

/** The finished steps of a grain that are not made yet, out of those of the finer one. */
function* coarser(
  steps: StepStore,
  environment: number,
  index: number,
  now: number,
  watched: number,
): Generator<Step, void, void> {
  const grain = grains[index];
  const finer = grains[index - 1];
  if (!grain || !finer) return;
  const end = Math.floor(now / grain.ms) * grain.ms;
  const last = steps.lastEnd(environment, grain.ms) ?? 0;
  if (last >= end) return;
  const most = mostIn(grain, watched);
  const buckets = Map.groupBy(steps.ofGrain(environment, finer.ms, last, end), ({ to }) =>
    Math.floor((to - 1) / grain.ms),
  );
  for (const bucket of buckets.values()) {
    let group: Step[] = [];
    for (const step of bucket.map(unpackStep)) {
      // A long step would smear what is known of its neighbours, so it stays by itself.
      if (step.marks & marks.unwatched) {
        if (group.length > 0) yield joinSteps(group, most);
        yield joinSteps([step], most);
        group = [];
      } else group.push(step);
    }
    if (group.length > 0) yield joinSteps(group, most);
  }
}
