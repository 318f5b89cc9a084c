import { type RefObject, useEffect, useId, useRef, useState } from 'react';
import { relatedBoxes } from '../../preload/contract/diagram/scene/walk.ts';
import { plural } from '../components/format.ts';
import type { MapSide } from './canvas/map-side.ts';
import type { ViewEvents } from './canvas/steering.ts';
import { DiagramView } from './canvas/view.ts';
import { kindWords } from './outline-rows.ts';
import styles from './schema.module.css';
import type { SchemaSession } from './session.ts';
import type { Shown } from './state.ts';

interface DiagramCanvasProps {
  session: SchemaSession;
  shown: Shown;
  viewRef: RefObject<DiagramView | undefined>;
  selected: number | undefined;
  onSelect: (table: number | undefined) => void;
  onInspect: (table: number) => void;
  onFocusMode: (table: number) => void;
  onEscape: () => boolean;
}

/** The drawn diagram, the map in its corner, and what is said of both to those who do not see them. */
export function DiagramCanvas(props: DiagramCanvasProps) {
  const { session, shown, viewRef, selected } = props;
  const host = useRef<HTMLDivElement>(null);
  const canvas = useRef<HTMLCanvasElement>(null);
  const minimap = useRef<HTMLCanvasElement>(null);
  const latest = useRef(props);
  latest.current = props;
  const [scale, setScale] = useState(1);
  const [isWhole, setWhole] = useState(false);
  const [side, setSide] = useState<MapSide>('end');
  const [hover, setHover] = useState<string>();
  const helpId = useId();

  useEffect(() => {
    if (!host.current || !canvas.current || !minimap.current) return;
    const events: ViewEvents = {
      onSelect: (table) => latest.current.onSelect(table),
      onInspect: (table) => latest.current.onInspect(table),
      onFocusMode: (table) => latest.current.onFocusMode(table),
      onEscape: () => latest.current.onEscape(),
      onMoved: (table) => view.scene && session.moved(view.scene, table),
      onToggleOpened: (table) => session.toggleOpened(table),
      onZoom: setScale,
      onHover: setHover,
      onWhole: setWhole,
      onMapSide: setSide,
    };
    const view = new DiagramView(host.current, canvas.current, minimap.current, events);
    viewRef.current = view;
    // For benches and for support: nothing in the product reads it.
    Object.assign(canvas.current, { diagramView: view });
    return () => {
      view.destroy();
      viewRef.current = undefined;
    };
  }, [session, viewRef]);

  useEffect(() => {
    const { about, placed, fit } = shown;
    viewRef.current?.show(about.diagram, placed, about.boxOf, about.measure, fit);
  }, [shown, viewRef]);

  // After the arrangement, which the table may have come with.
  // biome-ignore lint/correctness/useExhaustiveDependencies: another arrangement selects anew.
  useEffect(() => viewRef.current?.select(selected), [selected, shown, viewRef]);

  return (
    <>
      <div
        ref={host}
        className={styles.host}
        role="application"
        // biome-ignore lint/a11y/noNoninteractiveTabindex: it is walked by keys.
        tabIndex={0}
        aria-label={`Diagram of ${plural(shown.placed.tables.length, 'table')}`}
        aria-describedby={helpId}
      >
        <canvas ref={canvas} className={styles.canvas} />
      </div>
      <p id={helpId} className="visually-hidden">
        Arrow keys go from table to table, Tab follows relations, Enter opens the inspector, plus and minus
        zoom, shift with an arrow moves the table, F shows only a table and its neighbours. The outline at the
        left says everything in words.
      </p>
      <p className="visually-hidden" aria-live="polite">
        {spoken(shown, selected, viewRef.current)}
      </p>
      {hover && (
        <p className={styles.hover} data-map={side} aria-hidden>
          {hover}
        </p>
      )}
      <div className={styles.corner} data-map={side} aria-hidden>
        {/* A map of what is in sight anyhow would only hide a corner of it. */}
        <canvas ref={minimap} className={styles.minimap} style={isWhole ? { display: 'none' } : undefined} />
        <span className={styles.scale} style={isWhole ? { position: 'static' } : undefined}>
          {scale < 0.1 ? (scale * 100).toFixed(1) : Math.round(scale * 100)} %
        </span>
      </div>
    </>
  );
}

/** The selected table in words. */
function spoken(
  { about: { diagram } }: Shown,
  selected: number | undefined,
  view: DiagramView | undefined,
): string {
  const table = diagram.tables[selected ?? -1];
  if (!table || selected === undefined) return '';
  const scene = view?.scene;
  const at = scene?.indexOf(selected);
  const related =
    scene && at !== undefined ? relatedBoxes(scene, at).map((other) => scene.table(other).name) : [];
  const some = related.slice(0, 6).join(', ');
  const more = related.length > 6 ? ` and ${related.length - 6} more` : '';
  return `${table.name}, ${kindWords[table.kind]} in ${diagram.schemas[table.schema] ?? ''}, ${plural(table.columns.length, table.kind === 'enum' ? 'value' : 'column')}${related.length > 0 ? `, related to ${some}${more}` : ', related to nothing'}.`;
}
