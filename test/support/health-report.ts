import type { HealthReport } from '../../preload/contract/health.ts';
import type { TestConsole } from './console.ts';

/** The whole health report of an environment. */
export async function healthReport(
  client: TestConsole['client'],
  environment: string,
): Promise<HealthReport> {
  let whole: HealthReport | undefined;
  for await (const { report, done } of await client.health.report({ environment })) if (done) whole = report;
  if (!whole) throw new Error('The report did not come to its end.');
  return whole;
}
