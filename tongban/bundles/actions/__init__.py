from tongban.bundles.actions.deciding import go_on, let_go
from tongban.bundles.actions.drafting import attach, drop, fill, remove_paper, start
from tongban.bundles.actions.following import follow_bundles
from tongban.bundles.actions.handing import submit

__all__ = ["attach", "drop", "fill", "follow_bundles", "go_on", "let_go", "remove_paper", "start", "submit"]
