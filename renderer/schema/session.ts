import type {
  Diagram,
  DiagramFilter,
  DiagramRelation,
  DiagramTable,
} from '../../preload/contract/diagram/model/diagram.ts';
import type { Palette } from '../../preload/contract/diagram/scene/palette.ts';
import type { Placed, Scene } from '../../preload/contract/diagram/scene/scene.ts';
import type { UnitMeasures } from '../../preload/contract/diagram/scene/text.ts';
import type { DiagramPlace } from '../../preload/contract/schema.ts';
import type { Oid, Printed } from '../../preload/contract/schema-model.ts';
import { client } from '../lib/client.ts';
import { explain } from '../lib/errors.ts';
import { boxesBy, unitMeasures } from './canvas/fonts.ts';
import type { ObjectDetails } from './inspector/details/details.ts';
import { samePlaces } from './same-places.ts';
import { initial, type SchemaState } from './state.ts';
import type { ExportFormat, FromWorker, ToWorker } from './worker/messages.ts';

/**
 * One database's structure as a screen holds it: reads it, hands it on to a worker that digests it and lays it out, and
 * keeps the window's part. All that takes long happens in the worker.
 */
export class SchemaSession {
  readonly #environment: string;
  readonly #worker: Worker;
  readonly #measure: UnitMeasures;
  readonly #stop = new AbortController();
  readonly #listeners = new Set<() => void>();
  readonly #asked = new Map<number, (message: FromWorker) => void>();
  #reading: AbortController | undefined;
  #state = initial;
  #tables: DiagramTable[] = [];
  #relations: DiagramRelation[] = [];
  #opened = new Set<number>();
  #places: Map<string, DiagramPlace> | undefined;
  #placesAsked: Promise<void> | undefined;
  #serial = 0;
  /** The arrangement that was asked for last, and whether it is to be fitted. */
  #wanted = { id: 0, fit: true };
  #saving: ReturnType<typeof setTimeout> | undefined;
  /** Keys of definitions that wait for locks. */
  readonly #waiting = new Set<string>();
  #telling: ReturnType<typeof setTimeout> | undefined;
  #stepping: ReturnType<typeof setTimeout> | undefined;
  #step: SchemaState['step'];

