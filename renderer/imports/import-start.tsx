import { Button } from '@mantine/core';
import { IconFileImport } from '@tabler/icons-react';
import { ChooseFiles } from './choose-files.tsx';
import { addPlaces } from './import-job.ts';
import styles from './import-start.module.css';
import { kindWords } from './kinds.ts';
import { usePlaces } from './use-places.ts';

const readable: readonly (readonly [what: string, about: string])[] = [
  ['.env', 'DATABASE_URL, POSTGRES_*, PG*, DB_HOST and its like with any prefix'],
  ['docker-compose.yml', 'PostgreSQL services; choose it together with its .env'],
  ['pg_service.conf, .pgpass', 'as libpq keeps them'],
  ['DBeaver, pgAdmin, DbGate', 'their connection files; passwords are not read from them'],
  ['Howdah', 'environments that somebody exported for the team'],
];

/** Before any file was read: how to give one, which kinds there are, and which lie on this machine. */
export function ImportStart() {
  const places = usePlaces();
  return (
    <div className={styles.page}>
      <div className={styles.column}>
        <section className={styles.drop}>
          <IconFileImport size={24} stroke={1.5} aria-hidden />
          <p className={styles.lead}>Drop files here, or choose them</p>
          <ChooseFiles label="Choose files" main />
          <p className={styles.hint}>
            Several at once. For hidden files such as .env, press {hiddenFilesKeys} in the dialog. Nothing is
            added before you have looked through it.
          </p>
        </section>
        {places.length > 0 && (
          <section>
            <div className={styles.head}>
              <h2>Found on this machine</h2>
              {places.length > 1 && (
                <Button onClick={() => addPlaces(places)}>Read all {places.length}</Button>
              )}
            </div>
            <ul className={styles.places}>
              {places.map((place) => (
                <li key={place.path}>
                  <span>{place.label || kindWords[place.kind]}</span>
                  <bdi className={styles.path} title={place.path}>
                    {place.path}
                  </bdi>
                  <Button aria-label={`Read ${place.path}`} onClick={() => addPlaces([place])}>
                    Read
                  </Button>
                </li>
              ))}
            </ul>
          </section>
        )}
        <section>
          <h2 className={styles.head}>What can be read</h2>
          <dl className={styles.kinds}>
            {readable.map(([what, about]) => (
              <div key={what}>
                <dt>{what}</dt>
                <dd>{about}</dd>
              </div>
            ))}
          </dl>
        </section>
      </div>
    </div>
  );
}

const hiddenFilesKeys = /mac/i.test(navigator.userAgent) ? '⌘⇧.' : 'Ctrl H';
