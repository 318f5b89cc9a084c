/** How many times more than usual the tests try that cut something at a random moment: `npm run soak` sets it. */
const times = Math.max(1, Number(process.env.HOWDAH_SOAK ?? 1));

/** How many moments to try where a usual run tries `usual`. */
export const moments = (usual: number): number => usual * times;

/** A limit in ms for a test that takes `usual` at most with the usual number of moments. */
export const patience = (usual: number): number => usual * times;

/** Does something `count` times, `atOnce` of them beside each other. */
export async function eachMoment(
  count: number,
  atOnce: number,
  work: (nth: number) => Promise<void>,
): Promise<void> {
  let next = 0;
  const worker = async (): Promise<void> => {
    for (let nth = next++; nth < count; nth = next++) await work(nth);
  };
  await Promise.all(Array.from({ length: atOnce }, worker));
}
