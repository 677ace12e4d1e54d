"""The pages of a place, one class a section: what each shows, gathered for the template and the files."""

from dashboard.pages.base import FigurePage, PageQuery
from dashboard.pages.by_age_sex import AgeSexPage
from dashboard.pages.cases import CasesPage
from dashboard.pages.convergence import ConvergencePage
from dashboard.pages.coverage import CoveragePage
from dashboard.pages.overview import OverviewPage
from dashboard.pages.priority import PriorityPage
from dashboard.pages.quality import QualityPage
from dashboard.pages.ranking import RankingPage
from dashboard.sections import Section

PAGES: dict[Section, type[FigurePage]] = {
    page.section: page
    for page in (
        OverviewPage,
        RankingPage,
        AgeSexPage,
        CoveragePage,
        QualityPage,
        PriorityPage,
        CasesPage,
        ConvergencePage,
    )
}

__all__ = ["PAGES", "FigurePage", "PageQuery"]
