import type { Command } from 'commander';
import type { CommandRun } from '../cli/run.ts';

export function lockCommands(howdah: Command, _run: CommandRun): void {
  howdah.command('locks').description('who waits for whom');
}
