import {
  IconBook2,
  IconCamera,
  IconCopy,
  IconFileExport,
  IconFileImport,
  IconFlask,
  IconGitCompare,
  IconHistory,
  IconHome,
  IconInfoCircle,
  IconKey,
  IconKeyboard,
  IconLink,
  IconMoon,
  IconPencil,
  IconPlugConnected,
  IconPlugConnectedX,
  IconPlus,
  IconServer2,
  IconTrash,
} from '@tabler/icons-react';
import { useLocation } from 'wouter';
import type { Environment } from '../../../preload/contract/environments.ts';
import { type ThemeChoice, themeWords, useThemeChoice } from '../../console/theme-choice.ts';
import { useConsoleInfo } from '../../console/use-console-info.ts';
import { addressOf } from '../../environments/way-words.ts';
import { useSampleJob } from '../../sample/sample-provider.tsx';
import { useSampleStatus } from '../../sample/use-sample-status.ts';
import { compareAddress, schemaAddress } from '../../schema/views.ts';
import { type Actions, useActions } from '../actions.tsx';
import { roomAddress } from '../address.ts';
import { useEnvironments } from '../environments-provider.tsx';
import { rooms } from '../rooms.ts';
import { useLayers } from '../use-layers.ts';
import { usePlace } from '../use-place.ts';
import type { Command } from './commands.ts';
import { useScreenActions } from './palette-actions.ts';

/** Everything that can be gone to or done from here: what concerns the screen and the environment in sight comes first. */
export function useCommands(): Command[] {
  const { environments = [], statusOf } = useEnvironments();
  const { current, room } = usePlace();
  const [location, navigate] = useLocation();
  const actions = useActions();
  const general = useGeneralCommands(navigate);
  const own = useScreenActions();

  const isConnected = (environment: Environment): boolean =>
    statusOf(environment.id).state !== 'disconnected';
  const here = current
    ? [
        ...roomCommands(current, navigate),
        ...schemaCommands(current, location, navigate),
        ...actCommands(current, actions, isConnected),
      ]
    : [];
  const others = environments.filter(({ id }) => id !== current?.id);
  return [
    ...own,
    ...here,
    ...others.map((environment) => openCommand(environment, room, navigate)),
    ...general,
    ...others.flatMap((environment) => [
      ...roomCommands(environment, navigate),
      ...actCommands(environment, actions, isConnected),
    ]),
  ];
}

type Navigate = (to: string) => void;

function openCommand(environment: Environment, room: string | undefined, navigate: Navigate): Command {
  return {
    id: `open ${environment.id}`,
    label: environment.name,
    detail: [environment.group, addressOf(environment.connection)].filter(Boolean).join(' · '),
    keywords: 'environment open go',
    icon: IconServer2,
    environment,
    run: () => navigate(roomAddress(environment.id, room)),
  };
}

function roomCommands(environment: Environment, navigate: Navigate): Command[] {
  return rooms.map(({ id, label, icon }) => ({
    id: `room ${environment.id} ${id}`,
    label,
    detail: environment.name,
    keywords: 'go room tab',
    icon,
    environment,
    run: () => navigate(roomAddress(environment.id, id)),
  }));
}

/** Left out where the comparison shows: it offers its own. */
function schemaCommands({ id, name }: Environment, location: string, navigate: Navigate): Command[] {
  const address = schemaAddress(id, 'compare');
  if (location.startsWith(address)) return [];
  const compare = (label: string, keywords: string, icon: Command['icon'], to = address): Command => ({
    id: `${label} ${id}`,
    label,
    detail: name,
    keywords,
    icon,
    run: () => navigate(to),
  });
  return [
    compare('Compare schemas…', 'diff drift difference script migrate', IconGitCompare),
    compare(
      'What changed here since…',
      'schema diff drift snapshot history',
      IconHistory,
      compareAddress(id, 'snapshots'),
    ),
    compare('Take a schema snapshot…', 'keep save structure', IconCamera, compareAddress(id, 'take')),
  ];
}

function actCommands(
  environment: Environment,
  actions: Actions,
  isConnected: (environment: Environment) => boolean,
): Command[] {
  const act = (word: string, icon: Command['icon'], run: () => unknown): Command => ({
    id: `${word} ${environment.id}`,
    label: word,
    detail: environment.name,
    icon,
    environment,
    run: () => void run(),
  });
  return [
    isConnected(environment)
      ? act('Disconnect', IconPlugConnectedX, () => actions.disconnect(environment))
      : act('Connect', IconPlugConnected, () => actions.connect(environment)),
    act('Edit', IconPencil, () => actions.edit(environment)),
    act('Duplicate', IconCopy, () => actions.duplicate(environment)),
    act('Remove from Howdah', IconTrash, () => actions.remove(environment)),
  ];
}

function useGeneralCommands(navigate: Navigate): Command[] {
  const actions = useActions();
  const layers = useLayers();
  const { choose, theme } = useThemeChoice();
  const sample = useSampleStatus();
  const job = useSampleJob();
  const face = useConsoleInfo()?.face;
  const commands: Command[] = [
    {
      id: 'home',
      label: 'Home',
      detail: 'All environments',
      keywords: 'fleet list',
      icon: IconHome,
      run: () => navigate('/'),
    },
    {
      id: 'add',
      label: 'Add an environment',
      keywords: 'new server connection url',
      icon: IconPlus,
      run: () => actions.add(),
    },
    {
      id: 'audit',
      label: 'Audit log',
      keywords: 'history who what',
      icon: IconBook2,
      run: () => navigate('/audit'),
    },
    {
      id: 'import',
      label: 'Import environments from a file…',
      keywords: 'connections env compose dbeaver pgadmin dbgate service pgpass team',
      icon: IconFileImport,
      run: () => actions.importFrom(),
    },
    {
      id: 'export',
      label: 'Export environments…',
      keywords: 'connections file team share',
      icon: IconFileExport,
      run: actions.exportAll,
    },
    {
      id: 'keychain',
      label: 'Keychain…',
      keywords: 'passwords secrets unlock clean up entries',
      icon: IconKey,
      run: actions.keychain,
    },
    sample?.state === 'running'
      ? { id: 'sample', label: 'Stop the sample server…', icon: IconFlask, run: actions.stopSample }
      : {
          id: 'sample',
          label: 'Start the sample server',
          keywords: 'explore demo',
          icon: IconFlask,
          run: job.start,
        },
    ...(Object.keys(themeWords) as ThemeChoice[])
      .filter((choice) => choice !== theme)
      .map((choice) => ({
        id: `theme ${choice}`,
        label: `Theme: ${themeWords[choice].toLowerCase()}`,
        keywords: 'appearance colour mode',
        icon: IconMoon,
        run: () => choose(choice),
      })),
    {
      id: 'help',
      label: 'Keyboard shortcuts',
      keywords: 'help keys',
      icon: IconKeyboard,
      run: () => layers.open('help'),
    },
    {
      id: 'about',
      label: 'About Howdah',
      keywords: 'version data folder keychain',
      icon: IconInfoCircle,
      run: () => layers.open('about'),
    },
  ];
  if (face === 'browser') {
    commands.push({
      id: 'link',
      label: 'Copy a link for another browser',
      keywords: 'address token',
      icon: IconLink,
      run: () => void actions.copyLink(),
    });
  }
  return commands;
}
