/** Waits until `look` gives something, at most `ms`; then says what it saw last. */
export async function eventually<T>(look: () => Promise<T | undefined | false>, ms = 15_000): Promise<T> {
  const until = Date.now() + ms;
  let last: unknown;
  for (;;) {
    try {
      const seen = await look();
      if (seen) return seen;
      last = seen;
    } catch (error) {
      last = error;
    }
    if (Date.now() > until) throw new Error(`Not within ${ms} ms; last seen: ${String(last)}`);
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}
