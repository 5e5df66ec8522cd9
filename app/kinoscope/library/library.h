// The recordings that are open: from files, from a project, from the demo. Reads them in the background and puts the
// chosen one into the session. GUI thread.
#pragma once

#include "app/kinoscope/library/sample_room.h"
#include "app/kinoscope/import/dialog.h"
#include "app/kinoscope/library/import_summary.h"
#include "app/kinoscope/session.h"
#include "app/kinoscope/task_runner.h"
#include "widgets/library/model.h"

#include <filesystem>
#include <map>
#include <vector>

class QUndoStack;

namespace kino {

class Project;
class ProjectWriter;
class Library : public QObject {
    Q_OBJECT

public:
    /** What a person changes goes onto `history`, which must outlive the library. */
    Library(Session &session, TaskRunner &runner, ProjectWriter &writer, QUndoStack &history, QObject *parent = nullptr);
    ~Library() override;

    LibraryModel &model() { return m_model; }

    /**
     * Projects (.kino) are opened, all else is imported, into the project where one is open; files of one call that belong
     * together become one recording. Tables that only an unsure guess can read are asked about (uncertain()).
     */
    void open(const std::vector<std::filesystem::path> &paths, WhenUncertain whenUncertain = WhenUncertain::ask);
    /** As the import dialog was told. */
    void importChosen(const ImportChoice &choice);
    /** Reads the files of these recordings again, the way they were imported. */
    void importAgain(const std::vector<qint64> &ids);
    /** Makes the demo recordings in `folder` where they are not there yet, then opens them. */
    void openDemo(const std::filesystem::path &folder);
    /** Reads the recording if need be, then shows it. */
    void choose(qint64 id);
    /** The recording `step` rows further in the list. */
    void chooseNeighbour(int step);
    void removeCurrent();
    /** Lets go of everything, the project too; what is being read is stopped. */
    void closeAll();
    /** Shows the recording of this name rather than the first. */
    void openProjectAt(const std::filesystem::path &folder, const QString &recordingName);
    void cancelAll();
    /**
     * Makes a project in `folder` (NAME.kino, which is not there yet) and puts into it, in the background, all that is
     * open without one; from then on it is the open project.
     */
    void newProject(const std::filesystem::path &folder);
    /** What is open without a project goes into the open one. */
    void addLooseToProject();

    /** Where samples of files outside a project go; before anything is opened. */
    void setSampleRoom(std::shared_ptr<SampleRoom> room) { m_room = std::move(room); }

    /** Takes them off the list. A project lets go of them when it is closed. */
    void remove(const std::vector<qint64> &ids);
    void setTags(qint64 id, const QStringList &tags) { setTags({{id, tags}}); }
    /** As one change. */
    void setTags(const std::map<qint64, QStringList> &tags);
    /** Empty: unknown. */
    void setSubject(const std::vector<qint64> &ids, const QString &subject);
    /** All subjects there are, sorted. */
    QStringList subjects() const;
    /** Gives a sentence where that cannot be its name; then nothing is changed. */
    QString rename(qint64 id, const QString &name);
    /** The whole of its name. */
    QString nameOf(qint64 id) const;
    /** Looks in a folder for files that are missing, and knows them by their content; others may have moved with them. */
    void relocate(const std::filesystem::path &folder);
    /** The recording's missing file is this one, if its content is; what else is missing is looked for beside it and where the same move leads. */
    void relocateRecording(qint64 id, const std::filesystem::path &file);
    /** What stands for the recording on disk; empty for an unknown id. */
    std::filesystem::path pathOf(qint64 id) const;
    /** Its number in the open project; nothing for recordings outside one. */
    std::optional<qint64> storedIdOf(qint64 id) const;
    /** The profile that its files were read by, as ImportOptions has it; empty where a reader knew them. */
    std::string profileOf(qint64 id) const;
    /** Written into the open project; nothing without one. */
    void keepSetting(const std::string &key, const nlohmann::json &value);
    /** nullptr where it has not been read yet. */
    std::shared_ptr<const Recording> recordingOf(qint64 id) const;
    /** The same recording after an edit, in the list and, where it is shown, in the session. Writes nothing. */
    void replaceRecording(qint64 id, std::shared_ptr<const Recording> recording, RecordingPart changed);
    /** These files wait for a person's look: the import report names them until they are imported. */
    void putAside(const std::vector<std::filesystem::path> &files, const std::string &why);
    /** The report forgets files that wait; nothing happens to them. */
    void dropWaiting();
    const ImportSummary &lastImport() const { return m_lastImport; }

