"""The pages of a place, one class a section: what each shows, gathered for the template and the files."""

from dashboard.pages.base import Asked, Page
from dashboard.pages.by_age_sex import GroupsPage
from dashboard.pages.coverage import CoveragePage
from dashboard.pages.overview import OverviewPage
from dashboard.pages.priority import PriorityPage
from dashboard.pages.quality import QualityPage
from dashboard.pages.ranking import WherePage
from dashboard.sections import Section

PAGES: dict[Section, type[Page]] = {
    page.section: page
    for page in (OverviewPage, WherePage, GroupsPage, CoveragePage, QualityPage, PriorityPage)
}

__all__ = ["PAGES", "Asked", "Page"]
