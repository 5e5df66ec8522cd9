#include "widgets/timeline/view.h"

#include "tests/support/lane_fixtures.h"
#include "widgets/timeline/label_colours.h"

#include <QApplication>
#include <QSignalSpy>
#include <QWheelEvent>

using namespace kino;

/** Real events on a window-less timeline whose requests are granted, as the session does. */
class TimelineViewTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void init();
    void cleanup();

    void wheelZoomsAboutTheCursor();
    void shiftWheelScrolls();
    void controlWheelScalesOneLane();
    void dragOnTheRulerScrubs();
    void dragOnALaneSelects();
    void clickOnALaneMovesThePlayhead();
    void doubleClickFits();
    void middleDragPans();
    void spaceDragPansAndSpaceAlonePlays();
    void overviewHandleMovesAndStretchesTheView();
    void readoutIsTheSampleInForce();
    void lowLanesSayTheirValuesAtTheCursor();
    void gapIsNotBridged();
    void missingNumbersAreBlank();
    void duplicateTimesCarryATick();
    void clippedSpansAreMarkedAtTheEdge();
    void labelsShowInTheirColour();
    void lanesAndRulerShareTheirPixels();
    void manyLanesScroll();
    void foldedLanesOpenByAClick();
    void draggingANameMovesTheLane();
    void clickOnAnAxisHidesItsCurve();
    void autoScaleFitsWhatIsInView();
    void looksStayWithTheirLane();
    void loopEndsStandInTheRuler();
    void missingFootageLooksUnlikeAGap();
    void tipsSayWhatAMarkMeans();
    void selectingBeyondTheEdgeScrollsToTheEnd();
    void scrubbingBeyondTheEdgeScrollsBackToTheBeginning();
    void furtherOutScrollsFaster();
    void clicksNearTheEdgeDoNotScroll();

private:
    void send(QEvent::Type type, QPointF at, Qt::MouseButton button, Qt::MouseButtons held);
    void wheel(QPointF at, int steps, Qt::KeyboardModifiers modifiers = Qt::NoModifier);
    QImage grabbed() { return m_view->grab().toImage().convertToFormat(QImage::Format_RGB32); }
    QRect lanePlot(std::size_t lane) const;
    void show(const ImuStream &stream, Nanos endNs);

    std::unique_ptr<TimelineView> m_view;
    std::vector<RecordingTime> m_scrubbed;
    std::vector<std::optional<TimeRange>> m_selected;
    int m_fits = 0;
    int m_plays = 0;
};

void TimelineViewTest::init()
{
    applyTheme(*qApp, ThemeKind::light);
    m_view = std::make_unique<TimelineView>();
    m_view->resize(1180, 420); // 1000 pixels of plot
    m_scrubbed.clear();
    m_selected.clear();
    m_fits = m_plays = 0;
    connect(m_view.get(), &TimelineView::visibleRangeRequested, m_view.get(), &TimelineView::setVisibleRange);
    connect(m_view.get(), &TimelineView::playheadRequested, this, [this](RecordingTime time) {
        m_scrubbed.push_back(time);
        m_view->setPlayhead(time);
    });
    connect(m_view.get(), &TimelineView::selectionRequested, this, [this](std::optional<TimeRange> selection) {
        m_selected.push_back(selection);
        m_view->setSelection(selection);
    });
    connect(m_view.get(), &TimelineView::fitRequested, this, [this] { ++m_fits; });
    connect(m_view.get(), &TimelineView::playToggleRequested, this, [this] { ++m_plays; });
    show(test::makeStream(StreamKind::accelerometer, test::evenTimes(1001, 100), 3, [](std::size_t axis, std::size_t sample) { return static_cast<float>(axis) * 100 + static_cast<float>(sample) / 100; }), 10 * kNanosPerSecond);
    m_view->show();
    QVERIFY(QTest::qWaitForWindowExposed(m_view.get()));
}

void TimelineViewTest::cleanup() { m_view.reset(); }

void TimelineViewTest::show(const ImuStream &stream, Nanos endNs)
{
    const Device device = test::makeDevice("phone", {stream});
    m_view->setBounds({{0}, {endNs}});
    m_view->setVisibleRange({{0}, {endNs}});
    m_view->setPlayhead(RecordingTime{0});
    m_view->setLanes({buildLane(device, device.streams[0], {})});
}

void TimelineViewTest::wheel(QPointF at, int steps, Qt::KeyboardModifiers modifiers)
{
    QWheelEvent event(at, m_view->mapToGlobal(at), {}, {0, 120 * steps}, Qt::NoButton, modifiers, Qt::NoScrollPhase, false);
    QApplication::sendEvent(m_view.get(), &event);
}

QRect TimelineViewTest::lanePlot(std::size_t lane) const
{
    const TimelineLayout layout = m_view->layoutNow();
    for (const TimelineRow &row : layout.rows) {
        if (row.kind == TimelineRowKind::lane && row.index == lane)
            return layout.plotOf(row.rect).adjusted(0, 0, 0, -1);
    }
    return {};
}

