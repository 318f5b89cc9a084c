DROP TABLE rules;
DROP FUNCTION touch_updated_at();
