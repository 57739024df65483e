import sqlalchemy as sa
from alembic import op

revision = "003_add_tags_table"
down_revision = "002_add_tmdb_cache"


def upgrade():
    op.create_table(
        "tags",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("tag_id", sa.String(50), nullable=False),
        sa.Column("label", sa.String(200), nullable=False),
        sa.Column("category", sa.String(100)),
        sa.Column("description", sa.String(500)),
        sa.Column("updated_at", sa.DateTime(), nullable=False),
        sa.Column("created_at", sa.DateTime(), nullable=False),
    )
    op.create_index("idx_tags_tag_id", "tags", ["tag_id"], unique=True)
    op.create_index("idx_tags_label", "tags", ["label"])
    op.create_index("idx_tags_updated_at", "tags", ["updated_at"])


def downgrade():
    op.drop_table("tags")