    int count() const { return m_model.count(); }
    bool isBusy() const { return m_busyLines > 0; }
    /** The open project's folder; empty without one. */
    const std::filesystem::path &project() const { return m_project; }
    /** "1.2 h · 43 recordings · 3 warnings" */
    QString summary() const;

Q_SIGNALS:
    void changed();
    /** Something was opened and can be opened again from this path. */
    void openedPath(const QString &path);
    void progressed(double fraction, const QString &what);
    void busyChanged(bool busy);
    void failed(const QString &sentence, const QString &details);
    /** An import came to its end, or was stopped. */
    void imported(const kino::ImportSummary &summary);
    /** Something was done that a person should know of. */
    void told(const QString &sentence);
    /** Recordings were taken off the list, which Undo takes back. */
    void removed(const QString &sentence);
    void waitingChanged();
    /** These tables need a look before they are imported. */
    void uncertain(const std::vector<std::filesystem::path> &files);

private:
    struct Entry {
        LibraryItem item;
        QString name;            // the whole of it; the item's is what the list shows
        OpenRecording open;      // without a recording until it is read
        qint64 storedId = -1;    // in the project
        Nanos durationNs = 0;
        std::filesystem::path path;
        std::string contentId; // without a project
        ImportHow how;
    };
    struct KeptLoose;
    struct ImportRun;
    struct ReadRecording;
    struct Imported;
    /** What a person may say of a recording. */
    struct Facts {
        QStringList tags;
        QString subject;
        QString name;
        friend bool operator==(const Facts &, const Facts &) = default;
    };
    using FactsOf = std::map<qint64, Facts>;
    struct Removal {
        std::vector<Entry> entries; // empty while they are on the list
    };
    class FactsCommand;
    class RemovalCommand;

    static Facts factsOf(const Entry &entry);
    void changeFacts(const QString &text, const FactsOf &wanted);
    void applyFacts(const FactsOf &wanted);
    void writeFacts(qint64 storedId, const Facts &before, const Facts &after);
    QString whatOf(const std::vector<qint64> &ids) const;
    void takeOff(const std::vector<qint64> &ids, const std::shared_ptr<Removal> &removal);
    void bringBack(const std::shared_ptr<Removal> &removal);
    /** A project's list, made on a worker. */
    struct Listed {
        std::vector<Entry> entries; // without ids
        bool areBadgesCurrent = true;
        std::vector<std::string> warnings;
    };
    void takeListed(const std::filesystem::path &folder, Listed &listed, const QString &wantedRecording);
    void followOpening(bool wasOpen, std::optional<qint64> first, bool areBadgesCurrent, const std::vector<std::string> &warnings);
    void renewBadges();
    void importFiles(ImportOrder order);
    void takeImported(const std::shared_ptr<ImportRun> &run, const Imported &imported);
    void takeRecording(const std::shared_ptr<ImportRun> &run, const Imported &imported);
    void endImport(const std::shared_ptr<ImportRun> &run);
    void addWaiting(ImportSummary &summary) const;
    Entry *entryOfContent(const Imported &imported);
    void renewEntry(Entry &entry, const Imported &imported);
    void keepLoose(const std::filesystem::path &folder, bool isNew);
    void takeLoose(const std::filesystem::path &folder, const KeptLoose &kept);
    void lookForMissing();
    void renewPaths(const std::vector<std::int64_t> &found);
    void commitRemovals();
    void openProject(const std::filesystem::path &folder, const QString &wantedRecording = {});
    void leaveProject();
    static ReadRecording describe(Recording recording, std::optional<RecordingOverview> known = std::nullopt);
    void makeNameUnique(LibraryItem &item, const QString &name) const;
    qint64 addRead(const Imported &imported);
    void renameRead(const std::vector<qint64> &ids, const std::vector<std::string> &names);
    void showIfWanted(Entry &entry);
    TaskLine *makeLine();

    Session &m_session;
    TaskRunner &m_runner;
    ProjectWriter &m_writer;
    QUndoStack &m_history;
    LibraryModel m_model;
    std::shared_ptr<SampleRoom> m_room; // shared with the workers
    std::map<qint64, Entry> m_entries;
    std::filesystem::path m_project;
    qint64 m_nextId = 1;
    /** What the person chose last; the first that is read is shown where nothing was chosen. */
    std::optional<qint64> m_chosen;
    ImportSummary m_lastImport;
    std::map<std::filesystem::path, std::string> m_waiting; // and why
    /** Taken off the list. */
    std::vector<std::shared_ptr<Removal>> m_removed;
    std::vector<TaskLine *> m_lines;
    TaskLine m_loading;
    TaskLine m_looking;
    TaskLine m_badges;
    int m_busyLines = 0;
};

} // namespace kino
