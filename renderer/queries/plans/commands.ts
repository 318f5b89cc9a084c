import { IconColumns2, IconFileText, IconPlayerPlay, IconReportSearch } from '@tabler/icons-react';
import { useMemo, useRef } from 'react';
import type { Command } from '../../shell/palette/commands.ts';
import { usePaletteActions } from '../../shell/palette/palette-actions.ts';

interface Acts {
  explain: () => void;
  analyze: () => void;
  paste: () => void;
  log: () => void;
  compare: () => void;
}

/** What the palette offers while plans are looked at. */
export function usePlanCommands(
  acts: Acts,
  { ready, comparable }: { ready: boolean; comparable: boolean },
): void {
  const latest = useRef(acts);
  latest.current = acts;
  const commands = useMemo<Command[]>(() => {
    const act = (id: keyof Acts, label: string, keywords: string, icon: Command['icon']): Command => ({
      id: `plans ${id}`,
      label,
      detail: 'Plans',
      keywords,
      icon,
      run: () => latest.current[id](),
    });
    return [
      ...(ready
        ? [
            act('explain', 'Explain the statement', 'plan', IconReportSearch),
            act('analyze', 'Explain and run the statement…', 'analyze', IconPlayerPlay),
          ]
        : []),
      act('paste', 'Paste a plan', 'json file import', IconFileText),
      act('log', 'Read plans from a log', 'auto_explain', IconFileText),
      ...(comparable ? [act('compare', 'Compare the last two plans', 'before after', IconColumns2)] : []),
    ];
  }, [ready, comparable]);
  usePaletteActions(commands);
}
