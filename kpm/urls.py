"""Addresses of the cadres' work. No name of a person and no NIK is ever part of one."""

from django.urls import include, path

from kpm.views import cadres, child, events, home, identity, measure, roster

pages = [
    path("roster/", roster.roster, name="roster"),
    path("children/new/", identity.enrol, name="enrol"),
    path("children/<uuid:child_id>/", child.child, name="child"),
    path("children/<uuid:child_id>/measure/", measure.measure, name="measure"),
    path("children/<uuid:child_id>/edit/", identity.edit, name="edit"),
    path("children/<uuid:child_id>/move/", identity.move, name="move"),
    path("children/<uuid:child_id>/close/", identity.close, name="close"),
    path("children/<uuid:child_id>/reopen/", identity.reopen, name="reopen"),
    path("measurements/<uuid:measurement_id>/", child.measurement, name="measurement"),
    path("measurements/<uuid:measurement_id>/correct/", measure.correct, name="correct"),
    path("measurements/<uuid:measurement_id>/void/", measure.void, name="void"),
    path("measurements/<uuid:measurement_id>/choose/", measure.choose, name="choose"),
    path("cadres/", cadres.cadres, name="cadres"),
    path("events/", events.events, name="events"),
    path("events/new/", events.new_event, name="event_new"),
    path("events/<uuid:event_id>/", events.event, name="event"),
]

urlpatterns = [
    path("", home.home, name="home"),
    path("", include((pages, "kpm"))),
]
