"""The record on SQLite or PostgreSQL: deliveries, evaluations, publications. The only importer of SQLAlchemy."""
