/** A command as it is, and the tool's own that it was made of; the same where nobody changed it. */
export interface Written {
  command: string;
  own: string | null;
}

/** Signs that make more of a shell's line than one command with plain words. */
const shellSigns = /[;&|<>`$(){}\n\\]/;

/**
 * Whether two commands of one tool go to the same place as far as their text decides it: both as the tool has them, or
 * both with the same words added and taken away, such as `--env production`.
 */
export function goSameWay(one: Written, another: Written): boolean {
  const [first, second] = [changeOf(one), changeOf(another)];
  return first !== undefined && second !== undefined && first === second;
}

/** What was added and taken away, as text; undefined where that can't be told by words. */
function changeOf({ command, own }: Written): string | undefined {
  if (command === own) return '[[],[]]';
  if (own === null) return undefined;
  const [now, before] = [words(command), words(own)];
  const added = without(now, before);
  if (added.some((word) => shellSigns.test(word))) return undefined;
  return JSON.stringify([added, without(before, now)]);
}

const words = (line: string): string[] => line.trim().split(/\s+/);

function without(all: readonly string[], some: readonly string[]): string[] {
  const left = [...some];
  return all.filter((word) => {
    const at = left.indexOf(word);
    if (at >= 0) left.splice(at, 1);
    return at < 0;
  });
}
