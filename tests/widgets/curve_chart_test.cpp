#include "widgets/charts/curve_chart.h"
#include "widgets/charts/curve_ticks.h"

#include "tests/support/test_data.h"

#include <QApplication>
#include <QClipboard>
#include <QSignalSpy>
#include <QSvgRenderer>

#include <cmath>

using namespace kino;

/** A chart with real wheels, drags and keys; where a point must lie follows from the axes, what is painted from pixels. */
class CurveChartTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void initTestCase() { applyTheme(*qApp, ThemeKind::light); }
    void init();
    void cleanup() { m_chart.reset(); }

    void pointsLieWhereTheAxesSay();
    void gapsStayEmpty();
    void theWheelZoomsAboutTheCursor();
    void aDragZoomsIntoAStretch();
    void theMiddleButtonPans();
    void aDoubleClickFits();
    void valuesScaleByThemselves();
    void keysWork();
    void logarithmsLeaveOutWhatIsNotAboveZero();
    void axesAreStepsEpochsOrTime();
    void theCursorTellsAllRuns();
    void colorsGoOnAsDashes();
    void zoomStaysWhileARunGrows();
    void csvHasEveryPoint();
    void aMeanHasABandAndItsRunsBehind();
    void svgIsADrawing();
    void aMillionPointsAreDrawnWithoutHoldingTheWindow();
    void ticksAreRound();

private:
    static std::shared_ptr<const CurveSeries> series(const std::vector<double> &values);
    void wheel(QPointF at, int turned, Qt::KeyboardModifiers keys = {});
    void drag(Qt::MouseButton button, QPoint from, QPoint to);
    static bool isNear(const QColor &a, const QColor &b);
    bool hasColour(const QImage &image, QPointF at, const QColor &colour, int around = 2) const;

    std::unique_ptr<CurveChart> m_chart;
};

std::shared_ptr<const CurveSeries> CurveChartTest::series(const std::vector<double> &values)
{
    GrowingCurve made;
    for (std::size_t index = 0; index < values.size(); ++index)
        made.add(static_cast<std::int64_t>(index) * 10, static_cast<double>(index / 10), static_cast<double>(index) * 0.5, values[index]);
    return made.series();
}

void CurveChartTest::init()
{
    m_chart = std::make_unique<CurveChart>();
    m_chart->resize(700, 400);
    m_chart->setTitle(QStringLiteral("train.loss"));
    std::vector<double> falling, rising;
    for (int index = 0; index <= 100; ++index) {
        falling.push_back(8 * std::exp(-index / 25.0));
        rising.push_back(index / 100.0);
    }
    m_chart->setCurves({{1, QStringLiteral("SimCLR"), 0, series(falling)}, {2, QStringLiteral("supervised"), 1, series(rising)}});
    m_chart->show();
    QVERIFY(QTest::qWaitForWindowExposed(m_chart.get()));
    QVERIFY(m_chart->isSettled());
}

void CurveChartTest::wheel(QPointF at, int turned, Qt::KeyboardModifiers keys)
{
    QWheelEvent event(at, m_chart->viewport()->mapToGlobal(at), {}, {0, turned}, Qt::NoButton, keys, Qt::NoScrollPhase, false);
    QApplication::sendEvent(m_chart->viewport(), &event);
}

void CurveChartTest::drag(Qt::MouseButton button, QPoint from, QPoint to)
{
    QTest::mousePress(m_chart->viewport(), button, {}, from);
    QMouseEvent move(QEvent::MouseMove, to, m_chart->viewport()->mapToGlobal(to), Qt::NoButton, button, {});
    QApplication::sendEvent(m_chart->viewport(), &move);
    QTest::mouseRelease(m_chart->viewport(), button, {}, to);
}

bool CurveChartTest::isNear(const QColor &a, const QColor &b)
{
    return std::abs(a.red() - b.red()) + std::abs(a.green() - b.green()) + std::abs(a.blue() - b.blue()) < 130;
}

bool CurveChartTest::hasColour(const QImage &image, QPointF at, const QColor &colour, int around) const
{
    for (int y = -around; y <= around; ++y) {
        for (int x = -around; x <= around; ++x) {
            const QPoint place = at.toPoint() + QPoint(x, y);
            if (image.valid(place) && isNear(image.pixelColor(place), colour))
                return true;
        }
    }
    return false;
}

