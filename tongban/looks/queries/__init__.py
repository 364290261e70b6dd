from tongban.looks.queries.reading import Line, Source, further_lines, newest_lines, other_lines, sources_of
from tongban.looks.queries.telling import told_to

__all__ = ["Line", "Source", "further_lines", "newest_lines", "other_lines", "sources_of", "told_to"]
