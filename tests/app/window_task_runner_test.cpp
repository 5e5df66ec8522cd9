#include "app/kinoscope/task_runner.h"

#include "core/base/error.h"

#include <QSignalSpy>

#include <latch>
#include <thread>

using namespace kino;

class WindowTaskRunnerTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void resultComesBackOnTheGuiThread();
    void staleResultIsDropped();
    void onlyTheNewestQuestionWaits();
    void letFinishDeliversBoth();
    void cancelSoonLetsAQuickAnswerThrough();
    void partialResultsComeInOrder();
    void droppedLineDeliversNothing();
    void failureIsASentence();
    void lineMayDieWhileItsWorkRuns();
    void runnerMayDieWhileWorkRuns();
};

template <class T>
using Publish = std::function<void(T)>;

void WindowTaskRunnerTest::resultComesBackOnTheGuiThread()
{
    TaskRunner runner(2);
    TaskLine line(runner, nullptr);
    QThread *worked = nullptr;
    QThread *delivered = nullptr;
    line.ask<QThread *>([](const TaskContext &, const Publish<QThread *> &) { return QThread::currentThread(); },
                        [&](QThread *const &result) {
                            worked = result;
                            delivered = QThread::currentThread();
                        });
    QVERIFY(line.isBusy());
    QTRY_VERIFY(delivered);
    QCOMPARE(delivered, thread());
    QVERIFY(worked != thread());
    QTRY_VERIFY(!line.isBusy());
}

void WindowTaskRunnerTest::staleResultIsDropped()
{
    TaskRunner runner(2);
    TaskLine line(runner, nullptr);
    std::latch isRunning(1);
    std::latch mayFinish(1);
    std::vector<int> delivered;
    const auto deliver = [&](const int &result) { delivered.push_back(result); };
    // The first takes no notice of its token and answers after it was outdated.
    line.ask<int>([&](const TaskContext &, const Publish<int> &publish) {
        isRunning.count_down();
        mayFinish.wait();
        publish(1);
        return 2;
    }, deliver);
    isRunning.wait();
    line.ask<int>([](const TaskContext &, const Publish<int> &) { return 3; }, deliver);
    mayFinish.count_down();
    QTRY_VERIFY(!line.isBusy());
    QCOMPARE(delivered, std::vector<int>{3});
    QCOMPARE(runner.droppedResults(), quint64{2});
}

void WindowTaskRunnerTest::onlyTheNewestQuestionWaits()
{
    TaskRunner runner(1);
    TaskLine line(runner, nullptr);
    std::latch mayFinish(1);
    std::atomic<int> begun = 0;
    std::vector<int> delivered;
    for (int question = 0; question < 50; ++question) {
        line.ask<int>([&, question](const TaskContext &, const Publish<int> &) {
            ++begun;
            mayFinish.wait();
            return question;
        }, [&](const int &result) { delivered.push_back(result); });
    }
    mayFinish.count_down();
    QTRY_VERIFY(!line.isBusy());
    QCOMPARE(delivered, std::vector<int>{49});
    QVERIFY(begun <= 2);
}

void WindowTaskRunnerTest::letFinishDeliversBoth()
{
    TaskRunner runner(1);
    TaskLine line(runner, nullptr);
    std::latch mayFinish(1);
    std::vector<int> delivered;
    for (int question = 0; question < 5; ++question) {
        line.ask<int>([&, question](const TaskContext &, const Publish<int> &) {
            mayFinish.wait();
            return question;
        }, [&](const int &result) { delivered.push_back(result); }, WhenBusy::letFinish);
    }
    mayFinish.count_down();
    QTRY_VERIFY(!line.isBusy());
    QCOMPARE(delivered, (std::vector<int>{0, 4}));
}

