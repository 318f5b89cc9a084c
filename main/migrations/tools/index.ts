import type { MigrationTool } from '../tool.ts';
import { alembic } from './alembic.ts';
import { atlas } from './atlas.ts';
import { dbmate } from './dbmate.ts';
import { diesel } from './diesel.ts';
import { django } from './django.ts';
import { drizzle } from './drizzle.ts';
import { ecto } from './ecto.ts';
import { flyway } from './flyway.ts';
import { golangMigrate } from './golang-migrate.ts';
import { goose } from './goose.ts';
import { homeMade } from './home-made.ts';
import { knex } from './knex.ts';
import { laravel } from './laravel.ts';
import { liquibase } from './liquibase.ts';
import { nodePgMigrate } from './node-pg-migrate.ts';
import { prisma } from './prisma.ts';
import { rails } from './rails.ts';
import { sequelize } from './sequelize.ts';
import { sqitch } from './sqitch.ts';
import { sqlx } from './sqlx.ts';
import { typeorm } from './typeorm.ts';

/** Every tool that can be read, the home-made ones last: what another tool knows as its own is not theirs. */
export const tools = [
  golangMigrate,
  alembic,
  knex,
  prisma,
  flyway,
  liquibase,
  nodePgMigrate,
  drizzle,
  typeorm,
  sequelize,
  // Rails' table looks the same without its metadata beside it, and is then less likely.
  dbmate,
  rails,
  django,
  goose,
  sqitch,
  atlas,
  ecto,
  diesel,
  sqlx,
  laravel,
  homeMade,
] as unknown as readonly MigrationTool[];
