import { ActionIcon, Button, Tooltip } from '@mantine/core';
import { IconCheck, IconCopy } from '@tabler/icons-react';
import { useEffect, useState } from 'react';

interface CopyButtonProps {
  /** What is copied; a function is asked only when pressed. */
  text: string | (() => string);
  /** What it copies, for the hint: "Copy the error". */
  label: string;
  /** Shows the words beside the icon. */
  withLabel?: boolean;
}

/** Copies a text and says so for a moment. */
export function CopyButton({ text, label, withLabel = false }: CopyButtonProps) {
  const [outcome, setOutcome] = useState<'copied' | 'refused'>();

  useEffect(() => {
    if (!outcome) return;
    const timer = setTimeout(() => setOutcome(undefined), 1600);
    return () => clearTimeout(timer);
  }, [outcome]);

  const copy = async (): Promise<void> => {
    try {
      await navigator.clipboard.writeText(typeof text === 'function' ? text() : text);
      setOutcome('copied');
    } catch {
      setOutcome('refused');
    }
  };
  const words = outcome === 'copied' ? 'Copied' : outcome === 'refused' ? 'The clipboard refused it' : label;
  const icon = outcome === 'copied' ? <IconCheck size={14} /> : <IconCopy size={14} />;

  if (withLabel) {
    return (
      <Button leftSection={icon} onClick={copy} variant="subtle" color="gray" aria-live="polite">
        {words}
      </Button>
    );
  }
  return (
    <Tooltip label={words} {...(outcome ? { opened: true } : {})}>
      <ActionIcon aria-label={label} onClick={copy}>
        {icon}
      </ActionIcon>
    </Tooltip>
  );
}
