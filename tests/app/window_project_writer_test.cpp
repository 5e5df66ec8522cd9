// What is changed is written in the order in which it was changed, and nothing of it gets lost on the way.
#include "app/kinoscope/project_writer.h"
#include "core/base/error.h"
#include "core/store/project.h"

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
            writer.write(m_project, [value, &outOfOrder](Project &project) {
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
        writer.write(m_project, [&attempts](Project &project) {
            if (++attempts < 3)
                throw Error("The disk is full.");
            project.setSetting("value", 1);
        });
        writer.write(m_project, [](Project &project) { project.setSetting("value", project.setting("value")->get<int>() * 10 + 2); });
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
                writer.write(m_project, [value](Project &project) { project.setSetting("value", value); });
        }
        QCOMPARE(value(), 49);
    }

    void whatCannotBeWrittenIsToldAtTheEnd()
    {
        ProjectWriter writer;
        writer.write(m_project, [](Project &) { throw Error("The project is read-only."); });
        writer.write(m_project, [](Project &project) { project.setSetting("value", 1); });
        QVERIFY(!writer.finish());
        QCOMPARE(writer.waiting(), std::size_t{2});
        writer.abandon();
        QVERIFY(!writer.isBusy());
        QVERIFY(writer.finish());
        QVERIFY(!Project::open(m_project).setting("value"));
    }

private:
    int value() const { return Project::open(m_project).setting("value")->get<int>(); }

    std::unique_ptr<QTemporaryDir> m_folder;
    std::filesystem::path m_project;
};

QTEST_GUILESS_MAIN(WindowProjectWriterTest)
#include "window_project_writer_test.moc"
