import { Button, TextInput } from '@mantine/core';
import { IconFolderPlus, IconFolderSearch } from '@tabler/icons-react';
import { useRef, useState } from 'react';
import type { Explanation as ExplanationData } from '../../../preload/contract/common.ts';
import type { Environment } from '../../../preload/contract/environments.ts';
import type { MigrationStatus } from '../../../preload/contract/migrations.ts';
import { Explanation } from '../../components/explanation.tsx';
import { plural } from '../../components/format.ts';
import { notifyDone } from '../../components/notify.tsx';
import { client } from '../../lib/client.ts';
import { explain } from '../../lib/errors.ts';
import { visible } from '../words.ts';
import styles from './folders.module.css';

interface FindProjectsProps {
  environment: Environment;
  folders: readonly string[];
  onTake: (status: MigrationStatus) => void;
}

type Found = Awaited<ReturnType<typeof client.migrations.findProjects>>;

/** Looks below a path of the console's machine for what migration tools keep there, and links it. */
export function FindProjects({ environment, folders, onTake }: FindProjectsProps) {
  const [root, setRoot] = useState('');
  const [found, setFound] = useState<{ root: string; projects: Found }>();
  const [problem, setProblem] = useState<ExplanationData>();
  const [isLooking, setLooking] = useState(false);
  const [linking, setLinking] = useState<string>();
  const asked = useRef(0);

  const find = async (): Promise<void> => {
    const path = root.trim();
    if (path === '') return;
    const turn = ++asked.current;
    setLooking(true);
    setProblem(undefined);
    setFound(undefined);
    try {
      const projects = await client.migrations.findProjects({ root: path });
      if (turn === asked.current) setFound({ root: path, projects });
    } catch (error) {
      if (turn === asked.current) setProblem(explain(error));
    } finally {
      if (turn === asked.current) setLooking(false);
    }
  };
  const link = async (folder: string): Promise<void> => {
    setLinking(folder);
    setProblem(undefined);
    try {
      onTake(await client.migrations.link({ environment: environment.id, folder }));
      notifyDone(`Linked ${visible(folder)}.`, { environment });
      // Others that were found can be linked as well.
      setFound((before) => (before?.projects.some(({ project }) => project !== folder) ? before : undefined));
    } catch (error) {
      setProblem(explain(error));
    } finally {
      setLinking(undefined);
    }
  };

  return (
    <section className={styles.section}>
      <h3 className={styles.heading}>Link another</h3>
      <form
        className={styles.find}
        onSubmit={(event) => {
          event.preventDefault();
          void find();
        }}
      >
        <TextInput
          className={styles.root ?? ''}
          label="Project’s folder on the console’s machine, or one of several projects"
          placeholder="/home/me/project"
          classNames={{ input: styles.mono ?? '' }}
          value={root}
          onChange={(event) => setRoot(event.currentTarget.value)}
          autoComplete="off"
          spellCheck={false}
          data-autofocus
        />
        <Button
          type="submit"
          leftSection={<IconFolderSearch size={14} />}
          loading={isLooking}
          disabled={root.trim() === ''}
        >
          Look
        </Button>
      </form>
      {problem && <Explanation explanation={problem} />}
      {found && (
        <FoundProjects
          {...found}
          folders={folders}
          linking={linking}
          onLink={(folder) => void link(folder)}
        />
      )}
    </section>
  );
}

interface FoundProjectsProps {
  root: string;
  projects: Found;
  folders: readonly string[];
  /** The folder that is being linked. */
  linking: string | undefined;
  onLink: (folder: string) => void;
}

function FoundProjects({ root, projects, folders, linking, onLink }: FoundProjectsProps) {
  if (projects.length === 0) {
    return (
      <div className={styles.found} role="status">
        <p>
          No tool’s migrations were found below <bdi className="mono">{visible(root)}</bdi>. Look at the
          folder that holds the tool’s configuration, or at the one that holds the files.
        </p>
        <Button className={styles.start ?? ''} loading={linking !== undefined} onClick={() => onLink(root)}>
          Link it nevertheless
        </Button>
      </div>
    );
  }
  const byProject = Map.groupBy(projects, ({ project }) => project);
  return (
    <ul className={styles.list} aria-label="Found">
      {[...byProject].map(([project, places]) => (
        <li key={project} className={styles.item}>
          <div className={styles.line}>
            <bdi className={`mono ${styles.path}`}>{visible(project)}</bdi>
            <Button
              variant="filled"
              color="accent"
              leftSection={<IconFolderPlus size={14} />}
              aria-label={byProject.size > 1 ? `Link ${visible(project)}` : undefined}
              loading={linking === project}
              disabled={folders.includes(project) || linking !== undefined}
              onClick={() => onLink(project)}
            >
              {folders.includes(project) ? 'Linked' : 'Link'}
            </Button>
          </div>
          <table className={styles.places}>
            <thead>
              <tr>
                <th scope="col">Tool</th>
                <th scope="col">Folder</th>
                <th scope="col">Holds</th>
              </tr>
            </thead>
            <tbody>
              {places.map(({ tool, folder, migrations }) => (
                <tr key={`${tool} ${folder}`}>
                  <td>{tool}</td>
                  <td>
                    <bdi className="mono">{visible(folder || '.')}</bdi>
                  </td>
                  <td>{plural(migrations, 'migration')}</td>
                </tr>
              ))}
            </tbody>
          </table>
        </li>
      ))}
    </ul>
  );
}
