import { Compiler, DEFAULT_ENTRY, MemoryProjectLayout } from '@dbml/parse';
import mermaid from 'mermaid';

/** What Mermaid itself understands of an `erDiagram`. */
export async function understoodByMermaid(text: string): Promise<{
  entities: Map<string, { type: string; name: string; keys: string[]; comment: string }[]>;
  relations: { a: string; b: string; label: string; cardA: string; cardB: string }[];
}> {
  // Loads the grammar, and preprocesses as a page does.
  await mermaid.parse(text);
  const { db } = (await mermaid.mermaidAPI.getDiagramFromText(text)) as unknown as { db: ErDb };
  const names = new Map([...db.getEntities()].map(([name, { id }]) => [id, name]));
  return {
    entities: new Map(
      [...db.getEntities()].map(([name, { attributes }]) => [
        name,
        attributes.map(({ type, name, keys, comment }) => ({
          type,
          name,
          keys: keys ?? [],
          comment: comment ?? '',
        })),
      ]),
    ),
    relations: db.getRelationships().map(({ entityA, entityB, roleA, relSpec }) => ({
      a: names.get(entityA) ?? '',
      b: names.get(entityB) ?? '',
      label: roleA,
      cardA: relSpec.cardA,
      cardB: relSpec.cardB,
    })),
  };
}

interface ErDb {
  getEntities(): Map<
    string,
    { id: string; attributes: { type: string; name: string; keys?: string[]; comment?: string }[] }
  >;
  getRelationships(): {
    entityA: string;
    entityB: string;
    roleA: string;
    relSpec: { cardA: string; cardB: string };
  }[];
}

/** What the compiler of DBML understands; its complaints are errors. */
export function understoodByDbml(text: string) {
  const layout = new MemoryProjectLayout();
  layout.setSource(DEFAULT_ENTRY, text);
  const report = new Compiler(layout).interpretFile(DEFAULT_ENTRY);
  const [error] = report.getErrors();
  if (error)
    throw new Error(`${error.diagnostic} at ${error.start}: ${text.slice(error.start, error.start + 80)}`);
  const database = report.getValue();
  if (!database) throw new Error('Nothing was understood.');
  return database;
}
