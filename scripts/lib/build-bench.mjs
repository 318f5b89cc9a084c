/** Builds one bench of `test/bench`, and the threads it may start, the way `main/` is built. Runs on the project's Node. */
import { join } from 'node:path';
import { build } from 'vite';
import { root } from './project.mjs';

const name = process.argv[2] ?? '';
await build({
  configFile: false,
  logLevel: 'warn',
  root,
  publicDir: false,
  build: {
    ssr: true,
    target: 'node24',
    minify: false,
    outDir: join(root, '.cache', 'bench'),
    emptyOutDir: false,
    rolldownOptions: {
      input: {
        [name]: join(root, 'test', 'bench', `${name}.ts`),
        'backup-file-worker': join(root, 'main', 'backups', 'create', 'backup-file-worker.ts'),
        'backup-files-worker': join(root, 'main', 'backups', 'files', 'backup-files-worker.ts'),
        'schema-worker': join(root, 'main', 'schema', 'schema-worker.ts'),
      },
      output: { entryFileNames: '[name].js' },
    },
  },
});
