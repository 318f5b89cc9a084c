import type { Command } from 'commander';
import type { CommandRun } from '../cli/run.ts';

export function storageCommands(howdah: Command, _run: CommandRun): void {
  howdah.command('storage').description('what takes space: tables, indexes, growth');
}
