import { ActionIcon, Button, Checkbox, Popover, TagsInput, Tooltip } from '@mantine/core';
import {
  IconAdjustmentsHorizontal,
  IconArrowsExchange,
  IconGitCompare,
  IconHistory,
} from '@tabler/icons-react';
import type { ReactNode } from 'react';
import { type DriftAddress, type Ignorable, ignorable } from './address.ts';
import styles from './setup.module.css';

interface SetupBarProps {
  /** What else the room shows, above the button for snapshots; nothing while the panel of them has it. */
  choice?: ReactNode;
  address: DriftAddress;
  onChange: (changes: Partial<DriftAddress>) => void;
  wanted: ReactNode;
  actual: ReactNode;
  /** Names of schemas to propose. */
  schemas: readonly string[];
  isPanelOpen: boolean;
  onPanel: (open: boolean) => void;
  onSwap: () => void;
  onCompare: () => void;
  /** Why it can't be compared as it is. */
  refused: string | undefined;
  isRunning: boolean;
}

/** Both sides, what is not to count, and the button. */
export function SetupBar(props: SetupBarProps) {
  const { choice, wanted, actual, isPanelOpen, onPanel, onSwap, onCompare, refused, isRunning } = props;
  return (
    <form
      className={styles.bar}
      aria-label="What is compared"
      onSubmit={(event) => {
        event.preventDefault();
        if (refused === undefined) onCompare();
      }}
    >
      <div className={styles.views}>
        {choice}
        <Tooltip label={isPanelOpen ? 'Hide the snapshots' : 'What changed here since …'}>
          <Button
            aria-label="Snapshots of this environment"
            aria-pressed={isPanelOpen}
            variant={isPanelOpen ? 'light' : 'subtle'}
            leftSection={<IconHistory size={16} />}
            onClick={() => onPanel(!isPanelOpen)}
          >
            Snapshots
          </Button>
        </Tooltip>
      </div>
      {wanted}
      <Tooltip label="Swap the sides">
        <ActionIcon className={styles.tool} aria-label="Swap the sides" onClick={onSwap}>
          <IconArrowsExchange size={16} />
        </ActionIcon>
      </Tooltip>
      {actual}
      <div className={styles.acts}>
        <Options {...props} />
        <Tooltip label={refused} disabled={refused === undefined}>
          <Button
            type="submit"
            variant="filled"
            color="accent"
            leftSection={<IconGitCompare size={14} />}
            loading={isRunning}
            data-disabled={refused !== undefined}
            aria-disabled={refused !== undefined}
          >
            Compare
          </Button>
        </Tooltip>
      </div>
    </form>
  );
}

const ignoreWords: Record<Ignorable, string> = {
  owner: 'Owners',
  privileges: 'Privileges',
  comments: 'Comments',
  names: 'Generated names of constraints and indexes',
};

function Options({ address, onChange, schemas }: SetupBarProps) {
  const { ignore } = address;
  const narrowings = ignore.length + (address.schemas.length > 0 ? 1 : 0);
  return (
    <Popover position="bottom-end" trapFocus returnFocus width={300}>
      <Popover.Target>
        <Button
          leftSection={<IconAdjustmentsHorizontal size={14} />}
          aria-label={narrowings > 0 ? `Options (${narrowings})` : 'Options'}
        >
          <span className={styles.word}>Options</span>
          {narrowings > 0 && ` (${narrowings})`}
        </Button>
      </Popover.Target>
      <Popover.Dropdown aria-label="What is compared and what is not">
        <div className={styles.options}>
          <fieldset className={styles.ignore}>
            <legend>Leave out</legend>
            {ignorable.map((one) => (
              <Checkbox
                key={one}
                label={ignoreWords[one]}
                checked={ignore.includes(one)}
                onChange={(event) =>
                  onChange({
                    ignore: event.currentTarget.checked
                      ? [...ignore, one]
                      : ignore.filter((other) => other !== one),
                  })
                }
              />
            ))}
          </fieldset>
          <TagsInput
            label="Only these schemas"
            placeholder={address.schemas.length === 0 ? 'All' : ''}
            data={[...schemas]}
            value={[...address.schemas]}
            onChange={(names) => onChange({ schemas: names })}
            splitChars={[]}
            acceptValueOnBlur
            comboboxProps={{ withinPortal: false }}
          />
        </div>
      </Popover.Dropdown>
    </Popover>
  );
}
