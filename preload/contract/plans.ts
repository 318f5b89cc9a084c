import { z } from 'zod';
import { Explanation, onEnvironment, read } from './common.ts';

export const plans = {
  /** What this role can't see or have here, in words; empty when nothing is missing. */
  limits: read.input(onEnvironment).output(z.array(Explanation)),
};
