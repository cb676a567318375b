"""Our own WARC records: made, read back strictly, copied and mended."""

from index.archive.warc.copying import members_from, read_members
from index.archive.warc.members import whole_members
from index.archive.warc.reader import MAX_BODY, Damage, payload_digest, read_file, read_first
from index.archive.warc.writer import members_of, warcinfo_member

__all__ = [
    "MAX_BODY",
    "Damage",
    "members_from",
    "members_of",
    "payload_digest",
    "read_file",
    "read_first",
    "read_members",
    "warcinfo_member",
    "whole_members",
]
