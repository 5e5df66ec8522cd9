#include "app/kinoscope/annotate/compare_dialog.h"
#include "app/kinoscope/annotate/label_files.h"
#include "core/data/formats/annotation_file.h"
#include "tests/support/labels_fixture.h"
#include "widgets/window/message_line.h"

#include <QAction>
#include <QProcess>

#include <fstream>

using namespace kino;

/** Labels that come from files and from other programs, go into files, and are still there after a crash. */
class WindowLabelFilesTest : public QObject, private test::LabelsFixture {
    Q_OBJECT

private Q_SLOTS:
    void initTestCase() { startTests(); }
    void init() { openLabels(); }
    void cleanup() { closeWindow(); }

    void filesOutAndInAgainAreTheSame_data();
    void filesOutAndInAgainAreTheSame();
    void tiersAreComparedInNumbers();
    void anotherProgramsChangesAreNotOverwritten();
    void whatChangesWhileAFileIsReadIsKept();
    void killedWhileLabellingNothingOlderThanASecondIsLost();
};

void WindowLabelFilesTest::filesOutAndInAgainAreTheSame_data()
{
    QTest::addColumn<QString>("ending");
    QTest::newRow("csv") << QStringLiteral(".csv");
    QTest::newRow("eaf") << QStringLiteral(".eaf");
}

