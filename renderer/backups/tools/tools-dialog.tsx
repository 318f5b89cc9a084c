import { Button, NativeSelect, TextInput } from '@mantine/core';
import { IconPlus, IconRefresh } from '@tabler/icons-react';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useId, useState } from 'react';
import type { ToolSet } from '../../../preload/contract/backups.ts';
import type { Explanation as ExplanationData } from '../../../preload/contract/common.ts';
import type { Environment } from '../../../preload/contract/environments.ts';
import decision from '../../components/confirm-dialog.module.css';
import { Dialog } from '../../components/dialog.tsx';
import { Explanation } from '../../components/explanation.tsx';
import { Loading } from '../../components/loading.tsx';
import { client } from '../../lib/client.ts';
import { explain } from '../../lib/errors.ts';
import { visible } from '../../migrations/words.ts';
import styles from '../dialogs.module.css';
import { planKey, toolsKey } from '../use-backups.ts';

interface ToolsDialogProps {
  environment: Environment;
  onClose: () => void;
}

const kinds: Record<ToolSet['kind'], { label: string; where: string; example: string }> = {
  local: { label: 'Folder', where: 'Folder of the programs', example: '/usr/lib/postgresql/18/bin' },
  docker: { label: 'Container', where: 'Name of the container', example: 'postgres' },
  compose: {
    label: 'Compose service',
    where: 'Compose file and service',
    example: '/srv/shop/compose.yaml:db',
  },
  ssh: { label: 'Host by ssh', where: 'Host as ssh knows it', example: 'backup@db.example.org' },
};

/** PostgreSQL's programs that were found, and places where somebody says that there are more. */
export default function ToolsDialog({ environment, onClose }: ToolsDialogProps) {
  const titleId = useId();
  const queries = useQueryClient();
  const [kind, setKind] = useState<ToolSet['kind']>('local');
  const [where, setWhere] = useState('');
  const [busy, setBusy] = useState('');
  const [problem, setProblem] = useState<ExplanationData>();
  const tools = useQuery({
    queryKey: toolsKey,
    queryFn: ({ signal }) => client.backups.tools({}, { signal }),
  });
  const fitting = useQuery({
    queryKey: [...toolsKey, environment.id],
    queryFn: ({ signal }) => client.backups.toolsFor({ environment: environment.id }, { signal }),
  });
  const attempt = async (what: string, act: () => Promise<ToolSet[]>): Promise<boolean> => {
    setBusy(what);
    setProblem(undefined);
    try {
      queries.setQueryData(toolsKey, await act());
      void queries.invalidateQueries({ queryKey: [...toolsKey, environment.id] });
      void queries.invalidateQueries({ queryKey: planKey(environment.id) });
      return true;
    } catch (error) {
      setProblem(explain(error));
      return false;
    } finally {
      setBusy('');
    }
  };

  return (
    <Dialog labelledBy={titleId} className={styles.wide} onClose={onClose}>
      <div className={styles.dialog}>
        <header className={decision.header}>
          <h2 id={titleId} className={decision.title}>
            PostgreSQL’s programs for backups
          </h2>
        </header>
        <div className={styles.body}>
          {fitting.error && <Explanation explanation={explain(fitting.error)} severity="warning" />}
          {tools.error && <Explanation explanation={explain(tools.error)} />}
          {tools.isPending ? (
            <Loading label="Looking for the programs" rows={3} />
          ) : tools.data?.length === 0 ? (
            <p>None was found on this machine.</p>
          ) : (
            <ul className={styles.list} aria-label="Programs">
              {tools.data?.map((set) => (
                <li key={set.id} className={styles.item}>
                  <span>
                    <span className={styles.name}>{visible(set.version)}</span>{' '}
                    <bdi className={styles.mono}>{visible(set.where)}</bdi>{' '}
                    <span className={styles.soft}>
                      {visible(set.source)}, {set.programs.join(', ')}
                    </span>
                    {fitting.data?.id === set.id && <b> Fits this server</b>}
                  </span>
                  {set.source === addedByHand && (
                    <Button
                      aria-label={`Remove ${visible(set.where)}`}
                      loading={busy === set.id}
                      onClick={() => void attempt(set.id, () => client.backups.removeTools({ id: set.id }))}
                    >
                      Remove
                    </Button>
                  )}
                </li>
              ))}
            </ul>
          )}
          <form
            className={styles.line}
            onSubmit={(event) => {
              event.preventDefault();
              if (where.trim() === '') return;
              void attempt('add', () => client.backups.addTools({ kind, where })).then((isDone) => {
                if (isDone) setWhere('');
              });
            }}
          >
            <NativeSelect
              label="More of them are in a"
              data={Object.entries(kinds).map(([value, { label }]) => ({ value, label }))}
              value={kind}
              onChange={({ currentTarget }) => setKind(currentTarget.value as ToolSet['kind'])}
            />
            <TextInput
              className={styles.grow ?? ''}
              label={kinds[kind].where}
              placeholder={kinds[kind].example}
              classNames={{ input: styles.mono ?? '' }}
              value={where}
              onChange={({ currentTarget }) => setWhere(currentTarget.value)}
              autoComplete="off"
              spellCheck={false}
              dir="ltr"
            />
            <Button
              type="submit"
              leftSection={<IconPlus size={14} />}
              loading={busy === 'add'}
              disabled={where.trim() === ''}
            >
              Add
            </Button>
          </form>
          {problem && <Explanation explanation={problem} />}
        </div>
        <footer className={decision.footer}>
          <Button
            className={styles.start ?? ''}
            leftSection={<IconRefresh size={14} />}
            loading={busy === 'again'}
            onClick={() => void attempt('again', () => client.backups.tools({ again: true }))}
          >
            Look again
          </Button>
          <Button data-autofocus onClick={onClose}>
            Close
          </Button>
        </footer>
      </div>
    </Dialog>
  );
}

/** As the console says it of those that somebody added. */
const addedByHand = 'set by you';
