-- A year and a half of editing. The audit log fills itself; only its dates are then spread over that time.
DO $$
DECLARE
  meter text;
  n integer;
BEGIN
  FOR n IN 1..900 LOOP
    PERFORM set_config('app.user_id', (1 + n % 2)::text, true);
    meter := (ARRAY['strom_haupt', 'gas_haupt', 'wasser_haupt', 'strom_eg', 'waerme_og1', 'wasser_warm_dg', 'solar_erzeugung'])[1 + n % 7];
    CASE n % 5
      WHEN 0 THEN UPDATE meters SET location = 'Keller, Feld ' || 1 + n % 6 WHERE id = meter;
      WHEN 1 THEN UPDATE meters SET calibrated_until = date '2027-12-31' + n % 4 * 365 WHERE id = meter;
      WHEN 2 THEN UPDATE settings SET value = to_jsonb(round(0.28 + (n % 90) / 1000.0, 4)) WHERE key = 'price.strom.kwh';
      WHEN 3 THEN UPDATE households SET persons = 1 + n % 5 WHERE id = (ARRAY['eg', 'og1', 'og2', 'dg'])[1 + n % 4];
      ELSE UPDATE meters SET name = split_part(name, ' (', 1) || CASE WHEN n % 2 = 0 THEN ' (geprüft)' ELSE '' END WHERE id = meter;
    END CASE;
  END LOOP;
END
$$;

UPDATE audit_log
SET created_at = date_trunc('second', now()) - ((SELECT max(id) FROM audit_log) - id) * interval '13 hours 7 minutes';
