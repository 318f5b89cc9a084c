import { Button } from '@mantine/core';
import { IconArrowDown } from '@tabler/icons-react';
import { useEffect, useLayoutEffect, useRef, useState } from 'react';
import type { CompanionLine } from '../../preload/contract/environments.ts';
import { CopyButton } from '../components/copy-button.tsx';
import { Explanation } from '../components/explanation.tsx';
import { dateTime, plural, timeOfDay } from '../components/format.ts';
import type { NumberedLine } from './companion-lines.ts';
import styles from './companion-output.module.css';
import { useCompanionOutput } from './use-companion-output.ts';

/** px from the end that still count as being there. */
const nearEnd = 12;

/** What a companion prints, newest last. It follows the end until somebody scrolls up, and then stands still. */
export function CompanionOutput({ environment }: { environment: string }) {
  const { lines: newest, problem } = useCompanionOutput(environment);
  const box = useRef<HTMLDivElement>(null);
  // A loud companion would push what is being read out at the top.
  const [held, setHeld] = useState<readonly NumberedLine[]>();
  const lines = held ?? newest;
  const follows = held === undefined;
  const last = newest?.at(-1)?.number ?? 0;
  const more = last - (held?.at(-1)?.number ?? last);

  // biome-ignore lint/correctness/useExhaustiveDependencies: each new line moves the end.
  useLayoutEffect(() => {
    if (follows) toEnd(box.current);
  }, [follows, last]);
  // biome-ignore lint/correctness/useExhaustiveDependencies: what was held belongs to the one before.
  useEffect(() => setHeld(undefined), [environment]);

  const text = (): string => (lines ?? []).map((line) => `${dateTime(line.at)} ${line.text}`).join('\n');
  return (
    <section className={styles.output} aria-label="What the companion printed">
      <div className={styles.head}>
        <h2>Output</h2>
        <span className={styles.count}>{lines ? `last ${plural(lines.length, 'line')}` : ''}</span>
        <CopyButton text={text} label="Copy the output" />
      </div>
      {problem && <Explanation explanation={problem} severity="warning" compact />}
      {/* biome-ignore-start lint/a11y/noNoninteractiveTabindex: what scrolls must be reached by the keyboard. */}
      <div
        ref={box}
        className={styles.box}
        role="log"
        aria-live="off"
        aria-label="Lines, newest last"
        tabIndex={0}
        onScroll={({ currentTarget: { scrollHeight, scrollTop, clientHeight } }) =>
          setHeld(scrollHeight - scrollTop - clientHeight < nearEnd ? undefined : lines)
        }
      >
        {/* biome-ignore-end lint/a11y/noNoninteractiveTabindex: what scrolls must be reached by the keyboard. */}
        {lines?.length === 0 && <p className={styles.nothing}>Nothing printed yet.</p>}
        {lines?.map((line) => (
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

/** Who speaks: the command's standard output is not marked. */
const marks: Record<CompanionLine['stream'], { word: string; title: string }> = {
  out: { word: '', title: 'Standard output' },
  error: { word: 'err', title: 'Standard error' },
  howdah: { word: 'Howdah', title: 'Said by Howdah' },
};

function Line({ line: { at, stream, text } }: { line: CompanionLine }) {
  const { word, title } = marks[stream];
  return (
    <div className={styles.line} data-stream={stream}>
      <span className={styles.time} title={dateTime(at)}>
        {timeOfDay(at)}
      </span>
      <span className={styles.mark} title={title}>
        {word}
      </span>
      <span className={styles.text}>{text}</span>
    </div>
  );
}

function toEnd(element: HTMLElement | null): void {
  if (element) element.scrollTop = element.scrollHeight;
}
