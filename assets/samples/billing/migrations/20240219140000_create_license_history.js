exports.up = async (knex) => {
  await knex.raw(`
    CREATE TABLE license_history (
      id serial PRIMARY KEY,
      customer_id varchar(64) NOT NULL REFERENCES customers (customer_id) ON DELETE CASCADE,
      action varchar(20) NOT NULL CHECK (action IN ('generated', 'upgraded', 'downgraded', 'revoked')),
      plan varchar(20) NOT NULL,
      max_devices integer NOT NULL,
      license_hash char(64) NOT NULL,
      generated_by varchar(100) NOT NULL DEFAULT 'system',
      generated_at timestamptz NOT NULL DEFAULT now()
    )
  `);
  await knex.raw(`CREATE INDEX license_history_customer_id_index ON license_history (customer_id)`);
};

exports.down = async (knex) => {
  await knex.raw(`DROP TABLE license_history`);
};
