import { escapeIdentifier } from 'pg';
import { windowMs } from '../metrics/index.ts';
import type { MonitoringNeeds, MonitoringRoom } from '../monitoring/index.ts';
import type { Implementer } from '../rpc.ts';
import { openDeploys } from './deploys.ts';
import { MinuteSum } from './minute.ts';
import { Activities } from './sampled.ts';
import { type Choice, type LabelOf, waitHistory, waitTop } from './series.ts';
import { openWaitStore, type PlacedStep } from './wait-store.ts';

interface Asked extends Omit<Choice, 'from' | 'to'> {
  environment: string;
  window: keyof typeof windowMs;
  from?: number | undefined;
  to?: number | undefined;
}

/** What sessions wait for over time: each live sample counts its active sessions. */
export function waitsRoom(os: Implementer, needs: MonitoringNeeds) {
  const { findEnvironment, now } = needs;
  const store = openWaitStore(needs.store);
  const deploys = openDeploys(needs.store, needs.onEvent);
  const activities = new Activities();
  const minutes = new Map<string, MinuteSum>();

  const read = async (
    asked: Asked,
  ): Promise<{ id: string; choice: Choice; steps: PlacedStep[]; grainMs: number }> => {
    const { id } = findEnvironment(asked.environment);
    const at = now();
    const to = asked.to ?? at;
    const from = asked.from ?? to - windowMs[asked.window];
    const steps = await store.read(id, from, to, at);
    const going = minutes.get(id)?.now();
    if (going && going.at + 60_000 > from && going.at < to) steps.push(store.stepOf(id, going));
    return { id, choice: { ...asked, from, to }, steps, grainMs: store.grainMs(from, at) };
  };
  const labelsFor = (id: string, { by }: Choice): LabelOf => {
    return (keys) => {
      const texts = by === 'statement' ? store.texts(id, keys) : undefined;
      return (key) => texts?.get(key) ?? key.replace(/^\w+:/, by === 'event' ? '$&\u2009' : '$&');
    };
  };

  const router = os.waits.router({
    limits: os.waits.limits.handler(async ({ input }) => {
      const { id, connection } = findEnvironment(input.environment);
      if (needs.status(id).state !== 'connected') return [];
      const { hidden } = await needs.current(id);
      if (hidden === 0) return [];
      return [
        {
          cause: 'limited-visibility',
          what: `Whether ${hidden === 1 ? '1 session is' : `${hidden} sessions are`} active is hidden from this role.`,
          why: 'Without pg_read_all_stats only its own sessions count here, and of others those that wait for a lock.',
          next: 'Grant this role pg_monitor; what was hidden in the past stays so.',
          command: `GRANT pg_monitor TO ${escapeIdentifier(connection.user)};`,
        },
      ];
    }),
    history: os.waits.history.handler(async ({ input }) => {
      const { id, choice, steps, grainMs } = await read(input);
      return waitHistory(steps, store.words(id), choice, grainMs, labelsFor(id, choice));
    }),
    top: os.waits.top.handler(async ({ input }) => {
      const { id, choice, steps } = await read(input);
      return waitTop(steps, store.words(id), choice, labelsFor(id, choice));
    }),
  });

  return {
    router,
    sample: (id, sample) => {
      const sum = minutes.get(id) ?? new MinuteSum();
      minutes.set(id, sum);
      const ended = sum.add(sample, activities);
      if (ended) store.add(id, ended);
      deploys.see(id, sample);
    },
    roll: (at) => {
      for (const [id, sum] of minutes) {
        const ended = sum.endBefore(at);
        if (ended) store.add(id, ended);
      }
      store.roll(at);
      deploys.roll(at);
    },
    forget: (id) => {
      minutes.delete(id);
      store.forget(id);
      deploys.forget(id);
    },
    close: () => {
      for (const [id, sum] of minutes) {
        const ended = sum.end();
        if (ended) store.add(id, ended);
      }
      deploys.close();
    },
  } satisfies MonitoringRoom<typeof router>;
}
