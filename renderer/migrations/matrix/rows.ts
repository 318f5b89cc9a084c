import { matches } from '../words.ts';
import type { Block, BlockRow } from './blocks.ts';

/** A line of the matrix: the head of a block, or a migration. */
export type MatrixRow =
  | { kind: 'block'; key: string; block: Block; shown: number }
  | { kind: 'migration'; key: string; block: Block; row: BlockRow };

export interface MatrixFilter {
  search: string;
  onlyDiffering: boolean;
}

/** The lines that show, newest first in each block. A block whose every migration is filtered away keeps its head. */
export function matrixRows(blocks: readonly Block[], { search, onlyDiffering }: MatrixFilter): MatrixRow[] {
  const isNarrowed = search.trim() !== '';
  return blocks.flatMap((block) => {
    const rows = block.rows
      .filter(
        ({ id, name, differs }) =>
          (!onlyDiffering || differs) &&
          matches({ id, name, labels: [], file: null, appliedBy: null }, search),
      )
      .toReversed();
    if (isNarrowed && rows.length === 0) return [];
    return [
      { kind: 'block', key: block.key, block, shown: rows.length } as const,
      ...rows.map((row) => ({ kind: 'migration', key: `${block.key}\n${row.id}`, block, row }) as const),
    ];
  });
}

/** How many migrations of all blocks the environments stand differently with. */
export function countDiffering(blocks: readonly Block[]): number {
  return blocks.reduce((sum, { rows }) => sum + rows.filter(({ differs }) => differs).length, 0);
}
