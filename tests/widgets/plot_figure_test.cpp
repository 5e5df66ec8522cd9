#include "widgets/style/plot_figure.h"

#include "core/base/error.h"
#include "core/data/formats/annotation_file.h"
#include "core/data/table/csv_text.h"
#include "tests/support/lane_fixtures.h"
#include "widgets/spectrogram/compute.h"
#include "widgets/spectrogram/view.h"
#include "widgets/timeline/view.h"

#include <QSvgRenderer>
#include <QXmlStreamReader>

#include <fstream>
#include <numbers>

using namespace kino;
namespace fs = std::filesystem;

/** Plots in files: every number and place in them is worked out by hand in each test. */
class PlotFigureTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void init();
    void cleanup();

    void endingsDecideTheFormat();
    void samplesOfTheRangeAreATableAStream();
    void hiddenAxesAndFoldedLanesAreLeftOut();
    void labelsThatTouchTheRangeAreATable();
    void numbersAreInNoLocale();
    void curvesAreLinesThroughEverySample();
    void denseCurvesStayInsideTheirPlot();
    void textIsText();
    void gapsAreNotBridged();
    void vectorsLookLikeTheScreen();
    void twiceAsSharpIsTwiceAsLarge();
    void cellsOfTheSpectrogramSayTimeFrequencyAndPower();
    void spectrogramHasAPictureAndTexts();
    void cancelledOrRefusedLeavesNothing();
    void dayOfSamplesCanBeStopped();

private:
    std::vector<CsvRow> table(const fs::path &file) const;
    /** Shown from 0 to `endNs`. */
    void show(std::vector<ImuStream> streams, Nanos endNs);
    QRect lanePlot(std::size_t lane) const;
    /** All polylines of the file, in its own pixels. */
    std::vector<QPolygonF> polylines(const fs::path &file) const;

    std::unique_ptr<test::TemporaryFolder> m_folder;
    std::unique_ptr<TimelineView> m_view;
};

namespace {

constexpr Nanos kSecond = kNanosPerSecond;

ImuStream ramp(StreamKind kind = StreamKind::accelerometer)
{
    return test::makeStream(kind, test::evenTimes(101, 100), 3, [](std::size_t axis, std::size_t sample) { return static_cast<float>(axis) + static_cast<float>(sample) / 8; });
}

std::string bytesOf(const fs::path &path)
{
    std::ifstream file(path, std::ios::binary);
    return {std::istreambuf_iterator<char>(file), {}};
}

} // namespace

void PlotFigureTest::init()
{
    applyTheme(*qApp, ThemeKind::light);
    m_folder = std::make_unique<test::TemporaryFolder>();
    m_view = std::make_unique<TimelineView>();
    m_view->resize(1180, 420); // 1000 pixels of plot
    m_view->show();
    QVERIFY(QTest::qWaitForWindowExposed(m_view.get()));
}

void PlotFigureTest::cleanup()
{
    if (const QByteArray keep = qgetenv("KINOSCOPE_KEEP"); !keep.isEmpty())
        fs::copy(fs::path((*m_folder / "").string()), fs::path(keep.toStdString()) / QTest::currentTestFunction(), fs::copy_options::recursive | fs::copy_options::overwrite_existing);
    m_view.reset();
    QLocale::setDefault(QLocale::c());
}

void PlotFigureTest::show(std::vector<ImuStream> streams, Nanos endNs)
{
    const Device device = test::makeDevice("phone", std::move(streams));
    std::vector<std::shared_ptr<const LaneData>> lanes;
    for (const ImuStream &stream : device.streams)
        lanes.push_back(buildLane(device, stream, {}));
    m_view->setBounds({{0}, {endNs}});
    m_view->setVisibleRange({{0}, {endNs}});
    m_view->setPlayhead(RecordingTime{0});
    m_view->setLanes(std::move(lanes));
}

QRect PlotFigureTest::lanePlot(std::size_t lane) const
{
    const TimelineLayout layout = m_view->layoutNow();
    for (const TimelineRow &row : layout.rows) {
        if (row.kind == TimelineRowKind::lane && row.index == lane)
            return layout.plotOf(row.rect).adjusted(0, 0, 0, -1);
    }
    return {};
}

