"""Which app hears which kind of letter, and what the worker does by itself. Imported by the AppConfig alone."""

from tongban.api.actions import forget_old
from tongban.applications import memory as applications_memory
from tongban.bundles.actions import follow_bundles
from tongban.cases import duties
from tongban.cases import letters as cases
from tongban.cases import memory as cases_memory
from tongban.catalogue import duties as catalogue_duties
from tongban.catalogue import letters as catalogue
from tongban.catalogue import memory as catalogue_memory
from tongban.exchange.actions import register, register_duty, register_rebuilding
from tongban.logins.actions import forget_old as forget_old_log_ins
from tongban.retention.duties import erase_expired


def connect() -> None:
    register("ask", hear=cases.hear_ask, answered=cases.answered_ask, may_reject=True)
    register("step", hear=cases.hear_step, kept=cases_memory.kept_bodies)
    register("due", hear=cases.hear_due)
    register("held", hear=cases.hear_held)
    register(catalogue.ITEM, hear=catalogue.hear_item)
    register(catalogue.BASE_ITEM, hear=catalogue.hear_base_item)
    register(catalogue.AGREEMENT, hear=catalogue.hear_agreement)
    register(catalogue.IMPLEMENTATION, hear=catalogue.hear_implementation)
    register_rebuilding(
        catalogue.ITEM,
        catalogue.BASE_ITEM,
        catalogue.AGREEMENT,
        catalogue.IMPLEMENTATION,
        rebuild=catalogue_memory.rebuild,
        opened=catalogue_memory.opened,
    )
    register_rebuilding(
        *cases_memory.KINDS,
        rebuild=cases_memory.rebuild,
        count=(cases_memory.count, applications_memory.count),
        settle=(cases_memory.settle, applications_memory.settle, cases_memory.settle_files),
        opened=cases_memory.opened,
    )
    register_duty("answer_queries", 0.2, duties.answer_queries)
    register_duty("fetch_files", 0.5, duties.fetch_files)
    register_duty("deem_accepted", 2, duties.deem_accepted)
    register_duty("follow_bundles", 1, follow_bundles)
    register_duty("complete_forgotten", 5, applications_memory.complete_forgotten)
    register_duty("forget_old_requests", 3600, forget_old)
    register_duty("forget_old_log_ins", 3600, forget_old_log_ins)
    register_duty("publish_drafts", 30, catalogue_duties.publish_drafts)
    register_duty("finish_waiting", 60, duties.finish_waiting)
    register_duty("erase_expired", 6 * 3600, erase_expired)
