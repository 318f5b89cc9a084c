import { useQuery } from '@tanstack/react-query';
import type { SampleStatus } from '../../preload/contract/sample.ts';
import { client } from '../lib/client.ts';

/** Whether the sample server is there and runs; undefined until it is known. */
export function useSampleStatus(): SampleStatus | undefined {
  return useQuery({ queryKey: ['sample', 'status'], queryFn: () => client.sample.status() }).data;
}