std::vector<CsvRow> PlotFigureTest::table(const fs::path &file) const { return parseCsv(bytesOf(file)); }

std::vector<QPolygonF> PlotFigureTest::polylines(const fs::path &file) const
{
    std::vector<QPolygonF> all;
    QXmlStreamReader xml(QByteArray::fromStdString(bytesOf(file)));
    std::vector<QTransform> transforms{QTransform()};
    while (!xml.atEnd()) {
        xml.readNext();
        if (xml.isEndElement() && xml.name() == QLatin1String("g"))
            transforms.pop_back();
        if (!xml.isStartElement())
            continue;
        if (xml.name() == QLatin1String("g")) {
            QTransform here;
            const QString text = xml.attributes().value(QLatin1String("transform")).toString();
            if (text.startsWith(QLatin1String("matrix("))) {
                const QStringList numbers = text.mid(7).chopped(1).split(QLatin1Char(','));
                here = QTransform(numbers[0].toDouble(), numbers[1].toDouble(), numbers[2].toDouble(), numbers[3].toDouble(), numbers[4].toDouble(), numbers[5].toDouble());
            }
            transforms.push_back(here * transforms.back());
        }
        if (xml.name() != QLatin1String("polyline"))
            continue;
        QPolygonF line;
        for (const QString &point : xml.attributes().value(QLatin1String("points")).toString().split(QLatin1Char(' '), Qt::SkipEmptyParts))
            line << transforms.back().map(QPointF(point.section(QLatin1Char(','), 0, 0).toDouble(), point.section(QLatin1Char(','), 1, 1).toDouble()));
        all.push_back(line);
    }
    return all;
}

void PlotFigureTest::endingsDecideTheFormat()
{
    QCOMPARE(plotFormatOf("a.svg"), std::optional(PlotFormat::svg));
    QCOMPARE(plotFormatOf("a.b.PNG"), std::optional(PlotFormat::png));
    QCOMPARE(plotFormatOf("/x/y.Csv"), std::optional(PlotFormat::csv));
    QVERIFY(!plotFormatOf("a.jpg"));
    QVERIFY(!plotFormatOf("svg"));
    show({ramp()}, kSecond);
    const PlotFigure figure = m_view->figure();
    QVERIFY_THROWS_EXCEPTION(Error, savePlot(figure, *m_folder / "a.jpg", 1));
    savePlot(figure, *m_folder / "a.svg", 1);
    QVERIFY(bytesOf(*m_folder / "a.svg").starts_with("<?xml"));
    savePlot(figure, *m_folder / "a.PNG", 1);
    QVERIFY(bytesOf(*m_folder / "a.PNG").starts_with("\x89PNG"));
    savePlot(figure, *m_folder / "a.csv", 1);
    QVERIFY(bytesOf(*m_folder / "a.csv").starts_with("time_s,time_ns,"));
}

