import { MachineGiven } from '../../../preload/contract/server-tuning.ts';
import type { Store } from '../../store/index.ts';

export interface MachineStore {
  given(environment: string): MachineGiven | undefined;
  put(environment: string, machine: MachineGiven | null): void;
}

/** What somebody said of the machines that servers run on. */
export function openMachineStore({ db }: Store): MachineStore {
  const insertKey = db.prepare(
    'INSERT INTO environment (id) VALUES (?) ON CONFLICT (id) DO UPDATE SET id = id RETURNING key',
  );
  const key = (environment: string): number => (insertKey.get(environment) as { key: number }).key;
  const select = db.prepare('SELECT given FROM server_machine WHERE environment = ?');
  const upsert = db.prepare(
    'INSERT INTO server_machine (environment, given) VALUES (?, ?) ON CONFLICT (environment) DO UPDATE SET given = excluded.given',
  );
  const remove = db.prepare('DELETE FROM server_machine WHERE environment = ?');
  return {
    given: (environment) => {
      const row = select.get(key(environment)) as { given: string } | undefined;
      return row && MachineGiven.safeParse(JSON.parse(row.given)).data;
    },
    put: (environment, machine) => {
      if (machine) upsert.run(key(environment), JSON.stringify(machine));
      else remove.run(key(environment));
    },
  };
}