void CurveChartTest::pointsLieWhereTheAxesSay()
{
    QCOMPARE(m_chart->visibleX(), (ValueRange{0, 1000}));
    const QImage image = m_chart->grab().toImage();
    const Theme &theme = lightTheme();
    for (const int index : {5, 30, 60, 95}) {
        const double x = index * 10;
        QVERIFY2(hasColour(image, m_chart->positionOf(x, 8 * std::exp(-index / 25.0)), theme.labels[0]), qPrintable(QString::number(index)));
        QVERIFY2(hasColour(image, m_chart->positionOf(x, index / 100.0), theme.labels[1]), qPrintable(QString::number(index)));
        QVERIFY(!hasColour(image, m_chart->positionOf(x, 6), theme.labels[0]));
    }
    // The picture's corners are the axes' ends.
    const QRectF area = m_chart->plotArea();
    QCOMPARE(m_chart->positionOf(0, m_chart->visibleY().low), area.bottomLeft());
    QCOMPARE(m_chart->positionOf(1000, m_chart->visibleY().high), area.topRight());
}

void CurveChartTest::gapsStayEmpty()
{
    std::vector<double> values(101, 1);
    for (std::size_t index = 40; index < 60; ++index)
        values[index] = std::numeric_limits<double>::quiet_NaN();
    m_chart->setCurves({{3, QStringLiteral("broken"), 2, series(values)}});
    const QImage image = m_chart->grab().toImage();
    QVERIFY(hasColour(image, m_chart->positionOf(300, 1), lightTheme().labels[2]));
    QVERIFY(!hasColour(image, m_chart->positionOf(500, 1), lightTheme().labels[2]));
    QVERIFY(hasColour(image, m_chart->positionOf(700, 1), lightTheme().labels[2]));
    QCOMPARE(m_chart->drawnLines(0).size(), std::size_t{2});
}

void CurveChartTest::theWheelZoomsAboutTheCursor()
{
    const QPointF at = m_chart->positionOf(250, 1);
    wheel(at, 120);
    QVERIFY(std::abs(m_chart->xAt(at.x()) - 250) < 1e-6);
    QCOMPARE(m_chart->visibleX().span(), 800.0);
    QVERIFY(!m_chart->isFitted());
    wheel(at, -120);
    wheel(at, -120);
    QCOMPARE(m_chart->visibleX(), (ValueRange{0, 1000})); // never beyond what there is
    wheel(at, 120);
    const double low = m_chart->visibleX().low;
    wheel(at, -120, Qt::ShiftModifier);
    QCOMPARE(m_chart->visibleX().low, low + 80);
    QCOMPARE(m_chart->visibleX().span(), 800.0);
    // Ctrl scales values, about the cursor too.
    const double value = m_chart->visibleY().low + m_chart->visibleY().span() * (m_chart->plotArea().bottom() - at.y()) / m_chart->plotArea().height();
    const double span = m_chart->visibleY().span();
    wheel(at, 120, Qt::ControlModifier);
    QVERIFY(std::abs(m_chart->visibleY().span() - span * 0.8) < 1e-9);
    QVERIFY(std::abs(m_chart->visibleY().low + m_chart->visibleY().span() * (m_chart->plotArea().bottom() - at.y()) / m_chart->plotArea().height() - value) < 1e-9);
}

void CurveChartTest::aDragZoomsIntoAStretch()
{
    const QPoint from = m_chart->positionOf(200, 4).toPoint(), to = m_chart->positionOf(400, 2).toPoint();
    drag(Qt::LeftButton, to, from); // from right to left is the same
    QVERIFY(std::abs(m_chart->visibleX().low - 200) < 2);
    QVERIFY(std::abs(m_chart->visibleX().high - 400) < 2);
    const ValueRange before = m_chart->visibleX();
    drag(Qt::LeftButton, from, from + QPoint(2, 2)); // a click is no drag
    QCOMPARE(m_chart->visibleX(), before);
}

void CurveChartTest::theMiddleButtonPans()
{
    m_chart->setVisibleX({400, 600});
    const int width = static_cast<int>(m_chart->plotArea().width());
    drag(Qt::MiddleButton, {300, 200}, {300 + width / 4, 200});
    QVERIFY(std::abs(m_chart->visibleX().low - 350) < 1);
    QCOMPARE(m_chart->visibleX().span(), 200.0);
}

