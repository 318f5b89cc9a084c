import fc from 'fast-check';
import { expect, test } from 'vitest';
import { frameProblem } from '../../../main/faces/rpc-frame.ts';

test('requests, events of a stream and aborts pass', () => {
  for (const frame of [
    { i: '0', p: { u: '/activity/show', b: { json: { environment: 'a' } } } },
    { i: '1', p: { u: '/environments/list', m: 'GET', h: { 'x-a': 'b' } } },
    { i: '2', p: { u: '/a', h: { 'content-type': 'text/event-stream' } } },
    { i: '2', t: 3, p: { e: 'message', d: 1 } },
    { i: '2', t: 4 },
  ]) {
    expect(frameProblem(JSON.stringify(frame))).toBeUndefined();
  }
});

test('any other text is told apart without an error', () => {
  fc.assert(fc.property(fc.oneof(fc.string(), fc.json()), (text) => typeof frameProblem(text) === 'string'));
});
