import { type ReactNode, useMemo, useState } from 'react';
import { plural } from '../../components/format.ts';
import { type FoldedLine, foldSame, type Mark, type PairedLine, pairLines } from './line-diff.ts';
import styles from './text-diff.module.css';
import type { Vocabulary } from './words.ts';

interface TextDiffProps {
  wanted: string;
  actual: string;
  vocabulary: Vocabulary;
  /** Both texts beside each other, or one line below the other where there is little room. */
  layout: 'split' | 'unified';
  /** Lines that differ in white space alone are the same. */
  ignoreSpace: boolean;
  label: string;
}

/**
 * Two texts of several lines: what differs is marked, line by line and word by word, by a letter and by colour. What is
 * the same over long stretches is folded.
 */
export function TextDiff({ wanted, actual, vocabulary, layout, ignoreSpace, label }: TextDiffProps) {
  const [isUnfolded, setUnfolded] = useState(false);
  const lines = useMemo(() => pairLines(wanted, actual, { ignoreSpace }), [wanted, actual, ignoreSpace]);
  const shown = useMemo(() => (isUnfolded ? lines : foldSame(lines)), [lines, isUnfolded]);
  const draw = layout === 'split' ? splitRows : unifiedRows;
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: a long text scrolls, and the keyboard must reach it.
    // biome-ignore lint/a11y/useSemanticElements: a fieldset is for fields.
    <div className={styles.diff} data-layout={layout} role="group" aria-label={label} tabIndex={0}>
      {draw(shown, vocabulary, () => setUnfolded(true))}
    </div>
  );
}

function splitRows(lines: readonly FoldedLine[], vocabulary: Vocabulary, onUnfold: () => void): ReactNode {
  return lines.map((line, index) => {
    // biome-ignore lint/suspicious/noArrayIndexKey: lines have nothing else to be told by.
    if ('folded' in line) return <Fold key={index} many={line.folded} onUnfold={onUnfold} />;
    return (
      // biome-ignore lint/suspicious/noArrayIndexKey: lines have nothing else to be told by.
      <div key={index} className={styles.pair}>
        {(['wanted', 'actual'] as const).map((side) => (
          <Line
            key={side}
            side={line.same ? 'both' : line[side] ? side : 'none'}
            line={line[side]}
            vocabulary={vocabulary}
          />
        ))}
      </div>
    );
  });
}

/** Lines that differ stand in blocks: first those of the one side, then those of the other. */
function unifiedRows(lines: readonly FoldedLine[], vocabulary: Vocabulary, onUnfold: () => void): ReactNode {
  const rows: ReactNode[] = [];
  let block: PairedLine[] = [];
  const add = (side: 'both' | 'wanted' | 'actual', line: PairedLine['wanted']): void => {
    if (!line) return;
    rows.push(<Line key={`${side} ${line.number}`} side={side} line={line} vocabulary={vocabulary} />);
  };
  const flush = (): void => {
    for (const { wanted } of block) add('wanted', wanted);
    for (const { actual } of block) add('actual', actual);
    block = [];
  };
  for (const line of lines) {
    if ('folded' in line) {
      flush();
      rows.push(<Fold key={`fold ${rows.length}`} many={line.folded} onUnfold={onUnfold} />);
    } else if (line.same) {
      flush();
      add('both', line.wanted);
    } else block.push(line);
  }
  flush();
  return rows;
}

function Fold({ many, onUnfold }: { many: number; onUnfold: () => void }) {
  return (
    <button type="button" className={styles.fold} onClick={onUnfold}>
      {plural(many, 'line')} the same
    </button>
  );
}

interface LineProps {
  /** `none`: this side has no such line. */
  side: 'both' | 'wanted' | 'actual' | 'none';
  line: PairedLine['wanted'];
  vocabulary: Vocabulary;
}

function Line({ side, line, vocabulary }: LineProps) {
  const isOne = side === 'wanted' || side === 'actual';
  return (
    <div className={styles.line} data-side={side}>
      <span className={styles.number} aria-hidden>
        {line?.number}
      </span>
      <span className={styles.sign}>
        {isOne && (
          <>
            <span aria-hidden>{vocabulary[side].charAt(0)}</span>
            <span className="visually-hidden">{vocabulary[side]}: </span>
          </>
        )}
      </span>
      <span className={styles.text}>{line && marked(line.text, line.marks)}</span>
    </div>
  );
}

function marked(text: string, marks: readonly Mark[]): ReactNode {
  if (marks.length === 0) return text;
  const parts: ReactNode[] = [];
  let at = 0;
  for (const { from, to } of marks) {
    parts.push(text.slice(at, from), <mark key={from}>{text.slice(from, to)}</mark>);
    at = to;
  }
  parts.push(text.slice(at));
  return parts;
}