void TimelineViewTest::wheelZoomsAboutTheCursor()
{
    for (const double x : {170.0, 400.0, 733.0, 1160.0}) {
        const RecordingTime before = m_view->axis().timeAt(x);
        const Nanos length = m_view->axis().range.duration();
        wheel({x, 200}, 3);
        QVERIFY(std::abs(m_view->axis().xOf(before) - x) < 0.5);
        QVERIFY(std::abs(static_cast<double>(m_view->axis().range.duration()) / static_cast<double>(length) - 0.512) < 1e-3); // 0.8³
    }
    const RecordingTime before = m_view->axis().timeAt(500);
    wheel({500, 200}, -2);
    QVERIFY(std::abs(m_view->axis().xOf(before) - 500) < 0.5);
}

void TimelineViewTest::shiftWheelScrolls()
{
    m_view->setVisibleRange({{2 * kNanosPerSecond}, {4 * kNanosPerSecond}});
    wheel({500, 200}, -1, Qt::ShiftModifier);
    QCOMPARE(m_view->axis().range.duration(), 2 * kNanosPerSecond);
    QVERIFY(m_view->axis().range.start.ns > 2 * kNanosPerSecond);
    for (int step = 0; step < 100; ++step)
        wheel({500, 200}, 1, Qt::ShiftModifier);
    QCOMPARE(m_view->axis().range.start.ns, Nanos{0});
}

void TimelineViewTest::controlWheelScalesOneLane()
{
    const ValueRange before = laneValueRange(m_view->content(), 0);
    wheel({500, 200}, 2, Qt::ControlModifier);
    const ValueRange after = laneValueRange(m_view->content(), 0);
    QVERIFY(std::abs(after.span() / before.span() - 0.64) < 1e-6);
    QVERIFY(std::abs((after.low + after.high) - (before.low + before.high)) < 1e-9);
}

void TimelineViewTest::dragOnTheRulerScrubs()
{
    QTest::mousePress(m_view.get(), Qt::LeftButton, {}, {268, 10});
    QCOMPARE(m_scrubbed.back().ns, kNanosPerSecond);
    QTest::mouseMove(m_view.get(), {468, 12});
    QCOMPARE(m_scrubbed.back().ns, 3 * kNanosPerSecond);
    QTest::mouseRelease(m_view.get(), Qt::LeftButton, {}, {468, 12});
    const std::size_t count = m_scrubbed.size();
    QTest::mouseMove(m_view.get(), {768, 12});
    QCOMPARE(m_scrubbed.size(), count);
    QVERIFY(m_selected.empty());
}

void TimelineViewTest::dragOnALaneSelects()
{
    QTest::mousePress(m_view.get(), Qt::LeftButton, {}, {668, 150});
    QTest::mouseMove(m_view.get(), {500, 150});
    QTest::mouseMove(m_view.get(), {368, 150});
    QTest::mouseRelease(m_view.get(), Qt::LeftButton, {}, {368, 150});
    QCOMPARE(m_selected.back(), std::optional(TimeRange{{2 * kNanosPerSecond}, {5 * kNanosPerSecond}}));
    QVERIFY(m_scrubbed.empty());
    // The picture says it too: inside it is tinted, outside it is not.
    const QImage image = grabbed();
    const int y = lanePlot(0).top() + 3;
    QVERIFY(image.pixel(450, y) != image.pixel(200, y));
}

void TimelineViewTest::clickOnALaneMovesThePlayhead()
{
    m_view->setSelection(TimeRange{{0}, {5}});
    QTest::mouseClick(m_view.get(), Qt::LeftButton, {}, {568, 150});
    QCOMPARE(m_scrubbed.back().ns, 4 * kNanosPerSecond);
    QCOMPARE(m_selected.back(), std::optional<TimeRange>());
}

void TimelineViewTest::doubleClickFits()
{
    QTest::mouseDClick(m_view.get(), Qt::LeftButton, {}, {568, 150});
    QCOMPARE(m_fits, 1);
    QTest::mouseDClick(m_view.get(), Qt::LeftButton, {}, {50, 150}); // the header is no time
    QCOMPARE(m_fits, 1);
}

void TimelineViewTest::middleDragPans()
{
    m_view->setVisibleRange({{4 * kNanosPerSecond}, {6 * kNanosPerSecond}});
    QTest::mousePress(m_view.get(), Qt::MiddleButton, {}, {668, 150});
    QTest::mouseMove(m_view.get(), {568, 150}); // a tenth to the left: later by 0.2 s
    QTest::mouseRelease(m_view.get(), Qt::MiddleButton, {}, {568, 150});
    QCOMPARE(m_view->axis().range, (TimeRange{{4'200'000'000}, {6'200'000'000}}));
}

void TimelineViewTest::spaceDragPansAndSpaceAlonePlays()
{
    m_view->setVisibleRange({{4 * kNanosPerSecond}, {6 * kNanosPerSecond}});
    m_view->setFocus();
    QTest::keyPress(m_view.get(), Qt::Key_Space);
    QTest::mousePress(m_view.get(), Qt::LeftButton, {}, {568, 150});
    QTest::mouseMove(m_view.get(), {668, 150});
    QTest::mouseRelease(m_view.get(), Qt::LeftButton, {}, {668, 150});
    QTest::keyRelease(m_view.get(), Qt::Key_Space);
    QCOMPARE(m_view->axis().range, (TimeRange{{3'800'000'000}, {5'800'000'000}}));
    QCOMPARE(m_plays, 0);
    QVERIFY(m_selected.empty());
    QTest::keyClick(m_view.get(), Qt::Key_Space);
    QCOMPARE(m_plays, 1);
}

