/**
 * How long this process has computed since `from`, in ms; since its start when nothing is given. For limits on what is
 * computed: a clock would count what other programs do on the machine too.
 */
export function cpuTime(from = 0): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1000 - from;
}
