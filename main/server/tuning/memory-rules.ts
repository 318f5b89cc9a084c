import { GB, MB, type Rule, roundSize, size, unknownMemory } from './rule.ts';

const memoryChapter = 'PostgreSQL manual, 20.4.1 “Memory”';

const sharedBuffers: Rule = ({ machine, number }) => {
  const about = { name: 'shared_buffers', group: 'Memory', source: memoryChapter } as const;
  const memory = machine.memory?.value;
  const now = number('shared_buffers');
  if (memory === undefined || now === null)
    return { ...about, recommended: null, isFine: false, reason: unknownMemory };
  const share = memory < GB ? 0.15 : 0.25;
  const recommended = roundSize(memory * share);
  return {
    ...about,
    recommended,
    isFine: now >= recommended * 0.6 && now <= memory * 0.4,
    reason:
      memory < GB
        ? 'With less than 1 GB of memory about 15 % of it leaves enough for the system and for sorts.'
        : `A quarter of the memory (${size(memory)}) is a good start; beyond 40 % the system’s own cache, which PostgreSQL relies on, gets too small.`,
  };
};

const effectiveCacheSize: Rule = ({ machine, number }) => {
  const about = {
    name: 'effective_cache_size',
    group: 'Memory',
    source: 'PostgreSQL manual, 20.7.2 “Planner Cost Constants”',
  } as const;
  const memory = machine.memory?.value;
  const now = number('effective_cache_size');
  if (memory === undefined || now === null)
    return { ...about, recommended: null, isFine: false, reason: unknownMemory };
  return {
    ...about,
    recommended: roundSize(memory * 0.75),
    isFine: now >= memory * 0.5 && now <= memory * 0.9,
    reason:
      'What shared buffers and the system’s cache hold together, about three quarters of the memory. It allocates nothing: the planner only takes index scans for cheaper the larger it is.',
  };
};

/** Each sort or hash may take it, several in a statement, in every session and parallel worker. */
const workMem: Rule = ({ machine, number }) => {
  const about = { name: 'work_mem', group: 'Memory', source: `${memoryChapter}; pgtune’s formula` } as const;
  const memory = machine.memory?.value;
  const now = number('work_mem');
  const buffers = number('shared_buffers');
  const sessions = number('max_connections');
  if (memory === undefined || now === null || buffers === null || sessions === null)
    return { ...about, recommended: null, isFine: false, reason: unknownMemory };
  const free = Math.max(memory * 0.25, memory - Math.max(buffers, memory * 0.25));
  const share = machine.workload?.value === 'analytics' ? 2 : machine.workload?.value === 'desktop' ? 6 : 3;
  const each = free / (sessions * share);
  const recommended = Math.max(4 * MB, roundSize(each));
  const tooMuch = now * sessions > memory;
  return {
    ...about,
    recommended,
    isFine: !tooMuch && now >= recommended * 0.5 && now <= recommended * 2,
    reason: tooMuch
      ? `If each of ${sessions} sessions took it once, ${size(now * sessions)} would be needed and the machine has ${size(memory)}: it would swap or be killed.`
      : `What shared buffers leave of the memory, shared among max_connections (${sessions}) with several sorts or hashes each. Statements that need more can have it with SET LOCAL.`,
  };
};

const maintenanceWorkMem: Rule = ({ machine, number }) => {
  const about = { name: 'maintenance_work_mem', group: 'Memory', source: memoryChapter } as const;
  const memory = machine.memory?.value;
  const now = number('maintenance_work_mem');
  if (memory === undefined || now === null)
    return { ...about, recommended: null, isFine: false, reason: unknownMemory };
  const recommended = Math.min(
    2 * GB,
    Math.max(64 * MB, roundSize(memory / (machine.workload?.value === 'analytics' ? 8 : 16))),
  );
  const workers = Math.max(1, number('autovacuum_max_workers') ?? 3);
  return {
    ...about,
    recommended,
    isFine: now >= recommended * 0.5 && now * workers <= memory * 0.5,
    reason: `VACUUM, CREATE INDEX and adding foreign keys are faster with it, and few of them run at a time; each of ${workers} autovacuum workers may take it too, unless autovacuum_work_mem says otherwise.`,
  };
};

const maxConnections: Rule = ({ machine, number, load }) => {
  const about = {
    name: 'max_connections',
    group: 'Connections',
    source:
      'PostgreSQL manual, 20.3.1 “Connection Settings”; PostgreSQL wiki, “Number Of Database Connections”',
  } as const;
  const now = number('max_connections');
  if (now === null) return undefined;
  const cores = machine.cores?.value;
  const used = load.sessions;
  if (used !== null && used > now * 0.8)
    return {
      ...about,
      recommended: Math.ceil((now * 1.5) / 50) * 50,
      isFine: false,
      reason: `${used} of ${now} sessions are in use. A pooler in front (PgBouncer) helps more than a higher limit where most of them are idle.`,
    };
  const sensible = Math.max(100, (cores ?? 0) * 4);
  const isFine = now <= 200 || (cores !== undefined && now <= sensible * 2);
  return {
    ...about,
    recommended: Math.max(sensible, Math.ceil(((used ?? 0) * 1.5) / 50) * 50),
    isFine,
    reason: isFine
      ? `${used === null ? '' : `${used} sessions are in use now. `}A few a core do the work; more only wait for each other.`
      : `${now} is far more than ${cores === undefined ? 'most machines have cores' : `${cores} cores`} can work for at once${used === null ? '' : `, and ${used} are in use`}. Each takes memory, and snapshots get slower; a pooler keeps applications served.`,
  };
};

export const memoryRules: readonly Rule[] = [
  sharedBuffers,
  effectiveCacheSize,
  workMem,
  maintenanceWorkMem,
  maxConnections,
];
