import { Button, Checkbox, SegmentedControl, TextInput } from '@mantine/core';
import { IconSearch } from '@tabler/icons-react';
import { useState } from 'react';
import type { Engine, EngineDraft, EngineWhere } from '../../../preload/contract/backup-engines.ts';
import type { Explanation as ExplanationData } from '../../../preload/contract/common.ts';
import type { Environment } from '../../../preload/contract/environments.ts';
import { Explanation } from '../../components/explanation.tsx';
import { Inspector } from '../../components/inspector.tsx';
import { client } from '../../lib/client.ts';
import { explain } from '../../lib/errors.ts';
import { belowInput } from '../restore/field-order.ts';
import { draftKey, kindWords, thingWords, whereWords } from './engine-words.ts';
import styles from './engines.module.css';
import { takeEngine } from './use-engines.ts';

interface AddEngineProps {
  environment: Environment;
  onAdded: (engine: Engine) => void;
  onClose: () => void;
}

/** Looks for stanzas and servers where an engine's program runs, or takes one by its name. */
export function AddEngine({ environment, onAdded, onClose }: AddEngineProps) {
  const [kind, setKind] = useState<EngineWhere['kind']>('local');
  const [place, setPlace] = useState('');
  const [isLinked, setLinked] = useState(true);
  const [found, setFound] = useState<readonly EngineDraft[]>();
  const [busy, setBusy] = useState<string>();
  const [problem, setProblem] = useState<ExplanationData>();
  const where = whereOf(kind, place.trim());

  const working = async (what: string, work: () => Promise<void>): Promise<void> => {
    setBusy(what);
    setProblem(undefined);
    try {
      await work();
    } catch (error) {
      setProblem(explain(error));
    } finally {
      setBusy(undefined);
    }
  };
  const find = (): Promise<void> =>
    working('find', async () => {
      setFound(undefined);
      if (where) setFound(await client.backups.engines.find({ where }));
    });
  const add = (draft: EngineDraft): Promise<void> =>
    working(draftKey(draft), async () => {
      const engine = await client.backups.engines.add({
        ...draft,
        environment: isLinked ? environment.id : draft.environment,
      });
      takeEngine(engine);
      onAdded(engine);
    });

  return (
    <Inspector title="Add an engine" onClose={onClose} takeFocus>
      <div className={styles.sections}>
        <form
          className={styles.group}
          onSubmit={(event) => {
            event.preventDefault();
            void find();
          }}
        >
          <div>
            <p className={styles.label} id="engine-where">
              Where its program runs
            </p>
            <SegmentedControl
              aria-labelledby="engine-where"
              fullWidth
              value={kind}
              onChange={(value) => {
                setKind(value as EngineWhere['kind']);
                setFound(undefined);
              }}
              data={[
                { value: 'local', label: 'This machine' },
                { value: 'docker', label: 'A container' },
                { value: 'ssh', label: 'Over SSH' },
              ]}
            />
          </div>
          <TextInput
            label={placeWords[kind].label}
            placeholder={placeWords[kind].placeholder}
            inputWrapperOrder={belowInput}
            description={placeWords[kind].description}
            maxLength={200}
            value={place}
            onChange={(event) => setPlace(event.currentTarget.value)}
            classNames={{ input: styles.mono ?? '' }}
            autoComplete="off"
            spellCheck={false}
            dir="auto"
          />
          <Checkbox
            label={
              <>
                Link it to <bdi>{environment.name}</bdi>
              </>
            }
            checked={isLinked}
            onChange={(event) => setLinked(event.currentTarget.checked)}
          />
          <Button
            type="submit"
            className={styles.start ?? ''}
            leftSection={<IconSearch size={14} />}
            loading={busy === 'find'}
            disabled={!where || busy !== undefined}
          >
            Look for stanzas and servers
          </Button>
        </form>
        {problem && <Explanation explanation={problem} />}
        {found && (
          <section aria-label="Found" role="status">
            {found.length === 0 ? (
              <p className={styles.soft}>
                None is configured {where && whereWords(where)} that is not in the list already.
              </p>
            ) : (
              <ul className={styles.found}>
                {found.map((draft) => (
                  <li key={draftKey(draft)} className={styles.foundOne}>
                    <span>
                      <b>{kindWords[draft.kind]}</b> {thingWords[draft.kind]}{' '}
                      <bdi className={styles.mono}>{draft.name}</bdi>
                    </span>
                    <Button
                      aria-label={`Add ${draft.name}`}
                      loading={busy === draftKey(draft)}
                      disabled={busy !== undefined}
                      onClick={() => void add(draft)}
                    >
                      Add
                    </Button>
                  </li>
                ))}
              </ul>
            )}
          </section>
        )}
        <ByName where={where} isBusy={busy !== undefined} onAdd={(draft) => void add(draft)} />
      </div>
    </Inspector>
  );
}

const placeWords: Record<EngineWhere['kind'], { label: string; placeholder: string; description: string }> = {
  local: {
    label: 'As the account',
    placeholder: 'The console’s own',
    description: 'Another account of this machine, through sudo.',
  },
  docker: { label: 'Container', placeholder: 'barman', description: 'Its name, or account@name.' },
  ssh: { label: 'Host', placeholder: 'barman@backup.lan', description: 'user@host or user@host:port.' },
};

/** Undefined while something is missing. */
function whereOf(kind: EngineWhere['kind'], place: string): EngineWhere | undefined {
  if (kind === 'local') return place === '' ? { kind } : { kind, as: place };
  return place === '' ? undefined : { kind, name: place };
}

interface ByNameProps {
  where: EngineWhere | undefined;
  isBusy: boolean;
  onAdd: (draft: EngineDraft) => void;
}

/** One whose configuration the engine does not find by itself. */
function ByName({ where, isBusy, onAdd }: ByNameProps) {
  const [kind, setKind] = useState<EngineDraft['kind']>('pgbackrest');
  const [name, setName] = useState('');
  const [config, setConfig] = useState('');
  const isReady = where !== undefined && name.trim() !== '';
  return (
    <details className={styles.byName}>
      <summary>By its name</summary>
      <form
        className={styles.group}
        onSubmit={(event) => {
          event.preventDefault();
          if (!isReady || isBusy) return;
          onAdd({
            kind,
            name: name.trim(),
            where,
            config: config.trim() === '' ? null : config.trim(),
            environment: null,
          });
        }}
      >
        <SegmentedControl
          aria-label="Engine"
          fullWidth
          value={kind}
          onChange={(value) => setKind(value as EngineDraft['kind'])}
          data={[
            { value: 'pgbackrest', label: 'pgBackRest' },
            { value: 'barman', label: 'Barman' },
          ]}
        />
        <TextInput
          label={kind === 'pgbackrest' ? 'Stanza' : 'Server'}
          maxLength={100}
          value={name}
          onChange={(event) => setName(event.currentTarget.value)}
          autoComplete="off"
          spellCheck={false}
          dir="auto"
        />
        <TextInput
          label="Configuration file"
          placeholder="Where the engine looks by itself"
          maxLength={4096}
          value={config}
          onChange={(event) => setConfig(event.currentTarget.value)}
          classNames={{ input: styles.mono ?? '' }}
          autoComplete="off"
          spellCheck={false}
          dir="auto"
        />
        <Button type="submit" className={styles.start ?? ''} disabled={!isReady || isBusy}>
          Add it
        </Button>
      </form>
    </details>
  );
}
