exports.up = async (knex) => {
  await knex.raw(`
    CREATE TYPE subscription_status AS ENUM ('trialing', 'active', 'past_due', 'canceled', 'unpaid')
  `);
  await knex.raw(`
    CREATE TABLE subscriptions (
      id serial PRIMARY KEY,
      customer_id varchar(64) NOT NULL REFERENCES customers (customer_id) ON DELETE CASCADE,
      plan varchar(20) NOT NULL CHECK (plan IN ('starter', 'professional', 'enterprise')),
      status subscription_status NOT NULL DEFAULT 'trialing',
      max_devices integer NOT NULL CHECK (max_devices > 0),
      price_cents integer NOT NULL CHECK (price_cents >= 0),
      current_period_start timestamptz NOT NULL,
      current_period_end timestamptz NOT NULL,
      created_at timestamptz NOT NULL DEFAULT now(),
      updated_at timestamptz NOT NULL DEFAULT now(),
      CHECK (current_period_end > current_period_start)
    )
  `);
  await knex.raw(`CREATE INDEX subscriptions_customer_id_index ON subscriptions (customer_id)`);
};

exports.down = async (knex) => {
  await knex.raw(`DROP TABLE subscriptions`);
  await knex.raw(`DROP TYPE subscription_status`);
};
