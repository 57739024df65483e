import sqlalchemy as sa
from alembic import op

revision = "002_add_tmdb_cache"
down_revision = "001_add_checkpoint_fields"


def upgrade():
    op.create_table(
        "tmdb_cache",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("tmdb_id", sa.String(50), nullable=False),
        sa.Column("title", sa.String(500), nullable=False),
        sa.Column("year", sa.Integer()),
        sa.Column("cast", sa.JSON()),
        sa.Column("plot", sa.Text()),
        sa.Column("ratings", sa.JSON()),
        sa.Column("extra_data", sa.JSON()),
        sa.Column("cached_at", sa.DateTime(), nullable=False),
        sa.Column("expires_at", sa.DateTime(), nullable=False),
    )
    op.create_index("idx_tmdb_cache_tmdb_id", "tmdb_cache", ["tmdb_id"], unique=True)
    op.create_index("idx_tmdb_cache_expires_at", "tmdb_cache", ["expires_at"])


def downgrade():
    op.drop_table("tmdb_cache")
