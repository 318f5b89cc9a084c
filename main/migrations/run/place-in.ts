import pg from 'pg';
import { placeOfError } from './ready-unit.ts';
import type { UnitFailure } from './session.ts';

/** Where in its file something failed: by the position that the server tells; else by how many statements it had carried out. */
export const placeIn = ({
  cause,
  unit,
  done,
}: UnitFailure): Promise<{ line: number; statement: string } | undefined> =>
  placeOfError(unit, cause instanceof pg.DatabaseError ? Number(cause.position ?? 0) : 0, done);
