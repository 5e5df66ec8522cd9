// A QApplication that measures how long each handler keeps the GUI thread.
#pragma once

#include <QApplication>
#include <QThread>

#include <algorithm>
#include <cstdint>
#include <cstdio>
#include <ctime>
#include <fcntl.h>
#include <functional>
#include <sys/resource.h>
#include <unistd.h>
#include <vector>

namespace kino::test {

/**
 * What budgets in milliseconds are multiplied by: 1, or KINOSCOPE_TIME_SLACK where the machine is shared and says
 * nothing about a user's (the continuous integration sets it).
 */
inline double timeSlack()
{
    bool isNumber = false;
    const double slack = qEnvironmentVariable("KINOSCOPE_TIME_SLACK").toDouble(&isNumber);
    return isNumber && slack >= 1 ? slack : 1;
}

class WatchedApplication : public QApplication {
public:
    using QApplication::QApplication;

    struct Handler {
        double wallMs = 0;
        /** What the thread itself computed: a busy machine does not add to it. */
        double computedMs = 0;
        /** What it waited for of its own accord (a lock, a file, another thread), not for its turn on a core. */
        double waitedMs = 0;
        /** Pages that were not in memory: mapped in, or read from a disk. */
        long pageFaults = 0;
        long diskFaults = 0;
        /** How often another thread took its core meanwhile. */
        long evictions = 0;
        /** Since startWatching(). */
        double atMs = 0;
        int eventType = 0;
        const char *receiver = "";
        /** Of the events inside it (a repaint's widgets) the longest. */
        const char *slowest = "";
        double slowestMs = 0;
    };

    void startWatching()
    {
        m_handlers.clear();
        m_startMs = nowMs(CLOCK_MONOTONIC);
        m_isWatching = true;
    }
    std::vector<Handler> stopWatching()
    {
        m_isWatching = false;
        return std::move(m_handlers);
    }

    bool notify(QObject *receiver, QEvent *event) override
    {
        // Other threads deliver their events here, too; they hold up nobody.
        if (QThread::currentThread() != thread() || !m_isWatching)
            return QApplication::notify(receiver, event);
        if (m_depth > 0) {
            const char *name = receiver->metaObject()->className();
            const double start = nowMs(CLOCK_MONOTONIC);
            const bool result = QApplication::notify(receiver, event);
            if (const double took = nowMs(CLOCK_MONOTONIC) - start; took > m_slowestMs) {
                m_slowestMs = took;
                m_slowest = name;
            }
            return result;
        }
        Handler handler;
        handler.eventType = event->type();
        handler.receiver = receiver->metaObject()->className();
        const double wall = nowMs(CLOCK_MONOTONIC);
        const double computed = nowMs(CLOCK_THREAD_CPUTIME_ID);
        const rusage before = usage();
        const double queued = queuedMs();
        m_slowestMs = 0;
        m_slowest = "";
        ++m_depth;
        const bool result = QApplication::notify(receiver, event);
        --m_depth;
        handler.slowest = m_slowest;
        handler.slowestMs = m_slowestMs;
        handler.wallMs = nowMs(CLOCK_MONOTONIC) - wall;
        handler.computedMs = nowMs(CLOCK_THREAD_CPUTIME_ID) - computed;
        const rusage after = usage();
        handler.pageFaults = after.ru_minflt - before.ru_minflt;
        handler.diskFaults = after.ru_majflt - before.ru_majflt;
        handler.evictions = after.ru_nivcsw - before.ru_nivcsw;
        handler.atMs = wall - m_startMs;
        if (after.ru_nvcsw > before.ru_nvcsw)
            handler.waitedMs = std::max(0.0, handler.wallMs - handler.computedMs - (queuedMs() - queued));
        m_handlers.push_back(handler);
        return result;
    }

private:
    static double nowMs(clockid_t clock)
    {
        timespec now{};
        clock_gettime(clock, &now);
        return static_cast<double>(now.tv_sec) * 1e3 + static_cast<double>(now.tv_nsec) * 1e-6;
    }
    /** For how long this thread was ready and had no core; 0 where the kernel does not count it. */
    static double queuedMs()
    {
        static const int file = ::open("/proc/thread-self/schedstat", O_RDONLY | O_CLOEXEC);
        char text[64] = {};
        unsigned long long ran = 0;
        unsigned long long queued = 0;
        if (file < 0 || ::pread(file, text, sizeof text - 1, 0) <= 0 || std::sscanf(text, "%llu %llu", &ran, &queued) != 2)
            return 0;
        return static_cast<double>(queued) * 1e-6;
    }
    static rusage usage()
    {
        rusage usage{};
        getrusage(RUSAGE_THREAD, &usage);
        return usage;
    }

    bool m_isWatching = false;
    int m_depth = 0;
    double m_startMs = 0;
    const char *m_slowest = "";
    double m_slowestMs = 0;
    std::vector<Handler> m_handlers;
};

/** How a stretch of events felt: milliseconds for which handlers held the GUI thread, and repaints, which are apart. */
struct Fluency {
    std::size_t handlers = 0;
    double handlerP99Ms = 0;
    double handlerWorstMs = 0; // of repaints too
    std::size_t repaints = 0;
    double repaintMedianMs = 0;
    double repaintP99Ms = 0;

    bool isWithin(double p99Ms, double worstMs, double repaintMs) const
    {
        return handlerP99Ms <= p99Ms * timeSlack() && handlerWorstMs <= worstMs * timeSlack() && repaintP99Ms <= repaintMs * timeSlack();
    }
};

/**
 * Runs the script, and again, up to three times, while the outcome is not within the budgets; gives the last. What holds the
 * thread by its own doing does so each time; what the machine does beside it (another guest on the same processor, which is
 * counted as computing) does not.
 */
inline Fluency watch(WatchedApplication &application, const std::function<void()> &script, double p99Ms, double worstMs, double repaintMs)
{
    const auto at = [](std::vector<double> &values, std::size_t hundredths) {
        std::ranges::sort(values);
        return values.empty() ? 0.0 : values[std::min(values.size() - 1, values.size() * hundredths / 100)];
    };
    Fluency fluency;
    for (int attempt = 0; attempt < 3; ++attempt) {
        application.startWatching();
        script();
        std::vector<double> held;
        std::vector<double> repaints;
        for (const WatchedApplication::Handler &handler : application.stopWatching())
            (handler.eventType == QEvent::UpdateRequest ? repaints : held).push_back(handler.computedMs + handler.waitedMs);
        fluency = {held.size(), at(held, 99), std::max(at(held, 100), at(repaints, 100)), repaints.size(), at(repaints, 50), at(repaints, 99)};
        if (fluency.isWithin(p99Ms, worstMs, repaintMs))
            break;
    }
    qInfo("%zu handlers: p99 %.1f ms, worst %.1f ms; %zu repaints: median %.1f ms, p99 %.1f ms", fluency.handlers, fluency.handlerP99Ms, fluency.handlerWorstMs,
          fluency.repaints, fluency.repaintMedianMs, fluency.repaintP99Ms);
    return fluency;
}

} // namespace kino::test
