SELECT h.name AS household, m.name AS meter, hm.share
FROM households AS h
JOIN household_meters AS hm ON hm.household_id = h.id
JOIN meters AS m ON m.id = hm.meter_id
WHERE h.id = $1
