import { Button } from '@mantine/core';
import { IconFileUpload } from '@tabler/icons-react';
import { useRef } from 'react';
import { longestPaste } from '../../../preload/contract/plans.ts';
import { notifyProblem } from '../../components/notify.tsx';

/** Opens a file of this machine and hands its text on. */
export function OpenFile({ label, onText }: { label: string; onText: (text: string) => void }) {
  const input = useRef<HTMLInputElement>(null);
  const read = async (file: File): Promise<void> => {
    if (file.size > longestPaste) {
      notifyProblem({
        cause: 'file-too-large',
        what: `${file.name} is too large to be opened here.`,
        why: `It has ${Math.round(file.size / 1_000_000)} MB; up to ${longestPaste / 1_000_000} MB are read.`,
        next: 'A log is read from the console’s own machine by its path, up to 100 MB.',
      });
      return;
    }
    onText(await file.text());
  };
  return (
    <>
      <input
        ref={input}
        type="file"
        hidden
        aria-label={label}
        onChange={(event) => {
          const [file] = event.currentTarget.files ?? [];
          if (file) void read(file);
          // The same file may be chosen again.
          event.currentTarget.value = '';
        }}
      />
      <Button
        variant="default"
        leftSection={<IconFileUpload size={14} />}
        onClick={() => input.current?.click()}
      >
        {label}
      </Button>
    </>
  );
}
