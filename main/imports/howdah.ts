import { z } from 'zod';
import { Companion, Connection, HostPort, Tunnel } from '../../preload/contract/connection.ts';
import { isSecretParameter } from '../../preload/contract/connection-parts.ts';
import { type Environment, EnvironmentDraft, type Finding } from '../../preload/contract/environments.ts';
import { leftOut, masked } from '../lib/mask.ts';
import { notesOn } from './draft.ts';
import { type Finds, shown } from './found.ts';
import { field, isObject, readJson } from './json.ts';
import type { TextFile } from './source.ts';

export const howdahFormat = 'howdah environments';
const version = 1;

/** Environments as a file for a team: no secrets. */
export function printExport(environments: Environment[]): string {
  const file = {
    format: howdahFormat,
    version,
    environments: environments.map(({ name, group, color, protection, connection }) => ({
      name,
      group,
      color,
      protection,
      connection: withoutSecrets(connection),
    })),
  };
  return `${JSON.stringify(file, null, 2)}\n`;
}

/** Connections hold no secrets but for what a person wrote into a command. */
function withoutSecrets(connection: Connection): Connection {
  const parameters = Object.entries(connection.parameters).filter(([name]) => !isSecretParameter(name));
  const { companion } = connection;
  if (!companion) return { ...connection, parameters: Object.fromEntries(parameters) };
  return {
    ...connection,
    parameters: Object.fromEntries(parameters),
    companion: {
      ...companion,
      command: masked(companion.command),
      ...(companion.stop === undefined ? {} : { stop: masked(companion.stop) }),
    },
  };
}

const StrictConnection = z.strictObject({
  ...Connection.shape,
  otherHosts: z.array(z.strictObject(HostPort.shape)).max(15).optional(),
  tunnel: z.strictObject(Tunnel.shape).optional(),
  companion: z.strictObject(Companion.shape).optional(),
});
const StrictDraft = z.strictObject({ ...EnvironmentDraft.shape, connection: StrictConnection });

/** Reads what {@link printExport} writes. What is newer or unknown is refused, not guessed at. */
export function readHowdah({ text }: TextFile, finds: Finds): void {
  const read = readJson(text);
  if ('fault' in read) {
    finds.fault(read.fault.line, read.fault.text);
    return;
  }
  const problem = fileProblem(read.value);
  const environments = field(read.value, 'environments');
  if (problem || !Array.isArray(environments)) {
    finds.fault(null, problem ?? 'There is no list of environments in this file.');
    return;
  }
  for (const [index, one] of environments.entries()) {
    const checked = StrictDraft.safeParse(one);
    if (!checked.success) {
      finds.fault(null, `environments[${index}]: ${issueInWords(checked.error.issues[0])}`);
      continue;
    }
    const draft = checked.data as EnvironmentDraft;
    finds.add({
      kind: 'howdah',
      line: null,
      from: `environment ${draft.name}`,
      draft,
      notes: [...companionNote(draft), ...notesOn({ connection: draft.connection })],
    });
  }
}

function fileProblem(value: unknown): string | undefined {
  if (field(value, 'format') !== howdahFormat) return 'This is not an export of Howdah’s environments.';
  const given = field(value, 'version');
  if (typeof given === 'number' && given > version) {
    return `The file is of version ${given}; this Howdah reads version ${version}. Update Howdah, or export again from an older one.`;
  }
  if (given !== version) return 'The file’s version is none.';
  const unknown =
    isObject(value) &&
    Object.keys(value).find((name) => !['format', 'version', 'environments'].includes(name));
  return unknown ? `The file has an unknown field “${shown(unknown)}”.` : undefined;
}

/** By the field alone: a message may quote the value. */
function issueInWords(issue: z.core.$ZodIssue | undefined): string {
  const path = (issue?.path ?? []).map((part) => shown(String(part))).join('.');
  if (issue?.code === 'unrecognized_keys') {
    const names = issue.keys.slice(0, 5).map((name) => `“${shown(name)}”`);
    return `${path ? `${path} has ` : ''}unknown fields: ${names.join(', ')}.`;
  }
  return `${path || 'the environment'} is missing or can’t be taken.`;
}

function companionNote({ connection: { companion } }: EnvironmentDraft): Finding[] {
  if (!companion) return [];
  const commands = [companion.command, ...(companion.stop === undefined ? [] : [companion.stop])];
  return [
    {
      severity: 'warning',
      id: 'companion-command',
      text: `Connecting runs a command that somebody else wrote: ${commands.map((one) => shown(one, 500)).join(' — and when it ends: ')}`,
    },
    ...(commands.some((one) => one.includes(leftOut))
      ? [
          {
            severity: 'warning' as const,
            id: 'companion-incomplete',
            text: `A secret was left out of the command; put it in place of ${leftOut}, best by a file or a variable.`,
          },
        ]
      : []),
  ];
}
