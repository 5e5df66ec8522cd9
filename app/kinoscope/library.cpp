#include "app/kinoscope/library.h"

#include "app/kinoscope/demo.h"
#include "app/kinoscope/recording_facts.h"
#include "core/data/import.h"
#include "core/store/project.h"
#include "widgets/time_axis.h"
#include "widgets/value_axis.h"

#include <QFileInfo>
#include <QStandardPaths>

namespace kino {

struct Library::ReadRecording {
    std::shared_ptr<const Recording> recording;
    std::shared_ptr<const RecordingOverview> overview;
    QString detail;
    QString tip;
    Mark mark = Mark::none;
};

namespace {

using Paths = std::vector<std::filesystem::path>;

QString pathText(const std::filesystem::path &path) { return QString::fromStdString(path.string()); }

bool isProject(const std::filesystem::path &path)
{
    std::error_code ignored;
    return path.extension() == ".kino" && std::filesystem::is_directory(path, ignored);
}

/** The heading under which a recording is listed: its subject, else the folder it lies in. */
QString groupOf(const Recording &recording)
{
    if (!recording.subject.empty()) {
        const QString subject = QString::fromStdString(recording.subject);
        bool isNumber = false;
        subject.toLongLong(&isNumber);
        return isNumber ? QObject::tr("Subject %1").arg(subject) : subject;
    }
    const std::filesystem::path folder = std::filesystem::absolute(recording.path).parent_path();
    return folder.has_filename() ? pathText(folder.filename()) : QObject::tr("Recordings");
}

QString shownName(const Recording &recording)
{
    // The last part of a path tells recordings apart in most sets; the whole name is in the tip and in the details.
    const QString name = QString::fromStdString(recording.name).section(QLatin1Char('/'), -1);
    return name.isEmpty() ? pathText(recording.path.filename()) : name;
}

} // namespace

/** One recording as soon as it is read; at the end the names, which only the whole import can tell apart, and failures. */
struct Library::Imported {
    std::optional<ReadRecording> read;
    std::vector<std::string> names;
    std::vector<ImportFailure> failures;
};

/** On a worker. */
Library::ReadRecording Library::describe(Recording recording)
{
    ReadRecording read;
    auto overview = std::make_shared<const RecordingOverview>(computeOverview(recording));
    read.detail = recordingDetail(recording);
    read.tip = recordingTip(recording);
    read.mark = recordingMark(recording, *overview);
    read.recording = std::make_shared<const Recording>(std::move(recording));
    read.overview = std::move(overview);
    return read;
}

Library::Library(Session &session, TaskRunner &runner, QObject *parent)
    : QObject(parent), m_session(session), m_runner(runner),
      m_room(std::make_shared<SampleRoom>(std::filesystem::path(QStandardPaths::writableLocation(QStandardPaths::CacheLocation).toStdString()) / "samples")),
      m_loading(runner, this)
{
    connect(&m_loading, &TaskLine::progressed, this, &Library::progressed);
    connect(&m_loading, &TaskLine::busyChanged, this, [this](bool busy) {
        m_busyLines += busy ? 1 : -1;
        Q_EMIT busyChanged(isBusy());
    });
}

Library::~Library() = default;

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

void Library::open(const Paths &paths)
{
    Paths files;
    for (const std::filesystem::path &path : paths) {
        if (isProject(path))
            openProject(path);
        else
            files.push_back(path);
    }
    if (!files.empty())
        importFiles(std::move(files));
}

void Library::importFiles(Paths paths)
{
    auto ids = std::make_shared<std::vector<qint64>>();
    makeLine()->ask<Imported>(
        [paths, room = m_room](const TaskContext &context, const std::function<void(Imported)> &publish) {
            context.progress(0, "Reading");
            ImportOptions options;
            options.cancel = context.cancel;
            options.progress = context.progress;
            ImportOutcome outcome = importPaths(paths, options, [&](Recording &recording) {
                context.cancel.throwIfCancelled();
                // The importer keeps what it was given back: not the samples in memory.
                recording = room->settle(std::move(recording));
                publish({describe(recording), {}, {}});
            });
            Imported end;
            end.failures = std::move(outcome.failures);
            for (const Recording &recording : outcome.recordings)
                end.names.push_back(recording.name);
            return end;
        },
        [this, paths, ids](const Imported &imported) {
            if (imported.read) {
                ids->push_back(addRead(*imported.read));
                // The first that is read is shown; the person may choose another meanwhile.
                if (ids->size() == 1)
                    choose(ids->front());
                Q_EMIT changed();
                return;
            }
            finishImport(*ids, imported);
            if (!ids->empty() && paths.size() == 1)
                Q_EMIT openedPath(pathText(std::filesystem::absolute(paths.front())));
        });
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

qint64 Library::addRead(const ReadRecording &read)
{
    Entry entry;
    const qint64 id = m_nextId++;
    entry.item = {id, groupOf(*read.recording), shownName(*read.recording), read.detail, LibraryState::ready, read.mark, read.tip};
    makeNameUnique(entry.item, *read.recording);
    entry.open = {id, read.recording, read.overview};
    entry.durationNs = read.recording->end() - read.recording->start();
    m_model.add(entry.item);
    m_entries.emplace(id, std::move(entry));
    return id;
}

/** Two of one name under one heading are called by their whole names. */
void Library::makeNameUnique(LibraryItem &item, const Recording &recording) const
{
    const bool isTaken = std::ranges::any_of(m_entries, [&](const auto &each) {
        return each.first != item.id && each.second.item.group == item.group && each.second.item.name == item.name;
    });
    if (isTaken)
        item.name = QString::fromStdString(recording.name);
}

void Library::finishImport(const std::vector<qint64> &ids, const Imported &imported)
{
    for (std::size_t index = 0; index < std::min(ids.size(), imported.names.size()); ++index) {
        const auto found = m_entries.find(ids[index]);
        if (found == m_entries.end() || found->second.open.recording->name == imported.names[index])
            continue;
        auto renamed = std::make_shared<Recording>(*found->second.open.recording);
        renamed->name = imported.names[index];
        found->second.item.name = shownName(*renamed);
        makeNameUnique(found->second.item, *renamed);
        found->second.open.recording = renamed;
        m_model.update(found->second.item);
    }
    if (!imported.failures.empty()) {
        QStringList details;
        for (const ImportFailure &failure : imported.failures) {
            const QString message = QString::fromStdString(failure.message);
            details += message.startsWith(pathText(failure.path)) ? message : pathText(failure.path) + QStringLiteral(": ") + message;
        }
        const QString first = QString::fromStdString(imported.failures.front().message);
        Q_EMIT failed(details.size() == 1 ? first : tr("%1 files could not be read. %2").arg(details.size()).arg(first), details.join(QLatin1Char('\n')));
    }
    Q_EMIT changed();
}

void Library::openProjectAt(const std::filesystem::path &folder, const QString &recordingName) { openProject(folder, recordingName); }

void Library::openProject(const std::filesystem::path &folder, const QString &wantedRecording)
{
    struct Listed {
        std::vector<LibraryItem> items;
        QStringList wholeNames;
        std::vector<Nanos> durations;
        std::vector<std::string> warnings;
    };
    makeLine()->ask<Listed>(
        [folder](const TaskContext &context, const std::function<void(Listed)> &) {
            context.progress(0, "Opening the project");
            const Project project = Project::open(folder);
            Listed listed;
            listed.warnings = project.warnings();
            for (const RecordingEntry &entry : project.recordings()) {
                const Recording &recording = entry.recording;
                // Until the samples are read, the overview tells how long a stream is.
                Nanos first = std::numeric_limits<Nanos>::max();
                Nanos last = std::numeric_limits<Nanos>::min();
                const auto extend = [&](RecordingTime from, RecordingTime to) {
                    first = std::min(first, from.ns);
                    last = std::max(last, to.ns);
                };
                for (std::size_t device = 0; device < entry.overview.size(); ++device) {
                    const ClockMap<DeviceClock> &clock = recording.devices[device].clock;
                    for (const StreamOverview &stream : entry.overview[device]) {
                        if (stream.summary.timing.samples > 0)
                            extend(clock.toRecording({stream.firstOwnNs}), clock.toRecording({stream.lastOwnNs}));
                    }
                }
                for (const VideoTrack &video : recording.videos)
                    extend(video.clock.toRecording(video.start), video.clock.toRecording(video.end));
                const Nanos length = last > first ? last - first : 0;
                listed.durations.push_back(length);
                listed.wholeNames += QString::fromStdString(recording.name);
                listed.items.push_back({entry.id, groupOf(recording), shownName(recording),
                                        minutesText(length) + (recording.videos.empty() ? QString() : QStringLiteral("  video")),
                                        LibraryState::ready, recordingMark(recording, entry.overview), recordingTip(recording)});
            }
            return listed;
        },
        [this, folder, wantedRecording](const Listed &listed) {
            const bool isSame = m_project == folder;
            if (!isSame)
                leaveProject();
            m_project = folder;
            std::optional<qint64> first;
            for (std::size_t index = 0; index < listed.items.size(); ++index) {
                // Opened again, a project shows what has come into it since.
                const bool isKnown = std::ranges::any_of(m_entries, [&](const auto &each) { return each.second.storedId == listed.items[index].id; });
                if (isKnown)
                    continue;
                Entry entry;
                entry.item = listed.items[index];
                entry.storedId = entry.item.id;
                entry.item.id = m_nextId++;
                entry.durationNs = listed.durations[index];
                if (!first || (!wantedRecording.isEmpty() && listed.wholeNames[static_cast<qsizetype>(index)] == wantedRecording))
                    first = entry.item.id;
                m_model.add(entry.item);
                const qint64 id = entry.item.id;
                m_entries.emplace(id, std::move(entry));
            }
            Q_EMIT openedPath(pathText(std::filesystem::absolute(folder)));
            if (!listed.warnings.empty())
                Q_EMIT failed(QString::fromStdString(listed.warnings.front()), QString::fromStdString(listed.warnings.front()));
            const auto current = m_entries.find(m_session.open().id);
            const bool showsOneOfIt = isSame && current != m_entries.end() && current->second.storedId >= 0;
            if (first && !showsOneOfIt)
                choose(*first);
            Q_EMIT changed();
        });
}

/** One project at a time: its recordings are found by their numbers in it. */
void Library::leaveProject()
{
    std::vector<qint64> gone;
    for (const auto &[id, entry] : m_entries) {
        if (entry.storedId >= 0)
            gone.push_back(id);
    }
    for (const qint64 id : gone) {
        m_entries.erase(id);
        m_model.remove(id);
    }
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
            return describe(project.loadRecording(stored, context.cancel, context.progress));
        },
        [this, id](const ReadRecording &read) {
            const auto at = m_entries.find(id);
            if (at == m_entries.end())
                return;
            Entry &to = at->second;
            // Its columns are mapped from the project's cache: keeping it costs little memory.
            to.open = {id, read.recording, read.overview};
            to.item.state = LibraryState::ready;
            to.item.detail = read.detail;
            to.item.mark = read.mark;
            to.item.tip = read.tip;
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
    m_entries.erase(found);
    m_model.remove(id);
    m_chosen.reset();
    if (m_entries.empty())
        m_session.setRecording({});
    else
        choose(m_entries.begin()->first);
    Q_EMIT changed();
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
    m_entries.clear();
    m_model.clear();
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
