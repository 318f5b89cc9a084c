import { expect, it } from 'vitest';
import { typeorm } from '../../../main/migrations/tools/typeorm.ts';
import { migrationClasses } from '../../../main/migrations/tools/typeorm-files.ts';
import { candidate } from '../../support/migration-tracks.ts';

it('reads classes of TypeScript and of compiled JavaScript, by name field or own name', () => {
  expect(
    migrationClasses(`import { MigrationInterface } from "typeorm";
      // export class Old1500000000000 implements MigrationInterface {}
      const sql = "class Text1500000000000 { up() {} }";
      export class Helper {}
      export class AddUsers1700000000000 implements MigrationInterface {
        public async up(q: QueryRunner): Promise<void> { await q.query(\`CREATE TABLE "x" (name text = 'name')\`); }
        public async down(q: QueryRunner): Promise<void> { await q.query("DROP"); }
      }
      @Decorated() export class Named implements MigrationInterface {
        readonly name: string = 'Named1700000000001'
        async up(): Promise<void> {}
        async down(): Promise<void> { throw new Error("one way"); }
      }`),
  ).toEqual([
    { name: 'AddUsers1700000000000', down: true },
    { name: 'Named1700000000001', down: false },
  ]);
  expect(
    migrationClasses(
      `class Compiled1 { constructor() { this.name = 'Compiled1700000000002'; }\n async up(q) { const name = 'no'; } }`,
    ),
  ).toEqual([{ name: 'Compiled1700000000002', down: false }]);
});

it('tells its table from Laravel’s and home-made ones of the same name', () => {
  const own = { id: 'integer', timestamp: 'bigint', name: 'character varying' };
  expect(typeorm.recognise(candidate('migrations', own), [])?.certainty).toBe('certain');
  const laravel = { id: 'integer', migration: 'character varying(255)', batch: 'integer' };
  expect(typeorm.recognise(candidate('migrations', laravel), [])).toBeUndefined();
  expect(typeorm.recognise(candidate('migrations', { ...own, timestamp: 'timestamp' }), [])).toBeUndefined();
});
