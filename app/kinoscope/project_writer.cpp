#include "app/kinoscope/project_writer.h"

#include "core/store/project.h"
#include "core/store/project_copy.h"
#include "core/store/unavailable.h"

#include <QCoreApplication>
#include <QElapsedTimer>

namespace kino {

struct ProjectWriter::Connection {
    std::optional<Project> project;
};

ProjectWriter::ProjectWriter(QObject *parent) : QObject(parent), m_connection(std::make_shared<Connection>())
{
    m_worker.setMaxThreadCount(1);
    m_retry.setSingleShot(true);
    m_retry.setInterval(kRetryMs);
    connect(&m_retry, &QTimer::timeout, this, &ProjectWriter::startNext);
}

ProjectWriter::~ProjectWriter()
{
    m_isEnding = true;
    finish();
}

void ProjectWriter::write(const std::filesystem::path &folder, const QString &what, Change change) { add({folder, what, std::move(change)}); }

void ProjectWriter::read(const std::filesystem::path &folder, Change look) { add({folder, {}, std::move(look)}); }

void ProjectWriter::add(Pending pending)
{
    m_changes.push_back(std::move(pending));
    if (m_changes.size() == 1)
        Q_EMIT busyChanged(true);
    if (!m_isRefused)
        startNext();
}

QStringList ProjectWriter::unsaved() const
{
    QStringList names;
    for (const Pending &each : m_changes) {
        if (!each.what.isEmpty())
            names += each.what;
    }
    return names;
}

void ProjectWriter::retry()
{
    m_isRefused = false;
    startNext();
}

void ProjectWriter::startNext()
{
    if (m_isWriting || m_isCopying)
        return;
    if (!m_copyTo.empty()) {
        startCopy();
        return;
    }
    if (m_changes.empty())
        return;
    m_retry.stop();
    m_isWriting = true;
    m_worker.start([this, connection = m_connection, pending = m_changes.front(), epoch = m_epoch] {
        const std::optional<Failure> failure = apply(*connection, pending);
        QMetaObject::invokeMethod(this, [this, failure, epoch] {
            if (epoch == m_epoch)
                take(failure);
        }, Qt::QueuedConnection);
    });
}

void ProjectWriter::take(const std::optional<Failure> &failure)
{
    m_isWriting = false;
    if (failure) {
        const bool isNew = m_trouble != failure->sentence;
        m_trouble = failure->sentence;
        m_isRefused = failure->isLasting;
        if (!m_isRefused)
            m_retry.start();
        if (isNew)
            Q_EMIT failed(failure->sentence, failure->details);
        Q_EMIT progressed();
        if (!m_copyTo.empty())
            startNext();
        return;
    }
    m_changes.pop_front();
    if (!m_changes.empty()) {
        startNext();
        Q_EMIT progressed();
        return;
    }
    if (!std::exchange(m_copyTo, {}).empty())
        Q_EMIT copyFailed(tr("All changes are saved by now."));
    const bool wasTrouble = !m_trouble.isEmpty();
    forgetTrouble();
    Q_EMIT progressed();
    Q_EMIT busyChanged(false);
    if (wasTrouble)
        Q_EMIT recovered();
}

void ProjectWriter::forgetTrouble()
{
    m_trouble.clear();
    m_isRefused = false;
}

/** The rest is written here, one after another: nobody looks at the window any more. */
bool ProjectWriter::finish() { return finishWithin(-1); }

bool ProjectWriter::finishWithin(int milliseconds)
{
    QElapsedTimer timer;
    timer.start();
    const auto left = [&] { return milliseconds < 0 ? -1 : std::max(0, milliseconds - static_cast<int>(timer.elapsed())); };
    const bool isBound = milliseconds >= 0;
    m_retry.stop();
    // What is in trouble is tried once more at the end of the program only.
    while (!m_changes.empty() && !(isBound && !m_isWriting && !m_trouble.isEmpty())) {
        if (m_isWriting || m_isCopying) {
            if (!m_worker.waitForDone(left()))
                break;
            QCoreApplication::sendPostedEvents(this, QEvent::MetaCall); // its answer: take()
            m_retry.stop();
            if (!m_trouble.isEmpty())
                break;
            continue;
        }
        forgetTrouble();
        startNext();
    }
    if (!isBound)
        m_worker.waitForDone();
    if (!m_changes.empty() && !m_isEnding && !m_isWriting && !m_isRefused)
        m_retry.start();
    return m_changes.empty();
}

void ProjectWriter::abandon()
{
    ++m_epoch;
    m_retry.stop();
    m_isWriting = false;
    m_copyTo.clear();
    forgetTrouble();
    const bool wasBusy = !m_changes.empty();
    m_changes.clear();
    m_worker.start([this] { QMetaObject::invokeMethod(this, &ProjectWriter::abandoned, Qt::QueuedConnection); });
    Q_EMIT progressed();
    if (wasBusy)
        Q_EMIT busyChanged(false);
}

void ProjectWriter::saveCopy(const std::filesystem::path &to)
{
    if (m_changes.empty()) {
        Q_EMIT copyFailed(tr("All changes are saved by now."));
        return;
    }
    m_copyTo = to;
    startNext();
}

void ProjectWriter::startCopy()
{
    m_retry.stop();
    m_isCopying = true;
    // Of one project: those of another go on waiting.
    std::vector<Pending> pending;
    for (const Pending &each : m_changes) {
        if (each.folder != m_changes.front().folder)
            break;
        pending.push_back(each);
    }
    m_worker.start([this, pending, to = m_copyTo, epoch = m_epoch] {
        const CopyOutcome outcome = copyWith(pending, to);
        QMetaObject::invokeMethod(this, [this, outcome, epoch, count = pending.size()] {
            m_isCopying = false;
            if (epoch == m_epoch)
                takeCopy(outcome, count);
            else
                startNext();
        }, Qt::QueuedConnection);
    });
}

void ProjectWriter::takeCopy(const CopyOutcome &outcome, std::size_t count)
{
    const QString folder = QString::fromStdString(m_copyTo.string());
    m_copyTo.clear();
    if (!outcome.failure.isEmpty()) {
        if (!m_isRefused)
            m_retry.start();
        Q_EMIT copyFailed(outcome.failure);
        return;
    }
    m_changes.erase(m_changes.begin(), m_changes.begin() + static_cast<std::ptrdiff_t>(count));
    forgetTrouble();
    Q_EMIT progressed();
    Q_EMIT copied(folder, outcome.refused);
    if (m_changes.empty())
        Q_EMIT busyChanged(false);
    else
        startNext();
}

void ProjectWriter::release()
{
    m_worker.start([connection = m_connection] { connection->project.reset(); });
}

std::optional<ProjectWriter::Failure> ProjectWriter::apply(Connection &connection, const Pending &pending)
{
    const auto failure = [&](const QString &sentence, const QString &details, bool isLasting) {
        connection.project.reset(); // the next attempt begins anew
        return Failure{sentence, details, isLasting};
    };
    bool isOpen = false;
    try {
        if (!connection.project || connection.project->folder() != pending.folder)
            connection.project.emplace(Project::open(pending.folder));
        isOpen = true;
        pending.change(*connection.project);
        return std::nullopt;
    } catch (const Unavailable &error) {
        return failure(QString::fromStdString(error.sentence()), QString::fromUtf8(error.what()), false);
    } catch (const Error &error) {
        // A project that is away may come back.
        return failure(QString::fromStdString(error.sentence()), QString::fromUtf8(error.what()), isOpen);
    } catch (const std::exception &error) {
        return failure(QString::fromUtf8(error.what()), QString::fromUtf8(error.what()), false);
    }
}

ProjectWriter::CopyOutcome ProjectWriter::copyWith(const std::vector<Pending> &pending, const std::filesystem::path &to)
{
    CopyOutcome outcome;
    try {
        copyProject(pending.front().folder, to);
        Connection connection;
        for (const Pending &each : pending) {
            if (apply(connection, {to, each.what, each.change}) && !each.what.isEmpty())
                outcome.refused += each.what;
        }
    } catch (const Error &error) {
        outcome.failure = QString::fromStdString(error.sentence());
    } catch (const std::exception &error) {
        outcome.failure = QString::fromUtf8(error.what());
    }
    return outcome;
}

} // namespace kino
