-- What stood in the YAML files before there was a database.
INSERT INTO users (email, name, role) VALUES
  ('verwaltung@haus.example', 'Verwaltung', 'admin'),
  ('hausmeister@haus.example', 'Hausmeisterei', 'editor'),
  ('import@haus.example', 'Import', 'editor'),
  ('mieter.eg@haus.example', 'Mietpartei EG', 'viewer');

SELECT set_config('app.user_id', '3', false);

INSERT INTO meters (id, name, meter_type, category, unit, location, serial_number, formula, calibrated_until) VALUES
  ('strom_haupt',      'Strom Hauptzähler',        'master',   'strom',       'kWh', 'Keller, Zählerschrank', NULL, NULL, NULL),
  ('strom_haupt_2019', 'Strom Hauptzähler, alt',   'physical', 'strom',       'kWh', 'ausgebaut',             '1EBZ0100001', NULL, '2024-12-31'),
  ('strom_haupt_2024', 'Strom Hauptzähler, neu',   'physical', 'strom',       'kWh', 'Keller, Zählerschrank', '1EBZ0100417', NULL, '2032-12-31'),
  ('strom_eg',         'Strom Erdgeschoss',        'physical', 'strom',       'kWh', 'Keller, Zählerschrank', '1EBZ0100418', NULL, '2031-12-31'),
  ('strom_og1',        'Strom 1. Obergeschoss',    'physical', 'strom',       'kWh', 'Keller, Zählerschrank', '1EBZ0100419', NULL, '2031-12-31'),
  ('strom_og2',        'Strom 2. Obergeschoss',    'physical', 'strom',       'kWh', 'Keller, Zählerschrank', '1EBZ0100420', NULL, '2031-12-31'),
  ('strom_dg',         'Strom Dachgeschoss',       'physical', 'strom',       'kWh', 'Keller, Zählerschrank', '1EBZ0100421', NULL, '2031-12-31'),
  ('strom_waermepumpe','Strom Wärmepumpe',         'physical', 'strom',       'kWh', 'Heizungskeller',        '1EBZ0100422', NULL, '2031-12-31'),
  ('strom_allgemein',  'Allgemeinstrom',           'virtual',  'strom',       'kWh', NULL, NULL,
     '{"plus": ["strom_haupt"], "minus": ["strom_eg", "strom_og1", "strom_og2", "strom_dg", "strom_waermepumpe"]}', NULL),
  ('solar_erzeugung',  'Photovoltaik, Erzeugung',  'physical', 'solar',       'kWh', 'Dach',           'PV-77120', NULL, NULL),
  ('solar_einspeisung','Photovoltaik, Einspeisung','physical', 'solar',       'kWh', 'Keller',         'PV-77121', NULL, NULL),
  ('solar_eigen',      'Eigenverbrauch',           'virtual',  'solar',       'kWh', NULL, NULL, '{"plus": ["solar_erzeugung"], "minus": ["solar_einspeisung"]}', NULL),
  ('gas_haupt',        'Gas Hauptzähler',          'physical', 'gas',         'm³',  'Heizungskeller', '7GMT2200815', NULL, '2028-12-31'),
  ('wasser_haupt',     'Wasser Hauptzähler',       'physical', 'wasser_kalt', 'm³',  'Keller',         '8SEN0100', NULL, '2027-12-31'),
  ('wasser_kalt_eg',   'Kaltwasser Erdgeschoss',   'physical', 'wasser_kalt', 'm³',  'Bad EG',         '8SEN0101', NULL, '2027-12-31'),
  ('wasser_kalt_og1',  'Kaltwasser 1. OG',         'physical', 'wasser_kalt', 'm³',  'Bad 1. OG',      '8SEN0102', NULL, '2027-12-31'),
  ('wasser_kalt_og2',  'Kaltwasser 2. OG',         'physical', 'wasser_kalt', 'm³',  'Bad 2. OG',      '8SEN0103', NULL, '2027-12-31'),
  ('wasser_kalt_dg',   'Kaltwasser Dachgeschoss',  'physical', 'wasser_kalt', 'm³',  'Bad DG',         '8SEN0104', NULL, '2027-12-31'),
  ('wasser_warm_eg',   'Warmwasser Erdgeschoss',   'physical', 'wasser_warm', 'm³',  'Bad EG',         '8SEN0201', NULL, '2027-12-31'),
  ('wasser_warm_og1',  'Warmwasser 1. OG',         'physical', 'wasser_warm', 'm³',  'Bad 1. OG',      '8SEN0202', NULL, '2027-12-31'),
  ('wasser_warm_og2',  'Warmwasser 2. OG',         'physical', 'wasser_warm', 'm³',  'Bad 2. OG',      '8SEN0203', NULL, '2027-12-31'),
  ('wasser_warm_dg',   'Warmwasser Dachgeschoss',  'physical', 'wasser_warm', 'm³',  'Bad DG',         '8SEN0204', NULL, '2027-12-31'),
  ('waerme_eg',        'Wärme Erdgeschoss',        'physical', 'waerme',      'kWh', 'Flur EG',        'WMZ-301', NULL, '2029-12-31'),
  ('waerme_og1',       'Wärme 1. OG',              'physical', 'waerme',      'kWh', 'Flur 1. OG',     'WMZ-302', NULL, '2029-12-31'),
  ('waerme_og2',       'Wärme 2. OG',              'physical', 'waerme',      'kWh', 'Flur 2. OG',     'WMZ-303', NULL, '2029-12-31'),
  ('waerme_dg',        'Wärme Dachgeschoss',       'physical', 'waerme',      'kWh', 'Flur DG',        'WMZ-304', NULL, '2029-12-31'),
  ('waerme_verluste',  'Wärmeverluste',            'virtual',  'waerme',      'kWh', NULL, NULL, '{"plus": ["gas_haupt"], "minus": ["waerme_eg", "waerme_og1", "waerme_og2", "waerme_dg"]}', NULL);

