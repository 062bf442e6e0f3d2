-- dwh.sql: the warehouse: what etl found, and how a run of it is loaded.
--
--	psql -d service=dwh -f sql/dwh.sql
--
-- Run it again at any time: what is there stays, functions and views are
-- renewed.  The records are described in spot(5), the schemas stage and dump
-- and the functions that load in primary.sql.
--
-- A star: the facts playlist_stat, daily, mood and effect, the dimensions
-- country and lockdown.  The records of a run wait until its last, run, has
-- come; then they replace those of the run before, in one transaction.

\ir common.sql

INSERT INTO schema_version (version) VALUES (1) ON CONFLICT DO NOTHING;

-- Dimensions

CREATE TABLE IF NOT EXISTS country (
    country text COLLATE "C" PRIMARY KEY CHECK (country ~ '^[A-Z]{2}$'),
    name text NOT NULL
);

COMMENT ON TABLE country IS 'The countries of Europe.';
COMMENT ON COLUMN country.country IS 'ISO 3166-1, two letters.';
COMMENT ON COLUMN country.name IS 'In English.';

CREATE TABLE IF NOT EXISTS lockdown (
    country text COLLATE "C" PRIMARY KEY REFERENCES country,
    lockdown_start date NOT NULL,
    lockdown_end date NOT NULL,
    rule text NOT NULL,
    source text NOT NULL,
    CHECK (lockdown_start <= lockdown_end)
);

COMMENT ON TABLE lockdown IS
'The first wave''s lockdown of each country: the rows of lockdowns.csv.';
COMMENT ON COLUMN lockdown.country IS 'The country.';
COMMENT ON COLUMN lockdown.lockdown_start IS 'Its first day.';
COMMENT ON COLUMN lockdown.lockdown_end IS 'Its last day.';
COMMENT ON COLUMN lockdown.rule IS 'How the two were found.';
COMMENT ON COLUMN lockdown.source IS 'Where they are from.';

CREATE TEMP TABLE known ON COMMIT DROP AS
SELECT
    v.country, v.name, v.lockdown_start::date AS lockdown_start,
    v.lockdown_end::date AS lockdown_end, v.rule, v.source
