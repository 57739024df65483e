-- Written for the tests.
INSERT INTO tags (id, tag_id, label, category, description, updated_at, created_at) VALUES
  (1, '10', 'VF', NULL, 'français', '2024-01-01 00:00:00', '2024-01-01 00:00:00'),
  (3, '11', '', 'langue', '', '2024-01-01 00:00:00', '2024-01-01 00:00:00');
