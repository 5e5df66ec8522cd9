#include "app/kinoscope/windows/project_count.h"

#include "core/base/error.h"
#include "core/store/project.h"

#include <algorithm>
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

ProjectCount countProject(const std::filesystem::path &project, const std::vector<CountedRecording> &recordings, const WindowRule &rule,
                          const CancelToken &cancel, const Progress &progress)
{
    std::optional<Project> store;
    if (std::ranges::any_of(recordings, [](const CountedRecording &each) { return !each.recording; }))
        store = Project::open(project);
    ProjectCount total;
    for (const CountedRecording &each : recordings) {
        cancel.throwIfCancelled();
        progress(static_cast<double>(total.recordings) / static_cast<double>(recordings.size()), "Counting windows");
        ++total.recordings;
        std::string name = each.recording ? each.recording->name : "recording " + std::to_string(each.storedId);
        try {
            std::shared_ptr<const Recording> recording = each.recording;
            if (!recording) {
                name = store->recording(each.storedId).recording.name;
                recording = std::make_shared<const Recording>(store->loadRecording(each.storedId, cancel));
            }
            const RecordingWindows windows = cutWindows(*recording, rule, cancel);
            for (const std::string &refusal : windows.refusals)
                total.refusals[refusal].push_back(name);
            if (windows.kept() > 0)
                ++total.recordingsBySubject[recording->subject];
            addCounts(total.counts, countWindows({&windows, 1}));
        } catch (const Error &error) {
            total.refusals[error.sentence()].push_back(name);
        }
    }
    return total;
}

} // namespace kino
