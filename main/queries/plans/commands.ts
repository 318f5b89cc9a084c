import type { Command } from 'commander';
import type { CommandRun } from '../../cli/run.ts';

/** `howdah queries explain`, and what goes with it. */
export function planCommands(_queries: Command, _run: CommandRun): void {}