void WindowLabelFilesTest::filesOutAndInAgainAreTheSame()
{
    QFETCH(QString, ending);
    // Whole milliseconds on ELAN's clock: that is all that its files can hold.
    makeTier("mine, \"quoted\"");
    annotator().labelRange({{kNanosPerSecond}, {3 * kNanosPerSecond}}, "walk; slowly");
    annotator().labelRange({{5 * kNanosPerSecond}, {6 * kNanosPerSecond}}, "st\u00fcck");
    const std::vector<AnnotationTier> before = m_window->session().recording()->tiers;
    const std::filesystem::path file = *m_folder / ("labels" + ending.toStdString());
    LabelFiles &files = m_window->labelFiles();
    QSignalSpy told(&files, &LabelFiles::told);
    files.exportTo(file);
    QTRY_COMPARE_WITH_TIMEOUT(told.count(), 1, 10'000);
    constexpr Nanos kRounding = 501'000; // half a millisecond, on a clock that drifts
    const bool isEaf = ending == QLatin1String(".eaf");
    const auto near = [isEaf](const std::vector<AnnotationTier> &a, const std::vector<AnnotationTier> &b) {
        return std::ranges::equal(a, b, [isEaf](const AnnotationTier &x, const AnnotationTier &y) {
            return x.name == y.name && x.kind == y.kind && std::ranges::equal(x.annotations, y.annotations, [isEaf](const Annotation &p, const Annotation &q) {
                // ELAN counts whole milliseconds of its video and has no instants: they become a millisecond long.
                const Nanos end = isEaf && q.end == q.start ? kNanosPerMillisecond : 0;
                return p.label == q.label && std::abs(p.start - q.start) <= kRounding && std::abs(p.end - (q.end + end)) <= kRounding;
            });
        });
    };
    // A tier of its own holds that one alone.
    const std::filesystem::path alone = *m_folder / ("alone" + ending.toStdString());
    files.exportTo(alone, QStringLiteral("mine, \"quoted\""));
    QTRY_COMPARE_WITH_TIMEOUT(told.count(), 2, 10'000);
    told.removeLast();
    const std::vector<AnnotationTier> single = readAnnotationFile(alone);
    QCOMPARE(single.size(), std::size_t{1});
    QCOMPARE(single[0].name, std::string("mine, \"quoted\""));
    QCOMPARE(single[0].annotations.size(), std::size_t{2});
    // Into the recording without its tiers.
    annotator().perform([](const AnnotationSet &set, AnnotationIds &) {
        AnnotationEdit all;
        AnnotationSet now = set;
        for (const StoredTier &tier : set.tiers()) {
            AnnotationEdit one = removeTier(now, tier.id);
            now.apply(one);
            all = composed(std::move(all), std::move(one));
        }
        return all;
    });
    QVERIFY(m_window->session().recording()->tiers.empty());
    files.importFrom(file);
    QTRY_COMPARE_WITH_TIMEOUT(told.count(), 2, 10'000);
    std::vector<AnnotationTier> wanted = before;
    if (ending == QLatin1String(".csv")) {
        // No kind is in a table: all are labels.
        for (AnnotationTier &tier : wanted)
            tier.kind = TierKind::label;
        QVERIFY(std::ranges::equal(m_window->session().recording()->tiers, wanted, [](const AnnotationTier &a, const AnnotationTier &b) { return a.name == b.name && a.annotations == b.annotations; }));
    }
    QVERIFY(near(m_window->session().recording()->tiers, wanted));
    files.importFrom(file);
    QTRY_COMPARE_WITH_TIMEOUT(told.count(), 3, 10'000);
    QVERIFY(told.back()[0].toString().contains(QStringLiteral("already")));
    // A tier of the same name with other labels: both are kept, or the file's take the place; the person is asked.
    int asked = 0;
    const auto answer = [&](ImportedTier how) {
        files.setAsk([&asked, how](const QStringList &known) {
            asked += static_cast<int>(known.size());
            return std::optional(how);
        });
    };
    const std::size_t tiers = m_window->session().recording()->tiers.size();
    annotator().setCurrentTier(annotator().set()->findTier("mine, \"quoted\"")->id);
    annotator().labelRange({{8 * kNanosPerSecond}, {9 * kNanosPerSecond}}, "more");
    answer(ImportedTier::keepBoth);
    files.importFrom(file);
    QTRY_COMPARE_WITH_TIMEOUT(told.count(), 4, 10'000);
    QCOMPARE(m_window->session().recording()->tiers.size(), tiers + 1);
    QCOMPARE(annotationsOf("mine, \"quoted\" (2)").size(), std::size_t{2});
    press(Qt::Key_Z, Qt::ControlModifier);
    answer(ImportedTier::replace);
    files.importFrom(file);
    QTRY_COMPARE_WITH_TIMEOUT(told.count(), 5, 10'000);
    QVERIFY(near(m_window->session().recording()->tiers, wanted));
    QCOMPARE(asked, 2);
    press(Qt::Key_Z, Qt::ControlModifier);
    press(Qt::Key_Z, Qt::ControlModifier);
    // One step brings back what was there before the import.
    press(Qt::Key_Z, Qt::ControlModifier);
    QVERIFY(m_window->session().recording()->tiers.empty());
    waitWritten();
    QVERIFY(stored().empty());
    // A file that is none is said, and changes nothing.
    QSignalSpy failed(&files, &LabelFiles::failed);
    std::ofstream(*m_folder / "bad.csv") << "tier,start_ns,end_ns,label\nmine,5,x,walk\n";
    files.importFrom(*m_folder / "bad.csv");
    QTRY_COMPARE_WITH_TIMEOUT(failed.count(), 1, 10'000);
    QVERIFY(m_window->session().recording()->tiers.empty());
}

void WindowLabelFilesTest::tiersAreComparedInNumbers()
{
    // Ten seconds: A says walk 0-5, sit 5-10; B says walk 0-6, sit 6-10. They agree on 9 of 10 seconds; by chance they
    // would on 0.5 * 0.6 + 0.5 * 0.4 = 0.5: kappa = (0.9 - 0.5) / (1 - 0.5) = 0.8.
    const auto s = [](double seconds) { return RecordingTime{fromSeconds(seconds)}; };
    importTiersOf({{"A", TierKind::label, {{s(0), s(5), "walk"}, {s(5), s(10), "sit"}}}, {"B", TierKind::label, {{s(0), s(6), "walk"}, {s(6), s(10), "sit"}}}});
    m_window->commands().compareTiers->trigger();
    auto *dialog = m_window->findChild<CompareDialog *>();
    QVERIFY(dialog);
    dialog->choose(QStringLiteral("A"), QStringLiteral("B"));
    QTRY_VERIFY_WITH_TIMEOUT(dialog->agreement() && !dialog->isBusy(), 10'000);
    QVERIFY(std::abs(dialog->agreement()->kappa - 0.8) < 1e-12);
    const QStringList lines = dialog->asText().split(QLatin1Char('\n'));
    QVERIFY(lines.contains(QStringLiteral("Cohen's kappa\t0.8000")));
    QVERIFY(lines.contains(QStringLiteral("Observed agreement\t0.9000")));
    // 2 * 5 / (5 + 6), 2 * 4 / (5 + 4)
    QVERIFY(lines.contains(QStringLiteral("walk\t5.000\t6.000\t5.000\t0.9091")));
    QVERIFY(lines.contains(QStringLiteral("sit\t5.000\t4.000\t4.000\t0.8889")));
    // 100 frames a second: of A's sit, 100 are B's walk.
    QVERIFY(lines.contains(QStringLiteral("sit\t400\t100")));
    dialog->close();
}

void WindowLabelFilesTest::anotherProgramsChangesAreNotOverwritten()
{
    const StoredTier tier = annotator().set()->tiers().front();
    const StoredAnnotation first = tier.annotations[0];
    Project::open(m_project).updateAnnotation(first.id, {first.annotation.start, first.annotation.end, "elsewhere"});
    annotator().perform([&](const AnnotationSet &set, AnnotationIds &) { return relabelAnnotations(set, std::vector{first.id}, "here"); });
    // The other's stays, is shown, and nothing waits for ever.
    QTRY_COMPARE_WITH_TIMEOUT(annotationsOf(tier.name.c_str())[0].label, std::string("elsewhere"), 10'000);
    QTRY_VERIFY_WITH_TIMEOUT(m_window->isSettled(), 10'000);
    QVERIFY(m_window->messages().message().contains(QStringLiteral("Another program")));
    annotator().perform([&](const AnnotationSet &set, AnnotationIds &) { return relabelAnnotations(set, std::vector{first.id}, "both"); });
    waitWritten();
    QCOMPARE(stored().front().annotations[0].annotation.label, std::string("both"));
}

void WindowLabelFilesTest::whatChangesWhileAFileIsReadIsKept()
{
    makeTier("mine");
    const std::filesystem::path file = *m_folder / "incoming.csv";
    writeAnnotationCsv(file, {{"incoming", TierKind::label, {{{kNanosPerSecond}, {2 * kNanosPerSecond}, "walk"}}}});
    LabelFiles &files = m_window->labelFiles();
    QSignalSpy told(&files, &LabelFiles::told);
    // Labelled before the answer can come: the edit that was prepared does not fit any more and is made anew.
    files.importFrom(file);
    annotator().labelRange({{3 * kNanosPerSecond}, {4 * kNanosPerSecond}}, "sit");
    QTRY_COMPARE_WITH_TIMEOUT(told.count(), 1, 10'000);
    QCOMPARE(annotationsOf("mine").size(), std::size_t{1});
    QCOMPARE(annotationsOf("incoming").size(), std::size_t{1});
    waitWritten();
    QVERIFY(stored() == annotator().set()->tiers());
    // Another recording meanwhile: its labels are its own, and what was asked for is said not to have been done.
    const qint64 first = m_window->session().open().id;
    const auto choose = [&](int step) {
        const qint64 before = m_window->session().open().id;
        m_window->library().chooseNeighbour(step);
        QTRY_VERIFY_WITH_TIMEOUT(m_window->session().open().id != before && annotator().state() == LabelsState::ready, 20'000);
    };
    choose(1);
    choose(-1);
    QCOMPARE(m_window->session().open().id, first);
    writeAnnotationCsv(file, {{"incoming", TierKind::label, {{{kNanosPerSecond}, {3 * kNanosPerSecond}, "run"}}}});
    files.importFrom(file);
    m_window->library().chooseNeighbour(1); // it has been read: it is shown at once
    QVERIFY(m_window->session().open().id != first);
    QTRY_COMPARE_WITH_TIMEOUT(told.count(), 2, 20'000);
    QVERIFY2(told.back()[0].toString().contains(QStringLiteral("Another recording")), qPrintable(told.back()[0].toString()));
    QTRY_VERIFY_WITH_TIMEOUT(annotator().state() == LabelsState::ready, 20'000);
    QVERIFY(annotationsOf("incoming").empty());
    // Closed meanwhile: nothing happens, and nothing breaks.
    files.importFrom(file);
    m_window->library().closeAll();
    QTRY_VERIFY_WITH_TIMEOUT(!files.isBusy(), 10'000);
    QVERIFY(!m_window->session().recording());
}

/** What the child says: lines "at PLAYHEAD CLOCK", "closed START END LABEL CLOCK", "open START". */
void WindowLabelFilesTest::killedWhileLabellingNothingOlderThanASecondIsLost()
{
    m_window.reset();
    for (const int killAfterMs : {2'300, 3'100, 4'200}) {
        const std::filesystem::path project = *m_folder / ("killed-" + std::to_string(killAfterMs)) / "Labels.kino";
        std::filesystem::create_directories(project.parent_path());
        std::filesystem::copy(source(), project, std::filesystem::copy_options::recursive);
        QProcess child;
        child.setProcessChannelMode(QProcess::ForwardedErrorChannel);
        child.start(QCoreApplication::applicationFilePath(), {QStringLiteral("--label-child"), QString::fromStdString(project.string())});
        QVERIFY(child.waitForStarted());
        QByteArray said;
        QElapsedTimer since;
        while (!since.isValid() || since.elapsed() < killAfterMs) {
            QVERIFY(child.waitForReadyRead(30'000));
            said += child.readAllStandardOutput();
            if (!since.isValid() && said.contains("open "))
                since.start();
        }
        child.kill(); // SIGKILL: no destructor runs, nothing is flushed
        QVERIFY(child.waitForFinished());
        said += child.readAllStandardOutput();
        RecordingTime reached;
        RecordingTime openSince;
        qint64 lastClock = 0;
        std::vector<std::pair<RecordingTime, qint64>> playheads;
        std::vector<std::pair<Annotation, qint64>> closed;
        for (const QByteArray &line : said.split('\n')) {
            const QList<QByteArray> words = line.split(' ');
            if (words[0] == "at" && words.size() == 3) {
                reached = {words[1].toLongLong()};
                lastClock = words[2].toLongLong();
                playheads.push_back({reached, lastClock});
            } else if (words[0] == "closed" && words.size() == 5) {
                closed.push_back({{{words[1].toLongLong()}, {words[2].toLongLong()}, words[3].toStdString()}, words[4].toLongLong()});
            } else if (words[0] == "open" && words.size() == 2) {
                openSince = {words[1].toLongLong()};
            }
        }
        QVERIFY(lastClock > 0 && !closed.empty());
        const Project opened = Project::open(project);
        const std::vector<AnnotationTier> tiers = plainTiers(opened.tiers(opened.recordings().front().id));
        const auto mine = std::ranges::find(tiers, std::string("mine"), &AnnotationTier::name);
        QVERIFY(mine != tiers.end());
        // All that was ended more than a second before is there, to the nanosecond.
        for (const auto &[annotation, clock] : closed) {
            if (clock < lastClock - 1'000)
                QVERIFY2(std::ranges::find(mine->annotations, annotation) != mine->annotations.end(), annotation.label.c_str());
        }
        // And what was open then reaches to where the playhead was a second before.
        RecordingTime secondAgo = playheads.front().first;
        for (const auto &[time, clock] : playheads) {
            if (clock <= lastClock - 1'000)
                secondAgo = time;
        }
        RecordingTime saved{std::numeric_limits<Nanos>::min()};
        for (const Annotation &annotation : mine->annotations)
            saved = std::max(saved, annotation.end);
        qInfo("killed at %.3f s of the recording: labels are saved to %.3f s", toSeconds(reached.ns), toSeconds(saved.ns));
        QVERIFY(saved >= secondAgo);
        QVERIFY(saved > closed.back().first.end || closed.back().second > lastClock - 1'000);
    }
}

namespace {

/** Labels by real keys while it plays, and says what it did, until it is killed. */
int labelUntilKilled(const char *project)
{
    applyTheme(*qApp, ThemeKind::light);
    MainWindow window;
    window.resize(1280, 800);
    window.show();
    window.openPaths({project});
    Annotator &annotator = window.annotator();
    if (!QTest::qWaitFor([&] { return annotator.state() == LabelsState::ready && window.isSettled(); }, 30'000))
        return 1;
    annotator.perform([](const AnnotationSet &set, AnnotationIds &ids) { return addTier(set, ids, "mine", TierKind::label); });
    annotator.setCurrentTier(annotator.set()->findTier("mine")->id);
    Session &session = window.session();
    QElapsedTimer clock;
    clock.start();
    session.setPlaying(true);
    bool isFirst = true;
    QElapsedTimer since;
    since.start();
    for (;;) {
        if (since.elapsed() > 900 || isFirst) {
            const OpenLabel *open = annotator.openLabel();
            const std::string label = open ? open->label() : std::string();
            const RecordingTime start = open ? open->start() : RecordingTime();
            QTest::keyClick(&window, isFirst ? Qt::Key_1 : label == annotator.vocabulary().labels[0].label ? Qt::Key_2 : Qt::Key_1);
            if (!isFirst)
                std::printf("closed %lld %lld %s %lld\n", static_cast<long long>(start.ns), static_cast<long long>(annotator.openLabel()->start().ns), label.c_str(), static_cast<long long>(clock.elapsed()));
            std::printf("open %lld\n", static_cast<long long>(annotator.openLabel()->start().ns));
            isFirst = false;
            since.restart();
        }
        std::printf("at %lld %lld\n", static_cast<long long>(session.playhead().ns), static_cast<long long>(clock.elapsed()));
        std::fflush(stdout);
        QTest::qWait(30);
    }
}

} // namespace

int main(int argc, char **argv)
{
    qputenv("QT_QPA_PLATFORM", "offscreen");
    test::WatchedApplication application(argc, argv);
    QApplication::setOrganizationName(QStringLiteral("kinoscope-test"));
    QApplication::setApplicationName(QStringLiteral("kinoscope-test"));
    if (argc == 3 && QByteArray(argv[1]) == "--label-child") {
        QSettings::setDefaultFormat(QSettings::IniFormat);
        QSettings::setPath(QSettings::IniFormat, QSettings::UserScope, QString::fromLocal8Bit(argv[2]) + QStringLiteral("-settings"));
        return labelUntilKilled(argv[2]);
    }
    WindowLabelFilesTest object;
    return QTest::qExec(&object, argc, argv);
}
#include "window_label_files_test.moc"
