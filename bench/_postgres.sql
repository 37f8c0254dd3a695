-- The best ten for one request in PostGIS alone: every gate, every part of the fit, as one would write it in SQL.
WITH days AS (SELECT day, extract(isodow FROM day)::int - 1 AS weekday FROM unnest(%(days)s::date[]) AS day),
able AS MATERIALIZED (
    SELECT v.*, ST_Distance(v.spot, {here}, false) AS metres, {depth} AS depth
    FROM volunteer v
    JOIN served ON served.volunteer = v.n AND served.quarter = %(quarter)s
    {offered}
    WHERE ST_DWithin(v.spot, {here}, %(furthest)s, false)
      AND ST_DWithin(v.spot, {here}, v.radius_m, false)
      AND v.home = ANY(%(homes)s)
      AND v.ready AND NOT v.paused AND v.live < v.capacity
      AND v.id <> ALL(%(out)s)
      AND (%(asks)s::text[] = '{{}}' OR v.languages && %(asks)s::text[])
      AND (%(gender)s = '' OR v.gender = %(gender)s)
      AND (v.born IS NULL OR v.born <= %(today)s::date - interval '18 years'
           OR (%(minors)s AND v.born <= %(today)s::date - interval '13 years'))
      AND NOT EXISTS (
          SELECT FROM unnest(%(needs)s::text[]) AS need
          WHERE NOT EXISTS (
              SELECT FROM vetting t
              WHERE t.volunteer = v.n AND t.kind = need AND (t.until IS NULL OR t.until >= %(today)s::date)))
    {nearest}
),
parts AS (
    SELECT a.n, a.id, a.last_asked, slot.starts,
        greatest(0, 1 - a.metres / a.radius_m) * CASE WHEN a.home = ANY(%(behind)s) THEN 0.7 ELSE 1 END AS nearness,
        least(1, greatest(0, (slot.ratio - 1) / 3)) AS time_slack,
        a.depth / 3.0 AS skill_depth,
        CASE WHEN cardinality(%(wanted)s::text[]) > 0 THEN cardinality(ARRAY(
            SELECT unnest(a.languages) INTERSECT SELECT unnest(%(wanted)s::text[])))::float
            / cardinality(%(wanted)s::text[]) END AS language,
        CASE WHEN a.id = ANY(%(known)s) THEN 0.5 ELSE 0 END AS continuity,
        {turn} AS fair_turn,
        CASE WHEN %(other)s OR a.other_generation THEN CASE
            WHEN abs(extract(year FROM age(%(today)s::date, a.born))
                   - extract(year FROM age(%(today)s::date, %(born)s::date))) >= 25 THEN 1 ELSE 0 END END AS generations
    FROM able a
    CROSS JOIN LATERAL (
        SELECT range_agg(tstzrange(starts, ends)) AS free FROM (
            SELECT (d.day + make_interval(mins => w.first)) AT TIME ZONE 'Europe/Berlin' AS starts,
                (d.day + make_interval(mins => w.last)) AT TIME ZONE 'Europe/Berlin' AS ends
            FROM weekly w JOIN days d USING (weekday) WHERE w.volunteer = a.n
            UNION ALL
            SELECT e.starts, e.ends FROM dated e WHERE e.volunteer = a.n AND e.there) AS span
    ) AS there
    CROSS JOIN LATERAL (
        SELECT (there.free
            - coalesce((SELECT range_agg(tstzrange(e.starts, e.ends))
                        FROM dated e WHERE e.volunteer = a.n AND NOT e.there), '{{}}')
            - coalesce((SELECT range_agg(tstzrange(x.starts - {way}, x.ends + {way}))
                        FROM visit x WHERE x.volunteer = a.n), '{{}}')
        ) * %(windows)s::tstzmultirange AS spans
    ) AS free
    CROSS JOIN LATERAL (
        SELECT extract(epoch FROM sum(upper(span) - lower(span))) / extract(epoch FROM %(duration)s::interval) AS ratio,
            min(lower(span)) FILTER (
                WHERE a.hours >= extract(epoch FROM %(duration)s::interval) / 3600 + coalesce((
                    SELECT extract(epoch FROM sum(x.ends - x.starts)) / 3600 FROM visit x
                    WHERE x.volunteer = a.n AND date_trunc('week', x.starts AT TIME ZONE 'Europe/Berlin')
                        = date_trunc('week', lower(span) AT TIME ZONE 'Europe/Berlin')), 0)) AS starts
        FROM unnest(free.spans) AS span
        WHERE upper(span) - lower(span) >= %(duration)s
    ) AS slot
    WHERE slot.starts IS NOT NULL
),
best AS (
    SELECT n, id, starts, last_asked, round(((nearness * 0.25 + time_slack * 0.15 + skill_depth * 0.15
            + coalesce(language, 0) * 0.10 + continuity * 0.15 + fair_turn * 0.15 + coalesce(generations, 0) * 0.05)
        / (0.85 + CASE WHEN language IS NULL THEN 0 ELSE 0.10 END
                + CASE WHEN generations IS NULL THEN 0 ELSE 0.05 END))::numeric, 4) AS fit,
        nearness, time_slack, skill_depth, language, continuity, fair_turn, generations
    FROM parts
    ORDER BY fit DESC, last_asked NULLS FIRST, id
    LIMIT 10
)
SELECT b.id, b.fit, b.starts, v.home, v.cell,
    (SELECT jsonb_object_agg(o.skill, o.level) FROM offered o WHERE o.volunteer = b.n),
    v.languages, v.born, v.other_generation, v.last_asked, v.live, v.capacity,
    b.nearness, b.time_slack, b.skill_depth, b.language, b.continuity, b.fair_turn, b.generations
FROM best b JOIN volunteer v USING (n)
ORDER BY b.fit DESC, b.last_asked NULLS FIRST, b.id
