import { SegmentedControl } from '@mantine/core';
import { IconAdjustments, IconArrowsDiff, IconListDetails } from '@tabler/icons-react';
import { useMemo } from 'react';
import { usePaletteActions } from '../../shell/palette/palette-actions.ts';
import type { ViewProps } from '../../shell/room-props.ts';
import { useRoomView } from '../../shell/room-view.ts';
import { Advisor } from './advisor.tsx';
import { Compare } from './compare.tsx';
import type { SettingsPlace } from './place.ts';
import { SettingsList } from './settings-list.tsx';

const detail = 'Settings';

/** The settings of a server: as they are, as they should be on its machine, and beside another server's. */
export default function Settings(props: ViewProps) {
  const { rest, go } = useRoomView(props.environment.id, 'server', ['settings']);
  const place = useMemo<SettingsPlace>(() => ({ rest, goTo: (next) => go('settings', next) }), [rest, go]);
  const part = rest === 'advisor' ? 'advisor' : rest.startsWith('compare') ? 'compare' : 'list';
  usePaletteActions(
    useMemo(
      () => [
        {
          id: 'server settings list',
          label: 'Show the settings',
          detail,
          icon: IconListDetails,
          run: () => place.goTo(),
        },
        {
          id: 'server settings advisor',
          label: 'What the settings should be',
          detail,
          keywords: 'tune advisor memory shared_buffers work_mem',
          icon: IconAdjustments,
          run: () => place.goTo('advisor'),
        },
        {
          id: 'server settings compare',
          label: 'Compare the settings with another environment',
          detail,
          keywords: 'diff',
          icon: IconArrowsDiff,
          run: () => place.goTo('compare'),
        },
      ],
      [place],
    ),
  );
  const choice = (
    <>
      {props.choice}
      <SegmentedControl
        aria-label="Part of the settings"
        value={part}
        onChange={(next) => place.goTo(next === 'list' ? undefined : next)}
        data={[
          { value: 'list', label: 'All' },
          { value: 'advisor', label: 'Advisor' },
          { value: 'compare', label: 'Compare' },
        ]}
      />
    </>
  );
  if (part === 'advisor') return <Advisor {...props} choice={choice} />;
  if (part === 'compare') return <Compare {...props} choice={choice} place={place} />;
  return <SettingsList {...props} choice={choice} place={place} />;
}