UPDATE meters SET conversion_factor = 10.412 WHERE id = 'gas_haupt';

INSERT INTO households (id, name, floor, living_area_m2, persons, cost_shares) VALUES
  ('eg',  'Wohnung Erdgeschoss', 'EG',    92.40, 2, '{"grundsteuer": 0.28, "muell": 0.25}'),
  ('og1', 'Wohnung 1. OG',       '1. OG', 88.10, 4, '{"grundsteuer": 0.27, "muell": 0.35}'),
  ('og2', 'Wohnung 2. OG',       '2. OG', 88.10, 1, '{"grundsteuer": 0.27, "muell": 0.15}'),
  ('dg',  'Wohnung Dachgeschoss','DG',    61.75, 2, '{"grundsteuer": 0.18, "muell": 0.25}');

INSERT INTO household_meters (household_id, meter_id)
SELECT h.id, m.id FROM households AS h JOIN meters AS m ON m.id LIKE '%\_' || h.id AND m.meter_type = 'physical';

INSERT INTO household_meters (household_id, meter_id, share) SELECT id, 'strom_allgemein', 0.25 FROM households;

INSERT INTO settings (key, value, description) VALUES
  ('billing.year',            '2025',                         'Year that is being billed'),
  ('billing.currency',        '"EUR"',                        'Currency of all prices'),
  ('price.strom.kwh',         '0.3214',                       'Price of electricity per kWh, gross'),
  ('price.gas.kwh',           '0.1187',                       'Price of gas per kWh, gross'),
  ('price.wasser.m3',         '2.19',                         'Price of water per m³, gross'),
  ('price.abwasser.m3',       '2.87',                         'Price of waste water per m³, gross'),
  ('gas.calorific_value',     '11.246',                       'Calorific value, kWh per m³'),
  ('gas.state_number',        '0.9258',                       'State number of the gas meter'),
  ('interpolation.max_gap',   '"45 days"',                    'Longest gap between readings that is filled'),
  ('influx.bucket.raw',       '"meters_raw"',                     'Bucket of the readings as they came'),
  ('influx.bucket.processed', '"meters_daily"',           'Bucket of the daily values'),
  ('heating.base_share',      '0.30',                         'Share of heating cost that goes by area'),
  ('report.recipients',       '["verwaltung@haus.example"]',  'Who gets the monthly report');