FROM (VALUES
('AD', 'Andorra', '2020-03-27', '2020-05-31',
 'stringency', 'OxCGRT, Hale et al. 2021, doi:10.1038/s41562-021-01079-8'),
('AL', 'Albania', '2020-03-23', '2020-05-17',
 'stringency', 'OxCGRT, Hale et al. 2021, doi:10.1038/s41562-021-01079-8'),
('AT', 'Austria', '2020-03-16', '2020-04-30',
 'stay_home_order', 'ECDC, country response measures to COVID-19, 2021'),
('BA', 'Bosnia and Herzegovina', '2020-03-29', '2020-05-10',
 'stringency', 'OxCGRT, Hale et al. 2021, doi:10.1038/s41562-021-01079-8'),
('BE', 'Belgium', '2020-03-18', '2020-05-09',
 'stay_home_order', 'ECDC, country response measures to COVID-19, 2021'),
('BG', 'Bulgaria', '2020-03-18', '2020-05-05',
 'stringency', 'OxCGRT, Hale et al. 2021, doi:10.1038/s41562-021-01079-8'),
('BY', 'Belarus', '2020-04-08', '2020-06-30',
 'stringency', 'OxCGRT, Hale et al. 2021, doi:10.1038/s41562-021-01079-8'),
('CH', 'Switzerland', '2020-03-17', '2020-05-10',
 'stringency', 'OxCGRT, Hale et al. 2021, doi:10.1038/s41562-021-01079-8'),
('CY', 'Cyprus', '2020-03-24', '2020-05-03',
 'stay_home_order', 'ECDC, country response measures to COVID-19, 2021'),
('CZ', 'Czech Republic', '2020-03-16', '2020-04-24',
 'stay_home_order', 'ECDC, country response measures to COVID-19, 2021'),
('DE', 'Germany', '2020-03-22', '2020-05-05',
 'stringency', 'OxCGRT, Hale et al. 2021, doi:10.1038/s41562-021-01079-8'),
('DK', 'Denmark', '2020-03-18', '2020-05-21',
 'stringency', 'OxCGRT, Hale et al. 2021, doi:10.1038/s41562-021-01079-8'),
('EE', 'Estonia', '2020-03-29', '2020-05-07',
 'stringency', 'OxCGRT, Hale et al. 2021, doi:10.1038/s41562-021-01079-8'),
('ES', 'Spain', '2020-03-14', '2020-04-23',
 'stay_home_order', 'ECDC, country response measures to COVID-19, 2021'),
('FI', 'Finland', '2020-03-18', '2020-05-13',
 'stringency', 'OxCGRT, Hale et al. 2021, doi:10.1038/s41562-021-01079-8'),
('FR', 'France', '2020-03-17', '2020-05-11',
 'stay_home_order', 'ECDC, country response measures to COVID-19, 2021'),
('GB', 'United Kingdom', '2020-03-23', '2020-05-12',
 'stringency', 'OxCGRT, Hale et al. 2021, doi:10.1038/s41562-021-01079-8'),
('GR', 'Greece', '2020-03-23', '2020-05-04',
 'stay_home_order', 'ECDC, country response measures to COVID-19, 2021'),
('HR', 'Croatia', '2020-03-23', '2020-05-10',
 'stay_home_order', 'ECDC, country response measures to COVID-19, 2021'),
('HU', 'Hungary', '2020-03-27', '2020-05-18',
 'stay_home_order', 'ECDC, country response measures to COVID-19, 2021'),
('IE', 'Ireland', '2020-03-27', '2020-05-17',
 'stay_home_order', 'ECDC, country response measures to COVID-19, 2021'),
('IS', 'Iceland', '2020-03-16', '2020-05-24',
 'stringency', 'OxCGRT, Hale et al. 2021, doi:10.1038/s41562-021-01079-8'),
('IT', 'Italy', '2020-03-10', '2020-05-04',
 'stay_home_order', 'ECDC, country response measures to COVID-19, 2021'),
('LI', 'Liechtenstein', '2020-03-13', '2020-05-10',
 'stringency', 'OxCGRT, Hale et al. 2021, doi:10.1038/s41562-021-01079-8'),
('LT', 'Lithuania', '2020-03-16', '2020-05-10',
 'stringency', 'OxCGRT, Hale et al. 2021, doi:10.1038/s41562-021-01079-8'),
('LU', 'Luxembourg', '2020-03-18', '2020-04-19',
 'stay_home_order', 'ECDC, country response measures to COVID-19, 2021'),
('LV', 'Latvia', '2020-03-17', '2020-05-14',
 'stringency', 'OxCGRT, Hale et al. 2021, doi:10.1038/s41562-021-01079-8'),
('MC', 'Monaco', '2020-03-15', '2020-05-03',
 'stringency', 'OxCGRT, Hale et al. 2021, doi:10.1038/s41562-021-01079-8'),
('MD', 'Moldova', '2020-03-24', '2020-06-30',
 'stringency', 'OxCGRT, Hale et al. 2021, doi:10.1038/s41562-021-01079-8'),
('MT', 'Malta', '2020-03-28', '2020-06-04',
 'stringency', 'OxCGRT, Hale et al. 2021, doi:10.1038/s41562-021-01079-8'),
('NL', 'Netherlands', '2020-03-23', '2020-05-10',
 'stringency', 'OxCGRT, Hale et al. 2021, doi:10.1038/s41562-021-01079-8'),
('NO', 'Norway', '2020-03-24', '2020-04-26',
 'stringency', 'OxCGRT, Hale et al. 2021, doi:10.1038/s41562-021-01079-8'),
('PL', 'Poland', '2020-03-24', '2020-04-19',
 'stay_home_order', 'ECDC, country response measures to COVID-19, 2021'),
('PT', 'Portugal', '2020-03-19', '2020-05-02',
 'stay_home_order', 'ECDC, country response measures to COVID-19, 2021'),
('RO', 'Romania', '2020-03-22', '2020-05-13',
 'stay_home_order_partial', 'ECDC, country response measures to COVID-19, 2021'),
('RS', 'Serbia', '2020-03-21', '2020-05-06',
 'stringency', 'OxCGRT, Hale et al. 2021, doi:10.1038/s41562-021-01079-8'),
('RU', 'Russia', '2020-03-30', '2020-05-11',
 'stringency', 'OxCGRT, Hale et al. 2021, doi:10.1038/s41562-021-01079-8'),
('SE', 'Sweden', '2020-04-01', '2020-06-12',
 'stringency', 'OxCGRT, Hale et al. 2021, doi:10.1038/s41562-021-01079-8'),
('SI', 'Slovenia', '2020-03-30', '2020-04-29',
 'stringency', 'OxCGRT, Hale et al. 2021, doi:10.1038/s41562-021-01079-8'),
('SK', 'Slovak Republic', '2020-03-16', '2020-05-31',
 'stringency', 'OxCGRT, Hale et al. 2021, doi:10.1038/s41562-021-01079-8'),
('SM', 'San Marino', '2020-03-15', '2020-05-03',
 'stringency', 'OxCGRT, Hale et al. 2021, doi:10.1038/s41562-021-01079-8'),
('TR', 'Turkey', '2020-03-28', '2020-05-31',
 'stringency', 'OxCGRT, Hale et al. 2021, doi:10.1038/s41562-021-01079-8'),
('UA', 'Ukraine', '2020-03-18', '2020-05-31',
 'stringency', 'OxCGRT, Hale et al. 2021, doi:10.1038/s41562-021-01079-8'),
('XK', 'Kosovo', '2020-03-23', '2020-05-31',
 'stringency', 'OxCGRT, Hale et al. 2021, doi:10.1038/s41562-021-01079-8')
) AS v (country, name, lockdown_start, lockdown_end, rule, source);

