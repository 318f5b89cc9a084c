SELECT id, name, meter_type, category FROM meters WHERE active ORDER BY category, id
