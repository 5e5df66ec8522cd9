#include "app/kinoscope/demo.h"
#include "app/kinoscope/inspect/inspect_page.h"
#include "app/kinoscope/main_window.h"
#include "app/kinoscope/tour.h"
#include "app/kinoscope/inspect/video_panel.h"
#include "core/base/files.h"
#include "core/store/project.h"
#include "tests/support/lane_fixtures.h"
#include "widgets/window/message_line.h"

#include <QJsonDocument>
#include <QJsonObject>

using namespace kino;

/** A project, made by the simulator as the demo is, in the window and on the tour. */
class WindowProjectTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void initTestCase();
    void init();

    void demoIsMadeOnce();
    void demoIsUsableBeforeItIsComplete();
    void projectListsAndOpensItsRecordings();
    void clapIsSeenWhereItIsFelt();
    void tourShowsRealContent();
    void tourFailsLoudly();
    void missingProjectIsALine();
    void closingTheWindowWhileItReadsIsSafe();

private:
    static SimulatorOptions small();

    test::TemporaryFolder m_folder;
    std::filesystem::path m_project;
    nlohmann::json m_truth;
};

SimulatorOptions WindowProjectTest::small()
{
    SimulatorOptions options;
    options.subjects = 2;
    options.minutes = 0.4;
    options.activities = {SimulatedActivity::walk, SimulatedActivity::stand};
    options.video = SimulatedVideo{.width = 96, .height = 64, .rateHz = 15};
    return options;
}

void WindowProjectTest::initTestCase()
{
    QSettings::setDefaultFormat(QSettings::IniFormat);
    QSettings::setPath(QSettings::IniFormat, QSettings::UserScope, QString::fromStdString((m_folder / "settings").string()));
    applyTheme(*qApp, ThemeKind::light);
    m_project = ensureDemoProject(m_folder / "demo", {}, {}, small());
    m_truth = readJsonFile(demoRecordings(m_folder / "demo", 1) / "truth.json");
}

void WindowProjectTest::init() { QSettings().clear(); }

void WindowProjectTest::demoIsMadeOnce()
{
    const auto before = std::filesystem::last_write_time(demoRecordings(m_folder / "demo", 2) / "truth.json");
    QCOMPARE(ensureDemoProject(m_folder / "demo", {}, {}, small()), m_project);
    QVERIFY(std::filesystem::last_write_time(demoRecordings(m_folder / "demo", 2) / "truth.json") == before);
    QCOMPARE(Project::open(m_project).recordings().size(), std::size_t{2});
    CancelToken cancel;
    cancel.cancel();
    QVERIFY_THROWS_EXCEPTION(Cancelled, ensureDemoProject(m_folder / "other", cancel, {}, small()));
    QVERIFY(!std::filesystem::exists(demoRecordings(m_folder / "other", 1) / "truth.json"));
}

