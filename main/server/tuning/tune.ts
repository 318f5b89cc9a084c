import type { Setting } from '../../../preload/contract/server-settings.ts';
import type { Machine, TuningAdvice } from '../../../preload/contract/server-tuning.ts';
import { asSetting, inWords, unitSize } from '../settings/units.ts';
import { memoryRules } from './memory-rules.ts';
import { plannerRules } from './planner-rules.ts';
import type { Bench, Load, Rule, Verdict } from './rule.ts';
import { walRules } from './wal-rules.ts';

const rules: readonly Rule[] = [...memoryRules, ...walRules, ...plannerRules];

/** What the settings should be on this machine. Pure: nothing is asked and nothing is changed. */
export function tune(
  settings: readonly Setting[],
  machine: Machine,
  load: Load,
  major: number,
  mayAlterSystem: boolean,
): TuningAdvice[] {
  const byName = new Map(settings.map((one) => [one.name, one]));
  const bench: Bench = {
    machine,
    load,
    major,
    number: (name) => numberOf(byName.get(name)),
    text: (name) => byName.get(name)?.raw ?? null,
  };
  return rules.flatMap((rule) => {
    const verdict = rule(bench);
    const setting = verdict && byName.get(verdict.name);
    return verdict && setting ? [adviceOf(verdict, setting, mayAlterSystem)] : [];
  });
}

function numberOf(setting: Setting | undefined): number | null {
  if (!setting || setting.raw === null) return null;
  const value = Number(setting.raw);
  if (!Number.isFinite(value)) return null;
  return value > 0 && setting.unit ? value * (unitSize(setting.unit)?.size ?? 1) : value;
}

function adviceOf(verdict: Verdict, setting: Setting, mayAlterSystem: boolean): TuningAdvice {
  const { name, group, recommended, isFine, reason, source } = verdict;
  const written = recommended === null ? null : writtenAs(recommended, setting);
  const isChange = written !== null && !isFine;
  const takes = setting.context === 'postmaster' ? 'restart' : 'reload';
  return {
    name,
    group,
    now: setting.value,
    recommended: written === null ? null : isFine ? setting.value : inWordsOf(recommended, setting, written),
    verdict: written === null ? 'unknown' : isFine ? 'as it is' : 'change',
    reason,
    source,
    apply: isChange && mayAlterSystem ? applied(name, written, takes) : null,
    takes: isChange ? takes : null,
  };
}

/** Settings are changed one by one, and the server takes a quoted value for any of them. */
function applied(name: string, value: string, takes: 'reload' | 'restart'): string {
  const set = `ALTER SYSTEM SET ${name} = '${value}';`;
  return takes === 'reload' ? `${set}\nSELECT pg_reload_conf();` : `${set}\n-- then restart the server`;
}

function writtenAs(value: number | string, { unit }: Setting): string {
  const known = typeof value === 'number' && unit ? unitSize(unit) : undefined;
  return known && typeof value === 'number' ? asSetting(value, known.kind) : String(value);
}

function inWordsOf(value: number | string | null, { unit }: Setting, written: string): string {
  const known = typeof value === 'number' && unit ? unitSize(unit) : undefined;
  if (!known || typeof value !== 'number') return written;
  return inWords(String(value), known.kind === 'memory' ? 'B' : 'ms');
}
