// What a person changes in the library: tags, removal and its undo, files that moved.
#include "app/kinoscope/library/parts.h"
#include "app/kinoscope/library/words.h"
#include "app/kinoscope/project_writer.h"
#include "core/base/error.h"
#include "core/store/project.h"

#include <set>

namespace kino {
namespace {

namespace fs = std::filesystem;

/** How many recordings are looked at between two messages to the window. */
constexpr std::size_t kLookedAtOnce = 64;

struct FoundState {
    qint64 storedId = 0;
    SourceState state = SourceState::unchanged;
};

} // namespace

std::filesystem::path Library::pathOf(qint64 id) const
{
    const auto found = m_entries.find(id);
    return found == m_entries.end() ? fs::path() : fs::absolute(found->second.path).lexically_normal();
}

std::optional<qint64> Library::storedIdOf(qint64 id) const
{
    const auto found = m_entries.find(id);
    return found == m_entries.end() || found->second.storedId < 0 ? std::nullopt : std::optional(found->second.storedId);
}

std::string Library::profileOf(qint64 id) const
{
    const auto found = m_entries.find(id);
    return found == m_entries.end() ? std::string() : found->second.how.profile;
}

void Library::keepSetting(const std::string &key, const nlohmann::json &value)
{
    if (!m_project.empty())
        m_writer.write(m_project, [key, value](Project &project) { project.setSetting(key, value); });
}

std::shared_ptr<const Recording> Library::recordingOf(qint64 id) const
{
    const auto found = m_entries.find(id);
    return found == m_entries.end() ? nullptr : found->second.open.recording;
}

void Library::replaceRecording(qint64 id, std::shared_ptr<const Recording> recording, RecordingPart changed)
{
    const auto found = m_entries.find(id);
    if (found == m_entries.end())
        return;
    Entry &entry = found->second;
    entry.open.recording = recording;
    if (changed == RecordingPart::labels) {
        const QStringList labels = labelsOf(*recording);
        if (labels != entry.item.labels) {
            entry.item.labels = labels;
            m_model.update(entry.item);
        }
    }
    if (m_session.open().id == id)
        m_session.replaceRecording(std::move(recording), changed);
}

void Library::setTags(qint64 id, const QStringList &tags)
{
    const auto found = m_entries.find(id);
    if (found == m_entries.end())
        return;
    QStringList clean;
    for (const QString &tag : tags) {
        const QString simple = tag.simplified();
        if (!simple.isEmpty() && !clean.contains(simple))
            clean += simple;
    }
    clean.sort();
    Entry &entry = found->second;
    if (entry.item.tags == clean)
        return;
    entry.item.tags = clean;
    m_model.update(entry.item);
    if (entry.storedId >= 0) {
        std::vector<std::string> stored;
        for (const QString &tag : clean)
            stored.push_back(tag.toStdString());
        m_writer.write(m_project, [recording = entry.storedId, stored](Project &project) { project.setTags(recording, stored); });
    }
    Q_EMIT changed();
}

void Library::remove(const std::vector<qint64> &ids)
{
    std::vector<Entry> gone;
    for (const qint64 id : ids) {
        const auto found = m_entries.find(id);
        if (found == m_entries.end())
            continue;
        gone.push_back(std::move(found->second));
        m_entries.erase(found);
    }
    if (gone.empty())
        return;
    const bool wasOpen = std::ranges::any_of(gone, [this](const Entry &entry) { return entry.item.id == m_session.open().id; });
    const QString sentence = gone.size() == 1 ? tr("\u201c%1\u201d was taken off the list; its files stay where they are. Undo").arg(gone.front().item.name)
                                              : tr("%1 recordings were taken off the list; their files stay where they are. Undo").arg(gone.size());
    // The neighbour in the list is shown next.
    const std::vector<LibraryItem> listed = m_model.items();
    const auto at = std::ranges::find(listed, gone.front().item.id, &LibraryItem::id);
    m_model.removeAll(ids);
    m_removed.push_back(std::move(gone));
    if (wasOpen) {
        m_chosen.reset();
        qint64 next = m_entries.empty() ? -1 : m_entries.begin()->first;
        for (auto each = at; each != listed.end(); ++each) {
            if (m_entries.contains(each->id)) {
                next = each->id;
                break;
            }
        }
        if (next < 0)
            m_session.setRecording({});
        else
            choose(next);
    }
    Q_EMIT changed();
    Q_EMIT told(sentence);
}

void Library::undoRemoval()
{
    if (m_removed.empty())
        return;
    std::vector<Entry> back = std::move(m_removed.back());
    m_removed.pop_back();
    std::vector<LibraryItem> items;
    const qint64 first = back.front().item.id;
    for (Entry &entry : back) {
        items.push_back(entry.item);
        const qint64 id = entry.item.id;
        m_entries.emplace(id, std::move(entry));
    }
    m_model.addAll(items);
    choose(first);
    Q_EMIT changed();
    Q_EMIT told(items.size() == 1 ? tr("\u201c%1\u201d is back.").arg(items.front().name) : tr("%1 recordings are back.").arg(items.size()));
}

/**
 * A project lets go of what was taken off the list only now: until then an undo costs nothing and loses nothing, and a
 * crash leaves everything as it was.
 */
void Library::commitRemovals()
{
    std::vector<qint64> gone;
    for (const std::vector<Entry> &entries : m_removed) {
        for (const Entry &entry : entries) {
            if (entry.storedId >= 0)
                gone.push_back(entry.storedId);
        }
    }
    m_removed.clear();
    if (gone.empty())
        return;
    m_writer.write(m_project, [gone](Project &project) {
        for (const qint64 id : gone)
            project.removeRecording(id);
    });
}

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
                const QString advice = tr("Its file is not where it was. If it was moved: right click, Find moved files.");
                if (found->second)
                    entry.item.tip += QLatin1Char('\n') + advice;
                else
                    entry.item.tip.remove(QLatin1Char('\n') + advice);
                m_model.update(entry.item);
            }
            Q_EMIT changed();
        });
}

void Library::relocate(const std::filesystem::path &place)
{
    if (m_project.empty())
        return;
    makeLine()->ask<std::size_t>(
        [folder = m_project, place](const TaskContext &context, const std::function<void(std::size_t)> &) {
            context.progress(0, "Looking for moved files");
            Project project = Project::open(folder);
            std::error_code ignored;
            const bool isFile = fs::is_regular_file(place, ignored);
            return project.relocate(isFile ? place.parent_path() : place, context.cancel);
        },
        [this, place](const std::size_t &found) {
            const QString where = QString::fromStdString(place.filename().string());
            if (found == 0)
                Q_EMIT failed(tr("None of the missing files is in \u201c%1\u201d: files are known by size and content, so a changed one is not found.").arg(where), {});
            else
                Q_EMIT told(found == 1 ? tr("1 recording was found again in \u201c%1\u201d.").arg(where) : tr("%1 recordings were found again in \u201c%2\u201d.").arg(found).arg(where));
            renewPaths();
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
            for (const RecordingEntry &entry : project.recordings())
                paths[entry.id] = entry.recording.path;
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
