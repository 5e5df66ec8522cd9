#include "core/jobs/report/html_report.h"

#include "core/jobs/report/figures.h"
#include "core/jobs/report/sections.h"

#include <algorithm>

namespace kino {

std::string htmlReport(const ReportContent &content)
{
    using namespace report;
    Markup page;
    page.raw("<!DOCTYPE html>\n").open("html", {{"lang", "en"}}).line().open("head").line();
    page.empty("meta", {{"charset", "utf-8"}}).line().empty("meta", {{"name", "viewport"}, {"content", "width=device-width, initial-scale=1"}}).line();
    page.empty("meta", {{"name", "generator"}, {"content", content.program}}).line().element("title", content.title).line();
    page.open("style").raw(kStyle).close("style").line().close("head").line().open("body").line().open("main").line();
    page.open("header").element("h1", content.title);
    page.element("p", content.project + " \u00b7 " + timeText(content.madeAtNs) + " \u00b7 " + content.program, {{"class", "dim"}}).close("header").line();
    addRunTable(page, content);
    addParameters(page, content);
    addFinalNumbers(page, content);
    for (const ReportRun &run : content.runs) {
        if (run.isStudy())
            addStudy(page, run);
    }
    addCurves(page, content);
    if (std::ranges::any_of(content.runs, [](const ReportRun &run) { return !run.confusions.empty(); })) {
        page.open("section").element("h2", "Confusion").line();
        page.element("p", "Rows are the true labels, columns what they were taken for; the stronger the colour, the larger the share of the row.", {{"class", "dim"}}).line();
        for (const ReportRun &run : content.runs)
            addConfusions(page, run);
        page.close("section").line();
    }
    page.open("section").element("h2", "How each was made").line();
    for (const ReportRun &run : content.runs)
        addHowItWasMade(page, run);
    page.close("section").line();
    page.open("footer").element("p", "Made by " + content.program + " on " + timeText(content.madeAtNs) + ".").close("footer").line();
    page.close("main").line().close("body").line().close("html").line();
    return page.string();
}

} // namespace kino