void TimelineViewTest::overviewHandleMovesAndStretchesTheView()
{
    m_view->setVisibleRange({{4 * kNanosPerSecond}, {6 * kNanosPerSecond}});
    const int y = m_view->layoutNow().overview.center().y();
    QTest::mousePress(m_view.get(), Qt::LeftButton, {}, {668, y}); // 5 s: inside
    QTest::mouseMove(m_view.get(), {768, y});
    QTest::mouseRelease(m_view.get(), Qt::LeftButton, {}, {768, y});
    QCOMPARE(m_view->axis().range, (TimeRange{{5 * kNanosPerSecond}, {7 * kNanosPerSecond}}));
    QTest::mousePress(m_view.get(), Qt::LeftButton, {}, {868, y}); // the right edge, 7 s
    QTest::mouseMove(m_view.get(), {968, y});
    QTest::mouseRelease(m_view.get(), Qt::LeftButton, {}, {968, y});
    QCOMPARE(m_view->axis().range, (TimeRange{{5 * kNanosPerSecond}, {8 * kNanosPerSecond}}));
    QTest::mouseClick(m_view.get(), Qt::LeftButton, {}, {318, y}); // 1.5 s: outside, the view comes
    QCOMPARE(m_view->axis().range, (TimeRange{{0}, {3 * kNanosPerSecond}}));
}

