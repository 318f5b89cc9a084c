import { collectModel } from '../../main/schema/index.ts';
import type { SchemaModel } from '../../preload/contract/schema-model.ts';
import { draftFor, openTestConsole, type TestConsole } from './console.ts';

/** A console that is connected to each of these, by name. */
export async function consoleOn(urls: Record<string, string>): Promise<TestConsole> {
  const howdah = await openTestConsole();
  for (const [name, url] of Object.entries(urls)) {
    const password = { password: decodeURIComponent(new URL(url).password), remember: false };
    await howdah.client.environments.add({ draft: draftFor(url, { name }), password });
    await howdah.client.environments.connect({ environment: name });
  }
  return howdah;
}

/** The whole model of an environment, definitions and all. */
export async function readModel(howdah: TestConsole, environment: string): Promise<SchemaModel> {
  const model = await collectModel(await howdah.client.schema.read({ environment }));
  if (!model) throw new Error('There was no model.');
  return model;
}
