-- migrate:up
CREATE TABLE tmdb_cache (
  id INTEGER NOT NULL,
  tmdb_id VARCHAR(50) NOT NULL,
  title VARCHAR(500) NOT NULL,
  year INTEGER,
  "cast" JSON,
  plot TEXT,
  ratings JSON,
  extra_data JSON,
  cached_at DATETIME NOT NULL,
  expires_at DATETIME NOT NULL,
  PRIMARY KEY (id)
);
CREATE UNIQUE INDEX idx_tmdb_cache_tmdb_id ON tmdb_cache (tmdb_id);
CREATE INDEX idx_tmdb_cache_expires_at ON tmdb_cache (expires_at);

-- migrate:down
DROP INDEX idx_tmdb_cache_expires_at;
DROP INDEX idx_tmdb_cache_tmdb_id;
DROP TABLE tmdb_cache;
