SELECT * FROM v_fixture_status WHERE is_on = true
