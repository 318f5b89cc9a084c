import { execFile } from 'node:child_process';
import { copyFileSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { beforeAll, describe, expect, test } from 'vitest';
import { nodeCommand, root } from '../../../scripts/lib/project.mjs';
import { temporaryFolder } from '../../support/stand-in-console.ts';

/** A small house that keeps every rule. */
const house: Record<string, string> = {
  'preload/contract/index.ts':
    "import { oc } from '@orpc/contract';\nimport { z } from 'zod';\nexport const c = [oc, z];",
  'preload/index.ts': "import { ipcRenderer } from 'electron';\nipcRenderer.send('x');",
  'renderer/app.tsx':
    "import { useState } from 'react';\nimport { c } from '../preload/contract/index.ts';\nexport const a = [useState, c];",
  'main/lib/tool.ts': 'export const tool = 1;',
  'main/cli/output.ts': 'export const output = 1;',
  'main/one/inside.ts': 'export const inside = 1;\nexport type Inside = number;',
  'main/one/index.ts':
    "import { tool } from '../lib/tool.ts';\nexport { inside } from './inside.ts';\nexport const t = tool;",
  'main/one/commands.ts': "import { output } from '../cli/output.ts';\nexport const commands = output;",
  'main/two/index.ts':
    "import { readFile } from 'node:fs/promises';\nimport { Pool } from 'pg';\nimport { inside } from '../one/index.ts';\nimport { c } from '../../preload/contract/index.ts';\nexport const two = [readFile, Pool, inside, c];",
  'main/cli.ts': "import { commands } from './one/commands.ts';\nexport const cli = commands;",
  'main/electron.ts':
    "import { app } from 'electron';\nimport { two } from './two/index.ts';\nexport const e = [app, two];",
};

/** One breach of each rule: the file that breaks it, and what it says. */
const breaches: readonly { rule: string; file: string; says: string }[] = [
  { rule: 'contract-stands-alone', file: 'preload/contract/bad-a.ts', says: "import 'node:fs';" },
  { rule: 'contract-stands-alone', file: 'preload/contract/bad-b.ts', says: "import '@orpc/client';" },
  {
    rule: 'contract-stands-alone',
    file: 'preload/contract/bad-c.ts',
    says: "import '../../main/one/index.ts';",
  },
  { rule: 'preload-is-a-bridge', file: 'preload/index.ts', says: "import './contract/index.ts';" },
  {
    rule: 'renderer-knows-only-the-contract',
    file: 'renderer/bad-a.ts',
    says: "import '../main/one/index.ts';",
  },
  {
    rule: 'renderer-knows-only-the-contract',
    file: 'renderer/bad-b.ts',
    says: "import type { Inside } from '../main/one/inside.ts';\nexport type X = Inside;",
  },
  { rule: 'renderer-without-node', file: 'renderer/bad-c.ts', says: "import 'node:path';" },
  { rule: 'renderer-without-node', file: 'renderer/bad-d.ts', says: "export const f = () => import('fs');" },
  { rule: 'renderer-without-node-packages', file: 'renderer/bad-e.ts', says: "import 'pg';" },
  { rule: 'renderer-without-node-packages', file: 'renderer/bad-f.ts', says: "import '@orpc/server';" },
  { rule: 'main-without-renderer', file: 'main/two/bad-a.ts', says: "import '../../renderer/app.tsx';" },
  {
    rule: 'main-knows-only-the-contract-of-preload',
    file: 'main/bad-b.ts',
    says: "import '../preload/index.ts';",
  },
  { rule: 'electron-in-two-files', file: 'main/two/bad-c.ts', says: "import 'electron';" },
  {
    rule: 'electron-in-two-files',
    file: 'main/two/bad-d.ts',
    says: "import type { App } from 'electron';\nexport type X = App;",
  },
  { rule: 'electron-in-two-files', file: 'renderer/bad-g.ts', says: "import 'electron';" },
  { rule: 'rooms-by-their-front-door', file: 'main/two/bad-e.ts', says: "import '../one/inside.ts';" },
  {
    rule: 'rooms-by-their-front-door',
    file: 'main/two/bad-f.ts',
    says: "import type { Inside } from '../one/inside.ts';\nexport type X = Inside;",
  },
  { rule: 'house-by-the-front-doors', file: 'main/bad-g.ts', says: "import './one/inside.ts';" },
  { rule: 'cli-tools-for-commands-only', file: 'main/two/bad-h.ts', says: "import '../cli/output.ts';" },
  { rule: 'commands-for-the-command-line', file: 'main/bad-i.ts', says: "import './one/commands.ts';" },
  {
    rule: 'no-circle',
    file: 'main/one/inside.ts',
    says: "import { t } from './index.ts';\nexport const inside = t;",
  },
  { rule: 'no-unresolvable', file: 'main/two/bad-j.ts', says: "import './nowhere.ts';" },
  { rule: 'only-declared-packages', file: 'main/two/bad-k.ts', says: "import 'semver';" },
  { rule: 'main-ships-what-it-needs', file: 'main/two/bad-l.ts', says: "import 'fast-check';" },
];

interface Violation {
  rule: { name: string };
  from: string;
}

/** Runs the project's own rules over a house in a folder of its own. */
async function violationsOf(files: Record<string, string>): Promise<Violation[]> {
  const folder = temporaryFolder(files);
  try {
    for (const file of ['.dependency-cruiser.js', 'package.json'])
      copyFileSync(join(root, file), join(folder.path, file));
    symlinkSync(join(root, 'node_modules'), join(folder.path, 'node_modules'), 'junction');
    const [node, ...args] = nodeCommand('node_modules/dependency-cruiser/bin/dependency-cruiser.mjs');
    const all = [...args, '--output-type', 'json', '--preserve-symlinks', 'main', 'preload', 'renderer'];
    const { stdout } = await promisify(execFile)(node, all, { cwd: folder.path, maxBuffer: 1e8 }).catch(
      // It ends with the number of violations as its exit code.
      (error: { stdout: string }) => error,
    );
    return (JSON.parse(stdout) as { summary: { violations: Violation[] } }).summary.violations;
  } finally {
    folder.remove();
  }
}

test('a house that keeps the rules is passed', async () => {
  expect(await violationsOf(house)).toEqual([]);
});

describe('a breach is reported', () => {
  let violations: Violation[];
  beforeAll(async () => {
    const broken = Object.fromEntries(
      breaches.map(({ file, says }) => [
        file,
        file === 'preload/index.ts' ? `${says}\n${house[file]}` : says,
      ]),
    );
    violations = await violationsOf({ ...house, ...broken });
  });

  test.each(breaches)('$rule: $file', ({ rule, file }) => {
    const found = violations.filter((violation) => violation.rule.name === rule).map(({ from }) => from);
    if (rule === 'no-circle') expect(found.length).toBeGreaterThan(0);
    else expect(found).toContain(file);
  });
});

test('every rule has a breach', async () => {
  const rules = (await import('../../../.dependency-cruiser.js')).default as {
    forbidden: { name: string }[];
  };
  expect(new Set(breaches.map(({ rule }) => rule))).toEqual(new Set(rules.forbidden.map(({ name }) => name)));
});
