import type { Command } from 'commander';
import type { CommandRun } from '../cli/run.ts';

export function maintenanceCommands(howdah: Command, _run: CommandRun): void {
  howdah.command('vacuum').description('dead rows, freezing, and what holds them back');
}
