import sqlalchemy as sa
from alembic import op

revision = "001_add_checkpoint_fields"
down_revision = None
COLUMNS = ["scanned_at", "analyzed_at", "renamed_at", "metadata_generated_at", "uploaded_at"]


def upgrade():
    for name in COLUMNS:
        op.add_column("file_entries", sa.Column(name, sa.DateTime(), nullable=True))
    op.create_index("idx_file_entries_scanned_at", "file_entries", ["scanned_at"])
    op.create_index("idx_file_entries_uploaded_at", "file_entries", ["uploaded_at"])


def downgrade():
    op.drop_index("idx_file_entries_uploaded_at", "file_entries")
    op.drop_index("idx_file_entries_scanned_at", "file_entries")
    for name in reversed(COLUMNS):
        op.drop_column("file_entries", name)