void WindowTaskRunnerTest::cancelSoonLetsAQuickAnswerThrough()
{
    TaskRunner runner(1);
    TaskLine line(runner, nullptr);
    std::vector<int> delivered;
    const auto deliver = [&](const int &result) { delivered.push_back(result); };
    std::latch isRunning(1);
    std::latch mayFinish(1);
    line.ask<int>([&](const TaskContext &, const Publish<int> &) {
        isRunning.count_down();
        mayFinish.wait();
        return 1;
    }, deliver, WhenBusy::cancelSoon);
    isRunning.wait();
    // Waits until it is told to stop, however long that takes.
    line.ask<int>([](const TaskContext &context, const Publish<int> &publish) {
        publish(2);
        while (!context.cancel.isCancelled())
            std::this_thread::sleep_for(std::chrono::milliseconds(1));
        return 99;
    }, deliver, WhenBusy::cancelSoon);
    mayFinish.count_down();
    QTRY_COMPARE(delivered, (std::vector<int>{1, 2}));
    line.ask<int>([](const TaskContext &, const Publish<int> &) { return 3; }, deliver, WhenBusy::cancelSoon);
    QTRY_VERIFY(!line.isBusy());
    QCOMPARE(delivered, (std::vector<int>{1, 2, 3}));
}

void WindowTaskRunnerTest::partialResultsComeInOrder()
{
    TaskRunner runner(2);
    TaskLine line(runner, nullptr);
    std::vector<int> delivered;
    line.ask<int>([](const TaskContext &, const Publish<int> &publish) {
        for (int part = 0; part < 100; ++part)
            publish(part);
        return 100;
    }, [&](const int &result) { delivered.push_back(result); });
    QTRY_COMPARE(delivered.size(), std::size_t{101});
    QVERIFY(std::ranges::is_sorted(delivered));
}

void WindowTaskRunnerTest::droppedLineDeliversNothing()
{
    TaskRunner runner(2);
    TaskLine line(runner, nullptr);
    QSignalSpy busy(&line, &TaskLine::busyChanged);
    int delivered = 0;
    line.ask<int>([](const TaskContext &, const Publish<int> &) { return 1; }, [&](const int &) { ++delivered; });
    line.drop();
    QTRY_VERIFY(!line.isBusy());
    QCOMPARE(delivered, 0);
    QCOMPARE(busy.size(), 2);
}

void WindowTaskRunnerTest::failureIsASentence()
{
    TaskRunner runner(2);
    QSignalSpy failures(&runner, &TaskRunner::failed);
    TaskLine line(runner, nullptr);
    line.ask<int>([](const TaskContext &, const Publish<int> &) -> int { throw Error("clip.mp4", "The file has no index."); }, [](const int &) { QFAIL("a result"); });
    QTRY_COMPARE(failures.size(), 1);
    QCOMPARE(failures.at(0).at(0).toString(), QStringLiteral("The file has no index."));
    QVERIFY(failures.at(0).at(1).toString().contains(QStringLiteral("clip.mp4")));
    line.ask<int>([](const TaskContext &, const Publish<int> &) -> int { throw Cancelled(); }, [](const int &) { QFAIL("a result"); });
    QTRY_VERIFY(!line.isBusy());
    QCOMPARE(failures.size(), 1);
}

void WindowTaskRunnerTest::lineMayDieWhileItsWorkRuns()
{
    TaskRunner runner(1);
    std::latch isRunning(1);
    std::latch mayFinish(1);
    bool wasCancelled = false;
    auto line = std::make_unique<TaskLine>(runner, nullptr);
    line->ask<int>([&](const TaskContext &context, const Publish<int> &) {
        isRunning.count_down();
        mayFinish.wait();
        wasCancelled = context.cancel.isCancelled();
        return 1;
    }, [](const int &) { QFAIL("a result for nobody"); });
    isRunning.wait();
    line.reset();
    mayFinish.count_down();
    TaskLine after(runner, nullptr);
    int delivered = 0;
    after.ask<int>([](const TaskContext &, const Publish<int> &) { return 1; }, [&](const int &) { ++delivered; });
    QTRY_COMPARE(delivered, 1);
    QVERIFY(wasCancelled);
}

void WindowTaskRunnerTest::runnerMayDieWhileWorkRuns()
{
    auto runner = std::make_unique<TaskRunner>(1);
    TaskLine line(*runner, nullptr);
    std::latch isRunning(1);
    line.ask<int>([&](const TaskContext &context, const Publish<int> &) {
        isRunning.count_down();
        while (!context.cancel.isCancelled())
            std::this_thread::sleep_for(std::chrono::milliseconds(1));
        return 1;
    }, [](const int &) { QFAIL("a result after the end"); });
    isRunning.wait();
    runner.reset(); // waits for the work, which was told to stop
    QTest::qWait(1);
}

QTEST_GUILESS_MAIN(WindowTaskRunnerTest)
#include "window_task_runner_test.moc"
