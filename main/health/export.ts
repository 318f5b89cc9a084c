import type { HealthReport, healthFormats } from '../../preload/contract/health.ts';
import { htmlOf } from './html.ts';
import { markdownOf } from './markdown.ts';

/** A report as a file to hand over. */
export function exportReport(
  report: HealthReport,
  format: (typeof healthFormats)[number],
): { name: string; mediaType: string; text: string } {
  const name = `health-${fileName(report.environment.name)}-${new Date(report.at).toISOString().slice(0, 10)}`;
  return format === 'html'
    ? { name: `${name}.html`, mediaType: 'text/html', text: htmlOf(report) }
    : { name: `${name}.md`, mediaType: 'text/markdown', text: markdownOf(report) };
}

/** A name without what some file system does not take. */
function fileName(name: string): string {
  const base = name.replace(/[^\p{L}\p{N}._-]+/gu, '-').replace(/^[-.]+|[-.]+$/g, '');
  return base.slice(0, 80) || 'environment';
}
