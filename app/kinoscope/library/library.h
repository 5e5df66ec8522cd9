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

namespace kino {

class Project;
class ProjectWriter;

class Library : public QObject {
    Q_OBJECT

public:
    Library(Session &session, TaskRunner &runner, ProjectWriter &writer, QObject *parent = nullptr);
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

    /** Takes them off the list; undoRemoval() brings them back. A project lets go of them when it is closed. */
    void remove(const std::vector<qint64> &ids);
    bool canUndoRemoval() const { return !m_removed.empty(); }
    void undoRemoval();
    void setTags(qint64 id, const QStringList &tags);
    /** Looks in a folder, or at one file, for files that are missing, and knows them by their content. */
    void relocate(const std::filesystem::path &place);
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
    /** These tables need a look before they are imported. */
    void uncertain(const std::vector<std::filesystem::path> &files);

private:
    struct Entry {
        LibraryItem item;
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

    void importFiles(ImportOrder order);
    void takeImported(const std::shared_ptr<ImportRun> &run, const Imported &imported);
    void takeRecording(const std::shared_ptr<ImportRun> &run, const Imported &imported);
    void endImport(const std::shared_ptr<ImportRun> &run);
    Entry *entryOfContent(const Imported &imported);
    void renewEntry(Entry &entry, const Imported &imported);
    void keepLoose(const std::filesystem::path &folder, bool isNew);
    void takeLoose(const std::filesystem::path &folder, const KeptLoose &kept);
    void lookForMissing();
    void renewPaths();
    void commitRemovals();
    void openProject(const std::filesystem::path &folder, const QString &wantedRecording = {});
    void leaveProject();
    static ReadRecording describe(Recording recording, std::optional<RecordingOverview> known = std::nullopt);
    void makeNameUnique(LibraryItem &item, const Recording &recording) const;
    qint64 addRead(const Imported &imported);
    void renameRead(const std::vector<qint64> &ids, const std::vector<std::string> &names);
    void showIfWanted(Entry &entry);
    TaskLine *makeLine();

    Session &m_session;
    TaskRunner &m_runner;
    ProjectWriter &m_writer;
    LibraryModel m_model;
    std::shared_ptr<SampleRoom> m_room; // shared with the workers
    std::map<qint64, Entry> m_entries;
    std::filesystem::path m_project;
    qint64 m_nextId = 1;
    /** What the person chose last; the first that is read is shown where nothing was chosen. */
    std::optional<qint64> m_chosen;
    ImportSummary m_lastImport;
    /** Taken off the list, newest last. */
    std::vector<std::vector<Entry>> m_removed;
    std::vector<TaskLine *> m_lines;
    TaskLine m_loading;
    TaskLine m_looking;
    int m_busyLines = 0;
};

} // namespace kino