INSERT INTO country AS old (country, name)
SELECT k.country, k.name FROM known AS k
ON CONFLICT (country) DO UPDATE SET name = excluded.name;

INSERT INTO lockdown AS old
(country, lockdown_start, lockdown_end, rule, source)
SELECT k.country, k.lockdown_start, k.lockdown_end, k.rule, k.source
FROM known AS k
WHERE k.lockdown_start IS NOT NULL
ON CONFLICT (country) DO UPDATE SET
    lockdown_start = excluded.lockdown_start,
    lockdown_end = excluded.lockdown_end,
    rule = excluded.rule, source = excluded.source;

-- Facts.  Their columns are the keys of the records, in their order; those of
-- the features are made in a loop.

CREATE TABLE IF NOT EXISTS run (
    loaded_at timestamptz PRIMARY KEY DEFAULT now(),
    by text COLLATE "C" NOT NULL,
    period text COLLATE "C" NOT NULL,
    records bigint NOT NULL,
    playlists bigint,
    items bigint,
    with_features bigint
);

COMMENT ON TABLE run IS
'The runs of etl that were loaded; the facts are those of the last.';
COMMENT ON COLUMN run.loaded_at IS 'When.';
COMMENT ON COLUMN run.by IS 'How a track was given its country.';
COMMENT ON COLUMN run.period IS 'The periods of mood: day, week or month.';
COMMENT ON COLUMN run.records IS 'How many records it had.';
COMMENT ON COLUMN run.playlists IS 'How many playlists it read.';
COMMENT ON COLUMN run.items IS 'How many items.';
COMMENT ON COLUMN run.with_features IS 'How many of them had features.';

