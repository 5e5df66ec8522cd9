// What a person changes in the library: tags, subjects, names, what is on the list; each can be undone.
#include "app/kinoscope/library/parts.h"
#include "app/kinoscope/library/words.h"
#include "app/kinoscope/project_writer.h"
#include "core/store/project.h"

#include <QUndoStack>

namespace kino {
namespace {

namespace fs = std::filesystem;

std::vector<std::string> stored(const QStringList &texts)
{
    std::vector<std::string> all;
    for (const QString &text : texts)
        all.push_back(text.toStdString());
    return all;
}

/** Simplified, each once, sorted. */
QStringList cleanTags(const QStringList &tags)
{
    QStringList clean;
    for (const QString &tag : tags) {
        const QString simple = tag.simplified();
        if (!simple.isEmpty() && !clean.contains(simple))
            clean += simple;
    }
    clean.sort();
    return clean;
}

} // namespace

class Library::FactsCommand : public QUndoCommand {
public:
    FactsCommand(Library &library, const QString &text, FactsOf before, FactsOf after)
        : QUndoCommand(text), m_library(library), m_before(std::move(before)), m_after(std::move(after))
    {
    }
    void redo() override { m_library.applyFacts(m_after); }
    void undo() override { m_library.applyFacts(m_before); }

private:
    Library &m_library;
    FactsOf m_before;
    FactsOf m_after;
};

class Library::RemovalCommand : public QUndoCommand {
public:
    RemovalCommand(Library &library, const QString &text, std::vector<qint64> ids)
        : QUndoCommand(text), m_library(library), m_ids(std::move(ids)), m_removal(std::make_shared<Removal>())
    {
    }
    void redo() override { m_library.takeOff(m_ids, m_removal); }
    void undo() override { m_library.bringBack(m_removal); }

private:
    Library &m_library;
    std::vector<qint64> m_ids;
    std::shared_ptr<Removal> m_removal;
};

fs::path Library::pathOf(qint64 id) const
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

QString Library::nameOf(qint64 id) const
{
    const auto found = m_entries.find(id);
    return found == m_entries.end() ? QString() : found->second.name;
}

QStringList Library::subjects() const
{
    QStringList all;
    for (const auto &[id, entry] : m_entries) {
        if (!entry.item.subject.isEmpty() && !all.contains(entry.item.subject))
            all += entry.item.subject;
    }
    all.sort();
    return all;
}

void Library::keepSetting(const std::string &key, const nlohmann::json &value)
{
    if (!m_project.empty())
        m_writer.write(m_project, tr("A setting of the project"), [key, value](Project &project) { project.setSetting(key, value); });
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
        const QString words = searchWordsOf(*recording);
        if (labels != entry.item.labels || words != entry.item.words) {
            entry.item.labels = labels;
            entry.item.words = words;
            m_model.update(entry.item);
        }
    }
    if (m_session.open().id == id)
        m_session.replaceRecording(std::move(recording), changed);
}

Library::Facts Library::factsOf(const Entry &entry) { return {entry.item.tags, entry.item.subject, entry.name}; }

void Library::changeFacts(const QString &text, const FactsOf &wanted)
{
    FactsOf before;
    FactsOf after;
    for (const auto &[id, facts] : wanted) {
        const auto found = m_entries.find(id);
        if (found == m_entries.end() || factsOf(found->second) == facts)
            continue;
        before[id] = factsOf(found->second);
        after[id] = facts;
    }
    if (!after.empty())
        m_history.push(new FactsCommand(*this, text, std::move(before), std::move(after)));
}

/** Into the list, the session and the project. */
void Library::applyFacts(const FactsOf &wanted)
{
    std::vector<LibraryItem> items;
    for (const auto &[id, facts] : wanted) {
        const auto found = m_entries.find(id);
        if (found == m_entries.end())
            continue;
        Entry &entry = found->second;
        const Facts before = factsOf(entry);
        entry.item.tags = facts.tags;
        entry.item.subject = facts.subject;
        entry.name = facts.name;
        entry.item.group = groupOf(facts.subject.toStdString(), entry.path);
        entry.item.name = shownName(facts.name.toStdString(), entry.path);
        QStringList words = entry.item.words.split(QLatin1Char('\n'));
        if (words.size() > 1)
            words[1] = facts.name;
        entry.item.words = words.join(QLatin1Char('\n'));
        makeNameUnique(entry.item, facts.name);
        items.push_back(entry.item);
        if (entry.open.recording && (facts.subject != before.subject || facts.name != before.name)) {
            auto changed = std::make_shared<Recording>(*entry.open.recording);
            changed->subject = facts.subject.toStdString();
            changed->name = facts.name.toStdString();
            replaceRecording(id, std::move(changed), RecordingPart::facts);
        }
        writeFacts(entry.storedId, before, facts);
    }
    m_model.updateAll(items);
    Q_EMIT changed();
}

/** Each in a transaction of its own. */
void Library::writeFacts(qint64 storedId, const Facts &before, const Facts &after)
{
    if (storedId < 0)
        return;
    if (after.tags != before.tags)
        m_writer.write(m_project, tr("Tags of %1").arg(after.name), [storedId, tags = stored(after.tags)](Project &project) { project.setTags(storedId, tags); });
    if (after.subject != before.subject)
        m_writer.write(m_project, tr("Subject of %1").arg(after.name), [storedId, subject = after.subject.toStdString()](Project &project) { project.setSubject(storedId, subject); });
    if (after.name != before.name)
        m_writer.write(m_project, tr("Name %1").arg(after.name), [storedId, name = after.name.toStdString()](Project &project) { project.renameRecording(storedId, name); });
}

