#include "core/jobs/queue/tested_windows.h"

#include "core/base/error.h"
#include "core/base/files.h"
#include "core/base/json_path.h"
#include "core/data/windows/window_rule.h"
#include "core/jobs/queue/study_summary.h"

#include <algorithm>
#include <set>

namespace kino {
namespace {

namespace fs = std::filesystem;
using Json = nlohmann::json;

/** Of the rule that the run's specification has. */
Nanos windowLength(const Json &complete)
{
    const Json *seconds = valueAt(complete, "data.window.seconds"), *rate = valueAt(complete, "data.rate_hz");
    if (!seconds || !rate || !seconds->is_number() || !rate->is_number())
        return 0;
    WindowRule rule;
    rule.seconds = seconds->get<double>();
    rule.rateHz = rate->get<double>();
    return rule.rateHz > 0 ? rule.lengthNs() : 0;
}

/** By the names that they had when the run began. */
std::map<std::string, RecordingId> numbersOf(const JobStore &store, const JobRow &run)
{
    std::map<std::string, RecordingId> numbers;
    const fs::path file = store.runFolder(run.id) / "recordings.json";
    std::error_code ignored;
    // A run that no worker of this project had came from elsewhere, and so did its numbers.
    if (run.attempts == 0 || !fs::exists(file, ignored))
        return numbers;
    for (const Json &each : readJsonFile(file)) {
        if (!each.is_object() || !each.contains("id") || !each.at("id").is_number_integer() || !each.contains("name") || !each.at("name").is_string())
            throw Error(file, "is damaged; it should list id and name of the run's recordings");
        numbers.emplace(each.at("name").get<std::string>(), each.at("id").get<RecordingId>());
    }
    return numbers;
}

/** Puts runs together, each text once. */
class Gathering {
public:
    explicit Gathering(const JobStore &store) : m_store(store) {}

    void add(const JobRow &run)
    {
        const std::vector<StudyPrediction> predictions = predictionsOfRun(m_store, run);
        if (predictions.empty())
            return;
        const JobDetail detail = m_store.detail(run.id);
        if (const Json *classes = valueAt(detail.result, "classes"); classes && classes->is_array()) {
            for (const Json &name : *classes) {
                if (name.is_string())
                    placeOf(m_classes, name.get<std::string>());
            }
        }
        const std::map<std::string, RecordingId> numbers = numbersOf(m_store, run);
        for (const StudyPrediction &each : predictions) {
            TestedWindow &made = m_all.windows.emplace_back();
            made.run = run.id;
            made.seed = each.seed;
            made.fold = static_cast<std::int32_t>(each.fold.value_or(-1));
            made.recording = recording(each, numbers);
            made.device = placeOf(m_devices, each.device);
            made.label = placeOf(m_classes, each.label);
            made.predicted = placeOf(m_classes, each.predicted);
            made.startNs = each.startNs;
            made.confidence = each.confidence;
        }
        m_seeds.insert(run.seed.value_or(0));
        m_all.lengthNs = std::max(m_all.lengthNs, windowLength(detail.complete));
        ++m_all.runs;
    }

    TestedWindows take()
    {
        std::vector<std::uint32_t> place(m_classes.size());
        for (const auto &[name, number] : m_classes) {
            place[number] = static_cast<std::uint32_t>(m_all.classes.size());
            m_all.classes.push_back(name);
        }
        for (TestedWindow &each : m_all.windows) {
            each.label = place[each.label];
            each.predicted = place[each.predicted];
        }
        m_all.devices.resize(m_devices.size());
        for (const auto &[name, number] : m_devices)
            m_all.devices[number] = name;
        m_all.seeds.assign(m_seeds.begin(), m_seeds.end());
        return std::move(m_all);
    }

private:
    using Places = std::map<std::string, std::uint32_t>;

    static std::uint32_t placeOf(Places &places, const std::string &name) { return places.emplace(name, static_cast<std::uint32_t>(places.size())).first->second; }

    std::uint32_t recording(const StudyPrediction &of, const std::map<std::string, RecordingId> &numbers)
    {
        const auto number = numbers.find(of.recording);
        const std::optional<RecordingId> id = number == numbers.end() ? std::nullopt : std::optional(number->second);
        const auto [place, isNew] = m_recordings.emplace(std::pair(of.recording, id), static_cast<std::uint32_t>(m_all.recordings.size()));
        if (isNew)
            m_all.recordings.push_back({of.recording, of.subject, id});
        return place->second;
    }

    const JobStore &m_store;
    TestedWindows m_all;
    Places m_classes, m_devices;
    std::map<std::pair<std::string, std::optional<RecordingId>>, std::uint32_t> m_recordings;
    std::set<std::int64_t> m_seeds;
};

} // namespace

Classification TestedWindows::classification(std::optional<std::int64_t> seed) const
{
    ConfusionMatrix confusion(classes.size(), std::vector<std::size_t>(classes.size(), 0));
    for (const TestedWindow &each : windows) {
        if (!seed || each.seed == *seed)
            ++confusion[each.label][each.predicted];
    }
    return classificationOf(std::move(confusion));
}

TestedWindows testedWindowsOf(const JobStore &store, JobId run)
{
    Gathering gathering(store);
    if (const JobRow row = store.row(run); row.state == JobState::done && row.kind != "study")
        gathering.add(row);
    return gathering.take();
}

TestedWindows testedWindowsOfCell(const JobStore &store, JobId study, std::int64_t cell, const CancelToken &cancel)
{
    if (store.row(study).kind != "study")
        throw Error(store.folder(), "job " + std::to_string(study) + " is no study");
    std::vector<JobRow> runs = store.runsOf(study);
    std::erase_if(runs, [cell](const JobRow &run) { return run.cell.value_or(0) != cell; });
    const std::set<std::int64_t> whole = wholeSeeds(runs);
    Gathering gathering(store);
    for (const JobRow &run : runs) {
        cancel.throwIfCancelled();
        if (whole.contains(run.seed.value_or(0)))
            gathering.add(run);
    }
    return gathering.take();
}

} // namespace kino
