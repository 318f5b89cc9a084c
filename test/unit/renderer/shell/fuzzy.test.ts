import { IconServer2 } from '@tabler/icons-react';
import { describe, expect, test } from 'vitest';
import { type Command, findCommands } from '../../../../renderer/shell/palette/commands.ts';
import { fuzzyMatch } from '../../../../renderer/shell/palette/fuzzy.ts';

const command = (label: string, more: Partial<Command> = {}): Command => ({
  id: `${label} ${more.detail ?? ''}`,
  label,
  icon: IconServer2,
  run: () => undefined,
  ...more,
});

describe('fuzzy matching', () => {
  test('finds letters in order and marks them', () => {
    expect(fuzzyMatch('kep', 'kronos_eam_production')?.marks).toEqual([0, 7, 11]);
  });

  test('finds words in any order, whatever their case and accents', () => {
    expect(fuzzyMatch('PROD bill', 'billing-prod')).toBeDefined();
    expect(fuzzyMatch('donnees', 'données analytics')?.marks.slice(0, 3)).toEqual([0, 1, 2]);
  });

  test('does not take strewn letters for a word', () => {
    expect(fuzzyMatch('edt', 'a very long sentence, odd but true')).toBeUndefined();
    expect(fuzzyMatch('xyz', 'billing')).toBeUndefined();
  });

  test('prefers the start of a word to its middle', () => {
    const start = fuzzyMatch('act', 'Activity')?.score ?? 0;
    const middle = fuzzyMatch('act', 'contract')?.score ?? 0;
    expect(start).toBeGreaterThan(middle);
  });
});

describe('the palette', () => {
  const commands = [
    command('Activity', { detail: 'billing-prod' }),
    command('Edit', { detail: 'ledger-19' }),
    command('Edit', { detail: 'billing-prod' }),
    command('Home', { detail: 'All environments', keywords: 'fleet' }),
  ];
  const labels = (query: string): string[] => findCommands(commands, query).map((found) => found.command.id);

  test('shows everything in order while nothing is typed', () => {
    expect(labels(' ')).toHaveLength(4);
  });

  test('joins an act with the name of its environment', () => {
    expect(labels('edit bil')).toEqual(['Edit billing-prod']);
    expect(labels('bil act')[0]).toBe('Activity billing-prod');
  });

  test('finds by keywords and finds nothing when nothing fits', () => {
    expect(labels('fleet')).toEqual(['Home All environments']);
    expect(labels('zzz')).toEqual([]);
  });
});
