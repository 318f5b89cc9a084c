import type { HealthReport } from '../../preload/contract/health.ts';
import { masked } from '../lib/mask.ts';

/** A text that can hold a secret quotes it, or has a URL that does; names of tables such as `api_tokens` stay whole. */
const mayHold = /'|:\/\//;

const clean = (text: string): string => (mayHold.test(text) ? masked(text) : text);

/** A report is handed on: passwords within statements that it quotes are left out. */
export function withoutSecrets(report: HealthReport): HealthReport {
  return {
    ...report,
    findings: report.findings.map((finding) => ({
      ...finding,
      title: clean(finding.title),
      evidence: finding.evidence.map(clean),
      harm: clean(finding.harm),
      remedy: clean(finding.remedy),
      statement: finding.statement === null ? null : clean(finding.statement),
    })),
    limits: report.limits.map((limit) => ({
      ...limit,
      what: clean(limit.what),
      why: clean(limit.why),
      next: clean(limit.next),
      ...(limit.command === undefined ? {} : { command: clean(limit.command) }),
      ...(limit.server ? { server: { ...limit.server, message: clean(limit.server.message) } } : {}),
    })),
  };
}
