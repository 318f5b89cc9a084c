import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import type { FolderView } from '../../main/migrations/tool.ts';
import { openFolder } from '../../main/migrations/tools/shared/folder-view.ts';

export interface Project {
  root: string;
  /** A fresh look, because a view does not see what came after it was opened. */
  look(): Promise<FolderView>;
  write(files: Record<string, string | Buffer>): void;
  delete(...paths: string[]): void;
  remove(): void;
}

/** A project of the test's own, in a temporary folder. Names are paths. */
export function makeProject(files: Record<string, string | Buffer> = {}): Project {
  const root = mkdtempSync(join(tmpdir(), 'howdah-test-project-'));
  const project: Project = {
    root,
    look: () => openFolder(root),
    write: (given) => {
      for (const [path, content] of Object.entries(given)) {
        mkdirSync(dirname(join(root, path)), { recursive: true });
        writeFileSync(join(root, path), content);
      }
    },
    delete: (...paths) => {
      for (const path of paths) rmSync(join(root, path), { recursive: true });
    },
    remove: () => rmSync(root, { recursive: true, force: true }),
  };
  project.write(files);
  return project;
}