void CurveChartTest::aDoubleClickFits()
{
    m_chart->setVisibleX({400, 600});
    wheel(m_chart->positionOf(500, 1), 120, Qt::ControlModifier);
    QTest::mouseDClick(m_chart->viewport(), Qt::LeftButton, {}, {300, 200});
    QVERIFY(m_chart->isFitted());
    QCOMPARE(m_chart->visibleX(), (ValueRange{0, 1000}));
}

void CurveChartTest::valuesScaleByThemselves()
{
    m_chart->setVisibleX({800, 1000});
    // From 0.147 (a falling one at its end) to 1, with a margin of a twentieth.
    const double least = 8 * std::exp(-100 / 25.0);
    QVERIFY(std::abs(m_chart->visibleY().low - (least - (1 - least) * 0.05)) < 1e-9);
    QVERIFY(std::abs(m_chart->visibleY().high - (1 + (1 - least) * 0.05)) < 1e-9);
}

void CurveChartTest::keysWork()
{
    m_chart->setFocus();
    QTest::keyClick(m_chart.get(), Qt::Key_Plus);
    QVERIFY(std::abs(m_chart->visibleX().span() - 640) < 1e-9);
    const double low = m_chart->visibleX().low;
    QTest::keyClick(m_chart.get(), Qt::Key_Right);
    QVERIFY(std::abs(m_chart->visibleX().low - low - 64) < 1e-9);
    QTest::keyClick(m_chart.get(), Qt::Key_F);
    QVERIFY(m_chart->isFitted());
    QTest::keyClick(m_chart.get(), Qt::Key_C, Qt::ControlModifier);
    QCOMPARE(QApplication::clipboard()->image().size(), m_chart->size() * m_chart->devicePixelRatio());
}

void CurveChartTest::logarithmsLeaveOutWhatIsNotAboveZero()
{
    CurveSettings settings;
    settings.scale = CurveScale::logarithmic;
    m_chart->setCurves({{1, QStringLiteral("a"), 0, series({1000, 0, -5, 100, 10, 1})}});
    m_chart->setSettings(settings);
    const double middle = std::sqrt(m_chart->visibleY().low * m_chart->visibleY().high);
    QVERIFY(std::abs(m_chart->positionOf(0, middle).y() - m_chart->plotArea().center().y()) < 1e-6);
    const QImage image = m_chart->grab().toImage();
    QVERIFY(hasColour(image, m_chart->positionOf(35, std::sqrt(1000)), lightTheme().labels[0]));
    QVERIFY(!hasColour(image, m_chart->positionOf(20, 500), lightTheme().labels[0]));
}

void CurveChartTest::axesAreStepsEpochsOrTime()
{
    CurveSettings settings;
    settings.axis = CurveAxis::seconds;
    m_chart->setSettings(settings);
    QCOMPARE(m_chart->visibleX(), (ValueRange{0, 50}));
    settings.axis = CurveAxis::epoch;
    m_chart->setSettings(settings);
    QCOMPARE(m_chart->visibleX(), (ValueRange{0, 10}));
}

void CurveChartTest::theCursorTellsAllRuns()
{
    QSignalSpy hovered(m_chart.get(), &CurveChart::hovered);
    const QPointF at = m_chart->positionOf(502, 3);
    QMouseEvent move(QEvent::MouseMove, at, m_chart->viewport()->mapToGlobal(at), Qt::NoButton, Qt::NoButton, {});
    QApplication::sendEvent(m_chart->viewport(), &move);
    QCOMPARE(hovered.count(), 1);
    QVERIFY(m_chart->hover());
    const std::vector<CurveChart::Reading> readings = m_chart->readingsAt(*m_chart->hover());
    QCOMPARE(readings.size(), std::size_t{2});
    QCOMPARE(readings[0].name, QStringLiteral("SimCLR"));
    QCOMPARE(readings[0].x, 500.0);
    QCOMPARE(readings[0].value, 8 * std::exp(-2.0));
    QCOMPARE(readings[1].value, 0.5);
    QCOMPARE(readings[1].epoch, 5.0);
    // Smoothed, the reading has both.
    CurveSettings settings;
    settings.smoothing = 0.9;
    m_chart->setSettings(settings);
    QCOMPARE(m_chart->readingsAt(0)[1].value, 0.0);
    QCOMPARE(m_chart->readingsAt(10)[1].value, (0.1 * 0.01) / (1 - 0.81));
    QCOMPARE(m_chart->readingsAt(10)[1].raw, 0.01);
    const QImage with = m_chart->grab().toImage();
    QEvent leave(QEvent::Leave);
    QApplication::sendEvent(m_chart->viewport(), &leave);
    QApplication::sendEvent(m_chart.get(), &leave);
    QVERIFY(!m_chart->hover());
    QVERIFY(m_chart->grab().toImage() != with);
}

