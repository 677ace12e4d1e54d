"""Addresses of the REST API that are of the cadres' work, version 1."""

from django.urls import path

from kpm import attendance_api, case_api, program_api, scorecard_api, service_api

app_name = "kpm_api"
urlpatterns = [
    path("cadres/", program_api.CadreList.as_view(), name="cadres"),
    path("events/", program_api.EventList.as_view(), name="events"),
    path("events/attendance/", attendance_api.AttendanceMark.as_view(), name="event_attendance"),
    path("scorecards/", scorecard_api.ScorecardList.as_view(), name="scorecards"),
    path("services/", service_api.ServiceCreate.as_view(), name="services"),
    path("conditions/", service_api.ConditionCreate.as_view(), name="conditions"),
    path("cases/", case_api.CaseList.as_view(), name="cases"),
    path("cases/steps/", case_api.CaseStepCreate.as_view(), name="case_steps"),
    path("cases/steps/<uuid:id>/take-back/", case_api.CaseStepTakeBack.as_view(), name="case_step_take_back"),
]
