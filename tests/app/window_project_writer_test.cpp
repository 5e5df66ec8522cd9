// What is changed is written in the order in which it was changed, and nothing of it gets lost on the way.
#include "app/kinoscope/project_writer.h"
#include "core/store/project.h"
#include "core/store/unavailable.h"

#include <QElapsedTimer>
#include <QSignalSpy>
#include <QTemporaryDir>
#include <QtTest>

#include <atomic>

using namespace kino;

class WindowProjectWriterTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void init()
    {
        m_folder = std::make_unique<QTemporaryDir>();
        m_project = std::filesystem::path(m_folder->path().toStdString()) / "writer.kino";
        Project::create(m_project);
    }

    void changesComeInTheOrderInWhichTheyWereMade()
    {
        ProjectWriter writer;
        std::atomic<int> outOfOrder = 0;
        for (int value = 0; value < 200; ++value) {
            writer.write(m_project, QStringLiteral("A value"), [value, &outOfOrder](Project &project) {
                const auto before = project.setting("value");
                if ((before ? before->get<int>() : -1) != value - 1)
                    ++outOfOrder;
                project.setSetting("value", value);
            });
        }
        QVERIFY(writer.isBusy());
        QTRY_VERIFY_WITH_TIMEOUT(!writer.isBusy(), 20'000);
        QCOMPARE(outOfOrder.load(), 0);
        QCOMPARE(value(), 199);
    }

    void aChangeThatFailsHoldsUpThoseBehindItAndIsTriedAgain()
    {
        ProjectWriter writer;
        QSignalSpy failed(&writer, &ProjectWriter::failed);
        QSignalSpy recovered(&writer, &ProjectWriter::recovered);
        std::atomic<int> attempts = 0;
        writer.write(m_project, QStringLiteral("A value"), [&attempts](Project &project) {
            if (++attempts < 3)
                throw Unavailable("The disk is full.");
            project.setSetting("value", 1);
        });
        writer.write(m_project, QStringLiteral("A value"), [](Project &project) { project.setSetting("value", project.setting("value")->get<int>() * 10 + 2); });
        QTRY_COMPARE(failed.count(), 1);
        QCOMPARE(writer.waiting(), std::size_t{2});
        QVERIFY(writer.trouble().contains(QStringLiteral("full")));
        QTRY_COMPARE_WITH_TIMEOUT(recovered.count(), 1, 20'000);
        QCOMPARE(failed.count(), 1); // said once
        QCOMPARE(attempts.load(), 3);
        QCOMPARE(value(), 12);
    }

    void theEndOfTheProgramWaitsForWhatIsNotWrittenYet()
    {
        {
            ProjectWriter writer;
            for (int value = 0; value < 50; ++value)
                writer.write(m_project, QStringLiteral("A value"), [value](Project &project) { project.setSetting("value", value); });
        }
        QCOMPARE(value(), 49);
    }

    void whatCannotBeWrittenIsToldAtTheEnd()
    {
        ProjectWriter writer;
        writer.write(m_project, QStringLiteral("A value"), [](Project &) { throw Error("The project is read-only."); });
        writer.write(m_project, QStringLiteral("A value"), [](Project &project) { project.setSetting("value", 1); });
        QVERIFY(!writer.finish());
        QCOMPARE(writer.waiting(), std::size_t{2});
        writer.abandon();
        QVERIFY(!writer.isBusy());
        QVERIFY(writer.finish());
        QVERIFY(!Project::open(m_project).setting("value"));
    }

    void whatTheProjectRefusesWaitsForAPerson()
    {
        LabelSet set;
        set.name = "activity";
        Project::open(m_project).addLabelSet(set);
        ProjectWriter writer;
        QSignalSpy failed(&writer, &ProjectWriter::failed);
        std::atomic<int> attempts = 0;
        writer.write(m_project, QStringLiteral("A label set"), [set, &attempts](Project &project) {
            ++attempts;
            project.addLabelSet(set);
        });
        writer.write(m_project, QStringLiteral("A value"), [](Project &project) { project.setSetting("value", 3); });
        QTRY_COMPARE(failed.count(), 1);
        QVERIFY(failed.at(0).at(0).toString().contains(QStringLiteral("already")));
        QVERIFY(writer.isRefused());
        // Neither time nor another change has it tried again.
        writer.read(m_project, [](Project &) {});
        QTest::qWait(ProjectWriter::kRetryMs + 300);
        QCOMPARE(attempts.load(), 1);
        QCOMPARE(writer.unsaved(), (QStringList{QStringLiteral("A label set"), QStringLiteral("A value")}));
        // What is in the way goes, and a person says so.
        Project project = Project::open(m_project);
        project.removeLabelSet(project.labelSets().front().id);
        writer.retry();
        QTRY_VERIFY(!writer.isBusy());
        QCOMPARE(attempts.load(), 2);
        QCOMPARE(value(), 3);
    }

    void aLockedProjectHoldsUpNobody()
    {
        const Project other = Project::open(m_project);
        auto lock = std::make_unique<Transaction>(other.database());
        ProjectWriter writer;
        QSignalSpy abandoned(&writer, &ProjectWriter::abandoned);
        writer.write(m_project, QStringLiteral("A value"), [](Project &project) { project.setSetting("value", 5); });
        QElapsedTimer timer;
        timer.start();
        QVERIFY(!writer.finishWithin(100));
        writer.abandon();
        QVERIFY2(timer.elapsed() < 1000, qPrintable(QString::number(timer.elapsed())));
        QVERIFY(!writer.isBusy());
        QVERIFY(abandoned.isEmpty()); // SQLite still waits for the lock
        QTRY_COMPARE_WITH_TIMEOUT(abandoned.count(), 1, 20'000);
        lock.reset();
        QVERIFY(!Project::open(m_project).setting("value"));
    }

    void aCopyTakesWhatCannotBeWritten()
    {
        LabelSet set;
        set.name = "activity";
        {
            Project project = Project::open(m_project);
            project.addLabelSet(set);
            project.setSetting("value", 1);
        }
        const Project other = Project::open(m_project);
        auto lock = std::make_unique<Transaction>(other.database());
        ProjectWriter writer;
        QSignalSpy copied(&writer, &ProjectWriter::copied);
        QSignalSpy copyFailed(&writer, &ProjectWriter::copyFailed);
        writer.write(m_project, QStringLiteral("A value"), [](Project &project) { project.setSetting("value", 7); });
        writer.write(m_project, QStringLiteral("A label set"), [set](Project &project) { project.addLabelSet(set); });
        writer.write(m_project, QStringLiteral("Another value"), [](Project &project) { project.setSetting("other", 8); });
        writer.saveCopy(m_project);
        QTRY_COMPARE_WITH_TIMEOUT(copyFailed.count(), 1, 20'000);
        QCOMPARE(writer.waiting(), std::size_t{3}); // nothing is lost by that
        const std::filesystem::path copy = m_project.parent_path() / "copy.kino";
        writer.saveCopy(copy);
        QTRY_COMPARE_WITH_TIMEOUT(copied.count(), 1, 20'000);
        QCOMPARE(copied.at(0).at(1).toStringList(), QStringList{QStringLiteral("A label set")});
        QVERIFY(!writer.isBusy());
        QVERIFY(writer.trouble().isEmpty());
        lock.reset();
        QCOMPARE(value(), 1);
        const Project project = Project::open(copy);
        QCOMPARE(project.setting("value")->get<int>(), 7);
        QCOMPARE(project.setting("other")->get<int>(), 8);
        QCOMPARE(project.labelSets().size(), std::size_t{1});
    }

private:
    int value() const { return Project::open(m_project).setting("value")->get<int>(); }

    std::unique_ptr<QTemporaryDir> m_folder;
    std::filesystem::path m_project;
};

QTEST_GUILESS_MAIN(WindowProjectWriterTest)
#include "window_project_writer_test.moc"
