import type { Bench, Rule, Verdict } from './rule.ts';

const unknownDisk = 'What kind of disk the data lie on is not known: say it above.';
const unknownCores = 'How many cores the machine has is not known: say it above.';

const randomPageCost: Rule = ({ machine, number }) => {
  const about = {
    name: 'random_page_cost',
    group: 'Planner',
    source: 'PostgreSQL manual, 20.7.2 “Planner Cost Constants”',
  } as const;
  const now = number('random_page_cost');
  const disk = machine.disk?.value;
  if (now === null) return undefined;
  if (disk === undefined) return { ...about, recommended: null, isFine: false, reason: unknownDisk };
  const isHdd = disk === 'hdd';
  return {
    ...about,
    recommended: isHdd ? '4' : '1.1',
    isFine: isHdd ? now >= 2 && now <= 4 : now <= 2,
    reason: isHdd
      ? 'A disk that turns reads at random far slower than in order; 4 counts in that most of it is cached.'
      : 'Solid and network storage reads at random nearly as fast as in order; with 4 the planner shuns indexes that would help.',
  };
};

const ioConcurrency: Rule = ({ machine, number, major }) => {
  const about = {
    name: 'effective_io_concurrency',
    group: 'Planner',
    source: 'PostgreSQL manual, 20.4.6 “I/O”',
  } as const;
  const now = number('effective_io_concurrency');
  const disk = machine.disk?.value;
  if (now === null) return undefined;
  if (disk === undefined) return { ...about, recommended: null, isFine: false, reason: unknownDisk };
  const isHdd = disk === 'hdd';
  // Since 18 reads are asynchronous throughout and 16 is the default; more gives little.
  const least = major >= 18 ? 16 : 100;
  return {
    ...about,
    recommended: isHdd ? '2' : '200',
    isFine: isHdd ? now >= 1 && now <= 16 : now >= least,
    reason: isHdd
      ? 'About as many reads at a time as there are spindles.'
      : 'Solid and network storage serves many reads at a time; bitmap heap scans then read ahead.',
  };
};

const statisticsTarget: Rule = ({ machine, number }) => {
  const now = number('default_statistics_target');
  if (now === null) return undefined;
  const isAnalytics = machine.workload?.value === 'analytics';
  return {
    name: 'default_statistics_target',
    group: 'Planner',
    source: 'PostgreSQL manual, 20.7.4 “Other Planner Options”',
    recommended: isAnalytics ? '500' : '100',
    isFine: isAnalytics ? now >= 250 : now >= 50 && now <= 1000,
    reason: isAnalytics
      ? 'Large tables with skewed columns are estimated better from larger samples; ANALYZE takes longer.'
      : '100 serves most; single columns that are estimated badly can have more with ALTER TABLE … ALTER COLUMN … SET STATISTICS.',
  };
};

/** A setting of parallel work, from the number of cores. */
function byCores(
  name: string,
  wanted: (cores: number, bench: Bench) => number,
  isFine: (now: number, wanted: number, cores: number) => boolean,
  reason: string,
): Rule {
  return (bench): Verdict | undefined => {
    const about = {
      name,
      group: 'Parallel work',
      source: 'PostgreSQL manual, 20.4.7 “Worker Processes”',
    } as const;
    const now = bench.number(name);
    if (now === null) return undefined;
    const cores = bench.machine.cores?.value;
    if (cores === undefined) return { ...about, recommended: null, isFine: false, reason: unknownCores };
    const number = wanted(cores, bench);
    return { ...about, recommended: String(number), isFine: isFine(now, number, cores), reason };
  };
}

const isAnalytics = ({ machine }: Bench): boolean => machine.workload?.value === 'analytics';

export const plannerRules: readonly Rule[] = [
  randomPageCost,
  ioConcurrency,
  statisticsTarget,
  byCores(
    'max_worker_processes',
    (cores) => Math.max(8, cores),
    (now, wanted) => now >= wanted,
    'Room for parallel workers, and for those of extensions and logical replication, which come out of the same number.',
  ),
  byCores(
    'max_parallel_workers',
    (cores) => Math.max(2, cores),
    (now, wanted, cores) => now >= Math.min(8, wanted) && now <= Math.max(8, cores * 2) && now >= cores / 2,
    'As many as there are cores; all parallel statements share them.',
  ),
  byCores(
    'max_parallel_workers_per_gather',
    (cores, bench) =>
      isAnalytics(bench) ? Math.max(2, Math.ceil(cores / 2)) : Math.min(4, Math.max(2, Math.ceil(cores / 2))),
    (now, wanted) => now >= Math.min(2, wanted) && now <= Math.max(4, wanted),
    'Half of the cores at most for one statement, so that one report does not take the machine from all others.',
  ),
  byCores(
    'max_parallel_maintenance_workers',
    (cores) => Math.min(4, Math.max(2, Math.ceil(cores / 2))),
    (now, wanted) => now >= Math.min(2, wanted),
    'CREATE INDEX and VACUUM work with so many beside their own.',
  ),
];
