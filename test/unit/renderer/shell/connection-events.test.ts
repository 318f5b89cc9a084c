import { expect, test } from 'vitest';
import { connectionWatch } from '../../../../renderer/shell/connection-events.ts';

type State = 'disconnected' | 'connecting' | 'connected' | 'lost';

/** The events that a sequence of states of one environment gives rise to. */
function eventsOf(...states: State[]): (string | undefined)[] {
  const watch = connectionWatch();
  return states.map((state) => watch([{ environment: 'a', state }])[0]?.kind);
}

test('a loss is told once, whatever attempts follow, and the return once', () => {
  expect(eventsOf('connected', 'lost', 'lost', 'connecting', 'lost', 'connected', 'connected')).toEqual([
    undefined,
    'lost',
    undefined,
    undefined,
    undefined,
    'back',
    undefined,
  ]);
});

test('what is lost when the window opens is no news', () => {
  expect(eventsOf('lost', 'connecting', 'connected')).toEqual([undefined, undefined, undefined]);
});

test('a person who disconnects is not told so', () => {
  expect(eventsOf('connected', 'disconnected', 'connecting', 'connected')).toEqual([
    undefined,
    undefined,
    undefined,
    undefined,
  ]);
});
