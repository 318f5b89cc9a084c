import { expect, test } from 'vitest';
import type { EnvironmentStatus } from '../../../../preload/contract/environments.ts';
import { lossWords, sharedLoss } from '../../../../renderer/shell/loss-words.ts';

const status: EnvironmentStatus = { environment: 'a', state: 'lost', since: 0, findings: [], trend: [] };
const problem = (cause: string, what: string) => ({ what, why: '', next: '', cause });
const throughBastion: EnvironmentStatus = {
  ...status,
  tunnel: { state: 'lost', since: 0, hops: ['ada@edge:22', 'ada@bastion:22'] },
};

test('a loss names the tunnel or the companion when it is the cause, and why', () => {
  expect(lossWords(throughBastion).what).toBe('The SSH tunnel ada@bastion:22 was lost.');
  expect(lossWords({ ...status, companion: { state: 'restarting', since: 0, restarts: 1 } }).what).toBe(
    'The companion command failed.',
  );
  const cutBelow = {
    ...throughBastion,
    problem: problem('connection-lost', 'The connection to db was lost.'),
  };
  expect(lossWords(cutBelow).what).toContain('ada@bastion:22');
  const silent = lossWords({ ...status, problem: problem('host-silent', 'db:5432 does not answer.') });
  expect(silent.what).toBe('The connection was lost.');
  expect(silent.why).toBe('db:5432 does not answer.');
  const cut = lossWords({ ...status, problem: problem('connection-lost', 'The connection to db was lost.') });
  expect([cut.what, cut.why]).toEqual(['The connection to db was lost.', '']);
});

test('a loss is only said to be tried again when it is', () => {
  expect(lossWords(status).next).toBe('Howdah tries again by itself.');
  const changed = problem('tunnel-host-key-changed', 'bastion shows another host key.');
  expect(lossWords({ ...status, state: 'disconnected', problem: changed }).next).toBe(
    'It is not tried again by itself.',
  );
  const ask = { kind: 'secret', secret: 'ssh-password', of: 'ada@bastion:22', wasWrong: false } as const;
  expect(lossWords({ ...status, state: 'disconnected', ask }).next).toBe('A question waits for an answer.');
});

test('several losses through one tunnel name it', () => {
  expect(sharedLoss([throughBastion, throughBastion])).toContain('ada@bastion:22');
  expect(sharedLoss([throughBastion, status])).not.toContain('ada@bastion:22');
});
