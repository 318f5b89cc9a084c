-- Invented makers; the figures are those of usual LED drivers.
INSERT INTO fixture_models (manufacturer, model, description, type, dmx_footprint, cct_min_kelvin, cct_max_kelvin, mixing) VALUES
  ('Lumora', 'Spot 9', 'Recessed spot, 9 W', 'simple_dimmable', 1, 2700, 2700, 'linear'),
  ('Lumora', 'Spot 12 TW', 'Recessed spot, 12 W, two white channels', 'tunable_white', 2, 2200, 5000, 'perceptual'),
  ('Lumora', 'Line 24', 'Strip, 24 V, per metre', 'tunable_white', 2, 2000, 6500, 'perceptual'),
  ('Lumora', 'Glow', 'Wall washer that warms as it dims', 'dim_to_warm', 1, 1800, 3000, 'logarithmic'),
  ('Hellwig Licht', 'HL 150', 'Pendant for tables', 'simple_dimmable', 1, 3000, 3000, 'linear'),
  ('Hellwig Licht', 'HL 300 TW', 'Office panel 60 × 60', 'tunable_white', 2, 2700, 6500, 'linear'),
  ('Hellwig Licht', 'HL 40 Notlicht', 'Escape sign', 'non_dimmable', 1, 4000, 4000, 'linear'),
  ('Nordlys', 'Fjord S', 'Bollard for paths', 'simple_dimmable', 1, 3000, 3000, 'logarithmic'),
  ('Nordlys', 'Fjord L', 'Mast light', 'simple_dimmable', 1, 3000, 3000, 'logarithmic'),
  ('Nordlys', 'Aurora RGBW', 'Effect light driven as four channels', 'tunable_white', 4, 1800, 8000, 'perceptual');
