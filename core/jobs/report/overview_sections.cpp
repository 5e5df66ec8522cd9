// What is said of all runs together: the table, parameters, final numbers, curves.
#include "core/jobs/report/curve_drawing.h"
#include "core/jobs/report/figures.h"
#include "core/jobs/report/sections.h"

#include "core/insight/run_comparison.h"

#include <algorithm>
#include <set>

namespace kino::report {
namespace {

/** Those that a table of runs shows, as far as any run has them. */
constexpr const char *kKeyMetrics[] = {"test.macro_f1", "test.accuracy", "validation.macro_f1", "validation.loss", "train.loss"};
/** Those whose curves are seen first. */
constexpr const char *kKeyCurves[] = {"train.loss", "validation.loss", "validation.macro_f1", "validation.accuracy"};

std::optional<double> numberOf(const ReportRun &run, const std::string &key)
{
    for (const MetricSummary &each : run.metrics) {
        if (each.key == key)
            return each.final ? each.final : each.count > 0 ? std::optional(each.last) : std::nullopt;
    }
    // A study of one cell has its scores as its own.
    if (const auto found = run.detail.result.find("metrics"); run.isStudy() && found != run.detail.result.end() && found->is_object() && found->contains(key) && found->at(key).is_number())
        return found->at(key).get<double>();
    return std::nullopt;
}

std::string stateWords(const JobRow &job) { return std::string(jobStateName(job.state)); }

std::vector<const ReportRun *> singleRuns(const ReportContent &content)
{
    std::vector<const ReportRun *> runs;
    for (const ReportRun &run : content.runs) {
        if (!run.isStudy())
            runs.push_back(&run);
    }
    return runs;
}

std::vector<RunParameters> parametersOf(const std::vector<const ReportRun *> &runs)
{
    std::vector<RunParameters> all;
    for (const ReportRun *run : runs) {
        RunParameters &made = all.emplace_back();
        for (const auto &[path, value] : run->parameters)
            made.emplace_back(path, parameterText(value));
    }
    return all;
}

void addParameterRows(Markup &page, std::span<const ComparedParameter> parameters)
{
    for (const ComparedParameter &parameter : parameters) {
        page.open("tr").element("td", parameter.path, {{"class", "path"}});
        for (const std::string &value : parameter.values)
            page.element("td", value, {{"class", "long"}});
        page.close("tr").line();
    }
    page.close("tbody");
    endTable(page);
}

} // namespace

std::string anchorOf(const ReportRun &run) { return "run-" + std::to_string(run.detail.row.id); }

void beginTable(Markup &page, const std::string &caption) { page.open("div", {{"class", "wide"}}).open("table").element("caption", caption).line(); }

void endTable(Markup &page) { page.close("table").close("div").line(); }

void addHeads(Markup &page, const std::vector<std::string> &heads, std::size_t numbersFrom)
{
    page.open("thead").open("tr");
    for (std::size_t column = 0; column < heads.size(); ++column)
        page.element("th", heads[column], {{"scope", "col"}, {"class", column >= numbersFrom ? "n" : "t"}});
    page.close("tr").close("thead").line();
}

void addRunTable(Markup &page, const ReportContent &content)
{
    std::vector<std::string> keys;
    for (const char *key : kKeyMetrics) {
        if (std::ranges::any_of(content.runs, [key](const ReportRun &run) { return numberOf(run, key).has_value(); }))
            keys.emplace_back(key);
    }
    page.open("section").element("h2", "Runs").line();
    beginTable(page, "Each run's final numbers; of one that has not ended its last ones. A name leads to how the run was made.");
    std::vector<std::string> heads{"Run", "Kind", "State", "Number", "Seed", "Time"};
    heads.insert(heads.end(), keys.begin(), keys.end());
    addHeads(page, heads, 3);
    page.open("tbody").line();
    for (const ReportRun &run : content.runs) {
        const JobRow &job = run.detail.row;
        page.open("tr").open("th", {{"scope", "row"}}).element("a", run.title, {{"href", "#" + anchorOf(run)}}).close("th");
        page.element("td", job.kind);
        page.element("td", stateWords(job), {{"class", job.state == JobState::failed ? "bad" : job.state == JobState::done ? "good" : "warning"}});
        page.element("td", std::to_string(job.id), {{"class", "n"}});
        page.element("td", job.seed ? std::to_string(*job.seed) : "", {{"class", "n"}});
        page.element("td", job.workedSeconds > 0 ? secondsText(job.workedSeconds) : "", {{"class", "n"}});
        for (const std::string &key : keys)
            page.element("td", figureText(numberOf(run, key)), {{"class", "n"}});
        page.close("tr").line();
    }
    page.close("tbody");
    endTable(page);
    page.close("section").line();
}

void addParameters(Markup &page, const ReportContent &content)
{
    std::vector<const ReportRun *> runs;
    for (const ReportRun &run : content.runs)
        runs.push_back(&run);
    const std::vector<ComparedParameter> lines = compareParameters(parametersOf(runs));
    if (lines.empty())
        return;
    std::vector<std::string> heads{"Parameter"};
    for (const ReportRun *run : runs)
        heads.push_back(run->title);
    const auto shared = std::ranges::find(lines, false, &ComparedParameter::differs);
    page.open("section").element("h2", runs.size() > 1 ? "What differs" : "Parameters").line();
    if (runs.size() > 1 && shared == lines.begin()) {
        page.element("p", "Nothing: all parameters are the same.").line();
    } else if (shared != lines.begin()) {
        beginTable(page, "Parameters that are not the same in all runs");
        addHeads(page, heads, heads.size());
        page.open("tbody").line();
        addParameterRows(page, {lines.begin(), shared});
    }
    if (shared != lines.end()) {
        page.open("details").element("summary", std::to_string(lines.end() - shared) + (runs.size() > 1 ? " parameters are the same" : " parameters")).line();
        beginTable(page, runs.size() > 1 ? "Parameters that all runs share" : "All of them");
        addHeads(page, {"Parameter", "Value"}, 2);
        page.open("tbody").line();
        for (auto line = shared; line != lines.end(); ++line)
            page.open("tr").element("td", line->path, {{"class", "path"}}).element("td", line->values.front()).close("tr").line();
        page.close("tbody");
        endTable(page);
        page.close("details").line();
    }
    page.close("section").line();
}

void addFinalNumbers(Markup &page, const ReportContent &content)
{
    const std::vector<const ReportRun *> runs = singleRuns(content);
    std::set<std::string> keys;
    for (const ReportRun *run : runs) {
        for (const MetricSummary &each : run->metrics) {
            if (each.final)
                keys.insert(each.key);
        }
    }
    if (keys.empty())
        return;
    page.open("section").element("h2", "Final numbers").line();
    beginTable(page, "Mean \u00b1 standard error over runs that differ by nothing but their seeds (n of them); of a single run its number");
    std::vector<std::vector<std::size_t>> groups = findRepetitions(parametersOf(runs));
    std::erase_if(groups, [&](const std::vector<std::size_t> &group) {
        return std::ranges::none_of(group, [&](std::size_t place) { return std::ranges::any_of(runs[place]->metrics, [](const MetricSummary &each) { return each.final.has_value(); }); });
    });
    std::vector<std::string> heads{"Metric"};
    for (const std::vector<std::size_t> &group : groups) {
        const ReportRun &first = *runs[group.front()];
        heads.push_back((group.size() > 1 && !first.detail.row.name.empty() ? first.detail.row.name : first.title) + " (n = " + std::to_string(group.size()) + ")");
    }
    addHeads(page, heads, 1);
    page.open("tbody").line();
    for (const std::string &key : keys) {
        page.open("tr").element("th", key, {{"scope", "row"}});
        for (const std::vector<std::size_t> &group : groups) {
            std::vector<double> values;
            for (const std::size_t place : group) {
                const std::vector<MetricSummary> &metrics = runs[place]->metrics;
                if (const auto found = std::ranges::find(metrics, key, &MetricSummary::key); found != metrics.end() && found->final && std::isfinite(*found->final))
                    values.push_back(*found->final);
            }
            const std::optional<Spread> spread = spreadOf(values);
            const std::string fewer = values.size() < group.size() ? " (n = " + std::to_string(values.size()) + ")" : "";
            page.element("td", spread ? spreadText(spread->mean, spread->standardError) + fewer : figureText(std::optional<double>()), {{"class", "n"}});
        }
        page.close("tr").line();
    }
    page.close("tbody");
    endTable(page);
    page.close("section").line();
}

void addCurves(Markup &page, const ReportContent &content)
{
    const std::vector<const ReportRun *> runs = singleRuns(content);
    std::set<std::string> keys;
    for (const ReportRun *run : runs) {
        for (const auto &[key, points] : run->curves)
            keys.insert(key);
    }
    if (keys.empty())
        return;
    page.open("section").element("h2", "Curves").line();
    page.open("ul", {{"class", "legend"}});
    for (std::size_t place = 0; place < runs.size(); ++place) {
        if (runs[place]->curves.empty())
            continue;
        page.open("li").open("svg", {{"viewBox", "0 0 28 10"}, {"aria-hidden", "true"}});
        drawLine(page, place, "M1 5L27 5", runs[place]->title);
        page.close("svg").text(runs[place]->title).close("li");
    }
    page.close("ul").line();
    const auto draw = [&](const std::string &key) {
        std::vector<DrawnCurve> curves;
        for (std::size_t place = 0; place < runs.size(); ++place) {
            if (const auto found = runs[place]->curves.find(key); found != runs[place]->curves.end())
                curves.push_back({place, runs[place]->title, &found->second});
        }
        Markup drawing;
        drawCurves(drawing, key, curves);
        if (!drawing.string().empty())
            page.open("figure").element("figcaption", key).raw(drawing.string()).close("figure").line();
    };
    page.open("div", {{"class", "charts"}}).line();
    for (const char *key : kKeyCurves) {
        if (keys.erase(key) > 0)
            draw(key);
    }
    page.close("div").line();
    if (!keys.empty()) {
        page.open("details").element("summary", "Curves of " + std::to_string(keys.size()) + (keys.size() == 1 ? " other metric" : " other metrics")).open("div", {{"class", "charts"}}).line();
        for (const std::string &key : keys)
            draw(key);
        page.close("div").close("details").line();
    }
    page.close("section").line();
}

} // namespace kino::report
