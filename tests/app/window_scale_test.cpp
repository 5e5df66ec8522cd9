#include "app/kinoscope/inspect/inspect_page.h"
#include "app/kinoscope/main_window.h"
#include "app/kinoscope/inspect/spectrogram_panel.h"
#include "app/kinoscope/inspect/timeline_panel.h"
#include "core/data/clocks/clock_edit.h"
#include "tests/support/lane_fixtures.h"
#include "tests/support/watched_application.h"

using namespace kino;

/** A day of two sensors at 100 Hz and ten thousand labels. */
class WindowScaleTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void panAndZoomOfADayStayFluid();
};

void WindowScaleTest::panAndZoomOfADayStayFluid()
{
    test::TemporaryFolder folder;
    QSettings::setDefaultFormat(QSettings::IniFormat);
    QSettings::setPath(QSettings::IniFormat, QSettings::UserScope, QString::fromStdString((folder / "settings").string()));
    applyTheme(*qApp, ThemeKind::light);

    constexpr std::size_t kSamples = 24 * 3600 * 100;
    const std::vector<Nanos> times = test::evenTimes(kSamples, 100);
    const auto noise = [state = std::uint32_t{1}](std::size_t axis, std::size_t) mutable {
        state = state * 1664525u + 1013904223u;
        return static_cast<float>(state >> 16) / 65536.0F + static_cast<float>(axis);
    };
    auto recording = std::make_shared<Recording>();
    recording->name = "day";
    recording->devices.push_back(test::makeDevice("watch", {test::makeStream(StreamKind::accelerometer, times, 3, noise), test::makeStream(StreamKind::gyroscope, times, 3, noise)}));
    AnnotationTier tier{"activity", TierKind::label, {}};
    for (Nanos label = 0; label < 10'000; ++label)
        tier.annotations.push_back({{label * 8'640'000'000}, {label * 8'640'000'000 + 8'000'000'000}, label % 3 == 0 ? "walk" : "sit"});
    recording->tiers.push_back(tier);

    MainWindow window;
    window.resize(1600, 1000);
    window.show();
    window.library().model().add({1, QStringLiteral("test"), QStringLiteral("day"), {}, LibraryState::ready, Mark::none, {}});
    window.findChild<QStackedWidget *>()->setCurrentWidget(&window.inspect());
    window.session().setRecording({1, recording, std::make_shared<const RecordingOverview>()});
    QTRY_VERIFY_WITH_TIMEOUT(window.session().lanes().size() == 2 && window.isSettled(), 120'000);

    auto *application = static_cast<test::WatchedApplication *>(qApp);
    TimelineView &view = window.inspect().timeline().view();
    const auto wheel = [&](int angle, Qt::KeyboardModifiers modifiers) {
        const QPointF at(view.axis().left + 400, 200);
        QWheelEvent event(at, view.mapToGlobal(at), {}, {0, angle}, Qt::NoButton, modifiers, Qt::NoScrollPhase, false);
        QApplication::sendEvent(&view, &event);
        QTest::qWait(4);
    };
    const test::Fluency panned = test::watch(*application, [&] {
        window.session().fit();
        for (int step = 0; step < 60; ++step)
            wheel(120, {});
        for (int step = 0; step < 60; ++step)
            wheel(-120, {});
        for (int step = 0; step < 12; ++step)
            wheel(120, {});
        for (int step = 0; step < 60; ++step)
            wheel(step % 20 < 10 ? -120 : 120, Qt::ShiftModifier);
    }, 8, 30, 16);
    QVERIFY(panned.repaints > 100);
    QVERIFY2(panned.isWithin(8, 30, 16), qPrintable(QStringLiteral("worst %1 ms, repaints %2 ms").arg(panned.handlerWorstMs).arg(panned.repaintP99Ms)));
    QTRY_VERIFY_WITH_TIMEOUT(window.isSettled(), 60'000);

    // A clock that is moved by its keys: lanes follow without being built again.
    window.session().fit();
    QTest::qWait(20);
    const test::Fluency nudged = test::watch(*application, [&] {
        for (int step = 0; step < 200; ++step) {
            QMetaObject::invokeMethod(
                &view,
                [&window] {
                    const Recording &now = *window.session().recording();
                    const ClockEdit edit = editClock(now, ClockOwner::device, "watch", kino::nudged(clockOf(now, ClockOwner::device, "watch"), kNanosPerMillisecond, 0), "move");
                    window.session().replaceRecording(std::make_shared<const Recording>(withClock(now, edit)), RecordingPart::clocks);
                },
                Qt::QueuedConnection);
            QTest::qWait(4);
        }
    }, 8, 30, 16);
    QVERIFY(nudged.handlers >= 200 && nudged.repaints >= 100);
    QVERIFY2(nudged.isWithin(8, 30, 16), qPrintable(QStringLiteral("worst %1 ms, repaints %2 ms").arg(nudged.handlerWorstMs).arg(nudged.repaintP99Ms)));
    QTRY_VERIFY_WITH_TIMEOUT(window.isSettled(), 60'000);
}

int main(int argc, char *argv[])
{
    kino::test::WatchedApplication application(argc, argv);
    QApplication::setApplicationName(QStringLiteral("kinoscope-test"));
    QApplication::setOrganizationName(QStringLiteral("kinoscope"));
    WindowScaleTest test;
    return QTest::qExec(&test, argc, argv);
}

#include "window_scale_test.moc"