  constructor(environment: string, families: Pick<Palette, 'mono' | 'sans'>) {
    this.#environment = environment;
    this.#measure = unitMeasures(families);
    this.#worker = new Worker(new URL('./worker/diagram.worker.ts', import.meta.url), { type: 'module' });
    this.#worker.addEventListener('message', ({ data }: MessageEvent<FromWorker>) => this.#take(data));
    this.#worker.addEventListener('error', (event) =>
      this.#fail(new Error(event.message || 'The worker could not be started.')),
    );
    this.#send({ kind: 'fonts', mono: families.mono, sans: families.sans });
  }

  get state(): SchemaState {
    return this.#state;
  }

  subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  };

  /** Reads the structure, from before when it is known (`cached`), else from the server. */
  read(cached: boolean): void {
    this.#reading?.abort();
    const reading = new AbortController();
    this.#reading = reading;
    this.#send({ kind: 'begin' });
    this.#set({ step: initial.step, problem: undefined });
    this.#waiting.clear();
    this.#placesAsked ??= this.#loadPlaces();
    void this.#follow(reading.signal, cached);
  }

  cancel(): void {
    this.#reading?.abort();
    this.#set({ step: undefined });
  }

  close(): void {
    this.#stop.abort();
    this.#reading?.abort();
    clearTimeout(this.#telling);
    clearTimeout(this.#stepping);
    if (this.#saving) this.#save();
    this.#worker.terminate();
    this.#listeners.clear();
  }

  setFilter(change: Partial<DiagramFilter>): void {
    this.#set({ filter: { ...this.#state.filter, ...change } });
    this.#arrange(true);
  }

  toggleOpened(table: number): void {
    if (!this.#opened.delete(table)) this.#opened.add(table);
    this.#arrange(false);
  }

  /** Keeps where a box was put, counted from the corner of its region. Not in a narrowed view, which is another picture. */
  moved(scene: Scene, table: number): void {
    const at = scene.indexOf(table);
    const row = scene.diagram.tables[table];
    const { focus, name } = this.#state.filter;
    if (at === undefined || !row || focus || name) return;
    const region = scene.placed.regions.find(({ schema }) => schema === row.schema);
    if (!region) return;
    const { x, y } = scene.rect(at);
    const schema = scene.diagram.schemas[row.schema] ?? '';
    const place = { schema, table: row.name, x: x - region.x, y: y - region.y };
    this.#places ??= new Map();
    this.#places.set(keyOf(place), place);
    this.#set({ hasPlaces: true });
    this.#saveSoon();
  }

  /** Puts everything back to where the layout has it. */
  resetPlaces(): void {
    this.#places = new Map();
    this.#set({ hasPlaces: false });
    this.#save();
    this.#arrange(true);
  }

  async details(oid: Oid): Promise<ObjectDetails | null> {
    const answer = await this.#ask((id) => ({ kind: 'details', id, oid }));
    return answer.kind === 'details' ? answer.details : null;
  }

  async export(
    format: ExportFormat,
    palette: Palette,
    placed: Placed,
  ): Promise<{ name: string; blob: Blob; note: string }> {
    const answer = await this.#ask((id) => ({ kind: 'export', id, format, palette, placed }));
    if (answer.kind !== 'exported') throw new Error('The export did not come about.');
    return answer;
  }

  async #follow(signal: AbortSignal, cached: boolean): Promise<void> {
    try {
      const events = await client.schema.read(
        { environment: this.#environment, cached, definitions: true },
        { signal },
      );
      for await (const event of events) {
        if (signal.aborted) return;
        switch (event.kind) {
          case 'step':
            this.#tellStep({ step: event.step, done: event.done, total: event.total });
            break;
          case 'names':
            this.#set({ names: event.names });
            break;
          case 'part':
            this.#send({ kind: 'part', part: event.part, last: event.last });
            break;
          case 'definitions':
            this.#send({ kind: 'definitions', definitions: event.definitions, last: event.last });
            this.#countWaiting(event.definitions);
            break;
        }
      }
      if (signal.aborted) return;
      this.#set({ step: undefined, waiting: this.#waiting.size, knownAt: Date.now() });
    } catch (error) {
      if (!signal.aborted) this.#fail(error);
    }
  }

  #countWaiting(definitions: Record<string, Printed>): void {
    for (const [key, { state }] of Object.entries(definitions)) {
      if (state === 'waiting') this.#waiting.add(key);
      else this.#waiting.delete(key);
    }
  }

  async #loadPlaces(): Promise<void> {
    try {
      const places = await client.schema.places({ environment: this.#environment });
      this.#places ??= new Map(places.map((place) => [keyOf(place), place]));
      this.#set({ hasPlaces: this.#places.size > 0 });
    } catch {
      // Without them everything stands where the layout has it, which is a whole picture too.
      this.#places ??= new Map();
    }
  }

  #saveSoon(): void {
    clearTimeout(this.#saving);
    this.#saving = setTimeout(() => this.#save(), 400);
  }

  #save(): void {
    clearTimeout(this.#saving);
    this.#saving = undefined;
    client.schema
      .savePlaces({
        environment: this.#environment,
        places: [...(this.#places?.values() ?? [])].slice(-20_000),
      })
      .catch((error: unknown) => this.#fail(error));
  }

  #arrange(fit: boolean): void {
    if (!this.#state.loaded) return;
    this.#serial += 1;
    this.#wanted = { id: this.#serial, fit };
    this.#send({
      kind: 'arrange',
      id: this.#serial,
      filter: this.#state.filter,
      opened: [...this.#opened],
      places: [...(this.#places?.values() ?? [])],
    });
  }

  #take(message: FromWorker): void {
    switch (message.kind) {
      case 'tables':
        if (message.first) {
          this.#tables = [];
          this.#relations = [];
        }
        for (const table of message.tables) this.#tables.push(table);
        for (const relation of message.relations) this.#relations.push(relation);
        return;
      case 'diagram':
        void this.#takeDiagram(message);
        return;
      case 'arranged': {
        const { loaded } = this.#state;
        if (message.id !== this.#wanted.id || !loaded) return;
        this.#set({ shown: { about: loaded, placed: message.placed, fit: this.#wanted.fit } });
        // What follows is the same picture, only better.
        this.#wanted.fit = false;
        return;
      }
      case 'definitions':
        this.#tellDefinitions();
        return;
      case 'failed':
        if (message.id === null || !this.#asked.has(message.id)) this.#fail(new Error(message.message));
        else this.#answer(message.id, message);
        return;
      default:
        this.#answer(message.id, message);
    }
  }

  /** Steps come faster than anybody reads: ten times a second will do, and none after the end. */
  #tellStep(step: SchemaState['step']): void {
    this.#step = step;
    this.#stepping ??= setTimeout(() => {
      this.#stepping = undefined;
      if (this.#state.step) this.#set({ step: this.#step });
    }, 100);
  }

  /** They come in many batches, each of which could change what the screen shows: four times a second will do. */
  #tellDefinitions(): void {
    this.#telling ??= setTimeout(() => {
      this.#telling = undefined;
      this.#set({ definitions: this.#state.definitions + 1, waiting: this.#waiting.size });
    }, 250);
  }

  async #takeDiagram(message: Extract<FromWorker, { kind: 'diagram' }>): Promise<void> {
    const { schemas, types, others, unseen, about } = message;
    const diagram: Diagram = { schemas, types, tables: this.#tables, relations: this.#relations };
    const before = this.#state.loaded;
    await this.#placesAsked;
    if (this.#stop.signal.aborted) return;
    this.#opened = new Set(before ? samePlaces(before.diagram, diagram, [...this.#opened]) : []);
    const { focus } = this.#state.filter;
    const [table] = before && focus ? samePlaces(before.diagram, diagram, [focus.table]) : [];
    this.#set({
      loaded: {
        diagram,
        measure: this.#measure,
        boxOf: boxesBy(diagram, this.#measure),
        others,
        unseen,
        about,
      },
      knownAt: about.at || undefined,
      filter: { ...this.#state.filter, focus: focus && table !== undefined ? { ...focus, table } : null },
    });
    this.#arrange(before === undefined);
  }

  #ask(message: (id: number) => ToWorker): Promise<FromWorker> {
    this.#serial += 1;
    const id = this.#serial;
    return new Promise((resolve, reject) => {
      this.#asked.set(id, (answer) =>
        answer.kind === 'failed' ? reject(new Error(answer.message)) : resolve(answer),
      );
      this.#send(message(id));
    });
  }

  #answer(id: number, message: FromWorker): void {
    this.#asked.get(id)?.(message);
    this.#asked.delete(id);
  }

  #fail(error: unknown): void {
    this.#set({ problem: explain(error), step: undefined });
  }

  #send(message: ToWorker): void {
    this.#worker.postMessage(message);
  }

  #set(change: Partial<SchemaState>): void {
    this.#state = { ...this.#state, ...change };
    for (const listener of this.#listeners) listener();
  }
}

const keyOf = ({ schema, table }: { schema: string; table: string }): string => `${schema}\0${table}`;