CREATE OR REPLACE FUNCTION features() RETURNS text []
LANGUAGE sql IMMUTABLE AS $$
SELECT '{danceability,energy,key,loudness,mode,speechiness,acousticness,
instrumentalness,liveness,valence,tempo}'::text[]
$$;

-- Make the table of a type: columns in front, for each feature those with the
-- suffixes, and the primary key.  The end of a column's name says its meaning.
CREATE OR REPLACE FUNCTION make_fact(
    type text, told text, columns text, suffixes text [], kinds text [],
    keys text
) RETURNS void
LANGUAGE plpgsql AS $$
DECLARE
    meanings jsonb := '{"n": "values known", "sum": "sum of the values, exact",
        "sumsq": "sum of their squares, exact", "mean": "mean",
        "sd": "standard deviation", "lo": "95 % interval of the mean, from",
        "hi": "95 % interval of the mean, to", "by":
        "How a track was given its country: country, isrc, market.",
        "country": "ISO 3166-1, two letters.", "day": "The day, in UTC.",
        "period": "2020-03-16, 2020-W12 or 2020-03.", "start":
        "The first day of the period, or of the lockdown.", "end":
        "The last day of the lockdown.", "happy":
        "Valence and energy are high.", "angry": "Energy alone is high.",
        "sad": "Neither is high.", "calm": "Valence alone is high.",
        "playlist_id": "The playlist.", "items": "How many it has.",
        "features": "How many of them have features.", "month":
        "In which most items were added; of several the first.",
        "feature": "The audio feature.", "diff":
        "During less before the lockdown.", "t": "Welch''s t.",
        "df": "Its degrees of freedom.", "p": "The test''s p.",
        "q": "p after Benjamini and Hochberg.", "g": "Hedges'' g.",
        "did": "The difference less that of a year earlier."}';
    feature text;
    i integer;
    name text;
BEGIN
    FOREACH feature IN ARRAY CASE WHEN suffixes = '{}' THEN '{}'
        ELSE features() END
    LOOP
        FOR i IN 1..cardinality(suffixes) LOOP
            columns := columns
            || format(', %I %s', feature || '_' || suffixes[i], kinds[i]);
        END LOOP;
    END LOOP;
    EXECUTE format('CREATE TABLE IF NOT EXISTS %I (%s, PRIMARY KEY (%s))',
        type, columns, keys);
    EXECUTE format('COMMENT ON TABLE %I IS %L', type, told);
    FOR name IN
        SELECT a.attname FROM pg_attribute AS a
        WHERE a.attrelid = type::regclass AND a.attnum > 0
    LOOP
        EXECUTE format('COMMENT ON COLUMN %I.%I IS %L', type, name, coalesce(
            meanings ->> name, replace(name, '_', ' ') || ': '
            || coalesce(meanings ->> substring(name FROM '[^_]*$'), '?')));
    END LOOP;
END
$$;

SELECT make_fact('playlist_stat', 'A playlist: its features.',
    'playlist_id text COLLATE "C", items bigint NOT NULL,
    with_features bigint NOT NULL, month text COLLATE "C"',
    '{mean,sd}', '{numeric,numeric}', 'playlist_id');
SELECT make_fact('daily', 'A country and a day: exact sums.',
    'by text COLLATE "C", country text COLLATE "C", day date,
    n bigint NOT NULL, happy bigint, angry bigint, sad bigint, calm bigint',
    '{n,sum,sumsq}', '{bigint,numeric,numeric}', 'by, country, day');
SELECT make_fact('mood', 'A country and a period.',
    'by text COLLATE "C", country text COLLATE "C", period text COLLATE "C",
    start date NOT NULL, n bigint NOT NULL', '{n,mean,sd,lo,hi}',
    '{bigint,numeric,numeric,numeric,numeric}', 'by, country, period');
