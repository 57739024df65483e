-- Written for the tests.
INSERT INTO tmdb_cache (id, tmdb_id, title, year, "cast", plot, ratings, extra_data, cached_at, expires_at) VALUES
  (1, 'tt1', 'L''été', 2024, '["a", "é"]', '', '{"imdb": 7.5}', NULL, '2024-01-01 00:00:00', '2024-02-01 00:00:00'),
  (7, 'tt2', '', NULL, NULL, NULL, NULL, '{}', '2024-01-01 00:00:00.5', '2024-02-01 00:00:00');
