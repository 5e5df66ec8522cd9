#include "widgets/timeline/view.h"

#include "tests/support/lane_fixtures.h"
#include "tests/support/watched_application.h"
#include "widgets/timeline/label_colours.h"
#include "widgets/timeline/window_painter.h"

using namespace kino;

/** Rows of windows on the timeline, with real events; what should be there is worked out by hand in each test. */
class TimelineWindowsTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void init();
    void cleanup();

    void keptAndDroppedLookDifferent();
    void overlappingWindowsLieInSubRows();
    void clickSelectsTheWindow();
    void tipsSayWhy();
    void tipsOfLabelsSayTheirShare();
    void sharesShowHowManyAreKept();
    void everySourceHasARow();
    void twoHundredThousandWindowsArePaintedInAFrame();

private:
    void show(Recording recording, const WindowRule &rule, Nanos endNs);
    QRect plot(std::size_t source) const;
    QImage grabbed() { return m_view->grab().toImage().convertToFormat(QImage::Format_RGB32); }
    const WindowRows &rows() const { return *m_view->content().windows; }

    std::unique_ptr<TimelineView> m_view;
    std::vector<std::optional<TimeRange>> m_selected;
    int m_scrubs = 0;
};

namespace {

constexpr Nanos kSecond = kNanosPerSecond;

/** 100 Hz from 0 to `seconds`, without the samples inside (gapFrom, gapTo). */
Device sensor(const std::string &name, double seconds, double gapFrom = 0, double gapTo = 0)
{
    std::vector<Nanos> times;
    for (const Nanos time : test::evenTimes(static_cast<std::size_t>(seconds * 100) + 1, 100)) {
        if (time <= fromSeconds(gapFrom) || time >= fromSeconds(gapTo))
            times.push_back(time);
    }
    return test::makeDevice(name, {test::makeStream(StreamKind::accelerometer, std::move(times), 3, [](std::size_t, std::size_t) { return 1.0F; })});
}

WindowRule plainRule(double seconds, double stride)
{
    WindowRule rule;
    rule.channels = {StreamKind::accelerometer};
    rule.seconds = seconds;
    rule.strideSeconds = stride;
    rule.policy = LabelPolicy::none;
    return rule;
}

} // namespace

void TimelineWindowsTest::init()
{
    applyTheme(*qApp, ThemeKind::light);
    m_view = std::make_unique<TimelineView>();
    m_view->resize(1180, 420); // 1000 pixels of plot
    m_selected.clear();
    m_scrubs = 0;
    connect(m_view.get(), &TimelineView::selectionRequested, this, [this](std::optional<TimeRange> selection) { m_selected.push_back(selection); });
    connect(m_view.get(), &TimelineView::playheadRequested, this, [this] { ++m_scrubs; });
    m_view->show();
    QVERIFY(QTest::qWaitForWindowExposed(m_view.get()));
}

void TimelineWindowsTest::cleanup() { m_view.reset(); }

void TimelineWindowsTest::show(Recording recording, const WindowRule &rule, Nanos endNs)
{
    const auto coverage = std::make_shared<const ChannelCoverage>(computeCoverage(recording, rule.devices, rule.joined, rule.channels));
    const auto windows = std::make_shared<const RecordingWindows>(cutWindows(recording, *coverage, rule));
    m_view->setBounds({{0}, {endNs}});
    m_view->setVisibleRange({{0}, {endNs}});
    m_view->setWindows(buildWindowRows(recording, rule, coverage, windows));
}

QRect TimelineWindowsTest::plot(std::size_t source) const
{
    const TimelineLayout layout = m_view->layoutNow();
    for (const TimelineRow &row : layout.rows) {
        if (row.kind == TimelineRowKind::windows && row.index == source)
            return layout.plotOf(row.rect).adjusted(0, 0, 0, -1);
    }
    return {};
}

