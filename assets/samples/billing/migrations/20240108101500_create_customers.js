exports.up = async (knex) => {
  await knex.raw(`
    CREATE TABLE customers (
      id serial PRIMARY KEY,
      customer_id varchar(64) NOT NULL UNIQUE,
      company_name varchar(255) NOT NULL,
      email varchar(255) NOT NULL,
      billing_address jsonb NOT NULL DEFAULT '{}',
      created_at timestamptz NOT NULL DEFAULT now(),
      updated_at timestamptz NOT NULL DEFAULT now()
    )
  `);
  await knex.raw(`CREATE UNIQUE INDEX customers_email_unique ON customers (lower(email))`);
};

exports.down = async (knex) => {
  await knex.raw(`DROP TABLE customers`);
};
