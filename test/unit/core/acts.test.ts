import { setImmediate as nextTurn } from 'node:timers/promises';
import { expect, it } from 'vitest';
import { openActs } from '../../../main/audit/index.ts';

/** The console's way of noting events: signed with who did it, while somebody does. */
function acting() {
  const noted: string[] = [];
  const onEvent = (environment: string, kind: string, text: string): void => {
    noted.push(`${environment} ${kind}: ${acts.signed(text)}`);
  };
  const acts = openActs(onEvent);
  return { acts, noted, onEvent };
}

it('an act that a room tells of is signed and not told again', async () => {
  const { acts, noted, onEvent } = acting();
  const act = acts.begin('ada via desktop');
  await act.run(async () => {
    await nextTurn();
    onEvent('e', 'maintenance', 'VACUUM of public.a has ended.');
  });
  act.succeed('e', ['maintenance', 'run']);
  act.end();
  expect(noted).toEqual(['e maintenance: VACUUM of public.a has ended (ada via desktop)']);
});

it('an act that nobody tells of is told by its procedure', () => {
  const { acts, noted } = acting();
  const act = acts.begin('ada via desktop');
  act.run(() => undefined);
  act.succeed('e', ['server', 'reloadSettings']);
  expect(noted).toEqual(['e act: Server: reload settings (ada via desktop)']);
});

it('what happens by itself, beside an act or after its end, is not signed', async () => {
  const { acts, noted, onEvent } = acting();
  const act = acts.begin('ada via desktop');
  let later: Promise<void> = Promise.resolve();
  act.run(() => {
    later = nextTurn().then(() => onEvent('e', 'connection-lost', 'The server is gone.'));
  });
  onEvent('e', 'server-restarted', 'The server was restarted.');
  act.end();
  await later;
  expect(noted).toEqual([
    'e server-restarted: The server was restarted.',
    'e connection-lost: The server is gone.',
  ]);
});
