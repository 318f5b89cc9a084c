import { Button } from '@mantine/core';
import { IconFileImport } from '@tabler/icons-react';
import { useRef } from 'react';
import { addFiles } from './import-job.ts';

interface ChooseFilesProps {
  label: string;
  /** The one thing to do here: filled, and with the focus. */
  main?: boolean;
}

/** Opens the system's dialog for files, several at once. */
export function ChooseFiles({ label, main = false }: ChooseFilesProps) {
  const input = useRef<HTMLInputElement>(null);
  return (
    <>
      <input
        ref={input}
        type="file"
        multiple
        hidden
        aria-label="Files with connections"
        onChange={(event) => {
          addFiles([...(event.currentTarget.files ?? [])]);
          // The same file may be chosen again after it was mended.
          event.currentTarget.value = '';
        }}
      />
      <Button
        variant={main ? 'filled' : 'default'}
        autoFocus={main}
        data-choose-files
        leftSection={<IconFileImport size={14} />}
        onClick={() => input.current?.click()}
      >
        {label}
      </Button>
    </>
  );
}
