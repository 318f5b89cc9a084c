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

test('the end of the attempts is told once, with a reason or by a person, and a later return is one', () => {
  const watch = connectionWatch();
  const problem = { what: 'x', why: '', next: '', cause: 'tunnel-host-key-changed' };
  const kindAt = (state: State, reason = false) =>
    watch([{ environment: 'a', state, ...(reason ? { problem } : {}) }])[0]?.kind;
  expect([kindAt('connected'), kindAt('lost', true), kindAt('disconnected', true)]).toEqual([
    undefined,
    'lost',
    'ended',
  ]);
  expect([kindAt('disconnected', true), kindAt('connecting'), kindAt('connected')]).toEqual([
    undefined,
    undefined,
    'back',
  ]);
  expect([kindAt('lost'), kindAt('disconnected'), kindAt('connected')]).toEqual(['lost', 'ended', undefined]);
});

test('a loss that is given up before anybody looked is told as a loss', () => {
  const watch = connectionWatch();
  const problem = { what: 'x', why: '', next: '', cause: 'password-wrong' };
  watch([{ environment: 'a', state: 'connected' }]);
  expect(watch([{ environment: 'a', state: 'disconnected', problem }])).toEqual([
    { environment: 'a', kind: 'lost' },
  ]);
  expect(watch([{ environment: 'a', state: 'disconnected', problem }])).toEqual([]);
});
