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
    makeLine()->ask<std::size_t>(
        [project = m_project, folder](const TaskContext &context, const std::function<void(std::size_t)> &) {
            context.progress(0, "Looking for moved files");
            return Project::open(project).relocate(folder, context.cancel);
        },
        [this, folder](const std::size_t &found) {
            const QString where = QString::fromStdString(folder.filename().string());
            if (found == 0)
                Q_EMIT failed(tr("None of the missing files is in \u201c%1\u201d: files are known by size and content, so a changed one is not found.").arg(where), {});
            else
                Q_EMIT told(found == 1 ? tr("1 recording was found again in \u201c%1\u201d.").arg(where) : tr("%1 recordings were found again in \u201c%2\u201d.").arg(found).arg(where));
            renewPaths();
        });
}

void Library::relocateRecording(qint64 id, const std::filesystem::path &file)
{
    const std::optional<qint64> stored = storedIdOf(id);
    if (!stored)
        return;
    struct Outcome {
        std::size_t found = 0;
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
            outcome.found = project.relocate(chosen.path.parent_path(), context.cancel);
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
            else if (outcome.found <= 1)
                Q_EMIT told(tr("\u201c%1\u201d was found again.").arg(name));
            else
                Q_EMIT told(tr("\u201c%1\u201d was found again, and %2 more beside it.").arg(name).arg(outcome.found - 1));
            renewPaths();
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

/** After files were found again: paths from the project, then what is still missing. */
void Library::renewPaths()
{
    using Paths = std::map<qint64, fs::path>;
    makeLine()->ask<Paths>(
        [folder = m_project](const TaskContext &, const std::function<void(Paths)> &) {
            const Project project = Project::open(folder);
            Paths paths;
            for (const LibraryRow &row : project.library())
                paths[row.id] = row.path;
            return paths;
        },
        [this](const Paths &paths) {
            for (auto &[id, entry] : m_entries) {
                const auto found = paths.find(entry.storedId);
                if (entry.storedId < 0 || found == paths.end())
                    continue;
                if (entry.path != found->second) {
                    entry.item.tip.replace(QString::fromStdString(entry.path.string()), QString::fromStdString(found->second.string()));
                    entry.path = found->second;
                    // Videos are opened from their place: what was read before knows the old one.
                    entry.open.recording.reset();
                    entry.open.overview.reset();
                    m_model.update(entry.item);
                }
            }
            lookForMissing();
        });
}

} // namespace kino