QString Library::whatOf(const std::vector<qint64> &ids) const
{
    if (ids.size() != 1)
        return tr("%1 recordings").arg(ids.size());
    const auto found = m_entries.find(ids.front());
    return found == m_entries.end() ? QString() : found->second.item.name;
}

void Library::setTags(const std::map<qint64, QStringList> &tags)
{
    FactsOf wanted;
    std::vector<qint64> ids;
    for (const auto &[id, list] : tags) {
        const auto found = m_entries.find(id);
        if (found == m_entries.end())
            continue;
        wanted[id] = factsOf(found->second);
        wanted[id].tags = cleanTags(list);
        ids.push_back(id);
    }
    changeFacts(tr("tags of %1").arg(whatOf(ids)), wanted);
}

void Library::setSubject(const std::vector<qint64> &ids, const QString &subject)
{
    FactsOf wanted;
    for (const qint64 id : ids) {
        const auto found = m_entries.find(id);
        if (found == m_entries.end())
            continue;
        wanted[id] = factsOf(found->second);
        wanted[id].subject = subject.simplified();
    }
    changeFacts(tr("subject of %1").arg(whatOf(ids)), wanted);
}

QString Library::rename(qint64 id, const QString &name)
{
    const auto found = m_entries.find(id);
    const QString clean = name.simplified();
    if (found == m_entries.end())
        return {};
    if (clean.isEmpty())
        return tr("A recording needs a name.");
    // A project's removed recordings are in it until it is closed, and so are their names.
    const auto isTaken = [&](const Entry &entry) { return entry.item.id != id && (entry.storedId >= 0) == (found->second.storedId >= 0) && entry.name == clean; };
    bool isFree = std::ranges::none_of(m_entries, [&](const auto &each) { return isTaken(each.second); });
    for (const auto &removal : m_removed)
        isFree = isFree && std::ranges::none_of(removal->entries, isTaken);
    if (!isFree)
        return tr("Another recording is called \u201c%1\u201d; choose another name.").arg(clean);
    FactsOf wanted{{id, factsOf(found->second)}};
    wanted[id].name = clean;
    changeFacts(tr("name of %1").arg(found->second.item.name), wanted);
    return {};
}

void Library::remove(const std::vector<qint64> &ids)
{
    std::vector<qint64> there;
    for (const qint64 id : ids) {
        if (m_entries.contains(id))
            there.push_back(id);
    }
    if (there.empty())
        return;
    const QString what = whatOf(there);
    m_history.push(new RemovalCommand(*this, tr("removal of %1").arg(what), there));
    Q_EMIT removed(there.size() == 1 ? tr("\u201c%1\u201d was taken off the list; its files stay where they are. Undo").arg(what)
                                     : tr("%1 were taken off the list; their files stay where they are. Undo").arg(what));
}

void Library::takeOff(const std::vector<qint64> &ids, const std::shared_ptr<Removal> &removal)
{
    removal->entries.clear();
    const std::vector<LibraryItem> listed = m_model.items();
    for (const qint64 id : ids) {
        const auto found = m_entries.find(id);
        if (found == m_entries.end())
            continue;
        removal->entries.push_back(std::move(found->second));
        m_entries.erase(found);
    }
    m_removed.push_back(removal);
    m_model.removeAll(ids);
    const auto isOpen = [this](const Entry &entry) { return entry.item.id == m_session.open().id; };
    if (std::ranges::any_of(removal->entries, isOpen)) {
        m_chosen.reset();
        // The neighbour in the list is shown next.
        qint64 next = m_entries.empty() ? -1 : m_entries.begin()->first;
        for (auto each = std::ranges::find(listed, removal->entries.front().item.id, &LibraryItem::id); each != listed.end(); ++each) {
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
}

void Library::bringBack(const std::shared_ptr<Removal> &removal)
{
    std::erase(m_removed, removal);
    std::vector<LibraryItem> items;
    for (Entry &entry : removal->entries) {
        entry.item.searched.clear(); // it was made when the recording was listed first
        items.push_back(entry.item);
        const qint64 id = entry.item.id;
        m_entries.emplace(id, std::move(entry));
    }
    removal->entries.clear();
    if (items.empty())
        return;
    m_model.addAll(items);
    choose(items.front().id);
    Q_EMIT changed();
    Q_EMIT told(items.size() == 1 ? tr("\u201c%1\u201d is back.").arg(items.front().name) : tr("%1 recordings are back.").arg(items.size()));
}

/**
 * A project lets go of what was taken off the list only now: until then an undo costs nothing and loses nothing, and a
 * crash leaves everything as it was. What could be undone so far cannot any more.
 */
void Library::commitRemovals()
{
    std::vector<std::pair<qint64, QString>> gone;
    for (const auto &removal : m_removed) {
        for (const Entry &entry : removal->entries) {
            if (entry.storedId >= 0)
                gone.emplace_back(entry.storedId, entry.item.name);
        }
    }
    m_removed.clear();
    for (const auto &[id, name] : gone)
        m_writer.write(m_project, tr("Removal of %1").arg(name), [id = id](Project &project) { project.removeRecording(id); });
}

} // namespace kino
