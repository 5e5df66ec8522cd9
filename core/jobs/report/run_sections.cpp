// What is said of one run or study: scores of cells, confusions, how it was made.
#include "core/jobs/report/figures.h"
#include "core/jobs/report/sections.h"

#include "core/base/json_path.h"
#include "core/jobs/specification/specification.h"

#include <algorithm>
#include <cmath>

namespace kino::report {
namespace {

using Json = nlohmann::ordered_json;

std::string nameOr(const std::string &name, const std::string &otherwise) { return name.empty() ? otherwise : name; }

/** One digit below ten, none above: "8.3 %". */
std::string percentText(double share)
{
    const double percent = share * 100;
    const double kept = percent < 9.95 ? std::round(percent * 10) / 10 : std::round(percent);
    return figureText(kept) + " %";
}

std::string scoreText(const Json &score) { return score.is_object() && score.at("mean").is_number() ? figureText(score.at("mean").get<double>()) : figureText(std::optional<double>()); }

std::string deviationText(const Json &score)
{
    if (!score.is_object())
        return figureText(std::optional<double>());
    const Json &deviation = score.at("over_seeds").at("deviation");
    return deviation.is_number() ? "\u00b1 " + figureText(deviation.get<double>()) : figureText(std::optional<double>());
}

std::string cellName(const Json &study, const Json &number)
{
    for (const Json &cell : study.at("cells")) {
        if (cell.at("cell") == number && !cell.at("name").get<std::string>().empty())
            return cell.at("name").get<std::string>();
    }
    return "cell " + number.dump();
}

/** The more of its row, the stronger; what shines through is the page, light or dark, and figures on it can be read on either. */
std::string shade(bool isRight, double share)
{
    constexpr double kStrongest = 0.5;
    return std::string("background:rgba(") + (isRight ? "47,111,222," : "200,55,45,") + shareText(share * kStrongest) + ")";
}

void addConfusion(Markup &page, const std::string &caption, const ReportConfusion &confusion)
{
    const Classification &counted = confusion.classification;
    page.open("div", {{"class", "wide"}}).open("table", {{"class", "confusion"}});
    page.element("caption", caption + ": accuracy " + shareText(counted.accuracy) + ", macro-F1 " + shareText(counted.macroF1) + ", " + figureText(static_cast<double>(counted.count)) + " windows").line();
    page.open("thead").open("tr").element("th", "true, taken for", {{"scope", "col"}});
    for (const std::string &name : confusion.classes)
        page.element("th", nameOr(name, "no label"), {{"scope", "col"}, {"class", "n"}});
    for (const char *figure : {"recall", "F1", "windows"})
        page.element("th", figure, {{"scope", "col"}, {"class", "n"}});
    page.close("tr").close("thead").line().open("tbody").line();
    for (std::size_t row = 0; row < confusion.classes.size(); ++row) {
        page.open("tr").element("th", nameOr(confusion.classes[row], "no label"), {{"scope", "row"}});
        for (std::size_t column = 0; column < confusion.classes.size(); ++column) {
            const std::size_t count = counted.confusion[row][column];
            const double share = counted.support[row] > 0 ? static_cast<double>(count) / static_cast<double>(counted.support[row]) : 0;
            page.open("td", {{"class", row == column ? "cell hit" : "cell"}, {"style", shade(row == column, share)}});
            page.text(figureText(static_cast<double>(count)));
            if (count > 0)
                page.element("small", percentText(share));
            page.close("td");
        }
        page.element("td", shareText(counted.recall[row]), {{"class", "n"}}).element("td", shareText(counted.f1[row]), {{"class", "n"}});
        page.element("td", figureText(static_cast<double>(counted.support[row])), {{"class", "n"}}).close("tr").line();
    }
    const auto addFoot = [&](const char *title, const auto &textOf) {
        page.open("tr").element("th", title, {{"scope", "row"}});
        for (std::size_t column = 0; column < confusion.classes.size(); ++column)
            page.element("td", textOf(column), {{"class", "n"}});
        page.open("td", {{"colspan", "3"}}).close("td").close("tr").line();
    };
    addFoot("precision", [&](std::size_t column) { return shareText(counted.precision[column]); });
    addFoot("predicted", [&](std::size_t column) { return figureText(static_cast<double>(counted.predictions[column])); });
    page.close("tbody").close("table").close("div").line();
}

void addFact(Markup &page, const std::string &name, const std::string &value)
{
    if (!value.empty())
        page.element("dt", name).element("dd", value).line();
}

std::string plainText(const nlohmann::json &value)
{
    if (value.is_string())
        return value.get<std::string>();
    if (value.is_number_float())
        return figureText(value.get<double>());
    if (value.is_array()) {
        std::string words;
        for (const nlohmann::json &each : value)
            words += (words.empty() ? "" : ", ") + plainText(each);
        return words.empty() ? "none" : words;
    }
    return value.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace);
}

void addFacts(Markup &page, const nlohmann::json &object)
{
    if (!object.is_object())
        return;
    for (const auto &[key, value] : object.items()) {
        std::string name = key;
        std::ranges::replace(name, '_', ' ');
        addFact(page, name, plainText(value));
    }
}

std::string relativeWords(const JobRelative &relative, bool isParent)
{
    const std::string who = nameOr(relative.name, "run") + " (" + std::to_string(relative.id) + "), " + std::string(jobStateName(relative.state));
    switch (relative.role) {
    case Lineage::weights: return (isParent ? "began with the weights of " : "gave its weights to ") + who;
    case Lineage::study: return (isParent ? "a run of " : "its run ") + who;
    case Lineage::clone: return (isParent ? "made from " : "copied to ") + who;
    }
    return who;
}

void addLineage(Markup &page, const JobDetail &detail)
{
    constexpr std::size_t kMost = 20;
    std::vector<std::string> lines;
    for (const JobRelative &parent : detail.parents)
        lines.push_back(relativeWords(parent, true));
    for (const JobRelative &child : detail.children)
        lines.push_back(relativeWords(child, false));
    if (lines.empty())
        return;
    page.element("h4", "Lineage").open("ul");
    for (std::size_t line = 0; line < std::min(lines.size(), kMost); ++line)
        page.element("li", lines[line]);
    if (lines.size() > kMost)
        page.element("li", "and " + std::to_string(lines.size() - kMost) + " more");
    page.close("ul").line();
}

void addCounts(Markup &page, const std::string &what, const std::string &missing, const std::vector<ReportCount> &counts)
{
    if (counts.empty())
        return;
    beginTable(page, "Windows by " + what);
    addHeads(page, {what, "train", "validation", "test"}, 1);
    page.open("tbody").line();
    for (const ReportCount &count : counts) {
        page.open("tr").element("th", nameOr(count.name, missing), {{"scope", "row"}});
        for (const std::size_t windows : count.windows)
            page.element("td", figureText(static_cast<double>(windows)), {{"class", "n"}});
        page.close("tr").line();
    }
    page.close("tbody");
    endTable(page);
}

std::string logText(const std::vector<JobLogLine> &lines)
{
    std::string text;
    for (const JobLogLine &line : lines)
        text += timeText(line.atNs) + "  " + (line.level == JobLogLevel::error ? "error: " : line.level == JobLogLevel::warning ? "warning: " : "") + line.text + "\n";
    return text;
}

void addSummary(Markup &page, const nlohmann::json &complete)
{
    std::string summary;
    try {
        summary = specificationSummary(complete);
    } catch (const std::exception &) {
        return; // of another version of the program: the specification itself is below
    }
    for (std::size_t begin = 0; begin < summary.size();) {
        const std::size_t end = std::min(summary.find('\n', begin), summary.size());
        const std::string line = summary.substr(begin, end - begin);
        begin = end + 1;
        if (const std::size_t gap = line.find("  "); gap != std::string::npos && gap > 0)
            addFact(page, line.substr(0, gap), line.substr(line.find_first_not_of(' ', gap)));
    }
}

void addLeakage(Markup &page, const nlohmann::json &result)
{
    const nlohmann::json *leakage = valueAt(result, "leakage");
    if (!leakage || !leakage->is_object())
        return;
    std::string found;
    for (const auto &[key, value] : leakage->items()) {
        const bool isNothing = value.is_null() || value.is_boolean() || (value.is_array() && value.empty()) || value == 0;
        if (!isNothing)
            found += "; " + key + ": " + plainText(value);
    }
    std::ranges::replace(found, '_', ' ');
    const nlohmann::json *verdict = valueAt(*leakage, "clean");
    const bool isClean = verdict && verdict->is_boolean() ? verdict->get<bool>() : found.empty();
    page.element("dt", "leakage").element("dd", (isClean ? "none" : "test data are known from training") + found, {{"class", isClean ? "good" : "bad"}}).line();
}

} // namespace

