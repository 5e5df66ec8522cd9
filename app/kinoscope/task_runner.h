// All work off the GUI thread goes through here, and here alone answers that nobody waits for any more are dropped.
//
// A TaskRunner owns threads; a TaskLine is one question that is asked again and again ("the spectrogram of what is in
// view") and whose newest answer counts. Both belong to the GUI thread. Work gets a TaskContext and must touch no widget;
// its results come back by a queued call on the GUI thread, in the order they were published.
#pragma once

#include "core/base/cancel.h"
#include "core/base/progress.h"

#include <QElapsedTimer>
#include <QObject>
#include <QPointer>
#include <QString>
#include <QThreadPool>
#include <QTimer>

#include <any>
#include <functional>
#include <memory>

namespace kino {

class TaskLine;

/** Stands for something that was asked. Outdating it makes all answers to it stale, those under way too. GUI thread. */
class Ticket {
public:
    Ticket() : m_isStale(std::make_shared<bool>(false)) {}
    void outdate() const { *m_isStale = true; }
    bool isStale() const { return *m_isStale; }

private:
    std::shared_ptr<bool> m_isStale;
};

class TaskRunner : public QObject {
    Q_OBJECT

public:
    explicit TaskRunner(int threads, QObject *parent = nullptr);
    /** Stops all work and waits for it. */
    ~TaskRunner() override;

    /**
     * From any thread: calls `answer` on the GUI thread, unless the ticket is outdated by then. The one place where what
     * nobody waits for any more is dropped; everything that works off the GUI thread answers through it.
     */
    void answer(const Ticket &ticket, std::function<void()> answer);
    /** How many answers came too late and were dropped. */
    quint64 droppedResults() const { return m_dropped; }
    /** Work that gives no answer, such as ending something that takes a while to end. */
    void runAside(std::function<void()> work) { m_pool.start(std::move(work)); }

Q_SIGNALS:
    /** Work threw: a sentence for people, and all that is known. Lines that handle failures themselves send none. */
    void failed(const QString &sentence, const QString &details);
    void stopping();

private:
    friend class TaskLine;

    QThreadPool m_pool;
    quint64 m_dropped = 0;
};

struct TaskContext {
    CancelToken cancel;
    Progress progress;
};

/** What is done when a line is asked while it still works on the question before. */
enum class WhenBusy {
    cancel,     // the old answer is of no use: stop it, give no answer
    cancelSoon, // as cancel, but first give it a moment to deliver
    letFinish   // the old answer is of use until the new one is there; only the newest question waits
};

class TaskLine : public QObject {
    Q_OBJECT

public:
    /** How long cancelSoon waits. */
    static constexpr int kGraceMs = 60;

    TaskLine(TaskRunner &runner, QObject *parent);
    ~TaskLine() override;

    /**
     * Work is called on a worker as `Result work(const TaskContext &, publish)`, where publish(Result) delivers something
     * to show until the final result. `deliver(Result)` is called on the GUI thread.
     */
    template <class Result>
    void ask(std::function<Result(const TaskContext &, const std::function<void(Result)> &publish)> work,
             std::function<void(const Result &)> deliver, WhenBusy whenBusy = WhenBusy::cancel)
    {
        Question question;
        question.work = [work = std::move(work)](const TaskContext &context, const std::function<void(std::any)> &publish) {
            return std::any(work(context, [&publish](Result result) { publish(std::any(std::move(result))); }));
        };
        question.deliver = [deliver = std::move(deliver)](const std::any &result) { deliver(*std::any_cast<Result>(&result)); };
        begin(std::move(question), whenBusy);
    }

    /** Cancels what runs and forgets what waits: nothing asked so far is delivered any more. */
    void drop();
    bool isBusy() const { return m_running != nullptr || m_waiting != nullptr; }
    /** Takes failures instead of the runner's signal. */
    void onFailure(std::function<void(const QString &sentence, const QString &details)> handler) { m_onFailure = std::move(handler); }

Q_SIGNALS:
    void busyChanged(bool busy);
    void progressed(double fraction, const QString &what);

private:
    struct Question {
        std::function<std::any(const TaskContext &, const std::function<void(std::any)> &)> work;
        std::function<void(const std::any &)> deliver;
    };
    struct Job {
        Question question;
        CancelToken cancel;
        QElapsedTimer since;
        Ticket ticket;
    };

    void begin(Question question, WhenBusy whenBusy);
    void launch(Question question);
    void cancelRunning();
    void finish(const std::shared_ptr<Job> &job);
    void fail(const QString &sentence, const QString &details);
    static void work(const std::shared_ptr<Job> &job, const QPointer<TaskLine> &line, TaskRunner *runner);

    TaskRunner &m_runner;
    std::shared_ptr<Job> m_running;
    std::unique_ptr<Question> m_waiting;
    QTimer m_grace;
    std::function<void(const QString &, const QString &)> m_onFailure;
};

} // namespace kino
