#include "app/kinoscope/task_runner.h"

#include "core/base/error.h"

#include <atomic>
#include <new>

namespace kino {
namespace {

constexpr qint64 kProgressEveryMs = 50;

} // namespace

TaskRunner::TaskRunner(int threads, QObject *parent) : QObject(parent) { m_pool.setMaxThreadCount(threads); }

TaskRunner::~TaskRunner()
{
    Q_EMIT stopping();
    m_pool.waitForDone();
}

void TaskRunner::answer(const Ticket &ticket, std::function<void()> answer)
{
    QMetaObject::invokeMethod(
        this,
        [this, ticket, answer = std::move(answer)] {
            if (ticket.isStale())
                ++m_dropped;
            else
                answer();
        },
        Qt::QueuedConnection);
}

TaskLine::TaskLine(TaskRunner &runner, QObject *parent) : QObject(parent), m_runner(runner)
{
    m_grace.setSingleShot(true);
    connect(&m_grace, &QTimer::timeout, this, [this] {
        if (m_waiting)
            cancelRunning();
    });
    connect(&runner, &TaskRunner::stopping, this, &TaskLine::drop);
}

TaskLine::~TaskLine()
{
    if (m_running) {
        m_running->ticket.outdate();
        m_running->cancel.cancel();
    }
}

void TaskLine::begin(Question question, WhenBusy whenBusy)
{
    if (!m_running) {
        launch(std::move(question));
        Q_EMIT busyChanged(true);
        return;
    }
    m_waiting = std::make_unique<Question>(std::move(question));
    if (whenBusy == WhenBusy::cancel)
        cancelRunning();
    else if (whenBusy == WhenBusy::cancelSoon && !m_grace.isActive())
        m_grace.start(static_cast<int>(std::max<qint64>(0, kGraceMs - m_running->since.elapsed())));
}

void TaskLine::drop()
{
    m_waiting.reset();
    cancelRunning();
}

void TaskLine::cancelRunning()
{
    m_grace.stop();
    if (!m_running)
        return;
    m_running->ticket.outdate();
    m_running->cancel.cancel();
}

void TaskLine::launch(Question question)
{
    auto job = std::make_shared<Job>();
    job->question = std::move(question);
    job->since.start();
    m_running = job;
    m_runner.m_pool.start([job, line = QPointer<TaskLine>(this), runner = &m_runner] { work(job, line, runner); });
}

/**
 * On a worker. A line that dies outdates its ticket, so an answer finds its line alive; the end of a job is told in any
 * case. The runner outlives its threads.
 */
void TaskLine::work(const std::shared_ptr<Job> &job, const QPointer<TaskLine> &line, TaskRunner *runner)
{
    TaskContext context;
    context.cancel = job->cancel;
    auto lastReportMs = std::make_shared<std::atomic<qint64>>(-kProgressEveryMs);
    context.progress = Progress([runner, line, job, lastReportMs](double fraction, std::string_view what) {
        const qint64 nowMs = job->since.elapsed();
        if (nowMs - lastReportMs->load(std::memory_order_relaxed) < kProgressEveryMs && fraction < 1)
            return;
        lastReportMs->store(nowMs, std::memory_order_relaxed);
        runner->answer(job->ticket, [line, fraction, text = QString::fromUtf8(what.data(), static_cast<qsizetype>(what.size()))] {
            Q_EMIT line->progressed(fraction, text);
        });
    });
    const auto publish = [&](std::any result) {
        runner->answer(job->ticket, [job, result = std::move(result)] { job->question.deliver(result); });
    };
    QString sentence;
    QString details;
    try {
        context.cancel.throwIfCancelled();
        publish(job->question.work(context, publish));
    } catch (const Cancelled &) {
    } catch (const Error &error) {
        sentence = QString::fromStdString(error.sentence());
        details = QString::fromUtf8(error.what());
    } catch (const std::bad_alloc &) {
        sentence = QStringLiteral("There is not enough memory for this.");
        details = sentence;
    } catch (const std::exception &error) {
        sentence = QString::fromUtf8(error.what());
        details = sentence;
    }
    if (!sentence.isEmpty())
        runner->answer(job->ticket, [line, sentence, details] { line->fail(sentence, details); });
    QMetaObject::invokeMethod(
        runner,
        [job, line] {
            if (line)
                line->finish(job);
        },
        Qt::QueuedConnection);
}

void TaskLine::fail(const QString &sentence, const QString &details)
{
    if (m_onFailure)
        m_onFailure(sentence, details);
    else
        Q_EMIT m_runner.failed(sentence, details);
}

void TaskLine::finish(const std::shared_ptr<Job> &job)
{
    if (m_running != job)
        return;
    m_grace.stop();
    m_running.reset();
    if (!m_waiting) {
        Q_EMIT busyChanged(false);
        return;
    }
    const std::unique_ptr<Question> next = std::move(m_waiting);
    launch(std::move(*next)); // busy all along
}

} // namespace kino
