-- What create_all of the models of Seedarr's newest release makes on SQLite, of the tables that the changelog knows:
-- read back from a run of it, white space aside.
CREATE TABLE tmdb_cache (
  id INTEGER NOT NULL, tmdb_id VARCHAR(50) NOT NULL, title VARCHAR(500) NOT NULL, year INTEGER, "cast" JSON,
  plot TEXT, ratings JSON, cached_at DATETIME NOT NULL, expires_at DATETIME NOT NULL, extra_data JSON,
  PRIMARY KEY (id));
CREATE INDEX idx_tmdb_cache_tmdb_id ON tmdb_cache (tmdb_id);
CREATE UNIQUE INDEX ix_tmdb_cache_tmdb_id ON tmdb_cache (tmdb_id);
CREATE INDEX idx_tmdb_cache_expires_at ON tmdb_cache (expires_at);
CREATE INDEX ix_tmdb_cache_expires_at ON tmdb_cache (expires_at);
CREATE TABLE tags (
  id INTEGER NOT NULL, tag_id VARCHAR(50) NOT NULL, label VARCHAR(200) NOT NULL, category VARCHAR(100),
  description VARCHAR(500), updated_at DATETIME NOT NULL, created_at DATETIME NOT NULL, PRIMARY KEY (id));
CREATE UNIQUE INDEX ix_tags_tag_id ON tags (tag_id);
CREATE INDEX idx_tags_tag_id ON tags (tag_id);
CREATE INDEX ix_tags_label ON tags (label);
CREATE INDEX idx_tags_label ON tags (label);
CREATE INDEX ix_tags_updated_at ON tags (updated_at);
CREATE INDEX idx_tags_updated_at ON tags (updated_at);
CREATE TABLE file_entries (
  id INTEGER NOT NULL, file_path VARCHAR(1000) NOT NULL, status VARCHAR(18) NOT NULL, error_message TEXT,
  created_at DATETIME NOT NULL, updated_at DATETIME NOT NULL, scanned_at DATETIME, analyzed_at DATETIME,
  renamed_at DATETIME, metadata_generated_at DATETIME, uploaded_at DATETIME, release_name VARCHAR(500),
  category_id VARCHAR(50), tag_ids JSON, tmdb_id VARCHAR(50), tmdb_type VARCHAR(20), cover_url VARCHAR(1000),
  description TEXT, torrent_path VARCHAR(1000), nfo_path VARCHAR(1000), mediainfo_data JSON,
  tracker_torrent_id VARCHAR(100), tracker_torrent_url VARCHAR(500), torrent_paths JSON, upload_results JSON,
  tracker_release_names JSON, tracker_statuses JSON, duplicate_check_results JSON, approval_requested_at DATETIME,
  approved_at DATETIME, preparing_at DATETIME, approved_by VARCHAR(100), corrections JSON,
  final_release_name VARCHAR(500), release_dir VARCHAR(1000), prepared_media_path VARCHAR(1000),
  screenshot_paths JSON, screenshot_urls JSON, PRIMARY KEY (id), UNIQUE (file_path));
