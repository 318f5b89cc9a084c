exports.up = async (knex) => {
  await knex.raw(`
    CREATE TABLE usage_reports (
      id bigserial PRIMARY KEY,
      customer_id varchar(64) NOT NULL REFERENCES customers (customer_id) ON DELETE CASCADE,
      instance_id varchar(64) NOT NULL,
      active_devices integer NOT NULL,
      total_devices integer NOT NULL,
      messages bigint NOT NULL DEFAULT 0,
      reported_at timestamptz NOT NULL DEFAULT now(),
      CHECK (active_devices <= total_devices)
    )
  `);
  await knex.raw(`CREATE INDEX usage_reports_customer_id_index ON usage_reports (customer_id, reported_at DESC)`);
};

exports.down = async (knex) => {
  await knex.raw(`DROP TABLE usage_reports`);
};