void TimelineWindowsTest::keptAndDroppedLookDifferent()
{
    Recording recording;
    recording.devices.push_back(sensor("phone", 10, 4, 5.2));
    show(std::move(recording), plainRule(1, 1), 10 * kSecond);
    // Seconds 4 and 5 reach into the gap; the tenth ends on the last sample but one.
    QCOMPARE(rows().sources[0].kept, std::size_t{8});
    const QImage image = grabbed();
    const QRect area = plot(0);
    for (int second = 0; second < 10; ++second) {
        const QColor edge = image.pixelColor(area.left() + 100 * second + 1, area.center().y());
        QCOMPARE(edge == lightTheme().accent, second != 4 && second != 5);
    }
    // A dropped one is an empty frame: the ground shows between the strokes of its hatching.
    bool showsGround = false;
    for (int x = 410; x < 430; ++x)
        showsGround = showsGround || image.pixelColor(area.left() + x, area.center().y()) == lightTheme().plot;
    QVERIFY(showsGround);
    QVERIFY(image.pixelColor(area.left() + 50, area.center().y()) != lightTheme().plot);
}

void TimelineWindowsTest::overlappingWindowsLieInSubRows()
{
    Recording recording;
    recording.devices.push_back(sensor("phone", 10));
    show(recording, plainRule(2, 1), 10 * kSecond);
    QCOMPARE(rows().sources[0].subRows, 2);
    show(recording, plainRule(1, 1), 10 * kSecond);
    QCOMPARE(rows().sources[0].subRows, 1);
    show(recording, plainRule(1, 2), 10 * kSecond);
    QCOMPARE(rows().sources[0].subRows, 1);
    show(recording, plainRule(2, 0.25), 10 * kSecond);
    QCOMPARE(rows().sources[0].subRows, 3);
    const QRectF area = plot(0);
    for (int subRow = 0; subRow < 2; ++subRow)
        QVERIFY(windowSubRow(rows(), 0, area, subRow).bottom() < windowSubRow(rows(), 0, area, subRow + 1).top());
    QVERIFY(area.contains(windowSubRow(rows(), 0, area, 0)) && area.contains(windowSubRow(rows(), 0, area, 2)));
}

void TimelineWindowsTest::clickSelectsTheWindow()
{
    Recording recording;
    recording.devices.push_back(sensor("phone", 10));
    show(std::move(recording), plainRule(2, 1), 10 * kSecond);
    const QRect area = plot(0);
    const auto middle = [&](int subRow) { return static_cast<int>(windowSubRow(rows(), 0, area, subRow).center().y()); };
    // At 3.5 s lie the windows from 2 s, above, and from 3 s, below.
    QTest::mouseClick(m_view.get(), Qt::LeftButton, {}, {area.left() + 350, middle(0)});
    QCOMPARE(m_selected.back(), std::optional(TimeRange{{2 * kSecond}, {4 * kSecond}}));
    QTest::mouseClick(m_view.get(), Qt::LeftButton, {}, {area.left() + 350, middle(1)});
    QCOMPARE(m_selected.back(), std::optional(TimeRange{{3 * kSecond}, {5 * kSecond}}));
    QCOMPARE(m_scrubs, 0); // the playhead stays
    // Where no window is, a click does what it does elsewhere.
    QTest::mouseClick(m_view.get(), Qt::LeftButton, {}, {area.left() + 50, middle(1)});
    QCOMPARE(m_selected.back(), std::optional<TimeRange>());
    QCOMPARE(m_scrubs, 1);
}

void TimelineWindowsTest::tipsSayWhy()
{
    Recording recording;
    recording.devices.push_back(sensor("phone", 10, 4, 5.2));
    show(std::move(recording), plainRule(1, 1), 11 * kSecond);
    const QRect area = plot(0);
    const auto tipAt = [&](double seconds) { return m_view->tipAt({area.left() + static_cast<int>(seconds * 1000 / 11), area.center().y()}); };
    QCOMPARE(tipAt(0.5), QStringLiteral("Kept\n00:00.000 \u2013 00:01.000"));
    QVERIFY2(tipAt(4.5).startsWith(QStringLiteral("Dropped: gap in a channel\nAccelerometer has a gap of 1.20 s at 00:04.000\n")), qPrintable(tipAt(4.5)));
    // The last begins with the last sample, at 10 s.
    QVERIFY2(tipAt(10.5).startsWith(QStringLiteral("Dropped: over the end\nit reaches 1.00 s over the end of the signals\n")), qPrintable(tipAt(10.5)));
}