void WindowProjectTest::demoIsUsableBeforeItIsComplete()
{
    // The first person is in the project when the second is not simulated yet.
    std::vector<std::size_t> held;
    ensureDemoProject(m_folder / "staged", {}, {}, small(), [&](const std::filesystem::path &project) {
        held.push_back(Project::open(project).recordings().size());
        QCOMPARE(std::filesystem::exists(demoRecordings(m_folder / "staged", 2)), held.size() == 2);
    });
    QCOMPARE(held, (std::vector<std::size_t>{1, 2}));
    // Stopped after the first, it goes on with the second.
    CancelToken cancel;
    QVERIFY_THROWS_EXCEPTION(Cancelled, ensureDemoProject(m_folder / "stopped", cancel, {}, small(), [&](const std::filesystem::path &) { cancel.cancel(); }));
    const auto first = std::filesystem::last_write_time(demoRecordings(m_folder / "stopped", 1) / "truth.json");
    const std::filesystem::path project = ensureDemoProject(m_folder / "stopped", {}, {}, small());
    QVERIFY(std::filesystem::last_write_time(demoRecordings(m_folder / "stopped", 1) / "truth.json") == first);
    QCOMPARE(Project::open(project).recordings().size(), std::size_t{2});
    // A project that is opened again shows what has come into it, and stays where the person is.
    MainWindow window;
    window.show();
    window.openPaths({project});
    QTRY_VERIFY_WITH_TIMEOUT(window.session().recording() && window.isSettled(), 30'000);
    const qint64 shown = window.session().open().id;
    window.openPaths({project});
    QTRY_VERIFY_WITH_TIMEOUT(!window.library().isBusy(), 30'000);
    QCOMPARE(window.library().count(), 2);
    QCOMPARE(window.session().open().id, shown);
}

void WindowProjectTest::projectListsAndOpensItsRecordings()
{
    MainWindow window;
    window.resize(1280, 800);
    window.show();
    window.openPaths({m_project});
    QTRY_COMPARE_WITH_TIMEOUT(window.library().count(), 2, 30'000);
    QTRY_VERIFY_WITH_TIMEOUT(window.session().recording() && window.isSettled(), 30'000);
    QCOMPARE(window.session().recording()->subject, std::string("s01"));
    QCOMPARE(window.session().recording()->tiers.size(), std::size_t{2});
    // Another one, chosen in the list.
    qint64 other = -1;
    for (const LibraryItem &item : window.library().model().items())
        other = item.id != window.session().open().id ? item.id : other;
    window.library().choose(other);
    QTRY_COMPARE_WITH_TIMEOUT(window.session().open().id, other, 30'000);
    QTRY_VERIFY_WITH_TIMEOUT(window.isSettled(), 30'000);
    QCOMPARE(window.session().recording()->subject, std::string("s02"));
    QVERIFY(window.messages().message().isEmpty());
}

void WindowProjectTest::clapIsSeenWhereItIsFelt()
{
    MainWindow window;
    window.resize(1280, 800);
    window.show();
    window.openPaths({m_project});
    QTRY_VERIFY_WITH_TIMEOUT(window.session().recording() && window.isSettled() && !window.session().lanes().empty(), 30'000);
    Session &session = window.session();
    const LaneData &lane = *session.streamLanes().front();
    for (const nlohmann::json &clap : m_truth.at("recordings").at(0).at("claps")) {
        const RecordingTime felt{clap.at("recording_ns").get<Nanos>()};
        // The flash's frame begins at the shock (to the nanosecond of the clocks' rounding).
        session.setPlayhead(felt + 1000);
        QCOMPARE(session.frameAtPlayhead(), std::optional(clap.at("frame").get<std::size_t>()));
        QTRY_VERIFY_WITH_TIMEOUT(window.inspect().video().isSettled(), 10'000);
        QCOMPARE(window.inspect().video().shownFrame(), session.frameAtPlayhead());
        // And the strongest sample within a quarter of a second is there.
        std::size_t strongest = *lane.sampleAt(felt);
        const auto strength = [&](std::size_t sample) { return std::abs(lane.values[1][sample] + 9.8F) + std::abs(lane.values[2][sample]); };
        for (std::size_t sample = *lane.sampleAt(felt - kNanosPerSecond / 4); lane.timeOf(sample) < felt + kNanosPerSecond / 4; ++sample)
            strongest = strength(sample) > strength(strongest) ? sample : strongest;
        QVERIFY(std::abs(lane.timeOf(strongest) - felt) <= 10 * kNanosPerMillisecond);
    }
}

void WindowProjectTest::tourShowsRealContent()
{
    MainWindow window;
    const QString folder = QString::fromStdString((m_folder / "tour").string());
    Tour tour(window, {QDir(folder), {ThemeKind::light, ThemeKind::dark}, QSize(1280, 800), {}, {m_project}});
    QSignalSpy finished(&tour, &Tour::finished);
    tour.start();
    QTRY_COMPARE_WITH_TIMEOUT(finished.size(), 1, 60'000);
    QCOMPARE(finished.at(0).at(0).toInt(), 0);
    QFile file(folder + QStringLiteral("/tour.json"));
    QVERIFY(file.open(QIODevice::ReadOnly));
    const QJsonArray pages = QJsonDocument::fromJson(file.readAll()).object().value(QStringLiteral("pages")).toArray();
    QCOMPARE(pages.size(), 2 * Tour::pages().size());
    for (const QJsonValue &each : pages) {
        const QJsonObject page = each.toObject();
        const QImage image(folder + QLatin1Char('/') + page.value(QStringLiteral("file")).toString());
        QCOMPARE(image.size(), QSize(1280, 800));
        QVERIFY(page.value(QStringLiteral("first_paint_ms")).toDouble() > 0);
        const bool isDark = page.value(QStringLiteral("theme")).toString() == QLatin1String("dark");
        QCOMPARE(image.pixelColor(3, 44) == darkTheme().raised, isDark);
        if (page.value(QStringLiteral("page")).toString() == QLatin1String("start"))
            continue;
        const QJsonObject shows = page.value(QStringLiteral("shows")).toObject();
        QCOMPARE(shows.value(QStringLiteral("lanes")).toArray().size(), 2);
        QVERIFY(shows.value(QStringLiteral("sound")).toBool());
        QVERIFY(shows.value(QStringLiteral("video_frame_exact")).toBool());
        QVERIFY(shows.value(QStringLiteral("spectrogram")).toBool());
        QCOMPARE(shows.value(QStringLiteral("spectrogram_as_model_input")).toBool(), page.value(QStringLiteral("page")).toString() == QLatin1String("inspect-model"));
    }
}

void WindowProjectTest::tourFailsLoudly()
{
    for (const std::filesystem::path &path : {m_folder / "nothing-here.csv", m_folder.write("noise.csv", "no,numbers\nhere,either\n")}) {
        MainWindow window;
        Tour tour(window, {QDir(QString::fromStdString((m_folder / "failed").string())), {ThemeKind::light}, QSize(1280, 800), QStringLiteral("inspect"), {path}});
        QSignalSpy finished(&tour, &Tour::finished);
        tour.start();
        QTRY_COMPARE_WITH_TIMEOUT(finished.size(), 1, 30'000);
        QCOMPARE(finished.at(0).at(0).toInt(), 1);
        QVERIFY(!QFile::exists(QString::fromStdString((m_folder / "failed" / "tour.json").string())));
    }
}

void WindowProjectTest::missingProjectIsALine()
{
    MainWindow window;
    window.show();
    std::filesystem::create_directories(m_folder / "empty.kino");
    window.openPaths({m_folder / "empty.kino"});
    QTRY_VERIFY_WITH_TIMEOUT(!window.messages().message().isEmpty(), 30'000);
    QVERIFY(window.messages().details().contains(QStringLiteral("empty.kino")));
    QCOMPARE(window.library().count(), 0);
}

void WindowProjectTest::closingTheWindowWhileItReadsIsSafe()
{
    for (int pause = 0; pause < 12; ++pause) {
        auto window = std::make_unique<MainWindow>();
        window->show();
        window->openPaths({m_project});
        QTest::qWait(pause * 7);
        window.reset();
    }
}

QTEST_MAIN(WindowProjectTest)
#include "window_project_test.moc"
