import { Button, SegmentedControl } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useEffect, useId, useRef, useState } from 'react';
import type { Explanation as ExplanationData } from '../../../preload/contract/common.ts';
import type { Environment } from '../../../preload/contract/environments.ts';
import type { ExactBloat, ExactMethod } from '../../../preload/contract/storage-bloat.ts';
import { Dialog } from '../../components/dialog.tsx';
import { Explanation } from '../../components/explanation.tsx';
import { bytes, count, duration, exactBytes, percent } from '../../components/format.ts';
import { Fact, Facts } from '../../components/inspector-parts.tsx';
import { Loading } from '../../components/loading.tsx';
import { client } from '../../lib/client.ts';
import { explain } from '../../lib/errors.ts';
import { visible } from '../../migrations/words.ts';
import styles from './exact-dialog.module.css';

export interface ExactTarget {
  oid: number;
  name: string;
  isIndex: boolean;
}

interface ExactDialogProps {
  environment: Environment;
  target: ExactTarget;
  onClose: () => void;
}

/** Says what an exact measurement reads, does it, and cancels it on the server when somebody leaves. */
export function ExactDialog({ environment, target, onClose }: ExactDialogProps) {
  const titleId = useId();
  const [method, setMethod] = useState<ExactMethod>(target.isIndex ? 'pgstatindex' : 'pgstattuple_approx');
  const plan = useQuery({
    queryKey: ['storage', environment.id, 'exact-plan', target.oid, method],
    queryFn: () => client.storage.exactPlan({ environment: environment.id, oid: target.oid, method }),
    staleTime: 0,
  });
  const { elapsedMs, result, problem, start, cancel } = useExact(environment.id, target.oid, method);
  const isRunning = elapsedMs !== undefined;
  return (
    <Dialog labelledBy={titleId} onClose={onClose}>
      <div className={styles.dialog}>
        <h2 id={titleId}>
          Measure the bloat of <bdi>{visible(target.name)}</bdi>
        </h2>
        {!target.isIndex && (
          <SegmentedControl
            aria-label="Method"
            disabled={isRunning}
            value={method}
            onChange={(next) => setMethod(next as ExactMethod)}
            data={[
              { value: 'pgstattuple_approx', label: 'Skip pages that are all visible' },
              { value: 'pgstattuple', label: 'Read every page' },
            ]}
          />
        )}
        {plan.isPending && <Loading label="Asking what it would read" rows={2} />}
        {plan.isError && <Explanation explanation={explain(plan.error)} />}
        {plan.data?.refused && <Explanation explanation={plan.data.refused} severity="warning" />}
        {plan.data && !plan.data.refused && (
          <p>
            {method} reads <b title={exactBytes(plan.data.reads)}>{bytes(plan.data.reads)}</b>, which takes
            about {duration(Math.max(1000, plan.data.aboutMs))} at 200 MB/s, and longer on a machine under
            load. It takes no lock that reads or writes wait for. There is no progress to be told; it can be
            cancelled.
          </p>
        )}
        {isRunning && <p role="status">Reading for {duration(elapsedMs)}</p>}
        {problem && <Explanation explanation={problem} />}
        {result && <Result result={result} />}
        <footer>
          <Button data-autofocus onClick={onClose}>
            Close
          </Button>
          {isRunning ? (
            <Button variant="outline" onClick={cancel}>
              Cancel the reading
            </Button>
          ) : (
            <Button
              variant="filled"
              color="accent"
              disabled={!plan.data || plan.data.refused !== null}
              onClick={start}
            >
              Measure
            </Button>
          )}
        </footer>
      </div>
    </Dialog>
  );
}

function Result({ result }: { result: ExactBloat }) {
  const { bytes: size, wasted, deadRows, deadBytes, freeBytes, leafDensity, fragmentation, tookMs } = result;
  return (
    <Facts>
      <Fact label="Empty or dead">
        <b title={exactBytes(wasted)}>{bytes(wasted)}</b> of {bytes(size)}
        {Number(size) > 0 && ` (${percent(Number(wasted) / Number(size))})`}
      </Fact>
      {freeBytes !== null && <Fact label="Free space">{bytes(freeBytes)}</Fact>}
      {deadRows !== null && (
        <Fact label="Dead rows">
          {count(deadRows)}, {bytes(deadBytes ?? '0')}
        </Fact>
      )}
      {leafDensity !== null && <Fact label="Leaf density">{percent(leafDensity / 100)}</Fact>}
      {fragmentation !== null && <Fact label="Fragmentation">{percent(fragmentation / 100)}</Fact>}
      <Fact label="Took">{duration(tookMs)}</Fact>
    </Facts>
  );
}

/** One measurement at a time; it ends with the component. */
function useExact(environment: string, oid: number, method: ExactMethod) {
  const [elapsedMs, setElapsed] = useState<number>();
  const [result, setResult] = useState<ExactBloat>();
  const [problem, setProblem] = useState<ExplanationData>();
  const stop = useRef<AbortController>(undefined);
  useEffect(() => () => stop.current?.abort(), []);
  const start = async (): Promise<void> => {
    const own = new AbortController();
    stop.current = own;
    setElapsed(0);
    setResult(undefined);
    setProblem(undefined);
    try {
      for await (const event of await client.storage.exact(
        { environment, oid, method },
        { signal: own.signal },
      )) {
        if (event.kind === 'running') setElapsed(event.elapsedMs);
        else setResult(event.result);
      }
    } catch (error) {
      if (!own.signal.aborted) setProblem(explain(error));
    } finally {
      setElapsed(undefined);
    }
  };
  return { elapsedMs, result, problem, start: () => void start(), cancel: () => stop.current?.abort() };
}
