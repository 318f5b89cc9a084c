import { createHash } from 'node:crypto';
import { FileProblem } from './shared/file-problem.ts';

export interface PlannedChange {
  /** SHA-1 of what the plan says of it. */
  id: string;
  name: string;
  /** Tags on it, with `@`. */
  tags: string[];
  /** Names of those it needs, of this project or another, as the plan writes them. */
  requires: string[];
  /** Set when a later line of the same name reworks it: the tags in between, the nearest last. */
  reworkTags: string[];
  line: number;
}

export interface SqitchPlan {
  project: string;
  changes: PlannedChange[];
}

const CHANGE =
  /^[ \t]*(?:[+-][ \t]*)?(?<name>[^\s@:#\\[\]]+)(?:[ \t]+\[(?<needs>[^\]]+)\])?[ \t]+(?<at>\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ)[ \t]+(?<by>[^<]+?)[ \t]+<(?<mail>[^>]+)>[ \t]*$/;
const TAG = /^[ \t]*@(?<name>[^\s@:#\\[\]/]+)[ \t]+\d{4}-\d\d-\d\dT/;
const PRAGMA = /^[ \t]*%[ \t]*(?<name>[^\s=]+)(?:[ \t]*=[ \t]*(?<value>.+?))?[ \t]*$/;

/**
 * Reads a plan, with the ids that Sqitch computes. Facts: sqitchtutorial, `App::Sqitch::Plan::_parse`,
 * `App::Sqitch::Plan::Change::info`.
 *
 * @throws FileProblem naming the line that can't be read
 */
export function parsePlan(text: string, path: string): SqitchPlan {
  const pragmas = new Map<string, string>();
  const changes: PlannedChange[] = [];
  const latest = new Map<string, number>();
  for (const [index, whole] of text.split(/\r?\n/).entries()) {
    const at = whole.indexOf('#');
    const line = (at < 0 ? whole : whole.slice(0, at)).trimEnd();
    if (line.trim() === '') continue;
    const note = at < 0 ? '' : whole.slice(at + 1).replace(/^[ \t]+/, '');
    const pragma = PRAGMA.exec(line)?.groups;
    if (pragma?.name && changes.length === 0) {
      pragmas.set(pragma.name, pragma.value ?? '1');
      continue;
    }
    const tag = TAG.exec(line)?.groups?.name;
    const last = changes.at(-1);
    if (tag && last) {
      last.tags.push(`@${tag}`);
      continue;
    }
    const parts = CHANGE.exec(line)?.groups;
    if (tag || !parts?.name)
      throw unreadable(path, index + 1, tag ? 'A tag stands before the first change' : undefined);
    const earlier = latest.get(parts.name);
    if (earlier !== undefined) rework(changes, earlier);
    latest.set(parts.name, changes.length);
    const needs = (parts.needs ?? '').split(/[ \t]+/).filter(Boolean);
    const id = idOf(pragmas, changes.at(-1)?.id, parts, needs, note);
    const requires = needs.filter((need) => !need.startsWith('!'));
    changes.push({ id, name: parts.name, tags: [], requires, reworkTags: [], line: index + 1 });
  }
  const project = pragmas.get('project');
  if (!project) throw unreadable(path, 1, 'There is no line “%project=…”');
  return { project, changes };
}

/** The tags from the reworked change on, nearest to the new one first, as Sqitch looks for its file. */
function rework(changes: PlannedChange[], earlier: number): void {
  const tags = changes
    .slice(earlier + 1)
    .reverse()
    .flatMap((change) => change.tags);
  const reworked = changes[earlier];
  reworked?.reworkTags.push(...tags, ...reworked.tags);
}

function idOf(
  pragmas: Map<string, string>,
  parent: string | undefined,
  parts: Record<string, string | undefined>,
  needs: readonly string[],
  note: string,
): string {
  const project = pragmas.get('project') ?? '';
  const uri = pragmas.get('uri');
  // A dependency within the project is written without its name.
  const plain = needs.map((need) => need.replace(`${project}:`, ''));
  const requires = plain.filter((need) => !need.startsWith('!'));
  const conflicts = plain.filter((need) => need.startsWith('!')).map((need) => need.slice(1));
  const info = [
    `project ${project}`,
    ...(uri ? [`uri ${canonical(uri)}`] : []),
    `change ${parts.name}`,
    ...(parent ? [`parent ${parent}`] : []),
    `planner ${parts.by} <${parts.mail}>`,
    `date ${parts.at}`,
    ...(requires.length > 0 ? [`requires\n  + ${requires.join('\n  + ')}`] : []),
    ...(conflicts.length > 0 ? [`conflicts\n  - ${conflicts.join('\n  - ')}`] : []),
    ...(note === '' ? [] : ['', note.replace(/\\([\\nr])/g, (_, code: string) => ESCAPES[code] ?? code)]),
  ].join('\n');
  const content = Buffer.from(info, 'utf8');
  return createHash('sha1').update(`change ${content.length}\0`).update(content).digest('hex');
}

const ESCAPES: Record<string, string> = { n: '\n', r: '\r', '\\': '\\' };

const canonical = (uri: string): string => (URL.canParse(uri) ? new URL(uri).href : uri);

const unreadable = (
  path: string,
  line: number,
  why = 'It is neither a change nor a tag with a time and a planner',
): FileProblem =>
  new FileProblem(
    path,
    {
      what: `${path} can’t be read as a plan.`,
      why: `Line ${line}: ${why.charAt(0).toLowerCase()}${why.slice(1)}.`,
      next: 'Look whether a merge left its marks in it; `sqitch plan` says what it makes of it.',
      cause: 'sqitch-plan-broken',
    },
    line,
  );
