"""A consistent copy of database and files in a form of our own, and back, for both databases.

The form is plain: `manifest.json`, a file of JSON lines for each table, and the stored files under
their hash. So a copy made on one database can be restored on the other.
"""

from funding_app.backup.form import BackupError
from funding_app.backup.making import make_backup
from funding_app.backup.restoring import restore_backup

__all__ = ["BackupError", "make_backup", "restore_backup"]
