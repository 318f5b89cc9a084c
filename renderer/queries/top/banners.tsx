import { ActionIcon } from '@mantine/core';
import { IconX } from '@tabler/icons-react';
import { useState } from 'react';
import type { Explanation as ExplanationData } from '../../../preload/contract/common.ts';
import { Explanation } from '../../components/explanation.tsx';
import styles from './top.module.css';

/** Causes that say what is usually so and changes no figure: a line about them is folded away. */
const quiet = new Set(['statements-io-timing-off', 'statements-planning-off']);

interface BannersProps {
  limits: readonly ExplanationData[];
  problems: readonly (ExplanationData | undefined)[];
}

/** What is missing in the figures below, and what failed. What was read can be put away. */
export function Banners({ limits, problems }: BannersProps) {
  const [put, setPut] = useState<ReadonlySet<string>>(new Set());
  const shown = limits.filter(({ cause }) => !quiet.has(cause) && !put.has(cause));
  const failed = problems.filter((one) => one !== undefined);
  if (shown.length === 0 && failed.length === 0) return null;
  return (
    <div className={styles.banners}>
      {failed.map((one) => (
        <Explanation key={one.cause} explanation={one} compact />
      ))}
      {shown.map((one) => (
        <Explanation
          key={one.cause}
          explanation={one}
          severity="notice"
          compact
          actions={
            <ActionIcon
              size={20}
              aria-label={`Put away: ${one.what}`}
              title="Put away"
              onClick={() => setPut((before) => new Set([...before, one.cause]))}
            >
              <IconX size={14} />
            </ActionIcon>
          }
        />
      ))}
    </div>
  );
}
