import { Button, SegmentedControl } from '@mantine/core';
import { IconZoomOut } from '@tabler/icons-react';
import { useCallback, useState } from 'react';
import { type Window, windows } from '../../preload/contract/metrics.ts';
import { instantLabel } from './axes.ts';
import type { Span } from './use-history.ts';

const windowWords: Record<Window, string> = { '1h': '1 h', '24h': '24 h', '7d': '7 d', '30d': '30 d' };
/** The shortest span that can be zoomed to, ms. */
const shortest = 20_000;

/** A named window that ends now, or a span within one that somebody drew on a chart. */
export interface TimeWindow {
  window: Window;
  span: Span | null;
  setWindow: (window: Window) => void;
  onZoom: (span: Span) => void;
  onBack: () => void;
}

/** The window that a page's charts and tables are of, with the spans zoomed into, innermost last. */
export function useTimeWindow(first: Window = '1h'): TimeWindow {
  const [window, choose] = useState<Window>(first);
  const [spans, setSpans] = useState<readonly Span[]>([]);
  const onZoom = useCallback((wanted: Span): void => {
    const middle = (wanted[0] + wanted[1]) / 2;
    const half = Math.max(shortest, wanted[1] - wanted[0]) / 2;
    setSpans((before) => [...before, [Math.round(middle - half), Math.round(middle + half)]]);
  }, []);
  const onBack = useCallback((): void => setSpans((before) => before.slice(0, -1)), []);
  const setWindow = useCallback((next: Window): void => {
    choose(next);
    setSpans([]);
  }, []);
  return { window, span: spans.at(-1) ?? null, setWindow, onZoom, onBack };
}

/** Chooses the window; says the span that was zoomed into, and leads back out of it. */
export function TimeWindowPicker({ time }: { time: TimeWindow }) {
  const { window, span, setWindow, onBack } = time;
  return (
    <>
      {span && (
        <Button
          leftSection={<IconZoomOut size={14} />}
          onClick={onBack}
          title="Double-click on a chart does the same"
        >
          {spanWords(span)}
        </Button>
      )}
      <SegmentedControl
        aria-label="Window"
        value={window}
        onChange={(next) => setWindow(windows.find((one) => one === next) ?? '1h')}
        data={windows.map((value) => ({ value, label: windowWords[value] }))}
      />
    </>
  );
}

function spanWords([from, to]: Span): string {
  const withSeconds = to - from <= 5 * 60_000;
  return `${instantLabel(from, Date.now(), withSeconds)} – ${instantLabel(to, Date.now(), withSeconds)}`;
}
