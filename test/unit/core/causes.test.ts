import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { connectionCauses } from '../../../preload/contract/causes.ts';

const root = join(import.meta.dirname, '../../..');

describe('the causes of a failed connection', () => {
  it('are each told in docs/connections.md', () => {
    const text = readFileSync(join(root, 'docs/connections.md'), 'utf8');
    const short = (cause: string): string => cause.replace(/^too-many-connections(?=-)/, '…');
    expect(connectionCauses.filter((cause) => !text.includes(`\`${short(cause)}\``))).toEqual([]);
  });

  it('are each looked for in a test against the real thing', () => {
    const folders = ['test/integration/ways', 'test/integration/core', 'test/unit/core'];
    const tests = folders.flatMap((folder) =>
      readdirSync(join(root, folder))
        .filter((name) => name.endsWith('.test.ts') && name !== 'causes.test.ts')
        .map((name) => readFileSync(join(root, folder, name), 'utf8')),
    );
    const seen = (cause: string): boolean =>
      tests.some((text) => new RegExp(`['"]${cause}\\b(?!-)`).test(text));
    expect(connectionCauses.filter((cause) => !seen(cause) && cause !== 'other')).toEqual([]);
  });
});