void addStudy(Markup &page, const ReportRun &study)
{
    if (!study.study.is_object())
        return;
    page.open("section").element("h2", "Study: " + study.title).line();
    beginTable(page, "Scores of the test predictions of all folds together, of seeds whose folds are all done. Over seeds: standard deviation. Over subjects: 95 % interval of the mean");
    addHeads(page, {"Cell", "Runs", "Macro-F1", "over seeds", "over subjects", "Accuracy", "over seeds", "over subjects"}, 1);
    page.open("tbody").line();
    for (const Json &cell : study.study.at("cells")) {
        page.open("tr").element("th", cellName(study.study, cell.at("cell")), {{"scope", "row"}});
        page.element("td", cell.at("done").dump() + " of " + cell.at("of").dump(), {{"class", "n"}});
        for (const char *score : {"macro_f1", "accuracy"}) {
            const Json &value = cell.at(score);
            page.element("td", scoreText(value), {{"class", "n"}}).element("td", deviationText(value), {{"class", "n"}});
            page.element("td", intervalText(value.is_object() ? value.at("over_subjects") : Json()), {{"class", "n"}});
        }
        page.close("tr").line();
    }
    page.close("tbody");
    endTable(page);
    if (!study.study.at("differences").empty()) {
        beginTable(page, "Differences, paired by subject and seed, with Student's 95 % interval over subjects");
        addHeads(page, {"Cells", "Score", "Difference", "95 % interval", "Subjects", "Seeds"}, 2);
        page.open("tbody").line();
        for (const Json &each : study.study.at("differences")) {
            const double mean = each.at("mean").is_number() ? each.at("mean").get<double>() : std::nan("");
            page.open("tr").element("th", cellName(study.study, each.at("cell")) + " less " + cellName(study.study, each.at("against")), {{"scope", "row"}});
            page.element("td", each.at("score").get<std::string>()).element("td", (mean > 0 ? "+" : "") + figureText(mean), {{"class", "n"}});
            page.element("td", intervalText(each.at("interval")), {{"class", "n"}}).element("td", each.at("subjects").dump(), {{"class", "n"}});
            page.element("td", each.at("seeds").dump(), {{"class", "n"}}).close("tr").line();
        }
        page.close("tbody");
        endTable(page);
    }
    page.close("section").line();
}

