import type { Recognised } from './recognise.ts';

/** Text as UTF-8, whatever it was written as. */
export async function* utf8Of(
  source: AsyncIterable<Buffer>,
  text: Recognised['text'],
): AsyncGenerator<Buffer, void, void> {
  if (text === 'utf-8') return yield* source;
  const decoder = new TextDecoder(text);
  for await (const chunk of source) yield Buffer.from(decoder.decode(chunk, { stream: true }));
  yield Buffer.from(decoder.decode());
}
