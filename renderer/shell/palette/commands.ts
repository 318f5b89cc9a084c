import type { ComponentType } from 'react';
import type { Environment } from '../../../preload/contract/environments.ts';
import { fuzzyMatch, type Match, wholeMatch } from './fuzzy.ts';

/** One thing that can be done or gone to. */
export interface Command {
  id: string;
  label: string;
  /** Said after the label: where it leads, or what it is about. */
  detail?: string;
  /** Found by these words too. */
  keywords?: string;
  icon: ComponentType<{ size?: number | string; stroke?: number | string }>;
  /** Its colour and protection are shown. */
  environment?: Environment;
  run: () => void;
}

export interface Found {
  command: Command;
  /** Positions in the label. */
  marks: ReadonlySet<number>;
}

const noMarks: ReadonlySet<number> = new Set();

/** The commands that a query means, best first; all of them, in their order, while nothing is typed. */
export function findCommands(commands: readonly Command[], query: string): Found[] {
  if (query.trim() === '') return commands.map((command) => ({ command, marks: noMarks }));
  const found = commands.flatMap((command, index) => {
    const match = matchCommand(command, query);
    return match ? [{ command, marks: new Set(match.marks), score: match.score, index }] : [];
  });
  return found.sort((a, b) => b.score - a.score || a.index - b.index);
}

/**
 * Each word is looked for in the label, letter by letter if need be, and else as it stands in the detail, the
 * keywords and the environment's name and group. The label counts most.
 */
function matchCommand({ label, detail, keywords, environment }: Command, query: string): Match | undefined {
  const rest = [detail, keywords, environment?.name, environment?.group].filter(Boolean).join(' ');
  let score = -label.length * 0.05;
  const marks: number[] = [];
  for (const word of query.split(/\s+/).filter(Boolean)) {
    const inLabel = fuzzyMatch(word, label);
    const inRest = inLabel ? undefined : wholeMatch(word, rest);
    if (inLabel) {
      score += inLabel.score + 6;
      marks.push(...inLabel.marks);
    } else if (inRest) score += inRest.score;
    else return undefined;
  }
  return { score, marks };
}
