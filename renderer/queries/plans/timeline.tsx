import { SegmentedControl } from '@mantine/core';
import { type KeyboardEvent, useMemo, useRef, useState } from 'react';
import { nodeFamilies, type Plan, type PlanNode } from '../../../preload/contract/plan-model.ts';
import { percent } from '../../components/format.ts';
import styles from './timeline.module.css';
import { familyColors, familyWords, nodeWords, selfWords } from './words.ts';

interface TimelineProps {
  plan: Plan;
  chosen: number | null;
  onActive: (id: number) => void;
  onOpen: (id: number) => void;
}

interface Bar {
  node: PlanNode;
  row: number;
}

/** Narrower ones are not drawn: a thousandth of the whole. */
const narrowest = 0.001;
const mostBars = 3000;

/**
 * The whole as one bar, and below each node those whose time it includes: as wide as what they took. Arrows walk it:
 * down to the widest part, up to what includes it, left and right to the ones beside.
 */
export function Timeline({ plan, chosen, onActive, onOpen }: TimelineProps) {
  const [colour, setColour] = useState<'family' | 'heat'>('family');
  const bars = useMemo(() => barsOf(plan), [plan]);
  const list = useRef<HTMLDivElement>(null);
  const active = bars.some(({ node }) => node.id === chosen) ? chosen : 0;

  const focus = (id: number | undefined): void => {
    if (id === undefined) return;
    onActive(id);
    list.current?.querySelector<HTMLElement>(`[data-node="${id}"]`)?.focus();
  };
  const onKeyDown = (event: KeyboardEvent): void => {
    const to = stepFrom(bars, active ?? 0, event.key);
    if (to === undefined) return;
    event.preventDefault();
    focus(to);
  };
  const hidden = plan.nodes.length - bars.length;
  return (
    <div className={styles.timeline}>
      <div className={styles.legend}>
        <SegmentedControl
          aria-label="Colour by"
          value={colour}
          onChange={(next) => setColour(next === 'heat' ? 'heat' : 'family')}
          data={[
            { value: 'family', label: 'By sort' },
            { value: 'heat', label: `By own ${plan.measure === 'time' ? 'time' : 'cost'}` },
          ]}
        />
        {colour === 'family' ? (
          <Families plan={plan} />
        ) : (
          <span className={styles.note}>The fuller the colour, the more it took of its own.</span>
        )}
        {hidden > 0 && <span className={styles.note}>{hidden} nodes are too narrow to be drawn.</span>}
      </div>
      <div className={styles.scroll}>
        {/* biome-ignore lint/a11y/useSemanticElements: it is no part of a form. */}
        <div
          ref={list}
          role="group"
          aria-label={`Timeline: width is ${plan.measure === 'time' ? 'time' : 'cost'}`}
          className={styles.bars}
          style={{ height: (Math.max(0, ...bars.map(({ row }) => row)) + 1) * 28 }}
          onKeyDown={onKeyDown}
        >
          {bars.map(({ node, row }) => (
            <button
              key={node.id}
              type="button"
              data-node={node.id}
              tabIndex={node.id === active ? 0 : -1}
              aria-current={node.id === chosen ? true : undefined}
              className={styles.bar}
              title={`${nodeWords(node)}\n${selfWords(plan, node)} of its own, ${percent(node.totalShare)} of the whole with what is below`}
              style={{
                left: `${node.offset * 100}%`,
                width: `${node.totalShare * 100}%`,
                top: row * 28,
                background: fillOf(node, colour),
              }}
              onClick={() => onOpen(node.id)}
              onFocus={() => onActive(node.id)}
            >
              <span className={styles.name}>{nodeWords(node)}</span>
              <span className={styles.figure}>{selfWords(plan, node)}</span>
            </button>
          ))}
        </div>
      </div>
    </div>
  );
}

function Families({ plan }: { plan: Plan }) {
  const there = new Set(plan.nodes.map(({ family }) => family));
  return nodeFamilies
    .filter((family) => there.has(family))
    .map((family) => (
      <span key={family} className={styles.family}>
        <i style={{ background: familyColors[family] }} aria-hidden />
        {familyWords[family]}
      </span>
    ));
}

/** A colour that text can be read on in both themes. */
function fillOf(node: PlanNode, colour: 'family' | 'heat'): string {
  const strength = colour === 'family' ? 24 : Math.round(6 + node.selfShare * 44);
  const tint = colour === 'family' ? familyColors[node.family] : 'var(--bad)';
  return `color-mix(in srgb, ${tint} ${strength}%, var(--surface))`;
}

function barsOf({ nodes, measure }: Plan): Bar[] {
  if (measure === 'none') return [];
  const rows: number[] = [];
  // A CTE is counted in a node that may come after it in the list.
  const rowOf = (node: PlanNode): number => {
    const path: PlanNode[] = [];
    let at: PlanNode | undefined = node;
    while (at && rows[at.id] === undefined) {
      path.push(at);
      at = at.countedIn === null ? undefined : nodes[at.countedIn];
    }
    let row = at ? (rows[at.id] ?? 0) + 1 : 0;
    for (const one of path.reverse()) {
      rows[one.id] = row;
      row += 1;
    }
    return rows[node.id] ?? 0;
  };
  return nodes
    .map((node) => ({ node, row: rowOf(node) }))
    .filter(({ node }) => node.totalShare >= narrowest || node.id === 0)
    .slice(0, mostBars);
}

function stepFrom(bars: readonly Bar[], id: number, key: string): number | undefined {
  const here = bars.find(({ node }) => node.id === id);
  if (!here) return undefined;
  const inRow = bars.filter(({ row }) => row === here.row).sort((a, b) => a.node.offset - b.node.offset);
  const place = inRow.indexOf(here);
  switch (key) {
    case 'ArrowUp':
      return here.node.countedIn ?? undefined;
    case 'ArrowDown':
      return bars
        .filter(({ node }) => node.countedIn === id)
        .sort((a, b) => b.node.totalShare - a.node.totalShare)[0]?.node.id;
    case 'ArrowLeft':
      return inRow[place - 1]?.node.id;
    case 'ArrowRight':
      return inRow[place + 1]?.node.id;
    case 'Home':
      return 0;
    default:
      return undefined;
  }
}
