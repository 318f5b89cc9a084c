import type { TrackProblem } from '../../../preload/contract/migrations.ts';
import type { RevisionFile, RevisionGraph } from './alembic-graph.ts';

/** How many names a sentence lists. */
const NAMES = 8;

/** What is wrong with the files by themselves; each of the bad ones stops every command of Alembic. */
export function graphProblems(graph: RevisionGraph): TrackProblem[] {
  return [
    ...circle(graph),
    ...dangling(graph),
    ...partial(graph),
    ...labels(graph),
    ...computed(graph),
    ...heads(graph),
  ];
}

export const listed = (names: readonly string[]): string =>
  names.length <= NAMES
    ? names.join(', ')
    : `${names.slice(0, NAMES).join(', ')} and ${names.length - NAMES} more`;

function circle({ circle: ids }: RevisionGraph): TrackProblem[] {
  if (ids.length === 0) return [];
  return [
    {
      severity: 'bad',
      cause: 'revision-circle',
      what: `Revisions come after themselves: ${listed(ids)}.`,
      why: 'Their down_revision or depends_on lead round in a circle, and Alembic refuses every command.',
      next: 'Correct the down_revision of the one that was made last.',
    },
  ];
}

const dangling = (graph: RevisionGraph): TrackProblem[] =>
  graph.dangling.map(({ id, field, target }) => ({
    severity: 'bad',
    cause: 'revision-dangling',
    what: `Revision ${id} comes after ${target}, which no file holds.`,
    why: `The ${field} of ${fileOf(graph, id)} names it; Alembic refuses every command with KeyError: '${target}'.`,
    next: `Bring back the file of ${target}, or correct the ${field}.`,
  }));

const partial = (graph: RevisionGraph): TrackProblem[] =>
  graph.partial.map(({ id, target, meant }) => ({
    severity: 'warning',
    cause: 'revision-partial',
    what: `Revision ${id} depends on ${target}, which is only the beginning of ${meant}.`,
    why: `Versions of Alembic (1.8 and 1.20 among them) want the whole revision or a branch label in depends_on.`,
    next: `Write ${meant} in ${fileOf(graph, id)}.`,
  }));

const labels = ({ sharedLabels }: RevisionGraph): TrackProblem[] =>
  sharedLabels.map((label) => ({
    severity: 'bad',
    cause: 'branch-label-twice',
    what: `The branch label ${label} is used more than once.`,
    why: 'Alembic refuses every command while several revisions declare it.',
    next: 'Take it out of all but the first revision of the branch.',
  }));

function computed({ files }: RevisionGraph): TrackProblem[] {
  const ids = [...files.values()].filter(({ downs, dependsOn }) => !downs || !dependsOn).map(({ id }) => id);
  if (ids.length === 0) return [];
  return [
    {
      severity: 'warning',
      cause: 'revision-computed',
      what: `What ${listed(ids)} come after can’t be told.`,
      why: 'Their down_revision or depends_on is worked out as the file runs, and files are never run to be read.',
      next: 'Run alembic history in the project.',
    },
  ];
}

function heads({ files, heads: ids, dangling: lost }: RevisionGraph): TrackProblem[] {
  // Where a file is missing, what came before it looks like a head.
  if (ids.length < 2 || lost.length > 0) return [];
  const labelled = ids.every((id) => (files.get(id) as RevisionFile).labels.length > 0);
  return [
    {
      severity: labelled ? 'notice' : 'warning',
      cause: 'several-heads',
      what: `There are ${ids.length} heads: ${listed(ids)}.`,
      why: 'Nothing comes after any of them, so that alembic upgrade head does not know which is meant.',
      next: 'Run alembic upgrade heads, or bring them together with alembic merge heads.',
      command: 'alembic merge heads',
    },
  ];
}

const fileOf = ({ files }: RevisionGraph, id: string): string => files.get(id)?.file ?? id;
