import { printable } from './output.ts';

let told = '';

/** Says on a terminal what is being done; in a script's log it would only be noise. */
export function tellStep({ step }: { step: string }, prefix = ''): void {
  const line = `${prefix}${printable(step)}`;
  if (!process.stderr.isTTY || line === told) return;
  told = line;
  process.stderr.write(`${line}\n`);
}
