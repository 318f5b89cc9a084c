import { Checkbox } from '@mantine/core';
import { IconCheck, IconCircleDashed, IconFileDiff } from '@tabler/icons-react';
import type { Seed } from '../../../preload/contract/migration-runs.ts';
import { TimeAgo } from '../../components/time-ago.tsx';
import { visible } from '../words.ts';
import { seedState } from './seed-words.ts';
import styles from './seeds.module.css';

interface SeedFilesProps {
  seeds: readonly Seed[];
  chosen: ReadonlySet<string>;
  onChoose: (chosen: ReadonlySet<string>) => void;
}

/** The files in the order in which they run, each with whether it ran; chosen by a box. */
export function SeedFiles({ seeds, chosen, onChoose }: SeedFilesProps) {
  const many = seeds.filter(({ file }) => chosen.has(file)).length;
  return (
    <table className={styles.files}>
      <thead>
        <tr>
          <th scope="col">
            <Checkbox
              aria-label="Choose all"
              checked={many === seeds.length}
              indeterminate={many > 0 && many < seeds.length}
              onChange={() => onChoose(new Set(many === seeds.length ? [] : seeds.map(({ file }) => file)))}
            />
          </th>
          <th scope="col">File</th>
          <th scope="col">Ran here</th>
        </tr>
      </thead>
      <tbody>
        {seeds.map((seed) => (
          <tr key={seed.file}>
            <td>
              <Checkbox
                aria-label={visible(seed.file)}
                checked={chosen.has(seed.file)}
                onChange={({ currentTarget: { checked } }) => {
                  const next = new Set(chosen);
                  if (checked) next.add(seed.file);
                  else next.delete(seed.file);
                  onChoose(next);
                }}
              />
            </td>
            <td>
              <bdi className={styles.mono}>{visible(seed.file)}</bdi>
            </td>
            <td>
              <SeedMark seed={seed} />
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

function SeedMark({ seed }: { seed: Seed }) {
  const state = seedState(seed);
  const Icon = { 'not-run': IconCircleDashed, ran: IconCheck, changed: IconFileDiff }[state];
  return (
    <span className={styles.mark} data-state={state}>
      <Icon size={14} stroke={2} aria-hidden />
      <span>
        {seed.ranAt === null ? 'Not run' : <TimeAgo at={seed.ranAt} />}
        {state === 'changed' && ', changed since'}
      </span>
    </span>
  );
}
