// Where the recordings of a project lie: files that are gone, files that moved; and what their quality is, computed anew
// where this program computes it otherwise.
#include "app/kinoscope/library/parts.h"
#include "app/kinoscope/library/words.h"
#include "core/base/error.h"
#include "core/store/project.h"

#include <QElapsedTimer>

#include <set>

namespace kino {
namespace {

namespace fs = std::filesystem;

/** How many recordings are looked at between two messages to the window. */
constexpr std::size_t kLookedAtOnce = 64;
constexpr int kBadgesEveryMs = 500;

struct FoundState {
    qint64 storedId = 0;
    SourceState state = SourceState::unchanged;
};

QString stillMissingText(std::size_t count)
{
    if (count == 0)
        return {};
    return QLatin1Char(' ') + (count == 1 ? Library::tr("1 is still missing.") : Library::tr("%1 are still missing.").arg(count));
}

/** What a person sees stays; where its files are is as the project knows it now. */
Recording withPlacesOf(Recording recording, const Recording &now)
{
    recording.path = now.path;
    recording.files = now.files;
    for (VideoTrack &video : recording.videos) {
        const auto moved = std::ranges::find(now.videos, video.name, &VideoTrack::name);
        if (moved == now.videos.end())
            continue;
        video.path = moved->path;
        video.series = moved->series;
    }
    return recording;
}

QString missingAdvice() { return Library::tr("Its file is not where it was. If it was moved: right click, Find moved files."); }

} // namespace

/** Marks recordings whose files are gone, as far as they are found out. */
void Library::lookForMissing()
{
    std::vector<qint64> stored;
    for (const auto &[id, entry] : m_entries) {
        if (entry.storedId >= 0)
            stored.push_back(entry.storedId);
    }
    if (stored.empty())
        return;
    m_looking.onFailure([](const QString &, const QString &) {}); // the list itself was read; what is missing shows when it is opened
    m_looking.ask<std::vector<FoundState>>(
        [folder = m_project, stored](const TaskContext &context, const std::function<void(std::vector<FoundState>)> &publish) {
            const Project project = Project::open(folder);
            std::vector<FoundState> states;
            for (const qint64 id : stored) {
                context.cancel.throwIfCancelled();
                const std::vector<FileIdentity> files = project.sourceFiles(id);
                const bool isMissing = std::ranges::any_of(files, [](const FileIdentity &file) { return !statFile(file.path); });
                states.push_back({id, isMissing ? SourceState::missing : SourceState::unchanged});
                if (states.size() < kLookedAtOnce)
                    continue;
                publish(states);
                states.clear();
            }
            return states;
        },
        [this](const std::vector<FoundState> &states) {
            std::map<qint64, bool> missing;
            for (const FoundState &state : states)
                missing[state.storedId] = state.state == SourceState::missing;
            for (auto &[id, entry] : m_entries) {
                const auto found = missing.find(entry.storedId);
                if (entry.storedId < 0 || found == missing.end() || entry.item.isMissing == found->second)
                    continue;
                entry.item.isMissing = found->second;
                if (found->second)
                    entry.item.tip += QLatin1Char('\n') + missingAdvice();
                else
                    entry.item.tip.remove(QLatin1Char('\n') + missingAdvice());
                m_model.update(entry.item);
            }
            Q_EMIT changed();
        });
}

void Library::relocate(const std::filesystem::path &folder)
{
    if (m_project.empty())
        return;
    makeLine()->ask<Relocation>(
        [project = m_project, folder](const TaskContext &context, const std::function<void(Relocation)> &) {
            context.progress(0, "Looking for moved files");
            return Project::open(project).relocate(folder, context.cancel);
        },
        [this, folder](const Relocation &result) {
            const QString where = QString::fromStdString(folder.filename().string());
            if (result.found.empty()) {
                Q_EMIT failed(tr("None of the missing files is in \u201c%1\u201d: files are known by size and content, so a changed one is not found.").arg(where), {});
                return;
            }
            const std::size_t found = result.found.size();
            Q_EMIT told((found == 1 ? tr("1 recording was found again.") : tr("%1 recordings were found again.").arg(found)) + stillMissingText(result.stillMissing));
            renewPaths(result.found);
        });
}

void Library::relocateRecording(qint64 id, const std::filesystem::path &file)
{
    const std::optional<qint64> stored = storedIdOf(id);
    if (!stored)
        return;
    struct Outcome {
        Relocation relocation;
        bool isRight = false;
        bool isBack = false;
    };
    makeLine()->ask<Outcome>(
        [folder = m_project, stored = *stored, file](const TaskContext &context, const std::function<void(Outcome)> &) {
            context.progress(0, "Comparing the file");
            Project project = Project::open(folder);
            const FileIdentity chosen = identifyFile(file, context.cancel);
            Outcome outcome;
            for (const FileIdentity &known : project.sourceFiles(stored))
                outcome.isRight = outcome.isRight || (known.sizeBytes == chosen.sizeBytes && known.quickHash == chosen.quickHash);
            if (!outcome.isRight)
                return outcome;
            outcome.relocation = project.relocate(chosen.path.parent_path(), context.cancel);
            outcome.isBack = project.sourceState(stored, context.cancel) != SourceState::missing;
            return outcome;
        },
        [this, id, file](const Outcome &outcome) {
            const auto entry = m_entries.find(id);
            if (entry == m_entries.end())
                return;
            const QString name = entry->second.item.name;
            const QString chosen = QString::fromStdString(file.filename().string());
            if (!outcome.isRight)
                Q_EMIT failed(tr("\u201c%1\u201d is another file: its content is not that of \u201c%2\u201d. Nothing was changed.").arg(chosen, name), {});
            else if (!outcome.isBack)
                Q_EMIT failed(tr("\u201c%1\u201d is of \u201c%2\u201d, but other files of it are still missing: put them beside it, or find them in a folder.").arg(chosen, name), {});
            else {
                const std::size_t others = outcome.relocation.found.size() - 1;
                const QString what = others == 0 ? tr("\u201c%1\u201d was found again.").arg(name) : tr("\u201c%1\u201d was found again, and %2 more that moved with it.").arg(name).arg(others);
                Q_EMIT told(what + stillMissingText(outcome.relocation.stillMissing));
            }
            renewPaths(outcome.relocation.found);
        });
}

/** Rows are renewed as they come; long where files must be read again. */
void Library::renewBadges()
{
    using Rows = std::vector<LibraryRow>;
    m_badges.onFailure([](const QString &, const QString &) {}); // the list is as good as it was
    m_badges.ask<Rows>(
        [folder = m_project](const TaskContext &context, const std::function<void(Rows)> &publish) {
            Project project = Project::open(folder);
            std::set<RecordingId> stale;
            for (const LibraryRow &row : project.library()) {
                if (!row.areBadgesCurrent)
                    stale.insert(row.id);
            }
            const auto renewed = [&](bool isEnd) {
                Rows rows;
                for (LibraryRow &row : project.library()) {
                    if (!stale.contains(row.id) || (!isEnd && !row.areBadgesCurrent))
                        continue;
                    stale.erase(row.id);
                    rows.push_back(std::move(row));
                }
                return rows;
            };
            QElapsedTimer since;
            since.start();
            project.renewBadges(context.cancel, Progress([&](double, std::string_view) {
                                    if (since.elapsed() < kBadgesEveryMs)
                                        return;
                                    publish(renewed(false));
                                    since.restart();
                                }));
            return renewed(true);
        },
        [this](const Rows &rows) {
            std::map<qint64, const LibraryRow *> byId;
            for (const LibraryRow &row : rows)
                byId[row.id] = &row;
            std::vector<LibraryItem> changed;
            for (auto &[id, entry] : m_entries) {
                const auto found = byId.find(entry.storedId);
                // Of what is open the numbers were computed when it was read.
                if (entry.storedId < 0 || found == byId.end() || entry.open.recording)
                    continue;
                const LibraryItem now = libraryItem(*found->second);
                entry.item.mark = now.mark;
                entry.item.detail = now.detail;
                entry.item.tip = entry.item.isMissing ? now.tip + QLatin1Char('\n') + missingAdvice() : now.tip;
                changed.push_back(entry.item);
            }
            m_model.updateAll(changed);
            Q_EMIT this->changed();
        });
}

/** After files were found again: paths from the project, then what is still missing. What is open stays open, with all that was done to it. */
void Library::renewPaths(const std::vector<RecordingId> &found)
{
    struct Places {
        std::map<qint64, fs::path> paths;
        std::map<qint64, std::shared_ptr<const Recording>> read;
    };
    std::vector<qint64> read;
    for (const auto &[id, entry] : m_entries) {
        if (entry.open.recording && std::ranges::find(found, entry.storedId) != found.end())
            read.push_back(entry.storedId);
    }
    makeLine()->ask<Places>(
        [folder = m_project, read](const TaskContext &context, const std::function<void(Places)> &) {
            Project project = Project::open(folder);
            Places places;
            for (const LibraryRow &row : project.library())
                places.paths[row.id] = row.path;
            for (const qint64 id : read) {
                try {
                    places.read[id] = std::make_shared<const Recording>(project.loadRecording(id, context.cancel));
                } catch (const Error &) {
                    // It stays as it was read; what is wrong with its files is said when it is opened again.
                }
            }
            return places;
        },
        [this](const Places &places) {
            for (auto &[id, entry] : m_entries) {
                const auto path = places.paths.find(entry.storedId);
                if (entry.storedId < 0 || path == places.paths.end())
                    continue;
                if (entry.path != path->second) {
                    entry.item.tip.replace(QString::fromStdString(entry.path.string()), QString::fromStdString(path->second.string()));
                    entry.path = path->second;
                    m_model.update(entry.item);
                }
                const auto now = places.read.find(entry.storedId);
                if (now != places.read.end() && entry.open.recording)
                    replaceRecording(id, std::make_shared<const Recording>(withPlacesOf(*entry.open.recording, *now->second)), RecordingPart::places);
            }
            lookForMissing();
            // What could not be opened without its file can be now.
            const auto chosen = m_entries.find(m_chosen.value_or(0));
            if (chosen != m_entries.end() && !chosen->second.open.recording && m_session.open().id != chosen->first)
                choose(chosen->first);
        });
}

} // namespace kino