void addConfusions(Markup &page, const ReportRun &run)
{
    for (const ReportConfusion &each : run.confusions)
        addConfusion(page, each.name.empty() ? run.title : run.title + ", " + each.name, each);
}

void addHowItWasMade(Markup &page, const ReportRun &run)
{
    const JobDetail &detail = run.detail;
    const JobRow &job = detail.row;
    page.open("section", {{"id", anchorOf(run)}}).element("h3", run.title).line();
    if (job.error)
        page.element("p", *job.error, {{"class", job.state == JobState::failed ? "bad" : "warning"}}).line();
    for (const std::string &trouble : run.troubles)
        page.element("p", trouble, {{"class", "bad"}}).line();
    if (!job.notes.empty())
        page.element("p", job.notes).line();
    page.open("dl").line();
    addFact(page, "state", std::string(jobStateName(job.state)));
    addFact(page, "number", std::to_string(job.id));
    std::string tags;
    for (const std::string &tag : job.tags)
        tags += (tags.empty() ? "" : ", ") + tag;
    addFact(page, "tags", tags);
    addFact(page, "submitted", timeText(job.createdAtNs));
    addFact(page, "started", job.startedAtNs ? timeText(*job.startedAtNs) : "");
    addFact(page, "ended", job.finishedAtNs ? timeText(*job.finishedAtNs) : "");
    addFact(page, "worked", job.workedSeconds > 0 ? secondsText(job.workedSeconds) : "");
    addFact(page, "attempts", job.attempts > 1 ? std::to_string(job.attempts) : "");
    if (detail.complete.is_object())
        addSummary(page, detail.complete);
    addFact(page, "fingerprint", job.fingerprint.value_or(""));
    addLeakage(page, detail.result);
    addFacts(page, detail.environment);
    page.close("dl").line();
    addLineage(page, detail);
    addCounts(page, "subject", "unknown", run.subjects);
    addCounts(page, "label", "no label", run.labels);
    if (!run.failedRuns.empty()) {
        page.element("h4", "Failed runs").open("ul");
        for (const JobRow &failed : run.failedRuns)
            page.element("li", nameOr(failed.name, "run") + " (" + std::to_string(failed.id) + "): " + failed.error.value_or("failed"));
        page.close("ul").line();
    }
    if (!run.warnings.empty())
        page.element("h4", "Warnings").element("pre", logText(run.warnings)).line();
    if (!run.lastLines.empty())
        page.element("h4", "The last of its log").element("pre", logText(run.lastLines)).line();
    const nlohmann::json &whole = detail.complete.is_object() ? detail.complete : detail.specification;
    page.open("details").element("summary", "Specification, complete").element("pre", orderedSpecification(whole).dump(2, ' ', false, Json::error_handler_t::replace)).close("details").line();
    page.close("section").line();
}

} // namespace kino::report
