import { Button } from '@mantine/core';
import { IconArrowDown } from '@tabler/icons-react';
import { memo, useLayoutEffect, useRef, useState } from 'react';
import { CopyButton } from '../../components/copy-button.tsx';
import { count, plural } from '../../components/format.ts';
import { visible } from '../words.ts';
import styles from './drive.module.css';
import { letGo, newest, type Printed, type PrintedLine, printedText } from './printed.ts';

/** Lines that are drawn at first, and with each "earlier". */
const drawnAtFirst = 500;
/** px from the end that still count as being there. */
const nearEnd = 12;

/** What a command prints, newest last. It follows the end until somebody scrolls up, and then stands still. */
export function Output({ printed, isRunning }: { printed: Printed; isRunning: boolean }) {
  const box = useRef<HTMLDivElement>(null);
  /** The line up to which it shows while it stands still. */
  const [held, setHeld] = useState<number>();
  const [drawn, setDrawn] = useState(drawnAtFirst);
  const last = held ?? printed.last;
  const lines = newest(printed, last, drawn);
  const earlier = (lines[0]?.number ?? 1) - 1 - letGo(printed);
  const more = printed.last - last;
  const follows = held === undefined;

  // biome-ignore lint/correctness/useExhaustiveDependencies: each new line moves the end.
  useLayoutEffect(() => {
    if (follows && box.current) box.current.scrollTop = box.current.scrollHeight;
  }, [follows, last]);

  return (
    <section className={styles.output} aria-label="Output">
      <div className={styles.outputHead}>
        <h3 className={styles.heading}>Output</h3>
        <span className={styles.soft}>{plural(printed.last, 'line')}</span>
        <CopyButton text={() => printedText(printed)} label="Copy all" withLabel />
      </div>
      {/* biome-ignore-start lint/a11y/noNoninteractiveTabindex: what scrolls must be reached by the keyboard. */}
      <div
        ref={box}
        className={styles.box}
        role="log"
        aria-live="off"
        aria-label="Lines, newest last"
        tabIndex={0}
        data-autofocus
        onScroll={({ currentTarget: { scrollHeight, scrollTop, clientHeight } }) =>
          setHeld(scrollHeight - scrollTop - clientHeight < nearEnd ? undefined : last)
        }
      >
        {/* biome-ignore-end lint/a11y/noNoninteractiveTabindex: what scrolls must be reached by the keyboard. */}
        {letGo(printed) > 0 && earlier === 0 && (
          <p className={styles.nothing}>{count(letGo(printed))} lines before these are not kept.</p>
        )}
        {earlier > 0 && (
          <Button variant="subtle" onClick={() => setDrawn(drawn + 5 * drawnAtFirst)}>
            Show {plural(Math.min(earlier, 5 * drawnAtFirst), 'earlier line')}
          </Button>
        )}
        {printed.last === 0 && (
          <p className={styles.nothing}>{isRunning ? 'Nothing printed yet.' : 'It printed nothing.'}</p>
        )}
        {lines.map((line) => (
          <Line key={line.number} line={line} />
        ))}
      </div>
      {!follows && (
        <Button
          className={styles.follow ?? ''}
          leftSection={<IconArrowDown size={14} />}
          onClick={() => {
            setHeld(undefined);
            box.current?.focus({ preventScroll: true });
          }}
        >
          {more > 0 ? plural(more, 'new line') : 'To the end'}
        </Button>
      )}
    </section>
  );
}

/** Standard output is not marked. */
const Line = memo(function Line({ line: { stream, text } }: { line: PrintedLine }) {
  return (
    <div className={styles.line} data-stream={stream}>
      <span className={styles.stream} title={stream === 'err' ? 'Standard error' : undefined}>
        {stream === 'err' ? 'err' : ''}
      </span>
      <span className={styles.lineText} dir="auto">
        {visible(text)}
      </span>
    </div>
  );
});
