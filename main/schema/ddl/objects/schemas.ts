import type { SchemaModel } from '../../../../preload/contract/schema-model.ts';
import { foreignOptions, literal, quoted, visibleOptions } from '../quote.ts';
import { list } from '../words.ts';
import type { Builder } from './builder.ts';

export function addSchema(b: Builder, schema: SchemaModel['schemas'][number]): void {
  const name = quoted(schema.name);
  const on = `SCHEMA ${name}`;
  b.put('schema', `schema ${name}`, {
    schema: schema.name,
    name: schema.name,
    // A new database has it.
    create: [`CREATE SCHEMA ${schema.name === 'public' ? 'IF NOT EXISTS ' : ''}${name}`],
    drop: [`DROP SCHEMA ${name}`],
    extras: [b.extras(on, schema, { target: { kind: 'schema', on } })],
  });
}

export function addExtension(b: Builder, extension: SchemaModel['extensions'][number]): void {
  const name = quoted(extension.name);
  const schema = b.names.schema(extension.schema);
  b.put('extension', `extension ${name}`, {
    schema,
    name: extension.name,
    attributes: { schema, version: extension.version },
    needs: [b.schemaKey(extension.schema)],
    create: [`CREATE EXTENSION IF NOT EXISTS ${name} WITH SCHEMA ${quoted(schema)}`],
    drop: [`DROP EXTENSION ${name}`],
    extras: [b.extras(`EXTENSION ${name}`, { comment: extension.comment })],
  });
}

export function addServer(b: Builder, server: SchemaModel['foreignServers'][number]): void {
  const name = quoted(server.name);
  const on = `SERVER ${name}`;
  const options = visibleOptions(server.options).length ? ` OPTIONS (${foreignOptions(server.options)})` : '';
  b.put('foreign server', `foreign server ${name}`, {
    name: server.name,
    attributes: {
      wrapper: server.wrapper,
      type: server.type,
      version: server.version,
      options: list(server.options),
    },
    create: [
      `CREATE SERVER ${name}${server.type === null ? '' : ` TYPE ${literal(server.type)}`}${
        server.version === null ? '' : ` VERSION ${literal(server.version)}`
      } FOREIGN DATA WRAPPER ${quoted(server.wrapper)}${options}`,
    ],
    drop: [`DROP SERVER ${name}`],
    needs: [
      ...b.model.extensions.map(({ name }) => `extension ${quoted(name)}`),
      b.global('foreign-data wrapper', server.wrapper),
    ],
    lacks:
      visibleOptions(server.options).length < server.options.length
        ? ['Options that sound like secrets are never read. ALTER SERVER sets them.']
        : [],
    extras: [b.extras(on, server, { target: { kind: 'server', on: `FOREIGN SERVER ${name}` } })],
  });
}