void CurveChartTest::colorsGoOnAsDashes()
{
    QCOMPARE(curvePen(lightTheme(), 3, 1).style(), Qt::SolidLine);
    QCOMPARE(curvePen(lightTheme(), 15, 1).style(), Qt::DashLine);
    QCOMPARE(curvePen(lightTheme(), 15, 1).color(), lightTheme().labels[3]);
}

void CurveChartTest::zoomStaysWhileARunGrows()
{
    m_chart->setVisibleX({100, 300});
    std::vector<double> longer(201, 2);
    m_chart->setCurves({{1, QStringLiteral("SimCLR"), 0, series(longer)}, {2, QStringLiteral("supervised"), 1, series({0, 1})}});
    QCOMPARE(m_chart->visibleX(), (ValueRange{100, 300}));
    m_chart->setCurves({{7, QStringLiteral("another"), 0, series(longer)}});
    QCOMPARE(m_chart->visibleX(), (ValueRange{0, 2000}));
}

void CurveChartTest::csvHasEveryPoint()
{
    m_chart->setCurves({{4, QStringLiteral("a, \"b\""), 0, series({0.1, std::numeric_limits<double>::quiet_NaN(), 1e-9})}});
    QCOMPARE(m_chart->csv(), QByteArray("run,name,step,epoch,seconds,train.loss\n"
                                        "4,\"a, \"\"b\"\"\",0,0,0.000,0.10000000000000001\n"
                                        "4,\"a, \"\"b\"\"\",10,0,0.500,\n"
                                        "4,\"a, \"\"b\"\"\",20,0,1.000,1.0000000000000001e-09\n"));
}

void CurveChartTest::aMeanHasABandAndItsRunsBehind()
{
    const auto mean = series({2, 2, 2, 2, 2});
    auto band = std::make_shared<CurveBand>(CurveBand{{1, 1, 1, 1, 1}, {4, 4, 4, 4, 4}});
    Curve cell{-1, QStringLiteral("primus"), 2, mean, band};
    cell.drops = {{40, 0, 20, 3}, {80, 0, 40, 1}};
    const Curve member{.id = 7, .name = QStringLiteral("run 7"), .place = 2, .series = series({3, 3, 3, 3, 3, 3, 3}), .isMember = true};
    m_chart->setCurves({cell, member});
    QVERIFY(m_chart->isSettled());
    // The axes hold the band (1 to 4 with a margin of a twentieth) and the drops.
    QVERIFY(std::abs(m_chart->visibleY().low - 0.85) < 1e-9 && std::abs(m_chart->visibleY().high - 4.15) < 1e-9);
    QCOMPARE(m_chart->visibleX().high, 80.0);
    const auto readings = m_chart->readingsAt(20);
    QCOMPARE(readings.size(), std::size_t{1});
    QCOMPARE(readings[0].name, QStringLiteral("primus"));
    QVERIFY(readings[0].band && readings[0].band->low == 1 && readings[0].band->high == 4);
    const QImage image = m_chart->grab().toImage();
    const QColor full = curvePen(lightTheme(), 2, 1).color();
    QVERIFY(hasColour(image, m_chart->positionOf(20, 2), full));
    const QColor inside = image.pixelColor(m_chart->positionOf(20, 3.5).toPoint()), outside = image.pixelColor(m_chart->positionOf(60, 3.5).toPoint());
    QVERIFY2(outside == lightTheme().surface && inside != outside && !isNear(inside, full), qPrintable(inside.name() + QLatin1Char(' ') + outside.name()));
    QVERIFY(m_chart->csv().startsWith("run,name,step,epoch,seconds,train.loss,low,high\n-1,primus,0,0,0.000,2,1,4\n"));
    QVERIFY(m_chart->csv().contains("\n7,run 7,0,0,0.000,3,,\n"));
}

