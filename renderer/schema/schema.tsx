import { SegmentedControl } from '@mantine/core';
import { lazy, Suspense } from 'react';
import { useLocation } from 'wouter';
import type { Environment, EnvironmentStatus } from '../../preload/contract/environments.ts';
import { Loading } from '../components/loading.tsx';
import { DiagramScreen } from './diagram-screen.tsx';
import { readView, type SchemaView, schemaAddress } from './views.ts';

const Drift = lazy(() => import('./drift/drift.tsx'));

interface SchemaProps {
  environment: Environment;
  status: EnvironmentStatus;
}

/** A database's structure: its diagram and outline, and how it differs from others. */
export default function Schema({ environment, status }: SchemaProps) {
  const [location, navigate] = useLocation();
  const { view, start } = readView(location);
  const choice = (
    <SegmentedControl
      aria-label="View"
      value={view}
      onChange={(next) => navigate(schemaAddress(environment.id, next as SchemaView))}
      data={[
        { value: 'diagram', label: 'Diagram' },
        { value: 'compare', label: 'Compare' },
      ]}
    />
  );
  if (view === 'diagram') {
    return <DiagramScreen key={environment.id} environment={environment} status={status} choice={choice} />;
  }
  return (
    <Suspense fallback={<Loading label="Loading the comparison" rows={12} />}>
      <Drift
        key={environment.id}
        environment={environment}
        choice={choice}
        start={start}
        // What was asked for is done once: a reload does not do it again.
        onStarted={() => navigate(schemaAddress(environment.id, 'compare'), { replace: true })}
      />
    </Suspense>
  );
}