void TimelineWindowsTest::tipsOfLabelsSayTheirShare()
{
    Recording recording;
    recording.devices.push_back(sensor("phone", 10));
    recording.tiers.push_back({"activity", TierKind::label, {{{0}, {2 * kSecond + 750'000'000}, "walk"}, {{2 * kSecond + 750'000'000}, {5 * kSecond}, "sit"}, {{6 * kSecond}, {7 * kSecond}, "turn"}}});
    WindowRule rule = plainRule(1, 1);
    rule.policy = LabelPolicy::majority;
    rule.minimumShare = 0.8;
    rule.labels["turn"] = std::nullopt;
    show(std::move(recording), rule, 10 * kSecond);
    const QRect area = plot(0);
    const auto tipAt = [&](int second) { return m_view->tipAt({area.left() + second * 100 + 50, area.center().y()}).section(QLatin1Char('\n'), 0, 1); };
    QCOMPARE(tipAt(1).section(QLatin1Char('\n'), 0, 0), QStringLiteral("Kept: walk, 100\u00a0% of it"));
    QCOMPARE(tipAt(2), QStringLiteral("Dropped: mixed labels\nits most frequent label has 75\u00a0%; 80\u00a0% is needed, and more than any other"));
    QCOMPARE(tipAt(5), QStringLiteral("Dropped: no label\nnothing in it is labelled"));
    QCOMPARE(tipAt(6), QStringLiteral("Dropped: label left out\n100\u00a0% of it is of a label that the rule leaves out"));
    // Kept ones carry their class' colour.
    const QImage image = grabbed();
    QCOMPARE(image.pixelColor(area.left() + 101, area.center().y()), labelColour(lightTheme(), QStringLiteral("walk")));
    QCOMPARE(image.pixelColor(area.left() + 301, area.center().y()), labelColour(lightTheme(), QStringLiteral("sit")));
    // A colour that a person has chosen goes before that of the name, at once; the others stay.
    m_view->setLabelColours({{QStringLiteral("walk"), QColor(0x12, 0x34, 0x56)}});
    const QImage chosen = grabbed();
    QCOMPARE(chosen.pixelColor(area.left() + 101, area.center().y()), QColor(0x12, 0x34, 0x56));
    QCOMPARE(chosen.pixelColor(area.left() + 301, area.center().y()), labelColour(lightTheme(), QStringLiteral("sit")));
}

void TimelineWindowsTest::sharesShowHowManyAreKept()
{
    // Windows of 0.1 s every 0.1 s over 1,000 s: ten a pixel. In the first half three of four are labelled, in the other none.
    Recording recording;
    recording.devices.push_back(sensor("phone", 1000));
    AnnotationTier tier{"activity", TierKind::label, {}};
    for (int window = 0; window < 5000; ++window) {
        if (window % 4 != 3)
            tier.annotations.push_back({{window * (kSecond / 10)}, {(window + 1) * (kSecond / 10)}, "walk"});
    }
    recording.tiers.push_back(std::move(tier));
    WindowRule rule = plainRule(0.1, 0.1);
    rule.rateHz = 100;
    rule.policy = LabelPolicy::full;
    show(std::move(recording), rule, 1000 * kSecond);
    QCOMPARE(rows().sources[0].kept, std::size_t{3750});
    const QRect area = plot(0);
    QVERIFY(windowStep(rows(), 0, m_view->axis()) < kLeastWindowStep);
    QVERIFY(!windowSubRowAt(rows(), 0, m_view->axis(), area, area.center().y()));
    const QImage image = grabbed();
    const QRectF inner = windowSubRow(rows(), 0, area, 0);
    // In the class' colour up to three quarters of the height, give or take what ten windows a pixel cannot divide.
    const QColor walk = image.pixelColor(area.left() + 200, static_cast<int>(inner.bottom()) - 2);
    QVERIFY(walk != lightTheme().plot);
    double coloured = 0;
    for (int x = 100; x < 400; ++x) {
        for (int y = static_cast<int>(inner.top()); y < static_cast<int>(inner.bottom()); ++y)
            coloured += image.pixelColor(area.left() + x, y) == walk;
    }
    const double share = coloured / 300 / inner.height();
    QVERIFY2(std::abs(share - 0.75) < 0.03, qPrintable(QString::number(share)));
    for (int x = 510; x < 990; ++x) {
        for (int y = static_cast<int>(inner.top()) + 1; y < static_cast<int>(inner.bottom()) - 1; ++y)
            QVERIFY(image.pixelColor(area.left() + x, y) != walk);
    }
}

