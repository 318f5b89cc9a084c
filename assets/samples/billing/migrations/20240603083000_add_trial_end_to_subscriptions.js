exports.up = async (knex) => {
  await knex.raw(`ALTER TABLE subscriptions ADD COLUMN trial_ends_at timestamptz`);
  await knex.raw(`
    CREATE INDEX subscriptions_trial_ends_at_index ON subscriptions (trial_ends_at) WHERE status = 'trialing'
  `);
};

exports.down = async (knex) => {
  await knex.raw(`ALTER TABLE subscriptions DROP COLUMN trial_ends_at`);
};
