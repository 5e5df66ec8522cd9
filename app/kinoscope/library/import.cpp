// How files come into the library: read in the background, recognised by their content, reported on.
#include "app/kinoscope/library/parts.h"
#include "app/kinoscope/library/words.h"
#include "app/kinoscope/library/sample_room.h"
#include "app/kinoscope/texts.h"
#include "core/base/error.h"
#include "core/base/files.h"
#include "core/data/profile/guess_reader.h"
#include "core/data/profile/import_profile.h"
#include "core/data/table/text_file.h"
#include "core/store/project.h"

#include <cmath>
#include <set>

namespace kino {
namespace {

namespace fs = std::filesystem;

using Paths = std::vector<fs::path>;

/** A guess at least this sure is imported without a question; what it assumed stands in the report. */
constexpr double kSureEnough = 0.8;

/** Independent of names and order: what two copies of a recording have in common. Empty where a file cannot be read. */
std::string contentIdOf(const Recording &recording, const CancelToken &cancel)
{
    std::set<fs::path> paths{fs::absolute(recording.path).lexically_normal()};
    for (const fs::path &file : recording.files)
        paths.insert(fs::absolute(file).lexically_normal());
    std::multiset<std::string> hashes;
    for (const fs::path &path : paths) {
        std::error_code ignored;
        if (fs::is_directory(path, ignored))
            continue;
        try {
            hashes.insert(identifyFile(path, cancel).quickHash);
        } catch (const Error &) {
            return {};
        }
    }
    std::string id;
    for (const std::string &hash : hashes)
        id += hash + "\n";
    return id;
}

/** Text that no reader could make a table of: a person may be able to say how it is cut. */
bool isTableToAskAbout(const fs::path &path)
{
    std::string extension = path.extension().string();
    for (char &c : extension)
        c = c >= 'A' && c <= 'Z' ? static_cast<char>(c | 0x20) : c;
    static const std::set<std::string> kTables{".csv", ".txt", ".tsv", ".dat", ".log", ".asc", ".data"};
    std::error_code ignored;
    return kTables.contains(extension) && fs::is_regular_file(path, ignored) && readTextHead(path, 4096).find_first_not_of(" \t\r\n") != std::string::npos;
}

constexpr const char *kWaitingCode = "needs-a-look";

/** The file stands in a column of its own. */
std::string withoutPath(const ImportFailure &failure)
{
    const std::string prefix = failure.path.string() + ": ";
    std::string message = failure.message;
    while (message.starts_with(prefix))
        message.erase(0, prefix.size());
    return message;
}

/** How sure the guess is, and what is most in doubt. */
std::string whyUnsure(const Recording &recording)
{
    const auto worst = std::ranges::find_if(recording.report, [](const ReportRow &row) { return row.code == "guess" && row.severity == Severity::warning; });
    return "the guess is only " + std::to_string(static_cast<int>(std::lround(100 * recording.confidence))) + " % sure" + (worst == recording.report.end() ? "" : "; " + worst->message);
}

/** `from`: where it was imported from; empty where nobody knows. */
ReportRow knownRow(const fs::path &file, const std::string &name, const fs::path &from)
{
    const bool isSamePlace = from.empty() || fs::absolute(from).lexically_normal() == fs::absolute(file).lexically_normal();
    return {Severity::info, file, 0, "known", 1,
            "the same content is in the library already, as '" + name + "'" + (isSamePlace ? "" : ", from " + from.string()) + "; nothing was added"};
}

/** Whether the numbers that a project keeps are those of the samples as they are now. */
bool fits(const RecordingOverview &overview, const Recording &recording)
{
    if (std::ranges::any_of(recording.report, [](const ReportRow &row) { return row.code == "source-changed"; }))
        return false;
    if (overview.size() != recording.devices.size())
        return false;
    for (std::size_t device = 0; device < overview.size(); ++device) {
        const std::vector<ImuStream> &streams = recording.devices[device].streams;
        const bool isSame = std::ranges::equal(overview[device], streams, [](const StreamOverview &kept, const ImuStream &stream) {
            return kept.summary.timing.samples == stream.samples() && (stream.samples() == 0 || (kept.firstOwnNs == stream.timesNs.front() && kept.lastOwnNs == stream.timesNs.back()));
        });
        if (!isSame)
            return false;
    }
    return true;
}

} // namespace

std::string keptProfile(const fs::path &project, const nlohmann::json &profile)
{
    const std::string text = profile.dump(2) + "\n";
    const fs::path folder = project / "profiles";
    std::error_code problem;
    fs::create_directories(folder, problem);
    if (problem)
        throw Error(folder, "the folder for profiles cannot be made: " + problem.message());
    const fs::path path = folder / (profile.value("name", std::string("profile")) + "-" + sha256(std::as_bytes(std::span(text))).substr(0, 8) + ".json");
    if (!fs::exists(path, problem))
        writeFileAtomically(path, text);
    return path.string();
}

/** On a worker. `known` is used where it is of these very samples. */
Library::ReadRecording Library::describe(Recording recording, std::optional<RecordingOverview> known)
{
    ReadRecording read;
    auto overview = std::make_shared<const RecordingOverview>(known && fits(*known, recording) ? std::move(*known) : computeOverview(recording));
    read.item = libraryItem(recording, *overview, recording.end() - recording.start(), {});
    read.recording = std::make_shared<const Recording>(std::move(recording));
    read.overview = std::move(overview);
    return read;
}

void Library::importChosen(const ImportChoice &choice)
{
    ImportHow how{choice.profileName, choice.profileName.empty() ? choice.profile : nlohmann::json()};
    importFiles({choice.files, std::move(how), WhenUncertain::importAnyway});
}

void Library::importAgain(const std::vector<qint64> &ids)
{
    // Those that are read alike go together: a folder of files may be one recording.
    std::vector<ImportOrder> orders;
    for (const qint64 id : ids) {
        const auto found = m_entries.find(id);
        if (found == m_entries.end())
            continue;
        const Entry &entry = found->second;
        const auto same = std::ranges::find_if(orders, [&](const ImportOrder &order) { return order.how.profile == entry.how.profile && order.how.ownProfile == entry.how.ownProfile; });
        if (same != orders.end())
            same->paths.push_back(entry.path);
        else
            orders.push_back({{entry.path}, entry.how, WhenUncertain::importAnyway});
    }
    for (ImportOrder &order : orders)
        importFiles(std::move(order));
}

void Library::importFiles(ImportOrder order)
{
    auto run = std::make_shared<ImportRun>();
    run->order = order;
    TaskLine *line = makeLine();
    // An import that is stopped delivers no end: it is told when its line is idle.
    connect(line, &TaskLine::busyChanged, this, [this, run](bool busy) {
        if (busy || run->isEnded)
            return;
        run->summary.isStopped = true;
        endImport(run);
    });
    line->onFailure([this, run](const QString &sentence, const QString &details) {
        run->isEnded = true;
        Q_EMIT failed(sentence, details);
    });
    line->ask<Imported>(
        [order, project = m_project, room = m_room](const TaskContext &context, const std::function<void(Imported)> &publish) {
            context.progress(0, "Reading");
            ImportOptions options;
            options.cancel = context.cancel;
            options.progress = context.progress;
            options.profile = order.how.profile;
            std::optional<Project> store;
            if (!project.empty())
                store = Project::open(project);
            if (!order.how.ownProfile.is_null() && store)
                options.profile = keptProfile(project, order.how.ownProfile);
            else if (!order.how.ownProfile.is_null())
                options.ownProfile = std::make_shared<const ImportProfile>(parseProfile(order.how.ownProfile));
            Imported end;
            end.isEnd = true;
            // Whoever asks about a file that is in the project already would be asked again and again.
            const auto ask = [&](const fs::path &path, const std::string &why) {
                const RecognisedFile known = store ? store->recognise(path, context.cancel) : RecognisedFile();
                if (known.novelty == FileNovelty::known || known.novelty == FileNovelty::copy)
                    end.known.emplace_back(path, known.name);
                else
                    end.uncertain.emplace_back(path, why);
            };
            std::vector<fs::path> leftOut;
            const ImportOutcome outcome = importPaths(order.paths, options, [&](Recording &recording) {
                context.cancel.throwIfCancelled();
                if (order.whenUncertain == WhenUncertain::ask && recording.format == "guess" && recording.confidence < kSureEnough) {
                    ask(recording.path, whyUnsure(recording));
                    leftOut.push_back(recording.path);
                    recording.devices.clear(); // the importer keeps what it was given back
                    return;
                }
                Imported one;
                one.how = {options.profile, options.ownProfile ? order.how.ownProfile : nlohmann::json()};
                if (store) {
                    const AddResult result = store->add(recording, {options.profile, options.subjectPattern}, context.cancel);
                    one.storedId = result.id;
                    one.outcome = result.outcome;
                    // What the project keeps of it: mapped columns, and clocks, annotations and name as a person set them.
                    recording = store->loadRecording(result.id, context.cancel);
                    const RecordingEntry entry = store->recording(result.id);
                    one.read = describe(recording, entry.overview);
                    for (const std::string &tag : entry.tags)
                        one.read->item.tags += QString::fromStdString(tag);
                } else {
                    one.contentId = contentIdOf(recording, context.cancel);
                    recording = room->settle(std::move(recording));
                    one.read = describe(recording);
                }
                publish(std::move(one));
            });
            for (const Recording &recording : outcome.recordings) {
                if (std::ranges::find(leftOut, recording.path) == leftOut.end())
                    end.names.push_back(recording.name);
            }
            for (const ImportFailure &failure : outcome.failures) {
                const bool wasNamed = std::ranges::find(order.paths, failure.path) != order.paths.end();
                if (order.whenUncertain == WhenUncertain::ask && wasNamed && isTableToAskAbout(failure.path))
                    ask(failure.path, withoutPath(failure));
                else
                    end.failures.push_back(failure);
            }
            end.passedOver = outcome.passedOver;
            return end;
        },
        [this, run](const Imported &imported) { takeImported(run, imported); });
}

void Library::takeImported(const std::shared_ptr<ImportRun> &run, const Imported &imported)
{
    if (!imported.isEnd) {
        takeRecording(run, imported);
        return;
    }
    if (run->addedAt.size() == run->ids.size())
        renameRead(run->ids, imported.names);
    run->summary.failed = static_cast<int>(imported.failures.size());
    run->summary.uncertain = static_cast<int>(imported.uncertain.size());
    for (const auto &[path, name] : imported.known) {
        ++run->summary.known;
        run->summary.report.push_back(knownRow(path, name, {}));
    }
    for (const ImportFailure &failure : imported.failures)
        run->summary.report.push_back({Severity::error, failure.path, 0, "unreadable-file", 1, withoutPath(failure)});
    run->summary.report.insert(run->summary.report.end(), imported.passedOver.begin(), imported.passedOver.end());
    for (const fs::path &path : run->order.paths) {
        if (std::ranges::find(imported.failures, path, &ImportFailure::path) == imported.failures.end())
            m_waiting.erase(path);
    }
    std::vector<fs::path> uncertainFiles;
    for (const auto &[path, why] : imported.uncertain) {
        m_waiting[path] = why;
        uncertainFiles.push_back(path);
    }
    const bool isEmptyFolder = imported.failures.size() == 1 && imported.failures.front().isUnknownFormat && run->ids.empty() && imported.uncertain.empty() && imported.known.empty() && !imported.passedOver.empty();
    if (isEmptyFolder)
        run->summary.emptyFolder = pathText(imported.failures.front().path.filename());
    endImport(run);
    // Where something came in, the summary says how many did not.
    if (!imported.failures.empty() && run->ids.empty() && !isEmptyFolder) {
        QStringList details;
        for (const ImportFailure &failure : imported.failures) {
            const QString message = QString::fromStdString(failure.message);
            details += message.startsWith(pathText(failure.path)) ? message : pathText(failure.path) + QStringLiteral(": ") + message;
        }
        const QString first = QString::fromStdString(imported.failures.front().message);
        Q_EMIT failed(details.size() == 1 ? first : tr("%1 files could not be read. %2").arg(details.size()).arg(first), details.join(QLatin1Char('\n')));
    }
    if (!imported.uncertain.empty())
        Q_EMIT uncertain(uncertainFiles);
    const bool isAll = imported.failures.empty() && imported.uncertain.empty();
    if (isAll && run->order.paths.size() == 1 && !run->ids.empty() && m_project.empty())
        Q_EMIT openedPath(pathText(fs::absolute(run->order.paths.front())));
}

/** The entry that has the same content, or that came from the same place. */
Library::Entry *Library::entryOfContent(const Imported &imported)
{
    const fs::path path = fs::absolute(imported.read->recording->path).lexically_normal();
    Entry *samePlace = nullptr;
    for (auto &[id, entry] : m_entries) {
        if (imported.storedId >= 0 ? entry.storedId == imported.storedId : entry.storedId < 0 && !imported.contentId.empty() && entry.contentId == imported.contentId)
            return &entry;
        if (imported.storedId < 0 && entry.storedId < 0 && !entry.path.empty() && fs::absolute(entry.path).lexically_normal() == path)
            samePlace = &entry;
    }
    return samePlace;
}

void Library::takeRecording(const std::shared_ptr<ImportRun> &run, const Imported &imported)
{
    ImportSummary &summary = run->summary;
    const Recording &recording = *imported.read->recording;
    Entry *entry = entryOfContent(imported);
    qint64 id = -1;
    AddOutcome outcome = imported.outcome;
    if (!entry) {
        id = addRead(imported);
        run->addedAt.push_back(run->ids.size());
        outcome = AddOutcome::added;
    } else {
        id = entry->item.id;
        if (imported.storedId < 0) {
            const bool isSame = !imported.contentId.empty() && entry->contentId == imported.contentId && entry->open.recording && entry->open.recording->format == recording.format;
            std::error_code ignored;
            const bool isGone = !fs::exists(entry->path, ignored);
            outcome = !isSame ? AddOutcome::updated : isGone ? AddOutcome::relocated : AddOutcome::known;
        }
        if (outcome != AddOutcome::known)
            renewEntry(*entry, imported);
    }
    run->ids.push_back(id);
    const std::string name = m_entries.at(id).item.name.toStdString();
    switch (outcome) {
    case AddOutcome::added: ++summary.added; break;
    case AddOutcome::known:
        ++summary.known;
        summary.report.push_back(knownRow(recording.path, name, entry->path));
        break;
    case AddOutcome::relocated:
        ++summary.relocated;
        summary.report.push_back({Severity::info, recording.path, 0, "relocated", 1, "this is '" + name + "' in a new place; the library now knows it there"});
        break;
    case AddOutcome::updated:
        ++summary.changed;
        summary.report.push_back({Severity::warning, recording.path, 0, "changed", 1, "the content of '" + name + "' is not what it was: its streams were renewed, and annotations may not fit any more"});
        break;
    }
    if (outcome != AddOutcome::known)
        summary.report.insert(summary.report.end(), recording.report.begin(), recording.report.end());
    // The first that is read is shown; the person may choose another meanwhile.
    if (!run->isChosen)
        choose(id);
    run->isChosen = true;
    Q_EMIT changed();
}

qint64 Library::addRead(const Imported &imported)
{
    const ReadRecording &read = *imported.read;
    // What was taken off the list and is imported again stays in the project.
    for (const auto &removal : m_removed)
        std::erase_if(removal->entries, [&](const Entry &each) { return each.storedId >= 0 && each.storedId == imported.storedId; });
    Entry entry;
    const qint64 id = m_nextId++;
    entry.item = read.item;
    entry.item.id = id;
    entry.name = QString::fromStdString(read.recording->name);
    makeNameUnique(entry.item, entry.name);
    entry.open = {id, read.recording, read.overview};
    entry.storedId = imported.storedId;
    entry.durationNs = read.recording->end() - read.recording->start();
    entry.path = read.recording->path;
    entry.contentId = imported.contentId;
    entry.how = imported.how;
    m_model.add(entry.item);
    m_entries.emplace(id, std::move(entry));
    return id;
}

void Library::renewEntry(Entry &entry, const Imported &imported)
{
    const ReadRecording &read = *imported.read;
    LibraryItem item = read.item;
    item.id = entry.item.id;
    item.name = entry.item.name;
    if (imported.storedId < 0)
        item.tags = entry.item.tags;
    entry.item = std::move(item);
    entry.open = {entry.item.id, read.recording, read.overview};
    entry.durationNs = read.recording->end() - read.recording->start();
    entry.path = read.recording->path;
    entry.contentId = imported.contentId;
    entry.how = imported.how;
    m_model.update(entry.item);
    if (m_session.open().id == entry.item.id)
        m_session.setRecording(entry.open);
}

/** Two of one name under one heading are called by their whole names. */
void Library::makeNameUnique(LibraryItem &item, const QString &name) const
{
    const bool isTaken = std::ranges::any_of(m_entries, [&](const auto &each) {
        return each.first != item.id && each.second.item.group == item.group && each.second.item.name == item.name;
    });
    if (isTaken)
        item.name = name;
}

/** Names that only the whole import can tell apart. A project makes its own. */
void Library::renameRead(const std::vector<qint64> &ids, const std::vector<std::string> &names)
{
    for (std::size_t index = 0; index < std::min(ids.size(), names.size()); ++index) {
        const auto found = m_entries.find(ids[index]);
        if (found == m_entries.end() || found->second.storedId >= 0 || found->second.open.recording->name == names[index])
            continue;
        Entry &entry = found->second;
        auto renamed = std::make_shared<Recording>(*entry.open.recording);
        renamed->name = names[index];
        entry.name = QString::fromStdString(renamed->name);
        entry.item.name = shownName(*renamed);
        makeNameUnique(entry.item, entry.name);
        entry.open.recording = renamed;
        m_model.update(entry.item);
    }
}

void Library::addWaiting(ImportSummary &summary) const
{
    std::erase_if(summary.report, [](const ReportRow &row) { return row.code == kWaitingCode; });
    summary.waiting.clear();
    for (const auto &[path, why] : m_waiting) {
        summary.waiting.push_back(path);
        summary.report.push_back({Severity::warning, path, 0, kWaitingCode, 1, "not imported, it needs a look: " + why});
    }
}

void Library::putAside(const std::vector<fs::path> &files, const std::string &why)
{
    for (const fs::path &file : files)
        m_waiting.try_emplace(file, why);
    addWaiting(m_lastImport);
    Q_EMIT waitingChanged();
}

void Library::dropWaiting()
{
    m_waiting.clear();
    addWaiting(m_lastImport);
    Q_EMIT waitingChanged();
}

void Library::endImport(const std::shared_ptr<ImportRun> &run)
{
    run->isEnded = true;
    // What came in stands where it will stand when the project is opened again.
    std::vector<std::pair<std::string, qint64>> named;
    for (const auto &[id, entry] : m_entries)
        named.emplace_back(entry.name.toStdString(), id);
    std::ranges::stable_sort(named, naturalLess, &std::pair<std::string, qint64>::first);
    std::vector<qint64> order;
    for (const auto &[name, id] : named)
        order.push_back(id);
    if (!run->addedAt.empty())
        m_model.setOrder(order);
    if (!run->summary.isEmpty()) {
        addWaiting(run->summary);
        m_lastImport = run->summary;
        Q_EMIT imported(run->summary);
    }
    Q_EMIT changed();
}

} // namespace kino
