import { expect, test } from 'vitest';
import { outcomeOf, prettyJson, procedureWords } from '../../../renderer/audit/entries.ts';

test('an act without an end is running at first and unknown later', () => {
  const at = 1_000_000;
  expect(outcomeOf({ outcome: 'started', at }, at + 5000)).toBe('running');
  expect(outcomeOf({ outcome: 'started', at }, at + 3_600_000)).toBe('unknown');
  expect(outcomeOf({ outcome: 'failed', at }, at + 3_600_000)).toBe('failed');
});

test('procedures are told in words and JSON in lines', () => {
  expect(procedureWords('environments.forgetPassword')).toBe('Environments: forget password');
  expect(prettyJson('{"a":1}')).toBe('{\n  "a": 1\n}');
  expect(prettyJson('cut off {')).toBe('cut off {');
});
