// What a person changes in a project, written by one worker in the order in which it was changed: tags, labels, clocks.
// The window shows a change at once; it is on disk a moment later. GUI thread.
#pragma once

#include <QObject>
#include <QStringList>
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
     * After all work asked for before; `what` names it for a person. A change that fails holds up what is behind it, which may
     * build on it. Where something outside stands in the way (disk full, locked by another program: Unavailable) it is tried
     * again every two seconds and with each new change; one that the project refuses waits for retry(), abandon() or
     * saveCopy(). Nothing is dropped.
     */
    void write(const std::filesystem::path &folder, const QString &what, Change change);
    /** Behind all that waits to be written, and changes nothing itself. */
    void read(const std::filesystem::path &folder, Change look);
    /** Changes and reads that are not done yet. */
    std::size_t waiting() const { return m_changes.size(); }
    /** The changes among them, as they were named, in their order. */
    QStringList unsaved() const;
    bool isBusy() const { return !m_changes.empty(); }
    /** Why the first of them could not be written when it was tried last; empty where all goes well. */
    const QString &trouble() const { return m_trouble; }
    /** The trouble is the change itself: time alone will not mend it. */
    bool isRefused() const { return m_isRefused; }
    /** Tries the first of them now. */
    void retry();
    /** Waits until all is written or something cannot be; gives whether all is. For the end of the program. */
    bool finish();
    /** The same, for no longer than this. */
    bool finishWithin(int milliseconds);
    /** Forgets all that waits. An attempt that is under way may still succeed: abandoned() says when it is over. */
    void abandon();
    /**
     * Copies the project into a new folder and writes there what waits, which then waits no more. copied() or copyFailed()
     * follows.
     */
    void saveCopy(const std::filesystem::path &to);
    /** Lets go of the project's files once all is written. */
    void release();

Q_SIGNALS:
    void busyChanged(bool busy);
    /** An attempt ended: what waits, or why, may be another. */
    void progressed();
    /** A sentence that is new: not again for each attempt. */
    void failed(const QString &sentence, const QString &details);
    /** After a failure all that waited has been written. */
    void recovered();
    void abandoned();
    /** `refused` names the changes that could not be made in the copy either. */
    void copied(const QString &folder, const QStringList &refused);
    void copyFailed(const QString &sentence);

private:
    struct Pending {
        std::filesystem::path folder;
        QString what; // empty: reads
        Change change;
    };
    struct Failure {
        QString sentence;
        QString details;
        bool isLasting = false;
    };
    struct CopyOutcome {
        QString failure; // empty: the copy is there
        QStringList refused;
    };
    /** Of the worker alone. */
    struct Connection;

    void add(Pending pending);
    void startNext();
    void take(const std::optional<Failure> &failure);
    void startCopy();
    void takeCopy(const CopyOutcome &outcome, std::size_t count);
    void forgetTrouble();
    static std::optional<Failure> apply(Connection &connection, const Pending &pending);
    static CopyOutcome copyWith(const std::vector<Pending> &pending, const std::filesystem::path &to);

    std::deque<Pending> m_changes; // the first is being written while m_isWriting
    bool m_isWriting = false;
    bool m_isCopying = false;
    bool m_isEnding = false;
    bool m_isRefused = false;
    QString m_trouble;
    /** Answers to attempts of before abandon() are of no interest. */
    int m_epoch = 0;
    std::filesystem::path m_copyTo; // wanted
    QTimer m_retry;
    std::shared_ptr<Connection> m_connection;
    QThreadPool m_worker;
};

} // namespace kino
