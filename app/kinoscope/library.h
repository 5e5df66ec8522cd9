// The recordings that are open: from files, from a project, from the demo. Reads them in the background and puts the
// chosen one into the session. GUI thread.
#pragma once

#include "app/kinoscope/sample_room.h"
#include "app/kinoscope/session.h"
#include "app/kinoscope/task_runner.h"
#include "widgets/library_model.h"

#include <filesystem>
#include <map>
#include <vector>

namespace kino {

class Library : public QObject {
    Q_OBJECT

public:
    Library(Session &session, TaskRunner &runner, QObject *parent = nullptr);
    ~Library() override;

    LibraryModel &model() { return m_model; }

    /** Projects (.kino) are opened, all else is imported; files of one call that belong together become one recording. */
    void open(const std::vector<std::filesystem::path> &paths);
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

    /** Where samples of files outside a project go; before anything is opened. */
    void setSampleRoom(std::shared_ptr<SampleRoom> room) { m_room = std::move(room); }

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

private:
    struct Entry {
        LibraryItem item;
        OpenRecording open;      // without a recording until it is read
        qint64 storedId = -1;    // in the project
        Nanos durationNs = 0;
    };
    struct ReadRecording;
    struct Imported;

    void importFiles(std::vector<std::filesystem::path> paths);
    void openProject(const std::filesystem::path &folder, const QString &wantedRecording = {});
    void leaveProject();
    static ReadRecording describe(Recording recording);
    void makeNameUnique(LibraryItem &item, const Recording &recording) const;
    qint64 addRead(const ReadRecording &read);
    void finishImport(const std::vector<qint64> &ids, const Imported &imported);
    void showIfWanted(Entry &entry);
    TaskLine *makeLine();

    Session &m_session;
    TaskRunner &m_runner;
    LibraryModel m_model;
    std::shared_ptr<SampleRoom> m_room; // shared with the workers
    std::map<qint64, Entry> m_entries;
    std::filesystem::path m_project;
    qint64 m_nextId = 1;
    /** What the person chose last; the first that is read is shown where nothing was chosen. */
    std::optional<qint64> m_chosen;
    std::vector<TaskLine *> m_lines;
    TaskLine m_loading;
    int m_busyLines = 0;
};

} // namespace kino