void TimelineWindowsTest::everySourceHasARow()
{
    Recording recording;
    recording.devices.push_back(sensor("phone", 10));
    recording.devices.push_back(sensor("watch", 5));
    show(recording, plainRule(1, 1), 10 * kSecond);
    QCOMPARE(rows().sources.size(), std::size_t{2});
    QCOMPARE(rows().sources[1].title, QStringLiteral("watch"));
    QCOMPARE(plot(1).top(), plot(0).bottom() + 2);
    QVERIFY(plot(1).bottom() < m_view->layoutNow().overview.top());
    for (int more = 0; more < 10; ++more)
        recording.devices.push_back(sensor("d" + std::to_string(more), 10));
    show(std::move(recording), plainRule(1, 1), 10 * kSecond);
    QCOMPARE(plot(0).height(), TimelineLayout::kLowWindowsHeight - 1);
    m_view->setWindows(nullptr);
    QCOMPARE(m_view->layoutNow().rows.size(), std::size_t{0});
}

void TimelineWindowsTest::twoHundredThousandWindowsArePaintedInAFrame()
{
    // 24 h at 100 Hz in strides of 0.432 s, every label 10 s: many runs of all kinds.
    Recording recording;
    recording.devices.push_back(sensor("phone", 86'400));
    AnnotationTier tier{"activity", TierKind::label, {}};
    static const char *const kLabels[] = {"walk", "sit", "stand", "lie", "run"};
    for (Nanos at = 0; at + 10 < 86'400; at += 10)
        tier.annotations.push_back({{at * kSecond}, {(at + 9) * kSecond}, kLabels[at / 10 % 5]});
    recording.tiers.push_back(std::move(tier));
    WindowRule rule = plainRule(2.5, 0.432);
    rule.policy = LabelPolicy::full;
    show(std::move(recording), rule, 86'400 * kSecond);
    QCOMPARE(rows().windows->windows.size(), std::size_t{200'001}); // the last begins with the very last sample
    std::vector<double> frames;
    for (int frame = 0; frame < 120; ++frame) {
        // From the whole day to ten seconds and along it.
        const Nanos length = static_cast<Nanos>(86'400e9 * std::pow(0.927, frame));
        const Nanos from = (86'400 * kSecond - length) / 3;
        m_view->setVisibleRange({{from}, {from + length}});
        m_view->repaint();
        frames.push_back(m_view->lastPaintMs());
    }
    std::ranges::sort(frames);
    qInfo("200,000 windows: frame median %.2f ms, p99 %.2f ms", frames[60], frames[118]);
    QVERIFY2(frames[118] <= 16 * test::timeSlack(), qPrintable(QString::number(frames[118])));
}

int main(int argc, char *argv[])
{
    QApplication application(argc, argv);
    TimelineWindowsTest windows;
    return QTest::qExec(&windows, argc, argv);
}

#include "timeline_windows_test.moc"
