from datetime import date
import pytest
from tests.factories import *
from registry.models import *
from registry import figures
pytestmark = pytest.mark.django_db
def test_x():
    v = make_village(); c = make_child(village=v)
    r = measure(c, date(2024,6,12), "11.0", "80.0")
    print(r.measurement.haz, r.measurement.gain, VillageMonth.objects.values())
    o = make_user(Role.DISTRICT)
    p = figures.prevalence(make_district(), date(2024,6,1), o)
    print(p)
    r = measure(c, date(2024,7,12), "11.1", "80.5")
    print(r.measurement.gain)
    print(figures.trend(v, date(2024,7,1), o, months=3))
    print(figures.kecamatan_rows(make_district(), date(2024,7,1), o))
    print(figures.summaries(Village.objects.all(), date(2024,7,1), o))
    print(figures.prevalence(make_district(), date(2024,9,1), o))
