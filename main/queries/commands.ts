import type { Command } from 'commander';
import type { CommandRun } from '../cli/run.ts';
import { planCommands } from './plans/commands.ts';

export function queryCommands(howdah: Command, run: CommandRun): void {
  const queries = howdah.command('queries').description('slow statements, and why they are slow');
  planCommands(queries, run);
}
