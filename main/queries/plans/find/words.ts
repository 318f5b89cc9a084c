import type { PlanNode } from '../../../../preload/contract/plan-model.ts';

const whole = new Intl.NumberFormat('en-US', { maximumFractionDigits: 0 });
const tenth = new Intl.NumberFormat('en-US', { maximumFractionDigits: 1 });

/** A count or factor: `1,240`, `3.4`. */
export const figure = (value: number): string => (value < 10 ? tenth : whole).format(value);

/** A span: `0.4 ms`, `120 ms`, `4.2 s`. */
export function span(ms: number): string {
  return ms < 1000 ? `${figure(ms)} ms` : `${tenth.format(ms / 1000)} s`;
}

/** Kilobytes as people say them: `640 kB`, `12 MB`. */
export function size(kilobytes: number): string {
  if (kilobytes < 1024) return `${whole.format(kilobytes)} kB`;
  const megabytes = kilobytes / 1024;
  return megabytes < 1024 ? `${figure(megabytes)} MB` : `${tenth.format(megabytes / 1024)} GB`;
}

export const percent = (share: number): string => `${whole.format(share * 100)} %`;

/** `12 rows`, `1 row`. */
export const rowsOf = (value: number): string => `${figure(value)} ${value === 1 ? 'row' : 'rows'}`;

/** A node as a sentence speaks of it: `Seq Scan on change_events e`. */
export function nameOf({ type, target }: PlanNode): string {
  return target ? `${type} on ${target}` : type;
}

/** A setting of memory that holds so much, in full steps: `64MB`. */
export function memorySetting(kilobytes: number): string {
  const megabytes = Math.max(4, Math.ceil(kilobytes / 1024));
  const steps = [4, 8, 16, 32, 64, 128, 256, 512, 1024, 2048, 4096];
  const step = steps.find((one) => one >= megabytes) ?? Math.ceil(megabytes / 1024) * 1024;
  return step >= 1024 ? `${step / 1024}GB` : `${step}MB`;
}