void PlotFigureTest::samplesOfTheRangeAreATableAStream()
{
    // A clock that is 2.5 s late; a sample that is no number; a gap.
    std::vector<Nanos> times = test::evenTimes(50, 100);
    for (const Nanos time : test::evenTimes(50, 100, 3 * kSecond))
        times.push_back(time);
    ImuStream acceleration = test::makeStream(StreamKind::accelerometer, times, 3, [](std::size_t axis, std::size_t sample) {
        return axis == 1 && sample == 48 ? std::numeric_limits<float>::quiet_NaN() : static_cast<float>(axis) * 10 + static_cast<float>(sample) / 8;
    });
    ImuStream field = test::makeStream(StreamKind::magnetometer, test::evenTimes(10, 10), 1, [](std::size_t, std::size_t sample) { return 0.1F * static_cast<float>(sample); });
    const Device device = test::makeDevice("phone", {std::move(acceleration), std::move(field)}, {5 * kSecond / 2, 0});
    m_view->setBounds({{0}, {7 * kSecond}});
    m_view->setLanes({buildLane(device, device.streams[0], {}), buildLane(device, device.streams[1], {})});
    // From the 48th sample, at 2.5 + 0.47 s, to the second behind the gap, at 5.51 s.
    m_view->setVisibleRange({{2'970'000'000}, {5'510'000'000}});
    const std::vector<fs::path> files = savePlot(m_view->figure(), *m_folder / "walk.csv", 1);
    QCOMPARE(files.size(), std::size_t{2});
    QCOMPARE(files[0].filename().string(), std::string("walk-phone-accelerometer.csv"));
    QCOMPARE(files[1].filename().string(), std::string("walk-phone-magnetometer.csv"));
    QCOMPARE(bytesOf(files[0]), std::string("time_s,time_ns,x (m/s^2),y (m/s^2),z (m/s^2)\n"
                                            "2.970000000,2970000000,5.875,15.875,25.875\n"
                                            "2.980000000,2980000000,6,,26\n"
                                            "2.990000000,2990000000,6.125,16.125,26.125\n"
                                            "5.500000000,5500000000,6.25,16.25,26.25\n"
                                            "5.510000000,5510000000,6.375,16.375,26.375\n"));
    const std::vector<CsvRow> ofField = table(files[1]);
    QCOMPARE(ofField.front().fields.back(), std::string("x (uT)"));
    QCOMPARE(ofField.size(), std::size_t{1 + 5}); // 3.0 … 3.4 s
    QCOMPARE(ofField[1].fields[1], std::string("3000000000"));
    QCOMPARE(ofField[1].fields[2], std::string("0.5"));
}

void PlotFigureTest::hiddenAxesAndFoldedLanesAreLeftOut()
{
    const Device device = test::makeDevice("phone", {ramp(), ramp(StreamKind::gyroscope)});
    m_view->setBounds({{0}, {kSecond}});
    m_view->setVisibleRange({{0}, {kSecond}});
    m_view->setLanes({buildLane(device, device.streams[0], {})}, {buildLane(device, device.streams[1], {})});
    QCOMPARE(plotFiles(m_view->figure(), "a.csv").size(), std::size_t{1});
    // A click on "y" in the lane's header.
    const QRect plot = lanePlot(0);
    for (int y = plot.top(); y < plot.bottom() && m_view->content().looks[0].shownAxes.empty(); y += 4)
        QTest::mouseClick(m_view.get(), Qt::LeftButton, {}, {20, y});
    const std::vector<bool> shown = m_view->content().looks[0].shownAxes;
    QCOMPARE(std::ranges::count(shown, false), 1);
    savePlot(m_view->figure(), *m_folder / "a.csv", 1);
    const std::vector<CsvRow> rows = table(*m_folder / "a.csv");
    QCOMPARE(rows.front().fields.size(), std::size_t{2 + 2});
    QCOMPARE(rows.size(), std::size_t{1 + 101}); // the last sample is at the very end, and in view
}

void PlotFigureTest::labelsThatTouchTheRangeAreATable()
{
    show({ramp()}, 10 * kSecond);
    const AnnotationTier tier{"activity", TierKind::label, {{{0}, {2 * kSecond}, "sit"}, {{2 * kSecond}, {5 * kSecond}, "walk, slowly"}, {{5 * kSecond}, {9 * kSecond}, "run"}, {{9 * kSecond}, {10 * kSecond}, "lie"}}};
    m_view->setTiers({buildTier(tier), buildTier(AnnotationTier{"empty", TierKind::label, {}})});
    m_view->setVisibleRange({{3 * kSecond}, {6 * kSecond}});
    const std::vector<fs::path> files = savePlot(m_view->figure(), *m_folder / "a.csv", 1);
    QCOMPARE(files.back().filename().string(), std::string("a-labels.csv"));
    // Whole ones, in the form in which labels are imported again.
    const std::vector<AnnotationTier> back = readAnnotationFile(files.back());
    QCOMPARE(back.size(), std::size_t{1});
    QCOMPARE(back[0].name, std::string("activity"));
    QVERIFY(back[0].annotations == std::vector<Annotation>(tier.annotations.begin() + 1, tier.annotations.begin() + 3));
}

