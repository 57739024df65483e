
SET statement_timeout = 0;
SET lock_timeout = 0;
SET idle_in_transaction_session_timeout = 0;
SET client_encoding = 'UTF8';
SET standard_conforming_strings = on;
SELECT pg_catalog.set_config('search_path', '', false);
SET check_function_bodies = false;
SET xmloption = content;
SET client_min_messages = warning;
SET row_security = off;

CREATE TYPE public.status AS ENUM (
    'PENDING',
    'SCANNED',
    'ANALYZED',
    'PENDING_APPROVAL',
    'APPROVED',
    'PREPARING',
    'RENAMED',
    'METADATA_GENERATED',
    'UPLOADED',
    'FAILED'
);

SET default_tablespace = '';

SET default_table_access_method = heap;

CREATE TABLE public.databasechangelog (
    id character varying(255) NOT NULL,
    author character varying(255) NOT NULL,
    filename character varying(255) NOT NULL,
    dateexecuted timestamp without time zone NOT NULL,
    orderexecuted integer NOT NULL,
    exectype character varying(10) NOT NULL,
    md5sum character varying(35),
    description character varying(255),
    comments character varying(255),
    tag character varying(255),
    liquibase character varying(20),
    contexts character varying(255),
    labels character varying(255),
    deployment_id character varying(10)
);

CREATE TABLE public.databasechangeloglock (
    id integer NOT NULL,
    locked boolean NOT NULL,
    lockgranted timestamp without time zone,
    lockedby character varying(255)
);

CREATE TABLE public.file_entries (
    id integer NOT NULL,
    file_path character varying(1000) NOT NULL,
    status public.status NOT NULL,
    error_message text,
    created_at timestamp without time zone NOT NULL,
    updated_at timestamp without time zone NOT NULL,
    scanned_at timestamp without time zone,
    analyzed_at timestamp without time zone,
    renamed_at timestamp without time zone,
    metadata_generated_at timestamp without time zone,
    uploaded_at timestamp without time zone
);

CREATE SEQUENCE public.file_entries_id_seq
    AS integer
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1;

ALTER SEQUENCE public.file_entries_id_seq OWNED BY public.file_entries.id;

CREATE TABLE public.tags (
    id integer NOT NULL,
    tag_id character varying(50) NOT NULL,
    label character varying(200) NOT NULL,
    category character varying(100),
    description character varying(500),
    updated_at timestamp without time zone NOT NULL,
    created_at timestamp without time zone NOT NULL
);

CREATE SEQUENCE public.tags_id_seq
    AS integer
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1;

ALTER SEQUENCE public.tags_id_seq OWNED BY public.tags.id;

CREATE TABLE public.tmdb_cache (
    id integer NOT NULL,
    tmdb_id character varying(50) NOT NULL,
    title character varying(500) NOT NULL,
    year integer,
    "cast" json,
    plot text,
    ratings json,
    extra_data json,
    cached_at timestamp without time zone NOT NULL,
    expires_at timestamp without time zone NOT NULL
);

CREATE SEQUENCE public.tmdb_cache_id_seq
    AS integer
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1;

ALTER SEQUENCE public.tmdb_cache_id_seq OWNED BY public.tmdb_cache.id;

ALTER TABLE ONLY public.file_entries ALTER COLUMN id SET DEFAULT nextval('public.file_entries_id_seq'::regclass);

ALTER TABLE ONLY public.tags ALTER COLUMN id SET DEFAULT nextval('public.tags_id_seq'::regclass);

ALTER TABLE ONLY public.tmdb_cache ALTER COLUMN id SET DEFAULT nextval('public.tmdb_cache_id_seq'::regclass);

INSERT INTO public.databasechangelog VALUES ('001_add_checkpoint_fields', 'seedarr', 'changelog/001_add_checkpoint_fields.yaml', '2026-11-28 14:46:30.5606', 1, 'EXECUTED', '9:533fde8392adb183512dea80da6ccdb4', 'sql; sql; sql; tagDatabase', 'Adds the pipeline''s checkpoint timestamps to file_entries (scanned_at, analyzed_at, renamed_at, metadata_generated_at, uploaded_at) and indexes on scanned_at and uploaded_at, so that processing is idempotent: after a failure the pipeline resumes f...', '001_add_checkpoint_fields', '4.33.0', NULL, NULL, '5877190549');
INSERT INTO public.databasechangelog VALUES ('002_add_tmdb_cache', 'seedarr', 'changelog/002_add_tmdb_cache.yaml', '2026-11-28 14:46:30.5606', 2, 'EXECUTED', '9:d6c60ef2a712ce12e8be708708923022', 'sql; tagDatabase', 'Creates tmdb_cache, a persistent cache of TMDB metadata (tmdb_id unique, expires_at indexed): more than 80 % fewer calls of the TMDB API, more than 90 % hits for repeated look-ups, and the cache survives a restart.', '002_add_tmdb_cache', '4.33.0', NULL, NULL, '5877190549');
INSERT INTO public.databasechangelog VALUES ('003_add_tags_table', 'seedarr', 'changelog/003_add_tags_table.yaml', '2026-11-28 14:46:30.5606', 3, 'EXECUTED', '9:eb6969b7ba1a1f508b51d47cbd259f29', 'sql; tagDatabase', 'Creates tags, the tracker''s tags (tag_id unique, label and updated_at indexed), so that the application has no hardcoded tag IDs, follows changes of the tracker''s tags by itself and still works when the tracker''s API does not.', '003_add_tags_table', '4.33.0', NULL, NULL, '5877190549');

INSERT INTO public.databasechangeloglock VALUES (1, false, NULL, NULL);

SELECT pg_catalog.setval('public.file_entries_id_seq', 1, false);

SELECT pg_catalog.setval('public.tags_id_seq', 1, false);

SELECT pg_catalog.setval('public.tmdb_cache_id_seq', 1, false);

ALTER TABLE ONLY public.databasechangeloglock
    ADD CONSTRAINT databasechangeloglock_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.file_entries
    ADD CONSTRAINT file_entries_file_path_key UNIQUE (file_path);

ALTER TABLE ONLY public.file_entries
    ADD CONSTRAINT file_entries_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.tags
    ADD CONSTRAINT tags_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.tmdb_cache
    ADD CONSTRAINT tmdb_cache_pkey PRIMARY KEY (id);

CREATE INDEX idx_file_entries_scanned_at ON public.file_entries USING btree (scanned_at);

CREATE INDEX idx_file_entries_uploaded_at ON public.file_entries USING btree (uploaded_at);

CREATE INDEX idx_tags_label ON public.tags USING btree (label);

CREATE UNIQUE INDEX idx_tags_tag_id ON public.tags USING btree (tag_id);

CREATE INDEX idx_tags_updated_at ON public.tags USING btree (updated_at);

CREATE INDEX idx_tmdb_cache_expires_at ON public.tmdb_cache USING btree (expires_at);

CREATE UNIQUE INDEX idx_tmdb_cache_tmdb_id ON public.tmdb_cache USING btree (tmdb_id);

