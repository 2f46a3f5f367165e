"""What functions print and what Lambda says about them: in files, and to whoever follows.

instance ── output ──> store ── file (.local/logs/<function>.log)
                          └── followers (CloudWatch Logs)
"""

from toolchain.local.workers.logs.entries import LogEntry
from toolchain.local.workers.logs.store import LogStore

__all__ = ["LogEntry", "LogStore"]
