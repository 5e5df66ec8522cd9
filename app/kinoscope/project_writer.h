// What a person changes in a project, written by one worker in the order in which it was changed: tags, labels, clocks.
// The window shows a change at once; it is on disk a moment later. GUI thread.
#pragma once

#include <QObject>
#include <QThreadPool>
#include <QTimer>

#include <deque>
#include <filesystem>
#include <functional>
#include <memory>
#include <optional>

namespace kino {

class Project;

class ProjectWriter : public QObject {
    Q_OBJECT

public:
    /** Called on the worker; must be one transaction that, throwing Error, has changed nothing. */
    using Change = std::function<void(Project &)>;

    static constexpr int kRetryMs = 2000;

    explicit ProjectWriter(QObject *parent = nullptr);
    /** Writes what still waits. */
    ~ProjectWriter() override;

    /**
     * After all changes asked for before. One that fails (disk full, locked by another program) holds up those behind
     * it, which may build on it, and is tried again every two seconds and with each new change: nothing is dropped.
     */
    void write(const std::filesystem::path &folder, Change change);
    /** Changes that are not on disk yet. */
    std::size_t waiting() const { return m_changes.size(); }
    bool isBusy() const { return !m_changes.empty(); }
    /** Why the first of them could not be written when it was tried last; empty where all goes well. */
    const QString &trouble() const { return m_trouble; }
    /** Waits until all is written or something cannot be; gives whether all is. For the end of the program. */
    bool finish();
    /** Forgets changes that cannot be written. */
    void abandon();
    /** Lets go of the project's files once all is written. */
    void release();

Q_SIGNALS:
    void busyChanged(bool busy);
    /** A sentence that is new: not again for each attempt. */
    void failed(const QString &sentence, const QString &details);
    /** After a failure all that waited has been written. */
    void recovered();

private:
    struct Pending {
        std::filesystem::path folder;
        Change change;
    };
    struct Failure {
        QString sentence;
        QString details;
    };
    /** Of the worker alone. */
    struct Connection;

    void startNext();
    void take(const std::optional<Failure> &failure);
    static std::optional<Failure> apply(Connection &connection, const Pending &pending);

    std::deque<Pending> m_changes; // the first is being written while m_isWriting
    bool m_isWriting = false;
    bool m_isEnding = false;
    QString m_trouble;
    QTimer m_retry;
    std::shared_ptr<Connection> m_connection;
    QThreadPool m_worker;
};

} // namespace kino
