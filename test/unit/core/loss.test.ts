import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { describe, expect, it } from 'vitest';
import { Loss } from '../../../main/sampler/loss.ts';

describe('a loss that may come at any time', () => {
  it('ends what is under way, and whatever is begun after it', async () => {
    const loss = new Loss();
    const waiting = loss.or(new Promise(() => undefined));
    loss.happen(new Error('cut'));
    await expect(waiting).rejects.toThrow('cut');
    await expect(loss.or(Promise.resolve(1))).rejects.toThrow('cut');
  });

  it('holds on to nothing that has come back', async () => {
    setFlagsFromString('--expose-gc');
    const collect = runInNewContext('gc') as () => void;
    const loss = new Loss();
    const samples: WeakRef<object>[] = [];
    const take = async (): Promise<void> => {
      const sample = { rows: new Array(1000).fill(0) };
      samples.push(new WeakRef(sample));
      await loss.or(Promise.resolve(sample));
    };
    for (let index = 0; index < 50; index += 1) await take();
    await new Promise((resolve) => setTimeout(resolve, 10));
    collect();
    expect(samples.filter((sample) => sample.deref() !== undefined).length).toBeLessThan(5);
  });
});
