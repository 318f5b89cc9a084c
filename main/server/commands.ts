import type { Command } from 'commander';
import type { CommandRun } from '../cli/run.ts';

export function serverCommands(howdah: Command, _run: CommandRun): void {
  howdah.command('settings').description('a server’s settings');
}
