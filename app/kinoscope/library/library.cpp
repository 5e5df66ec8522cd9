#include "app/kinoscope/library/library.h"

#include "app/kinoscope/demo.h"
#include "app/kinoscope/library/parts.h"
#include "app/kinoscope/library/words.h"
#include "app/kinoscope/project_writer.h"
#include "app/kinoscope/inspect/recording_facts.h"
#include "app/kinoscope/texts.h"
#include "core/data/import.h"
#include "core/store/project.h"
#include "widgets/timeline/time_axis.h"
#include "widgets/timeline/value_axis.h"

#include <QFileInfo>
#include <QStandardPaths>
#include <QUndoStack>

#include <set>

namespace kino {

namespace {

using Paths = std::vector<std::filesystem::path>;

bool isProject(const std::filesystem::path &path)
{
    std::error_code ignored;
    return path.extension() == ".kino" && std::filesystem::is_directory(path, ignored);
}

} // namespace

Library::Library(Session &session, TaskRunner &runner, ProjectWriter &writer, QUndoStack &history, QObject *parent)
    : QObject(parent), m_session(session), m_runner(runner), m_writer(writer), m_history(history),
      m_room(std::make_shared<SampleRoom>(std::filesystem::path(QStandardPaths::writableLocation(QStandardPaths::CacheLocation).toStdString()) / "samples")),
      m_loading(runner, this), m_looking(runner, this), m_badges(runner, this)
{
    connect(&m_loading, &TaskLine::progressed, this, &Library::progressed);
    connect(&m_loading, &TaskLine::busyChanged, this, [this](bool busy) {
        m_busyLines += busy ? 1 : -1;
        Q_EMIT busyChanged(isBusy());
    });
}

Library::~Library() { commitRemovals(); }

/** One line for each thing that was opened: opening a second does not stop the first. */
TaskLine *Library::makeLine()
{
    auto *line = new TaskLine(m_runner, this);
    m_lines.push_back(line);
    connect(line, &TaskLine::progressed, this, &Library::progressed);
    connect(line, &TaskLine::busyChanged, this, [this, line](bool busy) {
        m_busyLines += busy ? 1 : -1;
        if (!busy) {
            std::erase(m_lines, line);
            line->deleteLater();
        }
        Q_EMIT busyChanged(isBusy());
    });
    line->onFailure([this](const QString &sentence, const QString &details) { Q_EMIT failed(sentence, details); });
    return line;
}

void Library::open(const Paths &paths, WhenUncertain whenUncertain)
{
    Paths files;
    for (const std::filesystem::path &path : paths) {
        if (isProject(path))
            openProject(path);
        else
            files.push_back(path);
    }
    if (!files.empty())
        importFiles({std::move(files), {}, whenUncertain});
}

void Library::openDemo(const std::filesystem::path &folder)
{
    makeLine()->ask<std::filesystem::path>(
        [folder](const TaskContext &context, const std::function<void(std::filesystem::path)> &publish) {
            // The first person is shown while the others are made.
            return ensureDemoProject(folder, context.cancel, context.progress, demoOptions(), publish);
        },
        [this](const std::filesystem::path &project) { openProject(project); });
}

void Library::openProjectAt(const std::filesystem::path &folder, const QString &recordingName) { openProject(folder, recordingName); }

void Library::openProject(const std::filesystem::path &folder, const QString &wantedRecording)
{
    makeLine()->ask<std::shared_ptr<Listed>>(
        [folder](const TaskContext &context, const std::function<void(std::shared_ptr<Listed>)> &) {
            context.progress(0, "Opening the project");
            const Project project = Project::open(folder);
            auto listed = std::make_shared<Listed>();
            listed->warnings = project.warnings();
            for (const LibraryRow &row : project.library()) {
                Entry &entry = listed->entries.emplace_back();
                entry.item = LibraryModel::prepared(libraryItem(row));
                entry.name = QString::fromStdString(row.name);
                entry.storedId = row.id;
                entry.durationNs = row.durationNs();
                entry.path = row.path;
                entry.how.profile = row.profile;
                listed->areBadgesCurrent = listed->areBadgesCurrent && row.areBadgesCurrent;
            }
            return listed;
        },
        [this, folder, wantedRecording](const std::shared_ptr<Listed> &listed) { takeListed(folder, *listed, wantedRecording); });
}

/** Opened again, a project shows what has come into it since. */
void Library::takeListed(const std::filesystem::path &folder, Listed &listed, const QString &wantedRecording)
{
    const bool isSame = m_project == folder;
    if (!isSame)
        leaveProject();
    m_project = folder;
    std::set<qint64> known;
    for (const auto &[id, entry] : m_entries)
        known.insert(entry.storedId);
    for (const auto &removal : m_removed) {
        for (const Entry &entry : removal->entries)
            known.insert(entry.storedId);
    }
    std::optional<qint64> first;
    std::vector<LibraryItem> added;
    added.reserve(listed.entries.size());
    for (Entry &entry : listed.entries) {
        if (known.contains(entry.storedId))
            continue;
        const qint64 id = m_nextId++;
        entry.item.id = id;
        if (!first || (!wantedRecording.isEmpty() && entry.name == wantedRecording))
            first = id;
        added.push_back(entry.item);
        m_entries.emplace_hint(m_entries.end(), id, std::move(entry));
    }
    m_model.addAll(added);
    // The list is there; what follows from it is another turn of the event loop, or thousands would hold up the window.
    ++m_busyLines;
    QMetaObject::invokeMethod(
        this,
        [this, folder, isSame, first, areBadgesCurrent = listed.areBadgesCurrent, warnings = listed.warnings] {
            --m_busyLines;
            if (m_project == folder)
                followOpening(isSame, first, areBadgesCurrent, warnings);
            Q_EMIT busyChanged(isBusy());
        },
        Qt::QueuedConnection);
}

void Library::followOpening(bool wasOpen, std::optional<qint64> first, bool areBadgesCurrent, const std::vector<std::string> &warnings)
{
    lookForMissing();
    if (!areBadgesCurrent)
        renewBadges();
    Q_EMIT openedPath(pathText(std::filesystem::absolute(m_project)));
    const auto current = m_entries.find(m_session.open().id);
    const bool showsOneOfIt = wasOpen && current != m_entries.end() && current->second.storedId >= 0;
    if (first && !showsOneOfIt)
        choose(*first);
    Q_EMIT changed();
    if (!warnings.empty())
        Q_EMIT failed(QString::fromStdString(warnings.front()), QString::fromStdString(warnings.front()));
}

/** One project at a time: its recordings are found by their numbers in it. */
void Library::leaveProject()
{
    // What was changed in it cannot be undone from elsewhere.
    if (!m_project.empty())
        m_history.clear();
    commitRemovals();
    m_writer.release();
    m_looking.drop();
    m_badges.drop();
    std::vector<qint64> gone;
    for (const auto &[id, entry] : m_entries) {
        if (entry.storedId >= 0)
            gone.push_back(id);
    }
    for (const qint64 id : gone)
        m_entries.erase(id);
    m_model.removeAll(gone);
    if (std::ranges::find(gone, m_session.open().id) != gone.end())
        m_session.setRecording({});
}

void Library::choose(qint64 id)
{
    const auto found = m_entries.find(id);
    if (found == m_entries.end())
        return;
    Entry &entry = found->second;
    m_chosen = id;
    if (entry.open.recording) {
        m_loading.drop();
        showIfWanted(entry);
        return;
    }
    const auto showState = [this, id](LibraryState state, const QString &tip) {
        const auto at = m_entries.find(id);
        if (at == m_entries.end())
            return;
        at->second.item.state = state;
        if (state == LibraryState::failed) {
            at->second.item.mark = Mark::bad;
            at->second.item.tip = tip;
        }
        m_model.update(at->second.item);
    };
    m_loading.onFailure([this, showState](const QString &sentence, const QString &details) {
        showState(LibraryState::failed, sentence);
        Q_EMIT failed(sentence, details);
    });
    m_loading.ask<ReadRecording>(
        [folder = m_project, stored = entry.storedId](const TaskContext &context, const std::function<void(ReadRecording)> &) {
            context.progress(0, "Reading");
            Project project = Project::open(folder);
            return describe(project.loadRecording(stored, context.cancel, context.progress), project.recording(stored).overview);
        },
        [this, id](const ReadRecording &read) {
            const auto at = m_entries.find(id);
            if (at == m_entries.end())
                return;
            Entry &to = at->second;
            // Its columns are mapped from the project's cache: keeping it costs little memory.
            to.open = {id, read.recording, read.overview};
            LibraryItem item = read.item;
            item.id = id;
            item.name = to.item.name;
            item.group = to.item.group;
            item.subject = to.item.subject;
            item.tags = to.item.tags;
            item.isMissing = to.item.isMissing;
            to.item = std::move(item);
            m_model.update(to.item);
            showIfWanted(to);
        });
}

void Library::showIfWanted(Entry &entry)
{
    if (m_chosen != entry.item.id || m_session.open().id == entry.item.id)
        return;
    m_session.setRecording(entry.open);
}

void Library::removeCurrent()
{
    const qint64 id = m_session.open().id;
    const auto found = m_entries.find(id);
    // A project's recordings are not taken out of it by closing them here.
    if (found == m_entries.end() || found->second.storedId >= 0)
        return;
    remove({id});
}

void Library::chooseNeighbour(int step)
{
    const std::vector<LibraryItem> items = m_model.items();
    if (items.empty())
        return;
    const qint64 current = m_chosen.value_or(m_session.open().id);
    const auto at = std::ranges::find(items, current, &LibraryItem::id);
    const std::ptrdiff_t row = at == items.end() ? 0 : at - items.begin() + step;
    choose(items[static_cast<std::size_t>(std::clamp<std::ptrdiff_t>(row, 0, static_cast<std::ptrdiff_t>(items.size()) - 1))].id);
}

void Library::closeAll()
{
    cancelAll();
    m_history.clear();
    commitRemovals();
    m_writer.release();
    m_looking.drop();
    m_badges.drop();
    m_entries.clear();
    m_model.clear();
    m_waiting.clear();
    m_project.clear();
    m_chosen.reset();
    m_session.setRecording({});
    Q_EMIT changed();
}

void Library::cancelAll()
{
    for (TaskLine *line : m_lines)
        line->drop();
    m_loading.drop();
}

QString Library::summary() const
{
    Nanos total = 0;
    int warnings = 0;
    for (const auto &[id, entry] : m_entries) {
        total += entry.durationNs;
        warnings += entry.item.mark == Mark::warning || entry.item.mark == Mark::bad ? 1 : 0;
    }
    if (m_entries.empty())
        return {};
    QStringList parts;
    const double hours = toSeconds(total) / 3600;
    if (hours >= 1)
        parts += valueText(hours, 0.1) + tr(" h");
    else
        parts += total >= 60 * kNanosPerSecond ? valueText(hours * 60, 0.1) + tr(" min") : durationText(total);
    parts += m_entries.size() == 1 ? tr("1 recording") : tr("%1 recordings").arg(m_entries.size());
    if (warnings > 0)
        parts += warnings == 1 ? tr("1 with warnings") : tr("%1 with warnings").arg(warnings);
    return parts.join(QStringLiteral("  \u00b7  "));
}

} // namespace kino
