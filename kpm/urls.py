"""Addresses of the cadres' work. No name of a person and no NIK is ever part of one."""

from django.urls import include, path

from kpm.views import (
    cadres,
    card,
    child,
    events,
    follow_up,
    home,
    identity,
    life_events,
    measure,
    month_list,
    outbox_file,
    people,
    skdn,
    work,
)

pages = [
    path("roster/", work.page, name="roster"),
    path("children/", month_list.children, name="children"),
    path("children/new/", work.page, name="enrol"),
    path("grid/", work.page, name="grid"),
    path("follow-up/", follow_up.follow_up, name="follow_up"),
    path("outbox/", work.outbox, name="outbox"),
    path("sign-out/", work.shell, name="sign_out"),
    path("work/shell/", work.shell, name="shell"),
    path("work/session.json", work.session_json, name="session"),
    path("work/roster.json", work.roster_json, name="roster_json"),
    path("service-worker.js", work.service_worker, name="service_worker"),
    path("manifest.webmanifest", work.manifest, name="manifest"),
    path("children/<uuid:child_id>/", child.child, name="child"),
    path("children/<uuid:child_id>/card/", card.card, name="card"),
    path("skdn/", skdn.report, name="skdn"),
    path("children/<uuid:child_id>/measure/", work.page, name="measure"),
    path("children/<uuid:child_id>/edit/", identity.edit, name="edit"),
    path("children/<uuid:child_id>/move/", identity.move, name="move"),
    path("children/<uuid:child_id>/close/", identity.close, name="close"),
    path("children/<uuid:child_id>/reopen/", identity.reopen, name="reopen"),
    path("children/<uuid:child_id>/return/", life_events.come_back, name="come_back"),
    path("children/<uuid:child_id>/history/<slug:key>/", life_events.life_event, name="life_event"),
    path("measurements/<uuid:measurement_id>/", child.measurement, name="measurement"),
    path("measurements/<uuid:measurement_id>/void/", measure.void, name="void"),
    path("measurements/<uuid:measurement_id>/choose/", measure.choose, name="choose"),
    path("cadres/", cadres.cadres, name="cadres"),
    path("cadres/outbox-file/", outbox_file.outbox_file, name="outbox_file"),
    path("cadres/new/", cadres.appoint, name="cadre_new"),
    path("cadres/<int:cadre_id>/", cadres.cadre, name="cadre"),
    path("cadres/<int:cadre_id>/end/", cadres.end_term, name="cadre_end"),
    path("cadres/<int:cadre_id>/account/", cadres.account, name="cadre_account"),
    path("people/", people.people, name="people"),
    path("people/<int:user_id>/password/", people.renew, name="renew"),
    path("events/", events.events, name="events"),
    path("events/new/", events.new_event, name="event_new"),
    path("events/<uuid:event_id>/", events.event, name="event"),
]

urlpatterns = [
    path("", home.home, name="home"),
    path("", include((pages, "kpm"))),
]
