#include "core/jobs/queue/study_summary.h"

#include "core/base/error.h"
#include "core/base/files.h"
#include "core/data/dataset/window_table.h"
#include "core/data/table/csv_text.h"
#include "core/store/jobs/metrics.h"

#include <algorithm>
#include <charconv>
#include <limits>
#include <set>

namespace kino {
namespace {

namespace fs = std::filesystem;
using Json = nlohmann::ordered_json;

constexpr std::size_t kMostBytes = std::size_t{1} << 30;
constexpr Score kScores[] = {Score::macroF1, Score::accuracy, Score::balancedAccuracy};

template <class T>
T numberFrom(const std::string &text, const fs::path &file, std::int64_t line)
{
    T value{};
    const auto [end, code] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (code != std::errc() || end != text.data() + text.size())
        throw Error(file, line, "\"" + text + "\" is no number; the run's file is damaged");
    return value;
}

std::vector<JobRow> runsOf(const JobStore &store, JobId study)
{
    if (store.row(study).kind != "study")
        throw Error(store.folder(), "job " + std::to_string(study) + " is no study");
    return store.runsOf(study);
}

template <class T>
Json orNull(const std::optional<T> &value)
{
    return value ? Json(*value) : Json();
}

Json intervalJson(const std::optional<Interval> &interval) { return interval ? Json{{"low", interval->low}, {"high", interval->high}} : Json(); }

Json spreadJson(const Spread &spread)
{
    return {{"count", spread.count}, {"mean", spread.mean}, {"deviation", orNull(spread.deviation)}, {"standard_error", orNull(spread.standardError)},
            {"least", spread.least}, {"most", spread.most}};
}

Json scoreJson(const PooledScore &score)
{
    Json seeds = Json::object();
    for (const auto &[seed, value] : score.bySeed)
        seeds[std::to_string(seed)] = value;
    Json subjects = intervalJson(score.overSubjects);
    if (!subjects.is_null())
        subjects["subjects"] = score.subjects;
    return {{"mean", score.overSeeds.mean}, {"by_seed", std::move(seeds)}, {"over_seeds", spreadJson(score.overSeeds)}, {"over_subjects", std::move(subjects)}};
}

Json cellJson(const StudyCellSummary &cell)
{
    std::size_t done = 0;
    Json runs = Json::array();
    for (const JobRow &run : cell.runs) {
        done += run.state == JobState::done;
        runs.push_back({{"id", run.id}, {"state", jobStateName(run.state)}, {"seed", orNull(run.seed)}, {"fold", orNull(run.fold)}, {"error", orNull(run.error)}});
    }
    Json json{{"cell", cell.cell}, {"name", cell.name}, {"done", done}, {"of", cell.runs.size()}};
    for (const Score score : kScores) {
        const std::optional<PooledScore> pooled = pooledScore(cell.predictions, score);
        json[std::string(scoreName(score))] = pooled ? scoreJson(*pooled) : Json();
    }
    Json metrics = Json::object();
    for (const auto &[key, spread] : cell.metrics)
        metrics[key] = spreadJson(spread);
    json["metrics"] = std::move(metrics);
    json["confusion"] = cell.predictions.bySeed.empty() ? Json() : Json(cell.predictions.total());
    json["runs"] = std::move(runs);
    return json;
}

std::string predictionsText(const std::vector<StudyPrediction> &predictions)
{
    std::string text;
    for (const StudyPrediction &each : predictions) {
        text += std::to_string(each.cell) + ',' + (each.fold ? std::to_string(*each.fold) : std::string()) + ',' + std::to_string(each.seed) + ',' + std::to_string(each.run)
                + ',' + csvField(each.subject) + ',' + csvField(each.recording) + ',' + std::to_string(each.startNs) + ',' + csvField(each.device) + ','
                + csvField(each.label) + ',' + csvField(each.predicted) + ',' + Json(each.confidence).dump() + '\n';
    }
    return text;
}

} // namespace

std::vector<StudyPrediction> predictionsOfRun(const JobStore &store, const JobRow &run)
{
    const fs::path folder = store.runFolder(run.id), file = folder / "predictions.csv";
    std::error_code ignored;
    if (!fs::exists(file, ignored))
        return {};
    // Its subjects are in the table of its windows.
    std::map<std::string, std::string> subjects;
    for (const WindowLine &line : readWindowTable(folder / "windows.csv"))
        subjects.emplace(line.recording, line.subject);
    std::vector<StudyPrediction> predictions;
    const std::vector<CsvRow> rows = parseCsv(readTextFile(file, kMostBytes));
    for (std::size_t place = 1; place < rows.size(); ++place) {
        const std::vector<std::string> &fields = rows[place].fields;
        if (fields.size() < 5)
            throw Error(file, rows[place].line, "has not the columns recording,start_ns,label,predicted,confidence; the run's file is damaged");
        StudyPrediction &made = predictions.emplace_back();
        made.run = run.id;
        made.cell = run.cell.value_or(0);
        made.fold = run.fold;
        made.seed = run.seed.value_or(0);
        made.recording = fields[0];
        made.startNs = numberFrom<Nanos>(fields[1], file, rows[place].line);
        made.label = fields[2];
        made.predicted = fields[3];
        made.confidence = numberFrom<double>(fields[4], file, rows[place].line);
        made.device = fields.size() > 5 ? fields[5] : std::string();
        const auto subject = subjects.find(made.recording);
        made.subject = subject == subjects.end() ? std::string() : subject->second;
    }
    return predictions;
}

std::set<std::int64_t> wholeSeeds(std::span<const JobRow> runs)
{
    std::set<std::int64_t> seeds;
    for (const JobRow &run : runs)
        seeds.insert(run.seed.value_or(0));
    for (const JobRow &run : runs) {
        if (run.state != JobState::done)
            seeds.erase(run.seed.value_or(0));
    }
    return seeds;
}

std::vector<StudyPrediction> predictionsOfCell(const JobStore &store, JobId study, std::int64_t cell, const CancelToken &cancel)
{
    std::vector<StudyPrediction> all;
    for (const JobRow &run : runsOf(store, study)) {
        cancel.throwIfCancelled();
        if (run.cell.value_or(0) != cell || run.state != JobState::done)
            continue;
        std::vector<StudyPrediction> own = predictionsOfRun(store, run);
        all.insert(all.end(), std::make_move_iterator(own.begin()), std::make_move_iterator(own.end()));
    }
    return all;
}

StudySummary summariseStudy(const JobStore &store, JobId study, const CancelToken &cancel)
{
    StudySummary summary;
    std::map<std::int64_t, StudyCellSummary> cells;
    for (JobRow &run : runsOf(store, study)) {
        StudyCellSummary &cell = cells[run.cell.value_or(0)];
        cell.cell = run.cell.value_or(0);
        cell.name = run.cellName;
        cell.runs.push_back(std::move(run));
    }
    const MetricReader metrics(store.folder());
    // Two passes, so that of all predictions only one run's are in memory: classes first.
    std::set<std::string> classes;
    const auto eachRun = [&](const std::function<void(StudyCellSummary &, const JobRow &)> &visit) {
        for (auto &[number, cell] : cells) {
            const std::set<std::int64_t> whole = wholeSeeds(cell.runs);
            for (const JobRow &run : cell.runs) {
                cancel.throwIfCancelled();
                if (whole.contains(run.seed.value_or(0)))
                    visit(cell, run);
            }
        }
    };
    eachRun([&](StudyCellSummary &, const JobRow &run) {
        for (const StudyPrediction &each : predictionsOfRun(store, run))
            classes.insert({each.label, each.predicted});
    });
    summary.classes.assign(classes.begin(), classes.end());
    const auto placeOf = [&](const std::string &name) { return static_cast<std::size_t>(std::ranges::lower_bound(summary.classes, name) - summary.classes.begin()); };
    eachRun([&](StudyCellSummary &cell, const JobRow &run) {
        cell.predictions.classes = summary.classes.size();
        for (const StudyPrediction &each : predictionsOfRun(store, run))
            cell.predictions.add(each.seed, each.subject, placeOf(each.label), placeOf(each.predicted));
    });
    for (auto &[number, cell] : cells) {
        std::map<std::string, std::vector<double>> values;
        for (const JobRow &run : cell.runs) {
            if (run.state != JobState::done)
                continue;
            for (const MetricSummary &each : metrics.summaries(run.id)) {
                if (each.final)
                    values[each.key].push_back(*each.final);
            }
        }
        for (const auto &[key, own] : values)
            cell.metrics[key] = *spreadOf(own);
        summary.cells.push_back(std::move(cell));
    }
    return summary;
}

Json studyJson(const StudySummary &summary, std::int64_t against)
{
    Json cells = Json::array(), differences = Json::array();
    const auto base = std::ranges::find(summary.cells, against, &StudyCellSummary::cell);
    if (base == summary.cells.end())
        throw Error("The study has no cell " + std::to_string(against) + "; it has cells 0 to " + std::to_string(summary.cells.size()) + " less one.");
    for (const StudyCellSummary &cell : summary.cells) {
        cells.push_back(cellJson(cell));
        if (cell.cell == against)
            continue;
        for (const Score score : kScores) {
            const std::optional<PairedDifference> difference = pairedDifference(cell.predictions, base->predictions, score);
            if (!difference)
                continue;
            Json subjects = Json::object();
            for (const auto &[subject, value] : difference->bySubject)
                subjects[subject] = value;
            differences.push_back({{"cell", cell.cell}, {"against", against}, {"score", scoreName(score)}, {"mean", difference->mean},
                                   {"interval", intervalJson(difference->interval)}, {"subjects", difference->subjects}, {"seeds", difference->seeds},
                                   {"by_subject", std::move(subjects)}});
        }
    }
    return {{"classes", summary.classes}, {"cells", std::move(cells)}, {"differences", std::move(differences)}};
}

nlohmann::json writeStudyFiles(const JobStore &store, JobId study)
{
    const StudySummary summary = summariseStudy(store, study);
    const Json result = studyJson(summary);
    const fs::path folder = store.runFolder(study);
    fs::create_directories(folder);
    writeFileAtomically(folder / "study.json", result.dump(2) + "\n");
    std::string cells = "cell,name,done,of,macro_f1,seed_deviation,subject_low,subject_high,accuracy\n";
    for (const Json &cell : result.at("cells")) {
        const Json &score = cell.at("macro_f1");
        const auto at = [&score](const char *group, const char *key) {
            return score.is_null() || score.at(group).is_null() || score.at(group).at(key).is_null() ? std::string() : score.at(group).at(key).dump();
        };
        cells += cell.at("cell").dump() + ',' + csvField(cell.at("name").get<std::string>()) + ',' + cell.at("done").dump() + ',' + cell.at("of").dump() + ','
                 + (score.is_null() ? std::string() : score.at("mean").dump()) + ',' + at("over_seeds", "deviation") + ',' + at("over_subjects", "low") + ','
                 + at("over_subjects", "high") + ',' + (cell.at("accuracy").is_null() ? std::string() : cell.at("accuracy").at("mean").dump()) + '\n';
    }
    writeFileAtomically(folder / "cells.csv", cells);
    writeFileAtomically(folder / "predictions.csv", [&](std::ostream &stream) {
        stream << "cell,fold,seed,run,subject,recording,start_ns,device,label,predicted,confidence\n";
        for (const StudyCellSummary &cell : summary.cells)
            stream << predictionsText(predictionsOfCell(store, study, cell.cell));
    });
    // A study's own figures in the run table: those of the best of its cells.
    nlohmann::json kept = nlohmann::json::parse(result.dump());
    nlohmann::json metrics = nlohmann::json::object();
    for (const Score score : kScores) {
        std::optional<double> best;
        for (const Json &cell : result.at("cells")) {
            if (const Json &pooled = cell.at(std::string(scoreName(score))); !pooled.is_null())
                best = std::max(best.value_or(-std::numeric_limits<double>::infinity()), pooled.at("mean").get<double>());
        }
        if (best)
            metrics["test." + std::string(scoreName(score))] = *best;
    }
    kept["metrics"] = std::move(metrics);
    return kept;
}

} // namespace kino