ALTER TABLE mood
ADD COLUMN IF NOT EXISTS happy numeric, ADD COLUMN IF NOT EXISTS angry numeric,
ADD COLUMN IF NOT EXISTS sad numeric, ADD COLUMN IF NOT EXISTS calm numeric;
COMMENT ON COLUMN mood.happy IS 'Share of items: valence and energy are high.';
COMMENT ON COLUMN mood.angry IS 'Share of items: energy alone is high.';
COMMENT ON COLUMN mood.sad IS 'Share of items: neither is high.';
COMMENT ON COLUMN mood.calm IS 'Share of items: valence alone is high.';
SELECT make_fact('effect', 'A country and a feature: what lockdown changed.',
    'by text COLLATE "C", country text COLLATE "C", feature text COLLATE "C",
    lockdown_start date, lockdown_end date, before_n bigint,
    before_mean numeric, during_n bigint, during_mean numeric, after_n bigint,
    after_mean numeric, diff numeric, diff_lo numeric, diff_hi numeric,
    t double precision, df double precision, p double precision,
    q double precision, g double precision, did numeric, did_lo numeric,
    did_hi numeric', '{}', '{}', 'by, country, feature');

-- What pg-load copies rows to, and where they wait

DROP SCHEMA IF EXISTS stage CASCADE;
CREATE SCHEMA stage;
CREATE SCHEMA IF NOT EXISTS waiting;

COMMENT ON SCHEMA stage IS
'A table for each type of record that can be loaded; always empty.';
COMMENT ON SCHEMA waiting IS
'Records of a run that has not ended, with the run of pg-load they are from.';

DO $$
DECLARE
    type text;
    key text;
BEGIN
    FOREACH type IN ARRAY '{playlist_stat,daily,mood,effect,run}'::text[] LOOP
        EXECUTE format('CREATE TABLE stage.%1$I (_line bigint NOT NULL,
            LIKE %1$I INCLUDING COMMENTS)', type);
        EXECUTE format('COMMENT ON TABLE stage.%1$I IS %2$L', type,
            'Records of type ' || type || '.');
        EXECUTE format('COMMENT ON COLUMN stage.%1$I._line IS %2$L', type,
            'The record''s line.');
        SELECT string_agg(quote_ident(a.attname), ', ') INTO STRICT key
        FROM pg_index AS i INNER JOIN pg_attribute AS a
            ON i.indrelid = a.attrelid AND a.attnum = ANY (i.indkey)
        WHERE i.indrelid = type::regclass AND i.indisprimary;
        EXECUTE format('CREATE TABLE IF NOT EXISTS waiting.%1$I (
            loader text NOT NULL, LIKE %1$I INCLUDING DEFAULTS INCLUDING COMMENTS,
            since timestamptz NOT NULL DEFAULT now(),
            PRIMARY KEY (loader, %2$s))', type, key);
        EXECUTE format('COMMENT ON TABLE waiting.%1$I IS %2$L', type,
            'Rows of ' || type || ' that wait for the end of their run.');
        EXECUTE format('COMMENT ON COLUMN waiting.%1$I.loader IS %2$L', type,
            'The run of pg-load that they came from.');
        EXECUTE format('COMMENT ON COLUMN waiting.%1$I.since IS %2$L', type,
            'When it came; what waited for a week is dropped.');
    END LOOP;
END
$$;

ALTER TABLE stage.run DROP COLUMN loaded_at;

-- Loading

-- The columns of a table, as a list, the primary key alone or all.
CREATE OR REPLACE FUNCTION columns_of(type text, only_key boolean) RETURNS text
LANGUAGE sql STABLE AS $$
SELECT string_agg(quote_ident(a.attname), ', ' ORDER BY a.attnum)
FROM pg_attribute AS a INNER JOIN pg_index AS i
    ON a.attrelid = i.indrelid AND i.indisprimary
WHERE a.attrelid = format('public.%I', type)::regclass AND a.attnum > 0
    AND NOT a.attisdropped AND a.attname <> 'loaded_at'
    AND (a.attnum = ANY (i.indkey) OR NOT only_key)
$$;

-- Begin a session of pg-load.
CREATE OR REPLACE FUNCTION open_batch(loader text) RETURNS void
LANGUAGE sql AS $$
SELECT copy_stage(loader)
$$;

-- Replace the facts of a type by those that wait: what is the same stays.
CREATE OR REPLACE FUNCTION replace_fact(type text, me text) RETURNS void
LANGUAGE plpgsql AS $$
DECLARE
    keys text := columns_of(type, true);
    columns text := columns_of(type, false);
    rest text := replace(', ' || columns, ', ', ', excluded.');
BEGIN
    EXECUTE format('DELETE FROM public.%1$I WHERE (%2$s) NOT IN
        (SELECT %2$s FROM waiting.%1$I WHERE loader = $1)', type, keys)
    USING me;
    EXECUTE format('INSERT INTO public.%1$I AS old (%2$s)
        SELECT %2$s FROM waiting.%1$I WHERE loader = $1 ORDER BY %3$s
        ON CONFLICT (%3$s) DO UPDATE SET (%2$s) = ROW(%4$s)
        WHERE old IS DISTINCT FROM excluded', type, columns, keys,
        substring(rest FROM 3))
    USING me;
END
$$;

-- How many records of the facts wait.
CREATE OR REPLACE FUNCTION waiting_records(me text) RETURNS bigint
LANGUAGE sql STABLE AS $$
SELECT
    (SELECT count(*) FROM waiting.playlist_stat WHERE loader = me)
    + (SELECT count(*) FROM waiting.daily WHERE loader = me)
    + (SELECT count(*) FROM waiting.mood WHERE loader = me)
    + (SELECT count(*) FROM waiting.effect WHERE loader = me)
$$;

-- Let wait what the session copied to pg_temp; if that completes the run, show
-- it.  The record returned is done when the transaction is committed.
CREATE OR REPLACE FUNCTION load_batch() RETURNS SETOF text
LANGUAGE plpgsql SET search_path = public, pg_temp SET work_mem = '64MB' AS $$
DECLARE
    me text := current_setting('spot.loader');
    facts text[] := '{playlist_stat,daily,mood,effect}';
    type text;
    whole boolean;
BEGIN
    FOREACH type IN ARRAY facts || 'run'::text LOOP
        EXECUTE format('INSERT INTO waiting.%1$I (loader, %2$s)
            SELECT $1, %2$s FROM pg_temp.%1$I ON CONFLICT DO NOTHING', type,
            columns_of(type, false))
        USING me;
    END LOOP;
    SELECT bool_or(w.records = waiting_records(me)) INTO whole
    FROM waiting.run AS w WHERE w.loader = me;
    IF whole IS NOT TRUE THEN
        RETURN;
    END IF;
    PERFORM pg_advisory_xact_lock(hashtext('spot run'));
    FOREACH type IN ARRAY facts LOOP
        PERFORM replace_fact(type, me);
        EXECUTE format('DELETE FROM waiting.%I WHERE loader = $1', type)
        USING me;
    END LOOP;
    RETURN QUERY
    WITH ended AS (
        DELETE FROM waiting.run AS w WHERE w.loader = me RETURNING w.*
    ),

    shown AS (
        INSERT INTO run AS r (
            loaded_at, by, period, records, playlists, items, with_features
        )
        SELECT
            clock_timestamp(), e.by, e.period, e.records, e.playlists, e.items,
            e.with_features
        FROM ended AS e
        ORDER BY e.loaded_at DESC LIMIT 1
        RETURNING r.*
    )

    SELECT json_strip_nulls(json_build_object(
        'type', 'run', 'by', s.by, 'period', s.period, 'records', s.records,
        'playlists', s.playlists, 'items', s.items, 'with_features',
        s.with_features))::text
    FROM shown AS s;
END
$$;

-- The stream has ended: say what of it is not complete, and forget it.
CREATE OR REPLACE FUNCTION close_batch() RETURNS SETOF text
LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
DECLARE
    me text := current_setting('spot.loader');
    n bigint := waiting_records(me);
    records bigint := (SELECT max(w.records) FROM waiting.run AS w
        WHERE w.loader = me);
    type text;
BEGIN
    FOREACH type IN ARRAY '{playlist_stat,daily,mood,effect,run}'::text[] LOOP
        EXECUTE format('DELETE FROM waiting.%I WHERE loader = $1
            OR since < now() - interval ''7 days''', type)
        USING me;
    END LOOP;
    IF records IS NOT NULL THEN
        RETURN NEXT format('run: not loaded: %s of %s records are there', n,
            records);
    ELSIF n > 0 THEN
        RETURN NEXT format('run: not loaded: %s records, but no run', n);
    END IF;
END
$$;

-- Views: the original dashboard, and the lockdown

CREATE OR REPLACE VIEW feature_month AS
SELECT
    s.month, f.feature, count(f.mean) AS playlists, avg(f.mean) AS mean,
    avg(f.sd) AS sd
FROM playlist_stat AS s
CROSS JOIN LATERAL (
    SELECT
        name AS feature, (to_jsonb(s) ->> (name || '_mean'))::numeric AS mean,
        (to_jsonb(s) ->> (name || '_sd'))::numeric AS sd
    FROM unnest(features()) AS name
) AS f
WHERE s.month IS NOT NULL
GROUP BY s.month, f.feature;

COMMENT ON VIEW feature_month IS
'A month and a feature: mean of the playlists'' means, and of their sds.';

CREATE OR REPLACE VIEW playlist_month AS
SELECT s.month, count(*) AS playlists
FROM playlist_stat AS s
WHERE s.month IS NOT NULL
GROUP BY s.month;

COMMENT ON VIEW playlist_month IS 'How many playlists are of a month.';

CREATE OR REPLACE VIEW playlist_length AS
SELECT c.from_items, c.to_items, count(s.playlist_id) AS playlists
FROM (
    VALUES (0, 10), (11, 25), (26, 50), (51, 100), (101, 250), (251, NULL)
) AS c (from_items, to_items)
LEFT JOIN playlist_stat AS s
    ON s.items >= c.from_items AND (s.items <= c.to_items OR c.to_items IS NULL)
GROUP BY c.from_items, c.to_items;

COMMENT ON VIEW playlist_length IS
'How many playlists are of a length, in six classes.';

CREATE OR REPLACE VIEW mood_period AS
SELECT
    m.by, m.country, c.name, m.period, m.start,
    CASE
        WHEN m.start < '2020-01-01' THEN NULL
        WHEN m.start < l.lockdown_start THEN 'before'
        WHEN m.start <= l.lockdown_end THEN 'during'
        WHEN m.start <= l.lockdown_end + 60 THEN 'after'
    END AS phase,
    m.n, m.valence_mean, m.valence_lo, m.valence_hi, m.energy_mean,
    m.energy_lo, m.energy_hi, m.happy, m.angry, m.sad, m.calm
FROM mood AS m
LEFT JOIN country AS c ON m.country = c.country
LEFT JOIN lockdown AS l ON m.country = l.country;

COMMENT ON VIEW mood_period IS
'A country and a period, and whether it begins before, during or after (60 '
'days) the lockdown of 2020.';

CREATE OR REPLACE VIEW mood_phase AS
SELECT
    p.by, p.country, c.name, p.phase, p.feature, p.n, p.sum / p.n AS mean,
    CASE
        WHEN p.n > 1
            THEN sqrt((p.sumsq - p.sum * p.sum / p.n) / (p.n - 1))
    END AS sd
FROM (
    SELECT
        d.by, d.country, d.phase, f.name AS feature,
        sum((d.record ->> (f.name || '_n'))::bigint) AS n,
        sum((d.record ->> (f.name || '_sum'))::numeric) AS sum,
        sum((d.record ->> (f.name || '_sumsq'))::numeric) AS sumsq
    FROM (
        SELECT
            daily.by, daily.country, to_jsonb(daily.*) AS record,
            CASE
                WHEN daily.day < l.lockdown_start THEN 'before'
                WHEN daily.day <= l.lockdown_end THEN 'during'
                ELSE 'after'
            END AS phase
        FROM daily INNER JOIN lockdown AS l ON daily.country = l.country
        WHERE daily.day BETWEEN '2020-01-01' AND l.lockdown_end + 60
    ) AS d
    CROSS JOIN unnest(features()) AS f (name)
    GROUP BY d.by, d.country, d.phase, f.name
) AS p
LEFT JOIN country AS c ON p.country = c.country
WHERE p.n > 0;

COMMENT ON VIEW mood_phase IS
'A country, a feature and a phase: before (from 1 January 2020), during and '
'after (60 days) the lockdown; mean and sample sd of the items.';

-- The stream, for pg-backup: the last run

DROP SCHEMA IF EXISTS dump CASCADE;
CREATE SCHEMA dump;

COMMENT ON SCHEMA dump IS
'A view for each type of record: its columns are the keys, in this order.';

-- A run replaces the one before: there is nothing to tell but all of it.
CREATE FUNCTION dump.mark(since text) RETURNS text
LANGUAGE sql STABLE AS $$
SELECT 'all' WHERE since IS NOT NULL
$$;

DO $$
DECLARE
    types text[] := '{playlist_stat,daily,mood,effect}';
    i integer;
    columns text;
    keys text[];
BEGIN
    FOR i IN 1..cardinality(types) LOOP
        -- Sums are strings in the stream, as no double could hold them.
        columns := regexp_replace(columns_of(types[i], false),
            '\m(\w+_sum(sq)?)\M', '\1::text AS \1', 'g');
        keys := string_to_array(columns_of(types[i], true), ', ')
            || ARRAY['''''', ''''''];
        -- The features have an order of their own.
        keys := array_replace(keys, 'feature',
            'to_char(array_position(features(), feature), ''FM00'')');
        EXECUTE format('CREATE VIEW dump.%1$I AS SELECT %2$s AS _part,
            %3$s::text AS _first, %4$s::text AS _second, %5$s::text AS _third,
            %6$s FROM %1$I ORDER BY 2, 3, 4', types[i], i, keys[1], keys[2],
            keys[3], columns);
        EXECUTE format('COMMENT ON VIEW dump.%1$I IS %2$L', types[i],
            'Records of type ' || types[i] || '.');
    END LOOP;
END
$$;

CREATE VIEW dump.run AS
SELECT
    5 AS _part, r.by, r.period, r.records, r.playlists, r.items,
    r.with_features
FROM run AS r
ORDER BY r.loaded_at DESC LIMIT 1;

COMMENT ON VIEW dump.run IS 'The last record of type run.';

-- Who may do what

GRANT USAGE ON SCHEMA stage, waiting TO spot_loader;
GRANT USAGE ON SCHEMA dump TO spot_analyst;
GRANT SELECT ON ALL TABLES IN SCHEMA stage TO spot_loader;
GRANT SELECT, INSERT, DELETE ON ALL TABLES IN SCHEMA waiting TO spot_loader;
GRANT SELECT ON ALL TABLES IN SCHEMA public, dump TO spot_analyst;
GRANT SELECT, INSERT, UPDATE, DELETE
ON playlist_stat, daily, mood, effect TO spot_loader;
GRANT SELECT, INSERT ON run TO spot_loader;

COMMIT;

\o