void PlotFigureTest::numbersAreInNoLocale()
{
    QLocale::setDefault(QLocale(QLocale::German, QLocale::Germany));
    show({ramp()}, kSecond);
    savePlot(m_view->figure(), *m_folder / "a.csv", 1);
    const std::vector<CsvRow> rows = table(*m_folder / "a.csv");
    QCOMPARE(rows[2].fields, (std::vector<std::string>{"0.010000000", "10000000", "0.125", "1.125", "2.125"}));
    savePlot(m_view->figure(), *m_folder / "a.svg", 1);
    QVERIFY(!polylines(*m_folder / "a.svg").empty());
    QVERIFY(QSvgRenderer(QString::fromStdString((*m_folder / "a.svg").string())).isValid());
}

void PlotFigureTest::curvesAreLinesThroughEverySample()
{
    show({ramp()}, kSecond);
    savePlot(m_view->figure(), *m_folder / "a.svg", 1);
    const QRect plot = lanePlot(0);
    const ValueRange values = laneValueRange(m_view->content(), 0);
    int found = 0;
    for (const QPolygonF &line : polylines(*m_folder / "a.svg")) {
        if (line.size() != 101)
            continue;
        ++found;
        for (qsizetype sample = 0; sample < line.size(); ++sample)
            QVERIFY2(std::abs(line[sample].x() - (plot.left() + 10.0 * static_cast<double>(sample))) < 0.01, qPrintable(QString::number(line[sample].x())));
        // The first axis goes from 0 to 12.5, the others lie one and two above.
        const double axis = std::round((values.high - (line[0].y() - plot.top()) / plot.height() * values.span()));
        const double last = plot.top() + (values.high - (axis + 12.5)) / values.span() * plot.height();
        QVERIFY2(std::abs(line[100].y() - last) < 0.05, qPrintable(QString::number(line[100].y())));
    }
    QCOMPARE(found, 3);
}

