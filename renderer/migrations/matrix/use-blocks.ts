import { useEffect, useRef, useState } from 'react';
import type { MigrationStatus } from '../../../preload/contract/migrations.ts';
import { type Block, mergeBlocks } from './blocks.ts';
import { inSlices } from './in-slices.ts';

export interface MergedBlocks {
  blocks: readonly Block[];
  /** False while those of newer statuses are being made. */
  isCurrent: boolean;
}

interface Made {
  of: readonly MigrationStatus[];
  blocks: readonly Block[];
}

/**
 * The blocks of these statuses; until they are made, the ones before. What is being made is brought to its end even when
 * newer statuses come: else answers that keep coming would never be seen.
 */
export function useBlocks(statuses: readonly MigrationStatus[]): MergedBlocks {
  const [made, setMade] = useState<Made>();
  const wanted = useRef(statuses);
  const isMaking = useRef(false);
  useEffect(() => {
    wanted.current = statuses;
    if (isMaking.current) return;
    isMaking.current = true;
    void make(wanted, setMade).finally(() => {
      isMaking.current = false;
    });
  }, [statuses]);
  return { blocks: made?.blocks ?? none, isCurrent: made?.of === statuses };
}

async function make(
  wanted: { current: readonly MigrationStatus[] },
  onMade: (made: Made) => void,
): Promise<void> {
  let of: readonly MigrationStatus[] | undefined;
  while (of !== wanted.current) {
    of = wanted.current;
    onMade({ of, blocks: await inSlices(mergeBlocks(of)) });
  }
}

const none: readonly Block[] = [];
