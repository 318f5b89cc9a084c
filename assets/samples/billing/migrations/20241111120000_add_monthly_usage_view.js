exports.up = async (knex) => {
  await knex.raw(`
    CREATE VIEW monthly_usage AS
    SELECT customer_id,
           date_trunc('month', reported_at) AS month,
           max(active_devices) AS peak_devices,
           sum(messages) AS messages
    FROM usage_reports
    GROUP BY customer_id, date_trunc('month', reported_at)
  `);
};

exports.down = async (knex) => {
  await knex.raw(`DROP VIEW monthly_usage`);
};
