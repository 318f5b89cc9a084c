import type { Command } from 'commander';
import type { CommandRun } from '../cli/run.ts';

export function healthCommands(howdah: Command, _run: CommandRun): void {
  howdah.command('health').description('what is wrong at a server');
}
