CREATE TABLE rollout_policies (
  id SERIAL PRIMARY KEY,
  image_pattern VARCHAR(255) NOT NULL,
  strategy VARCHAR(20) NOT NULL DEFAULT 'staged' CHECK (strategy IN ('auto', 'staged', 'manual', 'scheduled')),
  staged_batches INTEGER NOT NULL DEFAULT 3 CHECK (staged_batches BETWEEN 1 AND 10),
  max_failure_rate NUMERIC(4, 3) NOT NULL DEFAULT 0.2,
  enabled BOOLEAN NOT NULL DEFAULT true
);
