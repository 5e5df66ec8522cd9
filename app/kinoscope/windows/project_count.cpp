#include "app/kinoscope/windows/project_count.h"

#include "core/base/error.h"
#include "core/data/dataset/window_table.h"
#include "core/store/project.h"

#include <algorithm>
#include <functional>
#include <set>
#include <tuple>

namespace kino {

void addCounts(WindowCounts &to, const WindowCounts &more)
{
    const auto key = [](const ClassCount &count) { return std::tie(count.label, count.subject); };
    for (const ClassCount &count : more.classes) {
        const auto at = std::ranges::lower_bound(to.classes, key(count), {}, key);
        if (at == to.classes.end() || key(*at) != key(count)) {
            to.classes.insert(at, count);
            continue;
        }
        at->windows += count.windows;
        at->bouts += count.bouts;
        at->seconds += count.seconds;
    }
    for (std::size_t fate = 0; fate < kWindowFates; ++fate) {
        to.fates[fate].windows += more.fates[fate].windows;
        to.fates[fate].seconds += more.fates[fate].seconds;
    }
}

namespace {

/** Cuts one after another. What one of them does not give is told by name and reason, and hinders none of the others. */
void cutAll(const std::filesystem::path &project, const std::vector<CountedRecording> &recordings, const WindowRule &rule, const CancelToken &cancel,
            const Progress &progress, const std::function<void(RecordingWindows)> &onWindows,
            const std::function<void(const std::string &name, const std::string &why)> &onRefusal)
{
    std::optional<Project> store;
    if (std::ranges::any_of(recordings, [](const CountedRecording &each) { return !each.recording; }))
        store = Project::open(project);
    std::size_t done = 0;
    for (const CountedRecording &each : recordings) {
        cancel.throwIfCancelled();
        progress(static_cast<double>(done++) / static_cast<double>(recordings.size()), "Cutting windows");
        std::string name = each.recording ? each.recording->name : "recording " + std::to_string(each.storedId);
        try {
            std::shared_ptr<const Recording> recording = each.recording;
            if (!recording) {
                name = store->recording(each.storedId).recording.name;
                recording = std::make_shared<const Recording>(store->loadRecording(each.storedId, cancel));
            }
            RecordingWindows windows = cutWindows(*recording, rule, cancel);
            for (const std::string &refusal : windows.refusals)
                onRefusal(name, refusal);
            onWindows(std::move(windows));
        } catch (const Error &error) {
            onRefusal(name, error.sentence());
        }
    }
}

} // namespace

ProjectCount countProject(const std::filesystem::path &project, const std::vector<CountedRecording> &recordings, const WindowRule &rule,
                          const CancelToken &cancel, const Progress &progress)
{
    ProjectCount total;
    total.recordings = recordings.size();
    cutAll(
        project, recordings, rule, cancel, progress,
        [&](const RecordingWindows &windows) {
            if (windows.kept() > 0)
                ++total.recordingsBySubject[windows.subject];
            addCounts(total.counts, countWindows({&windows, 1}));
        },
        [&](const std::string &name, const std::string &why) { total.refusals[why].push_back(name); });
    return total;
}

WrittenWindows writeProjectWindows(const std::filesystem::path &file, const std::filesystem::path &project,
                                   const std::vector<CountedRecording> &recordings, const WindowRule &rule, const CancelToken &cancel,
                                   const Progress &progress)
{
    std::vector<RecordingWindows> cuts;
    std::set<std::string> names;
    std::string firstReason;
    cutAll(
        project, recordings, rule, cancel, progress,
        [&](RecordingWindows windows) {
            if (windows.kept() == 0)
                return;
            // Windows are told apart by the names of their recordings; files outside a project may share one.
            const std::string name = windows.recording;
            for (int number = 2; !names.insert(windows.recording).second; ++number)
                windows.recording = name + " (" + std::to_string(number) + ")";
            cuts.push_back(std::move(windows));
        },
        [&](const std::string &name, const std::string &why) {
            if (firstReason.empty())
                firstReason = name + ": " + why;
        });
    if (cuts.empty())
        throw Error(firstReason.empty() ? "this rule keeps no window, so there is nothing to save" : "there are no windows to save; " + firstReason);
    const WindowTable table = makeWindowTable(cuts, {}, 0);
    cancel.throwIfCancelled();
    writeWindowTable(file, table);
    return {table.rows.size(), cuts.size(), recordings.size() - cuts.size()};
}

} // namespace kino