void TimelineViewTest::readoutIsTheSampleInForce()
{
    // x at sample i is i/100, i = floor(t · 100).
    m_view->setPlayhead(RecordingTime{3'467'000'000});
    QCOMPARE(m_view->readout(0, 0), QStringLiteral("3.46"));
    QCOMPARE(m_view->readout(0, 1), QStringLiteral("103.46"));
    QTest::mouseMove(m_view.get(), {668, 150});
    QCOMPARE(m_view->cursorTime()->ns, 5 * kNanosPerSecond);
    QCOMPARE(m_view->readout(0, 0), QStringLiteral("5.00"));
    QEvent leave(QEvent::Leave);
    QApplication::sendEvent(m_view.get(), &leave);
    QCOMPARE(m_view->readout(0, 0), QStringLiteral("3.46"));
}

void TimelineViewTest::lowLanesSayTheirValuesAtTheCursor()
{
    const auto value = [](std::size_t axis, std::size_t sample) { return static_cast<float>(axis) + static_cast<float>(sample % 7) / 100; };
    std::vector<ImuStream> streams;
    for (const StreamKind kind : {StreamKind::accelerometer, StreamKind::gyroscope, StreamKind::magnetometer, StreamKind::gravity, StreamKind::linearAcceleration})
        streams.push_back(test::makeStream(kind, test::evenTimes(1001, 100), 3, value));
    const Device device = test::makeDevice("phone", streams);
    std::vector<std::shared_ptr<const LaneData>> lanes;
    for (const ImuStream &stream : device.streams)
        lanes.push_back(buildLane(device, stream, {}));
    const auto differing = [](const QImage &one, const QImage &other, QRect area) {
        int count = 0;
        for (int y = area.top(); y <= area.bottom(); ++y) {
            for (int x = area.left(); x <= area.right(); ++x)
                count += one.pixel(x, y) != other.pixel(x, y) ? 1 : 0;
        }
        return count;
    };
    for (const std::size_t count : {std::size_t{5}, std::size_t{1}}) {
        m_view->setLanes({lanes.begin(), lanes.begin() + static_cast<std::ptrdiff_t>(count)});
        QCOMPARE(m_view->layoutNow().contentHeight <= m_view->layoutNow().body.height(), true); // all in sight
        const QImage without = grabbed();
        for (const QPoint mouse : {QPoint(500, 150), QPoint(1150, 150)}) { // and near the right edge, to the left of the line
            QTest::mouseMove(m_view.get(), mouse);
            const QImage with = grabbed();
            QEvent leave(QEvent::Leave);
            QApplication::sendEvent(m_view.get(), &leave);
            for (std::size_t lane = 0; lane < count; ++lane) {
                const QRect plot = lanePlot(lane);
                const QRect beside(mouse.x() < 1000 ? mouse.x() + 3 : mouse.x() - 200, plot.top(), 190, 24);
                // Five low lanes have no room in their headers; one alone has, and its plot stays free.
                QVERIFY2((differing(without, with, beside) > 300) == (count == 5), qPrintable(QStringLiteral("%1 of %2: %3").arg(lane).arg(count).arg(differing(without, with, beside))));
            }
        }
    }
}

/** Whether a column of the lane holds a pixel close to this colour. */
static bool hasInk(const QImage &image, QRect plot, int x, const QColor &ink)
{
    for (int y = plot.top(); y <= plot.bottom(); ++y) {
        const QColor pixel = image.pixelColor(x, y);
        if (std::abs(pixel.red() - ink.red()) + std::abs(pixel.green() - ink.green()) + std::abs(pixel.blue() - ink.blue()) < 60)
            return true;
    }
    return false;
}

void TimelineViewTest::gapIsNotBridged()
{
    // Samples at 0 … 3 s and 7 … 10 s, high before and low after: a bridge would cross every column between.
    std::vector<Nanos> times = test::evenTimes(301, 100);
    for (const Nanos at : test::evenTimes(300, 100, 7 * kNanosPerSecond))
        times.push_back(at);
    show(test::makeStream(StreamKind::accelerometer, times, 1, [](std::size_t, std::size_t sample) { return sample < 301 ? 9.0F : -9.0F; }), 10 * kNanosPerSecond);
    m_view->setPlayhead(RecordingTime{9 * kNanosPerSecond});
    const QImage image = grabbed();
    const QRect plot = lanePlot(0);
    const QColor ink = axisColour(lightTheme(), QStringLiteral("x"), 0);
    for (int x = plot.left() + 1; x <= plot.left() + 998; ++x) {
        const bool isInGap = x > plot.left() + 300 && x < plot.left() + 700;
        if (x >= plot.left() + 895 && x <= plot.left() + 905)
            continue; // the playhead
        QCOMPARE(hasInk(image, plot, x, ink), !isInGap);
    }
    // The hatch is there, and faint.
    int hatched = 0;
    for (int x = plot.left() + 400; x < plot.left() + 600; ++x) {
        for (int y = plot.top() + 10; y < plot.bottom() - 10; ++y)
            hatched += image.pixelColor(x, y) == lightTheme().line ? 1 : 0;
    }
    QVERIFY(hatched > 500);
    QCOMPARE(m_view->content().lanes[0]->sampleAt({5 * kNanosPerSecond}), std::optional<std::size_t>());
}

void TimelineViewTest::missingNumbersAreBlank()
{
    show(test::makeStream(StreamKind::accelerometer, test::evenTimes(1001, 100), 1, [](std::size_t, std::size_t sample) {
             return sample > 400 && sample < 500 ? std::numeric_limits<float>::quiet_NaN() : static_cast<float>(sample % 7);
         }), 10 * kNanosPerSecond);
    const QImage image = grabbed();
    const QRect plot = lanePlot(0);
    const QColor ink = axisColour(lightTheme(), QStringLiteral("x"), 0);
    QVERIFY(hasInk(image, plot, plot.left() + 395, ink));
    for (int x = plot.left() + 403; x < plot.left() + 498; ++x)
        QVERIFY(!hasInk(image, plot, x, ink));
    QVERIFY(hasInk(image, plot, plot.left() + 505, ink));
}

void TimelineViewTest::duplicateTimesCarryATick()
{
    std::vector<Nanos> times = test::evenTimes(1001, 100);
    times[601] = times[600];
    show(test::makeStream(StreamKind::accelerometer, times, 1, [](std::size_t, std::size_t sample) { return static_cast<float>(sample % 7); }), 10 * kNanosPerSecond);
    const QImage image = grabbed();
    const QRect plot = lanePlot(0);
    for (const int x : {plot.left() + 300, plot.left() + 600, plot.left() + 700})
        QCOMPARE(image.pixelColor(x, plot.bottom()) == lightTheme().warning, x == plot.left() + 600);
}

void TimelineViewTest::clippedSpansAreMarkedAtTheEdge()
{
    show(test::makeStream(StreamKind::accelerometer, test::evenTimes(1001, 100), 1, [](std::size_t, std::size_t sample) {
             if (sample >= 200 && sample < 240)
                 return 8.0F;
             return sample >= 700 && sample < 740 ? -8.0F : 3 * std::sin(static_cast<float>(sample));
         }), 10 * kNanosPerSecond);
    const QImage image = grabbed();
    const QRect plot = lanePlot(0);
    QCOMPARE(image.pixelColor(plot.left() + 220, plot.top() + 1), lightTheme().bad);
    QVERIFY(image.pixelColor(plot.left() + 220, plot.bottom() - 1) != lightTheme().bad);
    QCOMPARE(image.pixelColor(plot.left() + 720, plot.bottom() - 1), lightTheme().bad);
    QVERIFY(image.pixelColor(plot.left() + 500, plot.top() + 1) != lightTheme().bad);
}

void TimelineViewTest::labelsShowInTheirColour()
{
    AnnotationTier tier{"activity", TierKind::label, {{{kNanosPerSecond}, {3 * kNanosPerSecond}, "walking"}, {{6 * kNanosPerSecond}, {8 * kNanosPerSecond}, "sitting"}}};
    m_view->setTiers({buildTier(tier)});
    const TimelineLayout layout = m_view->layoutNow();
    QCOMPARE(layout.rows.size(), std::size_t{2});
    const QRect plot = layout.plotOf(layout.rows[1].rect);
    const QImage image = grabbed();
    // A strip of the full colour at the beginning of each.
    QCOMPARE(image.pixelColor(plot.left() + 101, plot.center().y()), labelColour(lightTheme(), QStringLiteral("walking")));
    QCOMPARE(image.pixelColor(plot.left() + 601, plot.center().y()), labelColour(lightTheme(), QStringLiteral("sitting")));
    QCOMPARE(image.pixelColor(plot.left() + 450, plot.center().y()), lightTheme().plot);
    QCOMPARE(m_view->content().tiers[0]->itemAt({2 * kNanosPerSecond}), std::optional<std::size_t>(0));
    QCOMPARE(m_view->content().tiers[0]->itemAt({3 * kNanosPerSecond}), std::optional<std::size_t>());
}

void TimelineViewTest::lanesAndRulerShareTheirPixels()
{
    // A step at 4 s must stand in the column of the 4 s tick, whatever the zoom.
    show(test::makeStream(StreamKind::accelerometer, test::evenTimes(10001, 1000), 1, [](std::size_t, std::size_t sample) { return sample < 4000 ? -5.0F : 5.0F; }), 10 * kNanosPerSecond);
    m_view->setPlayhead(std::nullopt);
    for (const Nanos half : {4 * kNanosPerSecond, kNanosPerSecond / 2}) {
        m_view->setVisibleRange({{4 * kNanosPerSecond - half}, {4 * kNanosPerSecond + half}});
        const QImage image = grabbed();
        const QRect plot = lanePlot(0);
        const int x = plot.left() + 500;
        const QColor ink = axisColour(lightTheme(), QStringLiteral("x"), 0);
        int inked = 0;
        for (int y = plot.top(); y <= plot.bottom(); ++y)
            inked += image.pixelColor(x - 1, y) == ink ? 1 : 0;
        QVERIFY2(inked > plot.height() / 2, qPrintable(QString::number(inked)));
        QCOMPARE(image.pixelColor(x, m_view->layoutNow().ruler.bottom() - 3), lightTheme().dim); // its tick
    }
}

void TimelineViewTest::manyLanesScroll()
{
    std::vector<std::shared_ptr<const LaneData>> lanes;
    for (int lane = 0; lane < 12; ++lane) {
        const Device device = test::makeDevice("d" + std::to_string(lane), {test::makeStream(StreamKind::gyroscope, test::evenTimes(1001, 100), 3, [](std::size_t, std::size_t sample) { return static_cast<float>(sample % 9); })});
        lanes.push_back(buildLane(device, device.streams[0], {}));
    }
    m_view->setLanes(lanes);
    QVERIFY(m_view->layoutNow().contentHeight > m_view->layoutNow().body.height());
    const int before = m_view->layoutNow().rows[0].rect.top();
    wheel({60, 200}, -1); // over the headers the wheel goes through the lanes
    QVERIFY(m_view->layoutNow().rows[0].rect.top() < before);
}

/** Three streams of a few samples each, of these kinds. */
static std::vector<std::shared_ptr<const LaneData>> lanesOf(std::initializer_list<StreamKind> kinds)
{
    std::vector<std::shared_ptr<const LaneData>> lanes;
    for (const StreamKind kind : kinds) {
        const Device device = test::makeDevice("phone", {test::makeStream(kind, test::evenTimes(1001, 100), 3, [](std::size_t axis, std::size_t sample) { return static_cast<float>(axis) + static_cast<float>(sample) * 0.001F; })});
        lanes.push_back(buildLane(device, device.streams[0], {}));
    }
    return lanes;
}

static QPoint rowCentre(const TimelineView &view, TimelineRowKind kind, std::size_t index)
{
    const TimelineLayout layout = view.layoutNow();
    for (const TimelineRow &row : layout.rows) {
        if (row.kind == kind && row.index == index)
            return {60, row.rect.center().y()};
    }
    return {-1, -1};
}

void TimelineViewTest::foldedLanesOpenByAClick()
{
    const auto lanes = lanesOf({StreamKind::accelerometer, StreamKind::gyroscope, StreamKind::magnetometer});
    m_view->setLanes({lanes[0]}, {lanes[1], lanes[2]});
    QCOMPARE(m_view->content().lanes.size(), std::size_t{1});
    QSignalSpy toggled(m_view.get(), &TimelineView::foldToggleRequested);
    QTest::mouseClick(m_view.get(), Qt::LeftButton, {}, rowCentre(*m_view, TimelineRowKind::fold, 0));
    QCOMPARE(toggled.size(), 1);
    QCOMPARE(toggled.at(0).at(0).toBool(), true);
    m_view->setFoldOpen(true);
    QCOMPARE(m_view->content().lanes.size(), std::size_t{3});
    // The fold's row stands between the lanes that are always shown and those it holds.
    const int fold = rowCentre(*m_view, TimelineRowKind::fold, 0).y();
    QVERIFY(rowCentre(*m_view, TimelineRowKind::lane, 0).y() < fold);
    QVERIFY(rowCentre(*m_view, TimelineRowKind::lane, 1).y() > fold);
    m_view->setLanes({lanes[0]}, {});
    QCOMPARE(rowCentre(*m_view, TimelineRowKind::fold, 0), QPoint(-1, -1));
}

void TimelineViewTest::draggingANameMovesTheLane()
{
    m_view->resize(1180, 700);
    const auto lanes = lanesOf({StreamKind::accelerometer, StreamKind::gyroscope, StreamKind::magnetometer});
    m_view->setLanes(lanes);
    QSignalSpy moved(m_view.get(), &TimelineView::laneMoveRequested);
    const auto drag = [this](std::size_t from, int toY) {
        const QPoint start = rowCentre(*m_view, TimelineRowKind::lane, from);
        QTest::mousePress(m_view.get(), Qt::LeftButton, {}, start);
        QTest::mouseMove(m_view.get(), {start.x(), (start.y() + toY) / 2});
        QTest::mouseMove(m_view.get(), {start.x(), toY});
        QTest::mouseRelease(m_view.get(), Qt::LeftButton, {}, {start.x(), toY});
    };
    drag(0, rowCentre(*m_view, TimelineRowKind::lane, 2).y() + 20); // below the last
    QCOMPARE(moved.size(), 1);
    QCOMPARE(moved.at(0).at(0).toString(), QStringLiteral("phone/accelerometer"));
    QCOMPARE(moved.at(0).at(1).toULongLong(), qulonglong{2});
    drag(2, rowCentre(*m_view, TimelineRowKind::lane, 0).y() - 20); // above the first
    QCOMPARE(moved.at(1).at(1).toULongLong(), qulonglong{0});
    // A click is no drag, and a drag on the plot selects.
    QTest::mouseClick(m_view.get(), Qt::LeftButton, {}, {60, rowCentre(*m_view, TimelineRowKind::lane, 1).y() + 50});
    QCOMPARE(moved.size(), 2);
    QVERIFY(m_selected.empty());
}

void TimelineViewTest::clickOnAnAxisHidesItsCurve()
{
    m_view->resize(1180, 500);
    m_view->setLanes(lanesOf({StreamKind::accelerometer}));
    const auto isLikeY = [y = lightTheme().axes[1]](const QColor &seen) { // edges are smoothed
        return std::abs(seen.red() - y.red()) + std::abs(seen.green() - y.green()) + std::abs(seen.blue() - y.blue()) < 120;
    };
    const auto curveOfY = [&] {
        const QImage image = grabbed();
        const QRect plot = lanePlot(0);
        int count = 0;
        for (int row = plot.top(); row <= plot.bottom(); ++row)
            count += isLikeY(image.pixelColor(plot.center().x() + 37, row)) ? 1 : 0;
        return count;
    };
    QVERIFY(curveOfY() > 0);
    // The letters stand under the name, 18 pixels a line, the first 46 pixels below the row's top.
    const int top = m_view->layoutNow().rows.front().rect.top();
    const QPoint letter(20, top + 46 + 18 + 9);
    QTest::mouseClick(m_view.get(), Qt::LeftButton, {}, letter);
    QCOMPARE(curveOfY(), 0);
    QTest::mouseClick(m_view.get(), Qt::LeftButton, {}, letter);
    QVERIFY(curveOfY() > 0);
}

void TimelineViewTest::autoScaleFitsWhatIsInView()
{
    // Ones, but for a spike of 100 at 8 s.
    show(test::makeStream(StreamKind::accelerometer, test::evenTimes(1001, 100), 3, [](std::size_t axis, std::size_t sample) {
             return sample == 800 ? 100.0F : static_cast<float>(axis) + static_cast<float>(sample % 2);
         }), 10 * kNanosPerSecond);
    m_view->setVisibleRange({{kNanosPerSecond}, {3 * kNanosPerSecond}});
    QVERIFY(laneValueRange(m_view->content(), 0).high > 100);
    m_view->setAutoScale(true);
    const ValueRange fitted = laneValueRange(m_view->content(), 0);
    QVERIFY(fitted.low < 0 && fitted.low > -0.5 && fitted.high > 3 && fitted.high < 3.5); // 0 to 3 and a little air
    m_view->setVisibleRange({{7 * kNanosPerSecond}, {9 * kNanosPerSecond}});
    QVERIFY(laneValueRange(m_view->content(), 0).high > 100);
}

void TimelineViewTest::looksStayWithTheirLane()
{
    m_view->resize(1180, 600);
    const auto lanes = lanesOf({StreamKind::accelerometer, StreamKind::gyroscope});
    m_view->setLanes(lanes);
    wheel({600, static_cast<double>(lanePlot(1).center().y())}, 3, Qt::ControlModifier);
    const double span = laneValueRange(m_view->content(), 1).span();
    QVERIFY(span < laneValueRange(m_view->content(), 0).span());
    // The other way round, the gyroscope keeps its magnification.
    m_view->setLanes({lanes[1], lanes[0]});
    QCOMPARE(laneValueRange(m_view->content(), 0).span(), span);
    m_view->resetLooks();
    QVERIFY(laneValueRange(m_view->content(), 0).span() > span);
}

void TimelineViewTest::loopEndsStandInTheRuler()
{
    const auto accentIn = [this](int x) {
        const QImage image = grabbed();
        int count = 0;
        for (int y = 10; y < TimelineLayout::kRulerHeight; ++y)
            count += image.pixelColor(x, y) == lightTheme().accent ? 1 : 0;
        return count;
    };
    const int a = static_cast<int>(m_view->axis().xOf({3 * kNanosPerSecond}));
    const int b = static_cast<int>(m_view->axis().xOf({7 * kNanosPerSecond}));
    QCOMPARE(accentIn(a), 0);
    m_view->setLoop(RecordingTime{3 * kNanosPerSecond}, RecordingTime{7 * kNanosPerSecond});
    QVERIFY(accentIn(a) >= 10);
    QVERIFY(accentIn(b - 1) >= 10);
    QCOMPARE(accentIn((a + b) / 2), 0);
    m_view->setLoop(std::nullopt, std::nullopt);
    QCOMPARE(accentIn(a), 0);
}

void TimelineViewTest::missingFootageLooksUnlikeAGap()
{
    QVERIFY(!m_view->content().marks().any());
    m_view->setFootage(FootageSpans{QStringLiteral("camera"), {{{0}, {4 * kNanosPerSecond}}, {{6 * kNanosPerSecond}, {10 * kNanosPerSecond}}}});
    QVERIFY(m_view->content().marks().missingFootage);
    QVERIFY(!m_view->content().marks().gaps);
    QVERIFY(m_view->layoutNow().legend.height() > 0);
    const QImage image = grabbed();
    const int y = rowCentre(*m_view, TimelineRowKind::footage, 0).y();
    const auto inked = [&](Nanos from, Nanos to) {
        int count = 0;
        const int left = static_cast<int>(m_view->axis().xOf({from}));
        const int right = static_cast<int>(m_view->axis().xOf({to}));
        for (int x = left; x < right; ++x)
            count += qGray(image.pixel(x, y)) < 220 ? 1 : 0;
        return static_cast<double>(count) / (right - left);
    };
    QVERIFY(inked(1 * kNanosPerSecond, 3 * kNanosPerSecond) > 0.98); // a bar
    const double missing = inked(4'500 * kNanosPerMillisecond, 5'500 * kNanosPerMillisecond);
    QVERIFY2(missing < 0.5, qPrintable(QString::number(missing))); // dots at most
    m_view->setFootage(FootageSpans{QStringLiteral("camera"), {{{0}, {10 * kNanosPerSecond}}}});
    QVERIFY(!m_view->content().marks().any());
    QCOMPARE(m_view->layoutNow().legend.height(), 0);
}

void TimelineViewTest::tipsSayWhatAMarkMeans()
{
    // 100 Hz for 2 s, a hole of 3 s, another 5 s in which one time comes twice.
    std::vector<Nanos> times = test::evenTimes(201, 100);
    for (const Nanos time : test::evenTimes(501, 100, 5 * kNanosPerSecond))
        times.push_back(time);
    times[400] = times[399];
    show(test::makeStream(StreamKind::accelerometer, times, 3, [](std::size_t axis, std::size_t sample) { return static_cast<float>((sample * 37 + axis) % 101); }), 10 * kNanosPerSecond);
    QVERIFY(m_view->layoutNow().legend.height() > 0);
    const int y = lanePlot(0).center().y();
    const auto tipAt = [&](Nanos time) { return m_view->tipAt({static_cast<int>(std::lround(m_view->axis().xOf({time}))), y}); };
    QVERIFY2(tipAt(3'500 * kNanosPerMillisecond).startsWith(QStringLiteral("No samples for 3.00 s")), qPrintable(tipAt(3'500 * kNanosPerMillisecond)));
    QVERIFY(tipAt(times[400]).contains(QStringLiteral("repeats the time before it")));
    QCOMPARE(tipAt(kNanosPerSecond), QString()); // values and time stand beside the cursor
    AnnotationTier tier{"activity", TierKind::label, {{{2 * kNanosPerSecond}, {4 * kNanosPerSecond}, "walking the dog"}}};
    m_view->setTiers({buildTier(tier)});
    const int tierY = rowCentre(*m_view, TimelineRowKind::tier, 0).y();
    QVERIFY(m_view->tipAt({static_cast<int>(m_view->axis().xOf({3 * kNanosPerSecond})), tierY}).startsWith(QStringLiteral("walking the dog\n00:02.000")));
}

void TimelineViewTest::send(QEvent::Type type, QPointF at, Qt::MouseButton button, Qt::MouseButtons held)
{
    QMouseEvent event(type, at, m_view->mapToGlobal(at), button, held, {});
    QApplication::sendEvent(m_view.get(), &event);
}

void TimelineViewTest::selectingBeyondTheEdgeScrollsToTheEnd()
{
    m_view->setVisibleRange({{2 * kNanosPerSecond}, {4 * kNanosPerSecond}});
    QSignalSpy wanted(m_view.get(), &TimelineView::visibleRangeRequested);
    const TimeAxis axis = m_view->axis();
    const double right = axis.left + axis.width;
    send(QEvent::MouseButtonPress, {axis.xOf({3 * kNanosPerSecond}), 150}, Qt::LeftButton, Qt::LeftButton);
    send(QEvent::MouseMove, {right - 5, 150}, Qt::NoButton, Qt::LeftButton);
    QTest::qWait(60);
    QCOMPARE(wanted.count(), 0); // still inside
    send(QEvent::MouseMove, {right + 40, 150}, Qt::NoButton, Qt::LeftButton);
    // The mouse stands still; the selection grows with the view.
    QTRY_VERIFY(m_view->content().visible.end.ns > 5 * kNanosPerSecond);
    QCOMPARE(m_view->content().visible.duration(), 2 * kNanosPerSecond);
    QCOMPARE(m_selected.back(), std::optional(TimeRange{{3 * kNanosPerSecond}, m_view->content().visible.end}));
    // Back inside it stands.
    send(QEvent::MouseMove, {right - 5, 150}, Qt::NoButton, Qt::LeftButton);
    const TimeRange stands = m_view->content().visible;
    QTest::qWait(60);
    QCOMPARE(m_view->content().visible, stands);
    send(QEvent::MouseMove, {right + 300, 150}, Qt::NoButton, Qt::LeftButton);
    QTRY_COMPARE(m_view->content().visible.end.ns, 10 * kNanosPerSecond);
    QTest::qWait(60);
    const int steps = static_cast<int>(wanted.count());
    QTest::qWait(60);
    QCOMPARE(wanted.count(), steps); // at the end there is nothing to ask for
    QCOMPARE(m_view->content().visible, (TimeRange{{8 * kNanosPerSecond}, {10 * kNanosPerSecond}}));
    send(QEvent::MouseButtonRelease, {right + 300, 150}, Qt::LeftButton, Qt::NoButton);
    QCOMPARE(m_selected.back(), std::optional(TimeRange{{3 * kNanosPerSecond}, {10 * kNanosPerSecond}}));
    QVERIFY(m_scrubbed.empty());
}

void TimelineViewTest::scrubbingBeyondTheEdgeScrollsBackToTheBeginning()
{
    m_view->setVisibleRange({{6 * kNanosPerSecond}, {7 * kNanosPerSecond}});
    const TimeAxis axis = m_view->axis();
    send(QEvent::MouseButtonPress, {axis.left + 300, 10}, Qt::LeftButton, Qt::LeftButton);
    send(QEvent::MouseMove, {axis.left - 50, 10}, Qt::NoButton, Qt::LeftButton);
    QTRY_VERIFY(m_view->content().visible.start.ns < 5 * kNanosPerSecond);
    QCOMPARE(m_scrubbed.back(), m_view->content().visible.start);
    // Let go of: it stands.
    send(QEvent::MouseButtonRelease, {axis.left - 50, 10}, Qt::LeftButton, Qt::NoButton);
    const TimeRange stands = m_view->content().visible;
    QTest::qWait(60);
    QCOMPARE(m_view->content().visible, stands);
    send(QEvent::MouseButtonPress, {axis.left + 300, 10}, Qt::LeftButton, Qt::LeftButton);
    send(QEvent::MouseMove, {axis.left - 400, 10}, Qt::NoButton, Qt::LeftButton);
    QTRY_COMPARE(m_view->content().visible, (TimeRange{{0}, {kNanosPerSecond}}));
    QCOMPARE(m_scrubbed.back().ns, Nanos{0});
    send(QEvent::MouseButtonRelease, {axis.left - 400, 10}, Qt::LeftButton, Qt::NoButton);
}

void TimelineViewTest::furtherOutScrollsFaster()
{
    m_view->setBounds({{0}, {10'000 * kNanosPerSecond}});
    const auto pixelsOfTenSteps = [this](double beyond) {
        m_view->setVisibleRange({{0}, {10 * kNanosPerSecond}}); // a pixel is ten milliseconds
        QSignalSpy wanted(m_view.get(), &TimelineView::visibleRangeRequested);
        const TimeAxis axis = m_view->axis();
        send(QEvent::MouseButtonPress, {axis.left + 500, 150}, Qt::LeftButton, Qt::LeftButton);
        send(QEvent::MouseMove, {axis.left + axis.width + beyond, 150}, Qt::NoButton, Qt::LeftButton);
        while (wanted.count() < 10)
            wanted.wait(1000);
        send(QEvent::MouseButtonRelease, {axis.left + axis.width + beyond, 150}, Qt::LeftButton, Qt::NoButton);
        return static_cast<double>(wanted.at(9).at(0).value<TimeRange>().start.ns) * 1e-7;
    };
    // 16 ms a step, 50 ms at the most: (200 + 12 d) pixels a second.
    const double near = pixelsOfTenSteps(10);
    const double far = pixelsOfTenSteps(300);
    QVERIFY2(near > 0 && near <= 10 * 0.05 * 320 + 1, qPrintable(QString::number(near)));
    QVERIFY2(far > 2 * near && far <= 10 * 0.05 * 3800 + 1, qPrintable(QStringLiteral("%1 %2").arg(near).arg(far)));
}

void TimelineViewTest::clicksNearTheEdgeDoNotScroll()
{
    m_view->setVisibleRange({{2 * kNanosPerSecond}, {4 * kNanosPerSecond}});
    QSignalSpy wanted(m_view.get(), &TimelineView::visibleRangeRequested);
    const TimeAxis axis = m_view->axis();
    const double right = axis.left + axis.width;
    send(QEvent::MouseButtonPress, {right - 1, 150}, Qt::LeftButton, Qt::LeftButton);
    send(QEvent::MouseMove, {right + 1, 150}, Qt::NoButton, Qt::LeftButton); // a trembling hand
    QTest::qWait(60);
    send(QEvent::MouseButtonRelease, {right + 1, 150}, Qt::LeftButton, Qt::NoButton);
    QCOMPARE(wanted.count(), 0);
    QVERIFY(!m_scrubbed.empty());
}

QTEST_MAIN(TimelineViewTest)
#include "timeline_view_test.moc"