void PlotFigureTest::denseCurvesStayInsideTheirPlot()
{
    // A hundred samples a pixel and few, a scale that shows a tenth of them, and views that begin and end between samples.
    show({test::makeStream(StreamKind::accelerometer, test::evenTimes(100'001, 100), 3, [](std::size_t axis, std::size_t sample) { return static_cast<float>(std::sin(static_cast<double>(sample + axis) * 0.7) * 10); })}, 1000 * kSecond);
    QWheelEvent zoom(lanePlot(0).center(), m_view->mapToGlobal(lanePlot(0).center()), {}, {0, 120 * 10}, Qt::NoButton, Qt::ControlModifier, Qt::NoScrollPhase, false);
    QApplication::sendEvent(m_view.get(), &zoom);
    QVERIFY(m_view->content().looks[0].magnification > 5);
    const QRectF plot = QRectF(lanePlot(0)).adjusted(-0.01, -0.01, 0.01, 0.01);
    for (const TimeRange range : {TimeRange{{0}, {1000 * kSecond}}, TimeRange{{123'456'789}, {500'123'456'789}}, TimeRange{{123'456'789}, {5'123'456'789}}}) {
        m_view->setVisibleRange(range);
        savePlot(m_view->figure(), *m_folder / "a.svg", 1);
        std::size_t points = 0;
        for (const QPolygonF &line : polylines(*m_folder / "a.svg")) {
            const QRectF around = line.boundingRect();
            if (around.top() >= m_view->layoutNow().overview.top())
                continue;
            points += static_cast<std::size_t>(line.size());
            QVERIFY2(plot.contains(around.topLeft()) && plot.contains(around.bottomRight()), qPrintable(QStringLiteral("%1 %2 %3 %4").arg(around.left()).arg(around.top()).arg(around.right()).arg(around.bottom())));
        }
        QVERIFY2(points > 200 && points < 20'000, qPrintable(QString::number(points)));
    }
}

void PlotFigureTest::textIsText()
{
    show({ramp()}, kSecond);
    AnnotationTier tier{"activity", TierKind::label, {{{0}, {kSecond}, "walking <&> slowly"}}};
    m_view->setTiers({buildTier(tier)});
    PlotFigure figure = m_view->figure();
    figure.title = QStringLiteral("walk & run");
    savePlot(figure, *m_folder / "a.svg", 1);
    QXmlStreamReader xml(QByteArray::fromStdString(bytesOf(*m_folder / "a.svg")));
    QStringList texts;
    QString title;
    while (!xml.atEnd()) {
        xml.readNext();
        QVERIFY2(!xml.isStartElement() || xml.name() != QLatin1String("image"), "nothing here is a picture");
        if (xml.isStartElement() && xml.name() == QLatin1String("text"))
            texts += xml.readElementText(QXmlStreamReader::IncludeChildElements).trimmed();
        else if (xml.isStartElement() && xml.name() == QLatin1String("title"))
            title = xml.readElementText();
    }
    QVERIFY(!xml.hasError());
    QCOMPARE(title, QStringLiteral("walk & run"));
    for (const char *wanted : {"Accelerometer", "activity", "walking <&> slowly", "x", "y", "z"})
        QVERIFY2(texts.contains(QLatin1String(wanted)), qPrintable(texts.join(QLatin1Char('|'))));
    // A time is one text, not one for each digit.
    QVERIFY2(texts.filter(QRegularExpression(QStringLiteral("^0:00\\.\\d$"))).size() > 3, qPrintable(texts.join(QLatin1Char('|'))));
}

void PlotFigureTest::gapsAreNotBridged()
{
    std::vector<Nanos> times = test::evenTimes(101, 100);
    for (const Nanos time : test::evenTimes(101, 100, 9 * kSecond))
        times.push_back(time);
    show({test::makeStream(StreamKind::accelerometer, times, 1, [](std::size_t, std::size_t) { return 1.0F; })}, 10 * kSecond);
    savePlot(m_view->figure(), *m_folder / "a.svg", 1);
    const QRect plot = lanePlot(0);
    int ends = 0;
    for (const QPolygonF &line : polylines(*m_folder / "a.svg")) {
        const QRectF around = line.boundingRect();
        if (around.top() >= m_view->layoutNow().overview.top())
            continue;
        if (line.size() == 2 && around.width() > plot.width() - 2)
            continue; // of the grid
        ++ends;
        // 1 s is 100 pixels.
        QVERIFY(around.right() <= plot.left() + 100.5 || around.left() >= plot.left() + 899.5);
    }
    QCOMPARE(ends, 2);
}

void PlotFigureTest::vectorsLookLikeTheScreen()
{
    show({ramp()}, kSecond);
    AnnotationTier tier{"activity", TierKind::label, {{{-kSecond}, {kSecond / 2}, "walk"}, {{kSecond / 2}, {2 * kSecond}, "sit"}}};
    m_view->setTiers({buildTier(tier)});
    m_view->setSelection(TimeRange{{kSecond / 4}, {kSecond / 2}});
    m_view->setPlayhead(std::nullopt);
    savePlot(m_view->figure(), *m_folder / "a.svg", 1);
    savePlot(m_view->figure(), *m_folder / "a.png", 1);
    const QImage screen = QImage(QString::fromStdString((*m_folder / "a.png").string())).convertToFormat(QImage::Format_RGB32);
    QCOMPARE(screen.size(), m_view->size());
    QImage drawn(screen.size(), QImage::Format_RGB32);
    drawn.fill(Qt::magenta);
    QSvgRenderer renderer(QString::fromStdString((*m_folder / "a.svg").string()));
    {
        QPainter painter(&drawn);
        renderer.render(&painter);
    }
    // But for smoothed edges and letters they are one picture.
    int different = 0;
    for (int y = 0; y < screen.height(); ++y) {
        for (int x = 0; x < screen.width(); ++x) {
            const QColor a = screen.pixelColor(x, y);
            const QColor b = drawn.pixelColor(x, y);
            different += std::max({std::abs(a.red() - b.red()), std::abs(a.green() - b.green()), std::abs(a.blue() - b.blue())}) > 64 ? 1 : 0;
        }
    }
    const double share = static_cast<double>(different) / (screen.width() * screen.height());
    QVERIFY2(share < 0.02, qPrintable(QString::number(share)));
    // Labels that begin before the view do not reach into the header.
    const QRect header(0, screen.height() / 2, TimelineLayout::kHeaderWidth, screen.height() / 2);
    for (int y = header.top(); y < header.bottom(); ++y)
        QVERIFY(drawn.pixelColor(header.right() - 3, y) != labelColour(lightTheme(), QStringLiteral("walk")));
}

void PlotFigureTest::twiceAsSharpIsTwiceAsLarge()
{
    show({ramp()}, kSecond);
    savePlot(m_view->figure(), *m_folder / "a.png", 2);
    const QImage image(QString::fromStdString((*m_folder / "a.png").string()));
    QCOMPARE(image.size(), m_view->size() * 2);
    // A hairline of one sharp pixel: between the rows of the ground colour's neighbours it is not two.
    const QRect plot = lanePlot(0);
    const QRgb grid = lightTheme().grid.rgb();
    int rows = 0;
    for (int y = 2 * plot.top(); y < 2 * plot.bottom(); ++y) {
        if (image.pixel(2 * plot.right() - 6, y) == grid)
            ++rows;
    }
    QCOMPARE(rows, static_cast<int>(computeValueTicks(laneValueRange(m_view->content(), 0), std::max(2, plot.height() / 26)).size()));
}

void PlotFigureTest::cellsOfTheSpectrogramSayTimeFrequencyAndPower()
{
    // 25 Hz at 100 Hz lies on bin 32 of 128. With a periodic Hann window of n samples, Σw = n/2 and Σw² = 3n/8, and the
    // one-sided density of a sine of amplitude A there is 2 (A Σw / 2)² / (rate Σw²) = A² n / (3 rate) = 9 * 128 / 300.
    const Device device = test::makeDevice("d", {test::makeStream(StreamKind::accelerometer, test::evenTimes(3000, 100), 1, [](std::size_t, std::size_t sample) { return static_cast<float>(3 * std::sin(2 * std::numbers::pi * 25 * static_cast<double>(sample) / 100)); })});
    SpectrogramRequest request;
    request.lane = buildLane(device, device.streams[0], {});
    request.stft.windowSamples = 128;
    request.stft.hopSamples = 16;
    request.visible = {{10 * kSecond}, {12 * kSecond}};
    SpectrogramView view;
    view.resize(600, 300);
    view.setVisibleRange(request.visible);
    QVERIFY(view.figure().tables.empty());
    QVERIFY_THROWS_EXCEPTION(Error, savePlot(view.figure(), *m_folder / "none.csv", 1));
    view.setData(computeSpectrogram(request, {}));
    view.setUnit(request.lane->unit);
    savePlot(view.figure(), *m_folder / "s.csv", 1);
    const std::vector<CsvRow> rows = table(*m_folder / "s.csv");
    QCOMPARE(rows.front().fields, (std::vector<std::string>{"time_s", "time_ns", "frequency_hz", "power ((m/s^2)^2/Hz)", "power (dB re 1 (m/s^2)^2/Hz)"}));
    // Frames every 0.16 s, 65 bins each: those of two seconds, whose ends may cut one.
    const std::size_t columns = (rows.size() - 1) / 65;
    QCOMPARE((rows.size() - 1) % 65, std::size_t{0});
    QVERIFY2(columns == 13 || columns == 14, qPrintable(QString::number(columns)));
    const double expected = 9.0 * 128 / 300;
    for (std::size_t column = 0; column < columns; ++column) {
        const CsvRow &peak = rows[1 + column * 65 + 32];
        QCOMPARE(peak.fields[2], std::string("25"));
        QVERIFY2(std::abs(std::stod(peak.fields[3]) / expected - 1) < 1e-4, peak.fields[3].c_str());
        QVERIFY2(std::abs(std::stod(peak.fields[4]) - 10 * std::log10(expected)) < 1e-3, peak.fields[4].c_str());
        // A frame's centre: half a window (63.5 samples) behind its beginning, which is a multiple of the hop.
        const double frame = (std::stod(peak.fields[0]) * 100 - 63.5) / 16;
        QVERIFY2(std::abs(frame - std::round(frame)) < 1e-4, peak.fields[0].c_str());
    }
    QCOMPARE(rows[1].fields[2], std::string("0"));
    QCOMPARE(rows[65].fields[2], std::string("50"));
}

void PlotFigureTest::spectrogramHasAPictureAndTexts()
{
    const Device device = test::makeDevice("d", {test::makeStream(StreamKind::accelerometer, test::evenTimes(3000, 100), 3, [](std::size_t axis, std::size_t sample) { return static_cast<float>(std::sin(static_cast<double>(sample * (axis + 1)) * 0.3)); })});
    SpectrogramRequest request;
    request.lane = buildLane(device, device.streams[0], {});
    request.visible = {{0}, {29 * kSecond}};
    SpectrogramView view;
    view.resize(600, 300);
    view.setVisibleRange(request.visible);
    view.setData(computeSpectrogram(request, {}));
    savePlot(view.figure(), *m_folder / "s.svg", 2);
    const std::string text = bytesOf(*m_folder / "s.svg");
    QVERIFY(text.find("<image") != std::string::npos);
    QVERIFY(text.find(">Hz<") != std::string::npos);
    QVERIFY(text.find(">50<") != std::string::npos);
    savePlot(view.figure(), *m_folder / "s.png", 1);
    QCOMPARE(QImage(QString::fromStdString((*m_folder / "s.png").string())).size(), view.size());
    // The picture that a model is given: three bytes a cell, as they are.
    request.source = SpectrogramSource::triaxial;
    view.setData(computeSpectrogram(request, {}));
    savePlot(view.figure(), *m_folder / "t.csv", 1);
    const std::vector<CsvRow> rows = table(*m_folder / "t.csv");
    QCOMPARE(rows.front().fields, (std::vector<std::string>{"time_s", "time_ns", "frequency_hz", "x (0-255)", "y (0-255)", "z (0-255)"}));
    const QImage &image = view.data()->image;
    QCOMPARE(rows.size(), static_cast<std::size_t>(1 + image.width() * image.height()));
    const QRgb lowest = image.pixel(7, image.height() - 1);
    const CsvRow &cell = rows[static_cast<std::size_t>(1 + 7 * image.height())];
    QCOMPARE(cell.fields[2], std::string("0"));
    QCOMPARE(cell.fields[3], std::to_string(qRed(lowest)));
    QCOMPARE(cell.fields[5], std::to_string(qBlue(lowest)));
}

void PlotFigureTest::cancelledOrRefusedLeavesNothing()
{
    show({ramp()}, kSecond);
    CancelToken cancelled;
    cancelled.cancel();
    QVERIFY_THROWS_EXCEPTION(Cancelled, savePlot(m_view->figure(), *m_folder / "a.csv", 1, cancelled));
    QVERIFY_THROWS_EXCEPTION(Error, savePlot(m_view->figure(), "/nonexistent/a.svg", 1));
    QVERIFY_THROWS_EXCEPTION(Error, savePlot(m_view->figure(), "/nonexistent/a.png", 1));
    QVERIFY_THROWS_EXCEPTION(Error, savePlot(m_view->figure(), "/nonexistent/a.csv", 1));
    QVERIFY(fs::is_empty(fs::path((*m_folder / "").string())));
}

void PlotFigureTest::dayOfSamplesCanBeStopped()
{
    // Progress grows and reaches its end; stopped half way there is no file, and no beginning of one.
    show({test::makeStream(StreamKind::accelerometer, test::evenTimes(100'000, 100), 3, [](std::size_t, std::size_t sample) { return static_cast<float>(sample); })}, 1000 * kSecond);
    const PlotFigure figure = m_view->figure();
    std::vector<double> seen;
    savePlot(figure, *m_folder / "a.csv", 1, {}, Progress([&](double fraction, std::string_view) { seen.push_back(fraction); }));
    QVERIFY(seen.size() > 10 && std::ranges::is_sorted(seen) && seen.back() == 1);
    fs::remove(*m_folder / "a.csv");
    CancelToken cancel;
    QVERIFY_THROWS_EXCEPTION(Cancelled, savePlot(figure, *m_folder / "a.csv", 1, cancel, Progress([&](double fraction, std::string_view) {
        if (fraction > 0.5)
            cancel.cancel();
    })));
    QVERIFY(fs::is_empty(fs::path((*m_folder / "").string())));
}

QTEST_MAIN(PlotFigureTest)
#include "plot_figure_test.moc"
