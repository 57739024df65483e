-- migrate:up
CREATE TABLE tags (
  id INTEGER NOT NULL,
  tag_id VARCHAR(50) NOT NULL,
  label VARCHAR(200) NOT NULL,
  category VARCHAR(100),
  description VARCHAR(500),
  updated_at DATETIME NOT NULL,
  created_at DATETIME NOT NULL,
  PRIMARY KEY (id)
);
CREATE UNIQUE INDEX idx_tags_tag_id ON tags (tag_id);
CREATE INDEX idx_tags_label ON tags (label);
CREATE INDEX idx_tags_updated_at ON tags (updated_at);

-- migrate:down
DROP INDEX idx_tags_updated_at;
DROP INDEX idx_tags_label;
DROP INDEX idx_tags_tag_id;
DROP TABLE tags;