void CurveChartTest::svgIsADrawing()
{
    const test::TemporaryFolder folder;
    const QString path = QString::fromStdString((folder / "chart.svg").string());
    QCOMPARE(m_chart->saveAs(path), QString());
    QFile file(path);
    QVERIFY(file.open(QIODevice::ReadOnly));
    const QByteArray svg = file.readAll();
    QVERIFY(svg.contains("<polyline") || svg.contains("<path"));
    QVERIFY(!svg.contains("<image")); // curves are lines, not their picture
    QVERIFY(svg.contains(lightTheme().labels[0].name().toLatin1()));
    QSvgRenderer renderer(svg);
    QVERIFY(renderer.isValid());
    QImage image(m_chart->size(), QImage::Format_ARGB32);
    image.fill(Qt::white);
    QPainter painter(&image);
    renderer.render(&painter);
    painter.end();
    QVERIFY(hasColour(image, m_chart->positionOf(300, 8 * std::exp(-30 / 25.0)), lightTheme().labels[0], 3));
    QCOMPARE(m_chart->saveAs(QString::fromStdString((folder / "chart.png").string())), QString());
    QVERIFY(QImage(QString::fromStdString((folder / "chart.png").string())).width() >= 700);
    QVERIFY(m_chart->saveAs(QStringLiteral("/nowhere/at/all.svg")).contains(QStringLiteral("could not be written")));
}

void CurveChartTest::aMillionPointsAreDrawnWithoutHoldingTheWindow()
{
    std::vector<double> values(1'000'000);
    for (std::size_t index = 0; index < values.size(); ++index)
        values[index] = std::exp(-static_cast<double>(index) * 1e-6) + 0.05 * std::sin(static_cast<double>(index));
    const auto big = series(values);
    QSignalSpy settled(m_chart.get(), &CurveChart::settled);
    QElapsedTimer timer;
    timer.start();
    CurveSettings settings;
    settings.smoothing = 0.99;
    m_chart->setSettings(settings);
    settled.clear();
    timer.restart();
    m_chart->setCurves({{9, QStringLiteral("long"), 0, big}});
    const double asked = static_cast<double>(timer.nsecsElapsed()) * 1e-6;
    QTRY_VERIFY_WITH_TIMEOUT(m_chart->isSettled() && settled.count() == 1, 10'000);
    double worst = 0;
    for (int turn = 0; turn < 12; ++turn) {
        timer.restart();
        wheel({350, 200}, turn < 8 ? 120 : -120);
        worst = std::max(worst, static_cast<double>(timer.nsecsElapsed()) * 1e-6);
    }
    double best = 1e9;
    for (int attempt = 0; attempt < 4; ++attempt) {
        wheel({350, 200}, attempt % 2 == 0 ? 120 : -120);
        timer.restart();
        m_chart->viewport()->repaint();
        best = std::min(best, static_cast<double>(timer.nsecsElapsed()) * 1e-6);
    }
    qInfo("a million points: asked in %.2f ms, worst turn of the wheel %.2f ms, repaint %.2f ms", asked, worst, best);
    QVERIFY(asked < 8);
    QVERIFY(best < 16);
}

void CurveChartTest::ticksAreRound()
{
    const auto labels = [](const std::vector<ValueTick> &ticks) {
        QStringList texts;
        for (const ValueTick &tick : ticks)
            texts += tick.label;
        return texts.join(QLatin1Char(' '));
    };
    QCOMPARE(labels(computeLogTicks({std::log10(0.4), std::log10(9)}, 8)), QStringLiteral("0.5 1 2 5"));
    QCOMPARE(labels(computeLogTicks({-6, 0}, 4)), QStringLiteral("1e\u221206 0.0001 0.01 1"));
    QCOMPARE(labels(computeLogTicks({std::log10(0.5), std::log10(0.6)}, 4)), QStringLiteral("0.50 0.55 0.60"));
    QCOMPARE(labels(computeCurveTicks({0, 3}, CurveAxis::step, 10)), QStringLiteral("0 1 2 3"));
    QCOMPARE(labels(computeCurveTicks({0, 40'000}, CurveAxis::step, 4)), QStringLiteral("0 10,000 20,000 30,000 40,000"));
    QCOMPARE(labels(computeCurveTicks({0, 600}, CurveAxis::seconds, 5)), QStringLiteral("0 2 4 6 8 10"));
    QCOMPARE(curveAxisTitle({0, 600}, CurveAxis::seconds), QStringLiteral("minutes"));
    QCOMPARE(curveInstantText(3725, CurveAxis::seconds), QStringLiteral("1 h 2 min"));
    QVERIFY(computeLogTicks({-300, 300}, 5).size() <= 6);
}

QTEST_MAIN(CurveChartTest)
#include "curve_chart_test.moc"
