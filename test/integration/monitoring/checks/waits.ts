import type { VersionCheck } from './check.ts';

export const checks: VersionCheck[] = [];
