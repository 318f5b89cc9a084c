INSERT INTO switch_models (manufacturer, model, input_type, debounce_ms, dimming_curve) VALUES
  ('Klick & Sohn', 'Taster 1', 'retractive', 40, 'logarithmic'),
  ('Klick & Sohn', 'Taster 2', 'retractive', 40, 'logarithmic'),
  ('Klick & Sohn', 'Drehgeber', 'rotary_abs', 5, 'perceptual'),
  ('Paddel', 'P-10', 'paddle_composite', 60, 'logarithmic'),
  ('Paddel', 'P-1', 'switch_simple', 80, 'linear');
