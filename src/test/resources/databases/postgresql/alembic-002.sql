-- What revision 002 of Seedarr's Alembic scripts adds on PostgreSQL: written from
-- information_schema.columns and pg_indexes after `alembic upgrade`.
CREATE TABLE tmdb_cache (
  id SERIAL NOT NULL,
  tmdb_id VARCHAR(50) NOT NULL,
  title VARCHAR(500) NOT NULL,
  year INTEGER,
  "cast" JSON,
  plot TEXT,
  ratings JSON,
  extra_data JSON,
  cached_at TIMESTAMP WITHOUT TIME ZONE NOT NULL,
  expires_at TIMESTAMP WITHOUT TIME ZONE NOT NULL,
  PRIMARY KEY (id));
CREATE INDEX idx_tmdb_cache_expires_at ON tmdb_cache (expires_at);
CREATE UNIQUE INDEX idx_tmdb_cache_tmdb_id ON tmdb_cache (tmdb_id);
