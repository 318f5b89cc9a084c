import { BaseSequencer, type TestSpecification } from 'vitest/node';

/** Files that take a minute and more where nothing is known of former runs, the longest first. */
const longest = [
  'backups/sample-systems',
  'monitoring/version-13',
  'monitoring/version-15',
  'monitoring/version-16',
  'monitoring/version-17',
  'monitoring/version-18',
  'backups/buckets',
  'migrations/liquibase',
  'migrations/sqitch',
  'cli/migrations',
  'sample/systems',
  'sample/lifecycle',
  'schema/compare',
  'ways/diagnosis',
  'ways/cuts',
  'ways/hostile',
  'ways/companion',
  'core/server-versions',
  'schema/diff-closes',
  'schema/every-version',
  'cli/schema',
  'migrations/prisma',
  'backups/engines',
  'migrations/drive-tools',
  'migrations/rails',
  'migrations/run-dbmate',
  'migrations/run-golang-migrate',
].map((name) => `/test/integration/${name}.test.ts`);

/** Begins with the longest files, so that none of them is still at work when all others are done. */
export class LongestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const sorted = await super.sort(files);
    const place = ({ moduleId }: TestSpecification): number => {
      const at = longest.findIndex((name) => moduleId.endsWith(name));
      return at < 0 ? longest.length : at;
    };
    return sorted.sort((one, other) => place(one) - place(other));
  }
}
