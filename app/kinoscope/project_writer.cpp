#include "app/kinoscope/project_writer.h"

#include "core/base/error.h"
#include "core/store/project.h"

#include <QCoreApplication>

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

void ProjectWriter::write(const std::filesystem::path &folder, Change change)
{
    m_changes.push_back({folder, std::move(change)});
    if (m_changes.size() == 1)
        Q_EMIT busyChanged(true);
    startNext();
}

void ProjectWriter::startNext()
{
    if (m_isWriting || m_changes.empty())
        return;
    m_retry.stop();
    m_isWriting = true;
    m_worker.start([this, connection = m_connection, pending = m_changes.front()] {
        const std::optional<Failure> failure = apply(*connection, pending);
        QMetaObject::invokeMethod(this, [this, failure] { take(failure); }, Qt::QueuedConnection);
    });
}

void ProjectWriter::take(const std::optional<Failure> &failure)
{
    if (!m_isWriting)
        return; // abandoned
    m_isWriting = false;
    if (failure) {
        const bool isNew = m_trouble != failure->sentence;
        m_trouble = failure->sentence;
        m_retry.start();
        if (isNew)
            Q_EMIT failed(failure->sentence, failure->details);
        return;
    }
    m_changes.pop_front();
    if (!m_changes.empty()) {
        startNext();
        return;
    }
    const bool wasTrouble = !m_trouble.isEmpty();
    m_trouble.clear();
    Q_EMIT busyChanged(false);
    if (wasTrouble)
        Q_EMIT recovered();
}

/** The rest is written here, one after another: nobody looks at the window any more. */
bool ProjectWriter::finish()
{
    m_retry.stop();
    while (!m_changes.empty()) {
        if (m_isWriting) {
            m_worker.waitForDone();
            QCoreApplication::sendPostedEvents(this, QEvent::MetaCall); // its answer: take()
            m_retry.stop();
            if (!m_trouble.isEmpty())
                break;
            continue;
        }
        m_trouble.clear();
        startNext();
    }
    m_worker.waitForDone();
    if (!m_changes.empty() && !m_isEnding)
        m_retry.start();
    return m_changes.empty();
}

void ProjectWriter::abandon()
{
    if (m_changes.empty())
        return;
    m_worker.waitForDone();
    m_isWriting = false;
    m_retry.stop();
    m_changes.clear();
    m_trouble.clear();
    Q_EMIT busyChanged(false);
}

void ProjectWriter::release()
{
    m_worker.start([connection = m_connection] { connection->project.reset(); });
}

std::optional<ProjectWriter::Failure> ProjectWriter::apply(Connection &connection, const Pending &pending)
{
    const auto failure = [&](const QString &sentence, const QString &details) {
        connection.project.reset(); // the next attempt begins anew
        return Failure{sentence, details};
    };
    try {
        if (!connection.project || connection.project->folder() != pending.folder)
            connection.project.emplace(Project::open(pending.folder));
        pending.change(*connection.project);
        return std::nullopt;
    } catch (const Error &error) {
        return failure(QString::fromStdString(error.sentence()), QString::fromUtf8(error.what()));
    } catch (const std::exception &error) {
        return failure(QString::fromUtf8(error.what()), QString::fromUtf8(error.what()));
    }
}

} // namespace kino
