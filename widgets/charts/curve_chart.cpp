#include "widgets/charts/curve_chart.h"

#include "widgets/charts/curve_ticks.h"
#include "core/base/error.h"
#include "widgets/style/plot_figure.h"
#include "widgets/style/plot_image.h"
#include "widgets/style/text_painting.h"

#include <QCategoryAxis>
#include <QChart>
#include <QClipboard>
#include <QContextMenuEvent>
#include <QFileDialog>
#include <QFileInfo>
#include <QGraphicsLayout>
#include <QGuiApplication>
#include <QLineSeries>
#include <QMenu>
#include <QSaveFile>
#include <QSvgGenerator>

#include <cmath>

namespace kino {
namespace {

/** As many are prepared within a handler; more on the thread. */
constexpr std::size_t kAtOnce = 20'000;
constexpr int kLeft = 56, kRight = 14, kTop = 26, kBottom = 40;
constexpr double kWheelStep = 0.8;
constexpr double kLeastDrag = 4;

QString csvText(const QString &text)
{
    if (!text.contains(QLatin1Char(',')) && !text.contains(QLatin1Char('"')) && !text.contains(QLatin1Char('\n')))
        return text;
    return QLatin1Char('"') + QString(text).replace(QLatin1Char('"'), QStringLiteral("\"\"")) + QLatin1Char('"');
}

QColor mixed(const QColor &ink, const QColor &ground, double share)
{
    const auto mix = [share](int a, int b) { return static_cast<int>(std::lround(a * share + b * (1 - share))); };
    return {mix(ink.red(), ground.red()), mix(ink.green(), ground.green()), mix(ink.blue(), ground.blue())};
}

QString valueDigits(double value)
{
    return std::isfinite(value) ? QString::number(value, 'g', 5).replace(QLatin1Char('-'), QChar(0x2212)) : QStringLiteral("\u2013");
}

} // namespace

QPen curvePen(const Theme &theme, int place, double width)
{
    const auto colours = static_cast<int>(theme.labels.size());
    constexpr std::array<Qt::PenStyle, 3> kStyles{Qt::SolidLine, Qt::DashLine, Qt::DotLine};
    QPen pen(theme.labels[static_cast<std::size_t>(place % colours)], width, kStyles[static_cast<std::size_t>(place / colours) % kStyles.size()]);
    pen.setCosmetic(true);
    return pen;
}

/** All curves as one item, painted by ourselves: gaps and a million points cost a chart's own series too much. */
class CurveChart::Lines : public QGraphicsItem {
public:
    explicit Lines(CurveChart &owner) : QGraphicsItem(owner.chart()), m_owner(owner)
    {
        setZValue(20);
        setCacheMode(DeviceCoordinateCache); // a cursor that moves over them paints none
        setAcceptedMouseButtons(Qt::NoButton);
    }

    void setRect(const QRectF &rect)
    {
        prepareGeometryChange();
        m_rect = rect;
    }
    QRectF boundingRect() const override { return m_rect; }

    void paint(QPainter *painter, const QStyleOptionGraphicsItem *, QWidget *) override
    {
        const Theme &theme = themeOf(m_owner.palette());
        painter->setClipRect(m_rect);
        const std::size_t count = std::min(m_owner.m_prepared.size(), m_owner.m_curves.size());
        const auto faintPen = [&theme](int place) {
            QPen faint = curvePen(theme, place, 1);
            faint.setStyle(Qt::SolidLine);
            faint.setColor(mixed(faint.color(), theme.surface, 0.35));
            return faint;
        };
        for (std::size_t index = 0; index < count; ++index)
            paintBand(*painter, m_owner.m_prepared[index], curvePen(theme, m_owner.m_curves[index].place, 1).color());
        for (std::size_t index = 0; index < count; ++index) {
            if (m_owner.m_curves[index].isMember)
                paintLines(*painter, m_owner.m_prepared[index].drawn(), faintPen(m_owner.m_curves[index].place));
        }
        for (std::size_t index = 0; index < count; ++index) {
            const Prepared &prepared = m_owner.m_prepared[index];
            const Curve &curve = m_owner.m_curves[index];
            if (curve.isMember)
                continue;
            // Of a mean its band is what lies behind it.
            if (!prepared.smooth.isEmpty() && prepared.low.isEmpty())
                paintLines(*painter, prepared.raw, faintPen(curve.place));
            paintLines(*painter, prepared.drawn(), curvePen(theme, curve.place, 1.6));
            paintDrops(*painter, curve, theme);
        }
    }

private:
    QPointF placeOf(const QPointF &point) const
    {
        const ValueRange x = m_owner.m_x, y = m_owner.m_y;
        const bool hasPlace = m_owner.m_settings.scale == CurveScale::linear || point.y() > 0; // a logarithm has none for the others
        const double height = hasPlace ? std::clamp((m_owner.onAxis(point.y()) - y.low) / y.span(), -10.0, 11.0) : -10.0;
        return {m_rect.left() + (point.x() - x.low) / x.span() * m_rect.width(), m_rect.bottom() - height * m_rect.height()};
    }

    void paintBand(QPainter &painter, const Prepared &prepared, QColor colour) const
    {
        if (prepared.low.isEmpty())
            return;
        const int columns = std::max(1, static_cast<int>(m_rect.width()));
        const ValueRange x = m_owner.m_x;
        const auto upper = prepared.high.lines(x.low, x.high, columns), lower = prepared.low.lines(x.low, x.high, columns);
        if (upper.size() != 1 || lower.size() != 1) // without gaps: there is a mean only where all have a value
            return;
        QPolygonF outline;
        for (const QPointF &point : upper.front())
            outline.append(placeOf(point));
        for (auto point = lower.front().rbegin(); point != lower.front().rend(); ++point)
            outline.append(placeOf(*point));
        colour.setAlphaF(0.18F);
        painter.setRenderHint(QPainter::Antialiasing, outline.size() < 2 * columns);
        painter.setPen(Qt::NoPen);
        painter.setBrush(colour);
        painter.drawPolygon(outline);
        painter.setBrush(Qt::NoBrush);
    }

    /** A tick at the foot, with how many go on. */
    void paintDrops(QPainter &painter, const Curve &curve, const Theme &theme) const
    {
        constexpr double kTick = 9;
        painter.setFont(smallFont(m_owner.font()));
        double textEnd = -1e9;
        for (const CurveDrop &drop : curve.drops) {
            const double x = placeOf({drop.xAt(m_owner.m_settings.axis), 1}).x();
            if (x < m_rect.left() || x > m_rect.right())
                continue;
            painter.setPen(curvePen(theme, curve.place, 1.6));
            painter.drawLine(QPointF(x, m_rect.bottom()), QPointF(x, m_rect.bottom() - kTick));
            const QString words = CurveChart::tr("%1 go on").arg(drop.runs);
            const double width = painter.fontMetrics().horizontalAdvance(words), left = x + 3 + width <= m_rect.right() ? x + 3 : x - 3 - width;
            if (left < std::max(textEnd, m_rect.left()))
                continue;
            painter.setPen(theme.dim);
            painter.drawText(QPointF(left, m_rect.bottom() - 2), words);
            textEnd = left + width + 6;
        }
    }

    void paintLines(QPainter &painter, const CurvePyramid &curve, const QPen &pen) const
    {
        // A line that fills its columns, or goes up and down again and again, is a band: edges that are smooth would cost much and show
        // nothing.
        constexpr double kMostStrokes = 6; // of the chart's width
        QPen plain = pen;
        plain.setWidthF(1);
        plain.setStyle(Qt::SolidLine);
        const bool isLog = m_owner.m_settings.scale == CurveScale::logarithmic;
        const ValueRange x = m_owner.m_x;
        QPolygonF part;
        double length = 0;
        const auto flush = [&] {
            const bool isBand = part.size() > 1.5 * m_rect.width() || length > kMostStrokes * m_rect.width();
            length = 0;
            painter.setRenderHint(QPainter::Antialiasing, !isBand && pen.widthF() > 1);
            painter.setPen(isBand ? plain : pen);
            if (part.size() == 1) {
                painter.setBrush(pen.color());
                painter.drawEllipse(part.front(), 1.5, 1.5);
                painter.setBrush(Qt::NoBrush);
            } else if (!part.isEmpty()) {
                painter.drawPolyline(part);
            }
            part.clear();
        };
        for (const std::vector<QPointF> &line : curve.lines(x.low, x.high, std::max(1, static_cast<int>(m_rect.width())))) {
            for (const QPointF &point : line) {
                if (isLog && !(point.y() > 0)) { // a logarithm has no place for it
                    flush();
                    continue;
                }
                const QPointF place = placeOf(point);
                if (part.isEmpty()) {
                    part.append(place);
                } else if (const QPointF way = place - part.back(); std::abs(way.x()) >= 0.7 || std::abs(way.y()) >= 0.4) {
                    length += way.manhattanLength();
                    part.append(place);
                }
            }
            flush();
        }
    }

    CurveChart &m_owner;
    QRectF m_rect;
};

CurveChart::CurveChart(QWidget *parent)
    : QChartView(new QChart, parent), m_axisX(new QCategoryAxis), m_axisY(new QCategoryAxis), m_frame(new QLineSeries), m_lines(new Lines(*this))
{
    m_pool.setMaxThreadCount(1);
    setFrameShape(NoFrame);
    setMouseTracking(true);
    viewport()->setMouseTracking(true);
    setFocusPolicy(Qt::StrongFocus);
    viewport()->setFocusPolicy(Qt::NoFocus); // the chart has a name to be read aloud, its viewport none
    setCursor(Qt::CrossCursor);
    setRenderHint(QPainter::Antialiasing);
    chart()->legend()->hide();
    chart()->setBackgroundVisible(false);
    chart()->layout()->setContentsMargins(0, 0, 0, 0);
    chart()->setMargins({0, 0, 0, 0});
    chart()->addSeries(m_frame);
    for (QCategoryAxis *axis : {m_axisX, m_axisY}) {
        axis->setLabelsPosition(QCategoryAxis::AxisLabelsPositionOnValue);
        axis->setTruncateLabels(false);
        axis->setLineVisible(axis == m_axisX);
    }
    chart()->addAxis(m_axisX, Qt::AlignBottom);
    chart()->addAxis(m_axisY, Qt::AlignLeft);
    m_frame->attachAxis(m_axisX);
    m_frame->attachAxis(m_axisY);
    m_fillAxes.setSingleShot(true);
    connect(&m_fillAxes, &QTimer::timeout, this, &CurveChart::fillAxes);
    setTitle({});
    showTheme();
    showAxes();
}

CurveChart::~CurveChart() { m_pool.waitForDone(); }

void CurveChart::setTitle(const QString &title)
{
    m_title = title;
    setAccessibleName(title.isEmpty() ? tr("Curves") : tr("Curves of %1").arg(title));
    viewport()->update();
}

void CurveChart::setLegendNote(const QString &note)
{
    m_legendNote = note;
    viewport()->update();
}

void CurveChart::setEmptyText(const QString &text)
{
    m_emptyText = text;
    viewport()->update();
}

void CurveChart::setCurves(std::vector<Curve> curves)
{
    const auto isSameRun = [](const Curve &one, const Curve &other) { return one.id == other.id; };
    if (!std::ranges::equal(curves, m_curves, isSameRun)) {
        m_zoomX.reset();
        m_zoomY.reset();
        m_prepared.clear(); // they belong to others
    }
    const auto isSameCurve = [](const Curve &one, const Curve &other) { return one.id == other.id && one.series == other.series && one.band == other.band; };
    if (std::ranges::equal(curves, m_curves, isSameCurve) && m_prepared.size() == curves.size()) {
        m_curves = std::move(curves); // names and colours alone
        m_lines->update();
        viewport()->update();
        return;
    }
    m_curves = std::move(curves);
    prepareSoon();
}

void CurveChart::setSettings(const CurveSettings &settings)
{
    if (settings == m_settings)
        return;
    if (settings.axis != m_settings.axis) {
        m_zoomX.reset();
        m_hover.reset();
    }
    if (settings.scale != m_settings.scale)
        m_zoomY.reset();
    const bool isSameData = settings.axis == m_settings.axis && settings.smoothing == m_settings.smoothing;
    m_settings = settings;
    if (isSameData)
        showAxes();
    else
        prepareSoon();
}

std::vector<CurveChart::Prepared> CurveChart::prepare(const std::vector<Curve> &curves, const CurveSettings &settings)
{
    std::vector<Prepared> prepared;
    for (const Curve &curve : curves) {
        Prepared &each = prepared.emplace_back();
        if (!curve.series)
            continue;
        std::vector<double> x(curve.series->size());
        for (std::size_t index = 0; index < x.size(); ++index)
            x[index] = curve.series->xAt(index, settings.axis);
        if (settings.smoothing > 0)
            each.smooth = CurvePyramid(x, computeSmoothed(curve.series->values, settings.smoothing));
        if (curve.band) {
            each.low = CurvePyramid(x, computeSmoothed(curve.band->low, settings.smoothing));
            each.high = CurvePyramid(x, computeSmoothed(curve.band->high, settings.smoothing));
        }
        each.raw = CurvePyramid(std::move(x), {curve.series->values.begin(), curve.series->values.end()});
    }
    return prepared;
}

void CurveChart::prepareSoon()
{
    const quint64 epoch = ++m_epoch;
    std::size_t points = 0;
    for (const Curve &curve : m_curves)
        points += curve.series ? curve.series->size() : 0;
    if (points <= kAtOnce) {
        takePrepared(prepare(m_curves, m_settings), epoch);
        return;
    }
    m_pool.clear(); // what was asked before and has not begun
    m_pool.start([this, epoch, curves = m_curves, settings = m_settings] {
        auto prepared = std::make_shared<std::vector<Prepared>>(prepare(curves, settings));
        QMetaObject::invokeMethod(this, [this, epoch, prepared] { takePrepared(std::move(*prepared), epoch); }, Qt::QueuedConnection);
    });
}

void CurveChart::takePrepared(std::vector<Prepared> prepared, quint64 epoch)
{
    if (epoch != m_epoch)
        return;
    m_prepared = std::move(prepared);
    m_shownEpoch = epoch;
    showAxes();
    Q_EMIT settled();
}

double CurveChart::onAxis(double value) const { return m_settings.scale == CurveScale::logarithmic ? std::log10(value) : value; }

ValueRange CurveChart::wholeX() const
{
    std::optional<ValueRange> whole;
    const auto take = [&whole](ValueRange own) { whole = whole ? ValueRange{std::min(whole->low, own.low), std::max(whole->high, own.high)} : own; };
    for (std::size_t index = 0; index < m_prepared.size(); ++index) {
        const CurvePyramid &raw = m_prepared[index].raw;
        if (raw.isEmpty())
            continue;
        take({raw.x(0), raw.x(raw.size() - 1)});
        for (const CurveDrop &drop : m_curves[index].drops)
            take({drop.xAt(m_settings.axis), drop.xAt(m_settings.axis)});
    }
    if (!whole)
        return {0, 1};
    return whole->span() > 0 ? *whole : ValueRange{whole->low - 0.5, whole->low + 0.5};
}

ValueRange CurveChart::fittedLogOrLinearY(ValueRange x) const
{
    const bool isLog = m_settings.scale == CurveScale::logarithmic;
    CurvePyramid::Extent all;
    for (const Prepared &each : m_prepared) {
        for (const CurvePyramid *part : {&each.raw, &each.low, &each.high}) {
            const CurvePyramid::Extent own = part->extent(x.low, x.high, isLog ? CurvePyramid::Counted::aboveZero : CurvePyramid::Counted::all);
            if (own.isEmpty)
                continue;
            all.least = all.isEmpty ? own.least : std::min(all.least, own.least);
            all.most = all.isEmpty ? own.most : std::max(all.most, own.most);
            all.isEmpty = false;
        }
    }
    if (all.isEmpty)
        return {0, 1};
    const double low = onAxis(all.least), high = onAxis(all.most);
    const double margin = high > low ? (high - low) * 0.05 : std::max(std::abs(low) * 0.1, 1e-3);
    return {low - margin, high + margin};
}

void CurveChart::showAxes()
{
    m_x = m_zoomX.value_or(wholeX());
    m_y = m_zoomY.value_or(fittedLogOrLinearY(m_x));
    m_lines->setRect(plotArea());
    m_lines->update();
    viewport()->update();
    m_fillAxes.start();
}

/** Costs some milliseconds, so that once for many turns of a wheel must do. */
void CurveChart::fillAxes()
{
    const QRectF area = plotArea();
    if (chart()->plotArea() != area)
        chart()->setPlotArea(area);
    const auto fill = [](QCategoryAxis *axis, ValueRange range, const std::vector<ValueTick> &ticks) {
        for (const QString &label : axis->categoriesLabels())
            axis->remove(label);
        axis->setRange(range.low, range.high);
        axis->setStartValue(range.low);
        for (const ValueTick &tick : ticks)
            axis->append(tick.label, tick.value);
    };
    fill(m_axisX, m_x, computeCurveTicks(m_x, m_settings.axis, std::max(2, static_cast<int>(area.width() / 70))));
    const int mostY = std::max(2, static_cast<int>(area.height() / 28));
    fill(m_axisY, m_y, m_settings.scale == CurveScale::logarithmic ? computeLogTicks(m_y, mostY) : computeValueTicks(m_y, mostY));
    m_axisX->setTitleText(curveAxisTitle(m_x, m_settings.axis));
    const bool hasAny = std::ranges::any_of(m_prepared, [](const Prepared &each) { return !each.raw.isEmpty(); });
    m_axisX->setVisible(hasAny);
    m_axisY->setVisible(hasAny);
}

void CurveChart::showTheme()
{
    const Theme &theme = themeOf(palette());
    setBackgroundBrush(theme.surface);
    for (QCategoryAxis *axis : {m_axisX, m_axisY}) {
        axis->setLabelsColor(theme.dim);
        axis->setLabelsFont(smallFont(font()));
        axis->setTitleFont(smallFont(font()));
        axis->setTitleBrush(theme.dim);
        axis->setGridLinePen(QPen(theme.line, 1));
        axis->setLinePen(QPen(theme.line, 1));
        axis->setGridLineVisible(axis == m_axisY);
    }
    m_lines->update();
}

QRectF CurveChart::plotArea() const
{
    return QRectF(kLeft, kTop, std::max(10, viewport()->width() - kLeft - kRight), std::max(10, viewport()->height() - kTop - kBottom));
}

ValueRange CurveChart::visibleX() const { return m_x; }

ValueRange CurveChart::visibleY() const
{
    return m_settings.scale == CurveScale::logarithmic ? ValueRange{std::pow(10, m_y.low), std::pow(10, m_y.high)} : m_y;
}

QPointF CurveChart::positionOf(double x, double y) const
{
    const QRectF area = plotArea();
    return {area.left() + (x - m_x.low) / m_x.span() * area.width(), area.bottom() - (onAxis(y) - m_y.low) / m_y.span() * area.height()};
}

double CurveChart::xAt(double pixel) const
{
    const QRectF area = plotArea();
    return m_x.low + (pixel - area.left()) / area.width() * m_x.span();
}

void CurveChart::fit()
{
    m_zoomX.reset();
    m_zoomY.reset();
    showAxes();
}

void CurveChart::setVisibleX(ValueRange range)
{
    const ValueRange whole = wholeX();
    const double least = m_settings.axis == CurveAxis::step ? 4 : whole.span() * 1e-6;
    const double span = std::clamp(range.span(), std::min(least, whole.span()), whole.span());
    const double middle = (range.low + range.high) / 2;
    const double low = std::clamp(middle - span / 2, whole.low, whole.high - span);
    m_zoomX = span >= whole.span() ? std::nullopt : std::optional(ValueRange{low, low + span});
    showAxes();
}

void CurveChart::zoomX(double factor, double about) { setVisibleX({about + (m_x.low - about) * factor, about + (m_x.high - about) * factor}); }

std::vector<CurveChart::Reading> CurveChart::readingsAt(double x) const
{
    std::vector<Reading> readings;
    for (std::size_t index = 0; index < m_prepared.size() && index < m_curves.size(); ++index) {
        const Prepared &prepared = m_prepared[index];
        const std::size_t at = prepared.raw.nearest(x);
        if (m_curves[index].isMember || at == prepared.raw.size())
            continue;
        readings.push_back({m_curves[index].name, m_curves[index].place, prepared.raw.x(at), prepared.drawn().y(at), prepared.raw.y(at), m_curves[index].series->epochs[at]});
        if (!prepared.low.isEmpty())
            readings.back().band = ValueRange{prepared.low.y(at), prepared.high.y(at)};
    }
    return readings;
}

void CurveChart::setHover(std::optional<double> x)
{
    if (x == m_hover)
        return;
    m_hover = x;
    viewport()->update();
}

std::vector<std::vector<QPointF>> CurveChart::drawnLines(std::size_t curve) const
{
    return curve < m_prepared.size() ? m_prepared[curve].drawn().lines(m_x.low, m_x.high, std::max(1, static_cast<int>(plotArea().width())))
                                     : std::vector<std::vector<QPointF>>{};
}

QByteArray CurveChart::csv() const
{
    const bool hasBands = std::ranges::any_of(m_curves, [](const Curve &curve) { return curve.band != nullptr; });
    QByteArray rows = QStringLiteral("run,name,step,epoch,seconds,%1%2\n").arg(csvText(m_title), hasBands ? QStringLiteral(",low,high") : QString()).toUtf8();
    const auto number = [](double value) { return std::isfinite(value) ? QByteArray::number(value, 'g', 17) : QByteArray(); };
    for (const Curve &curve : m_curves) {
        if (!curve.series)
            continue;
        const QByteArray head = QByteArray::number(curve.id) + ',' + csvText(curve.name).toUtf8() + ',';
        for (std::size_t index = 0; index < curve.series->size(); ++index) {
            const double value = curve.series->values[index];
            rows += head + QByteArray::number(static_cast<qint64>(curve.series->steps[index])) + ',' + QByteArray::number(curve.series->epochs[index], 'g', 17) + ','
                + QByteArray::number(curve.series->seconds[index], 'f', 3) + ',' + number(value);
            if (hasBands)
                rows += ',' + (curve.band ? number(curve.band->low[index]) : QByteArray()) + ',' + (curve.band ? number(curve.band->high[index]) : QByteArray());
            rows += '\n';
        }
    }
    return rows;
}

QString CurveChart::saveAs(const QString &path)
{
    const QString failure = tr("The chart could not be written to %1.").arg(path);
    const std::optional<PlotFormat> format = plotFormatOf(path.toStdString());
    if (format == PlotFormat::csv) {
        QSaveFile file(path);
        const QByteArray rows = csv();
        return file.open(QIODevice::WriteOnly) && file.write(rows) == rows.size() && file.commit() ? QString() : failure;
    }
    setHover(std::nullopt);
    fillAxes();
    if (format != PlotFormat::svg) {
        try {
            savePlot(figureOfImage(grab().toImage()), path.toStdString(), 1);
            return {};
        } catch (const Error &) {
            return failure;
        }
    }
    QSaveFile file(path);
    if (!file.open(QIODevice::WriteOnly))
        return failure;
    QSvgGenerator svg;
    svg.setOutputDevice(&file);
    svg.setSize(size());
    svg.setViewBox(rect());
    svg.setTitle(m_title.toHtmlEscaped()); // Qt writes it as it is
    m_lines->setCacheMode(QGraphicsItem::NoCache); // lines, not their picture
    QPainter painter(&svg);
    render(&painter, rect(), viewport()->rect());
    const bool isWhole = painter.end();
    m_lines->setCacheMode(QGraphicsItem::DeviceCoordinateCache);
    return isWhole && file.commit() ? QString() : failure;
}

bool CurveChart::event(QEvent *event)
{
    if (event->type() == QEvent::ShortcutOverride) {
        const auto *key = static_cast<QKeyEvent *>(event);
        const bool isPlain = !(key->modifiers() & (Qt::ControlModifier | Qt::AltModifier));
        constexpr std::array kOwn{Qt::Key_Plus, Qt::Key_Equal, Qt::Key_Minus, Qt::Key_F, Qt::Key_Left, Qt::Key_Right};
        if (key->matches(QKeySequence::Copy) || (isPlain && std::ranges::find(kOwn, key->key()) != kOwn.end())) {
            event->accept();
            return true;
        }
    }
    return QChartView::event(event);
}

void CurveChart::resizeEvent(QResizeEvent *event)
{
    QChartView::resizeEvent(event);
    showAxes();
}

void CurveChart::changeEvent(QEvent *event)
{
    QChartView::changeEvent(event);
    if (event->type() == QEvent::PaletteChange || event->type() == QEvent::FontChange || event->type() == QEvent::StyleChange)
        showTheme();
}

void CurveChart::wheelEvent(QWheelEvent *event)
{
    event->accept();
    const QPoint turned = event->angleDelta();
    const double notches = (turned.y() != 0 ? turned.y() : turned.x()) / 120.0;
    if (notches == 0)
        return;
    if (event->modifiers() & Qt::ControlModifier) {
        const double share = (plotArea().bottom() - event->position().y()) / plotArea().height();
        const double about = m_y.low + share * m_y.span(), factor = std::pow(kWheelStep, notches);
        m_zoomY = ValueRange{about + (m_y.low - about) * factor, about + (m_y.high - about) * factor};
        showAxes();
    } else if (event->modifiers() & Qt::ShiftModifier) {
        const double by = -notches * m_x.span() * 0.1;
        setVisibleX({m_x.low + by, m_x.high + by});
    } else {
        zoomX(std::pow(kWheelStep, notches), xAt(event->position().x()));
    }
}

void CurveChart::mousePressEvent(QMouseEvent *event)
{
    if (event->button() == Qt::LeftButton && plotArea().contains(event->position())) {
        m_dragFrom = event->position();
        m_dragTo = m_dragFrom;
    } else if (event->button() == Qt::MiddleButton) {
        m_panFrom = event->position();
        m_panX = m_x;
        m_panY = m_y;
    }
    event->accept();
}

void CurveChart::mouseMoveEvent(QMouseEvent *event)
{
    event->accept();
    if (m_panFrom) {
        const QPointF moved = event->position() - *m_panFrom;
        const double byX = -moved.x() / plotArea().width() * m_panX.span(), byY = moved.y() / plotArea().height() * m_panY.span();
        if (m_zoomY)
            m_zoomY = ValueRange{m_panY.low + byY, m_panY.high + byY};
        setVisibleX({m_panX.low + byX, m_panX.high + byX});
        return;
    }
    if (m_dragFrom)
        m_dragTo = event->position();
    const bool isInside = plotArea().contains(event->position());
    const std::optional<double> x = isInside ? std::optional(xAt(event->position().x())) : std::nullopt;
    if (x != m_hover) {
        m_hover = x;
        Q_EMIT hovered(x);
    }
    viewport()->update();
}

void CurveChart::mouseReleaseEvent(QMouseEvent *event)
{
    event->accept();
    m_panFrom.reset();
    if (!m_dragFrom || event->button() != Qt::LeftButton)
        return;
    const double from = m_dragFrom->x(), to = event->position().x();
    m_dragFrom.reset();
    m_dragTo.reset();
    if (std::abs(to - from) >= kLeastDrag)
        setVisibleX({xAt(std::min(from, to)), xAt(std::max(from, to))});
    viewport()->update();
}

void CurveChart::mouseDoubleClickEvent(QMouseEvent *event)
{
    event->accept();
    fit();
}

void CurveChart::leaveEvent(QEvent *event)
{
    QChartView::leaveEvent(event);
    if (!m_hover)
        return;
    setHover(std::nullopt);
    Q_EMIT hovered(std::nullopt);
}

void CurveChart::keyPressEvent(QKeyEvent *event)
{
    const double middle = (m_x.low + m_x.high) / 2;
    if (event->matches(QKeySequence::Copy)) {
        copyAsImage(*this);
        return;
    }
    switch (event->key()) {
    case Qt::Key_Plus:
    case Qt::Key_Equal: zoomX(kWheelStep * kWheelStep, middle); break;
    case Qt::Key_Minus: zoomX(1 / kWheelStep / kWheelStep, middle); break;
    case Qt::Key_F: fit(); break;
    case Qt::Key_Left: setVisibleX({m_x.low - m_x.span() * 0.1, m_x.high - m_x.span() * 0.1}); break;
    case Qt::Key_Right: setVisibleX({m_x.low + m_x.span() * 0.1, m_x.high + m_x.span() * 0.1}); break;
    default: QChartView::keyPressEvent(event);
    }
}

void CurveChart::contextMenuEvent(QContextMenuEvent *event)
{
    auto *menu = new QMenu(this);
    menu->setAttribute(Qt::WA_DeleteOnClose);
    menu->addAction(tr("&Fit"), this, &CurveChart::fit)->setEnabled(!isFitted());
    menu->addSeparator();
    menu->addAction(tr("&Copy as image"), this, [this] { copyAsImage(*this); });
    menu->addAction(tr("Copy &numbers as CSV"), this, [this] { QGuiApplication::clipboard()->setText(QString::fromUtf8(csv())); });
    menu->addAction(tr("&Save as SVG, PNG or CSV\u2026"), this, &CurveChart::chooseFile);
    menu->popup(event->globalPos());
}

void CurveChart::chooseFile()
{
    QString chosen;
    QString path = QFileDialog::getSaveFileName(this, tr("Save chart"), m_title + QStringLiteral(".svg"), tr("Drawing (*.svg);;Picture (*.png);;Numbers (*.csv)"), &chosen);
    if (path.isEmpty())
        return;
    if (QFileInfo(path).suffix().isEmpty())
        path += chosen.contains(QLatin1String("*.png")) ? QStringLiteral(".png") : chosen.contains(QLatin1String("*.csv")) ? QStringLiteral(".csv") : QStringLiteral(".svg");
    if (const QString failure = saveAs(path); !failure.isEmpty())
        Q_EMIT failed(failure);
}

void CurveChart::drawForeground(QPainter *painter, const QRectF &)
{
    painter->save();
    painter->resetTransform();
    const Theme &theme = themeOf(palette());
    paintLegend(*painter);
    const bool hasAny = std::ranges::any_of(m_prepared, [](const Prepared &each) { return !each.raw.isEmpty(); });
    if (!hasAny && !m_emptyText.isEmpty()) {
        painter->setPen(theme.dim);
        painter->setFont(font());
        painter->drawText(QRectF(viewport()->rect()).adjusted(16, kTop, -16, -8), Qt::AlignCenter | Qt::TextWordWrap, m_emptyText);
    }
    if (m_dragFrom && m_dragTo) {
        const QRectF area = plotArea();
        QColor veil = theme.accent;
        veil.setAlpha(50);
        painter->fillRect(QRectF(QPointF(m_dragFrom->x(), area.top()), QPointF(m_dragTo->x(), area.bottom())).normalized().intersected(area), veil);
    }
    if (m_hover && hasAny && !m_dragFrom)
        paintHover(*painter);
    painter->restore();
}

/** Title on the left, then each curve's line and name, as many as there is room for. */
void CurveChart::paintLegend(QPainter &painter) const
{
    const Theme &theme = themeOf(palette());
    QFont strong = font();
    strong.setWeight(QFont::DemiBold);
    painter.setFont(strong);
    painter.setPen(theme.text);
    const QRectF line(12, 2, viewport()->width() - 24.0, kTop - 6);
    const QString title = QFontMetricsF(strong).elidedText(m_title, Qt::ElideMiddle, line.width());
    painter.drawText(line, Qt::AlignLeft | Qt::AlignVCenter, title);
    const QFont small = smallFont(font());
    painter.setFont(small);
    const QFontMetricsF metrics(small);
    double x = line.left() + QFontMetricsF(strong).horizontalAdvance(title) + 20;
    if (!m_legendNote.isEmpty()) {
        painter.setPen(theme.dim);
        painter.drawText(QRectF(x - 12, line.top(), line.right() - x + 12, line.height()), Qt::AlignLeft | Qt::AlignVCenter, m_legendNote);
        x += metrics.horizontalAdvance(m_legendNote) + 8;
    }
    std::vector<const Curve *> named;
    for (const Curve &curve : m_curves) {
        if (!curve.isMember)
            named.push_back(&curve);
    }
    for (std::size_t index = 0; index < named.size(); ++index) {
        const QString rest = QStringLiteral("+%1").arg(named.size() - index);
        const double left = line.right() - x - 20;
        const double restWidth = index + 1 < named.size() ? metrics.horizontalAdvance(rest) + 12 : 0;
        const QString name = metrics.elidedText(named[index]->name, Qt::ElideMiddle, std::min(150.0, left - restWidth));
        if (left - restWidth < 40) {
            painter.setPen(theme.dim);
            painter.drawText(QRectF(x, line.top(), line.right() - x, line.height()), Qt::AlignLeft | Qt::AlignVCenter, rest);
            return;
        }
        painter.setPen(curvePen(theme, named[index]->place, 2));
        painter.drawLine(QPointF(x, line.center().y()), QPointF(x + 14, line.center().y()));
        painter.setPen(theme.dim);
        painter.drawText(QRectF(x + 18, line.top(), left, line.height()), Qt::AlignLeft | Qt::AlignVCenter, name);
        x += 18 + metrics.horizontalAdvance(name) + 14;
    }
}

void CurveChart::paintHover(QPainter &painter) const
{
    const Theme &theme = themeOf(palette());
    const std::vector<Reading> readings = readingsAt(*m_hover);
    const QRectF area = plotArea();
    const double x = area.left() + (*m_hover - m_x.low) / m_x.span() * area.width();
    if (readings.empty() || x < area.left() || x > area.right())
        return;
    painter.setPen(QPen(theme.dim, 1));
    painter.drawLine(QPointF(x, area.top()), QPointF(x, area.bottom()));
    painter.setRenderHint(QPainter::Antialiasing);
    for (const Reading &reading : readings) {
        if (m_settings.scale == CurveScale::logarithmic && !(reading.value > 0))
            continue;
        const QPointF at = positionOf(reading.x, reading.value);
        if (!area.adjusted(-1, -1, 1, 1).contains(at))
            continue;
        painter.setPen(QPen(theme.surface, 1));
        painter.setBrush(curvePen(theme, reading.place, 1).color());
        painter.drawEllipse(at, 3.5, 3.5);
    }
    const QFont small = smallFont(font());
    painter.setFont(small);
    const QFontMetricsF metrics(small);
    const double row = metrics.height() + 3;
    constexpr std::size_t kMostRows = 14;
    const std::size_t shown = std::min(readings.size(), kMostRows);
    const auto valueOf = [&](const Reading &reading) {
        if (reading.band)
            return tr("%1  [%2, %3]").arg(valueDigits(reading.value), valueDigits(reading.band->low), valueDigits(reading.band->high));
        return m_settings.smoothing > 0 ? tr("%1  (%2)").arg(valueDigits(reading.value), valueDigits(reading.raw)) : valueDigits(reading.value);
    };
    double names = 0, values = 0;
    for (std::size_t index = 0; index < shown; ++index) {
        names = std::max(names, std::min(140.0, metrics.horizontalAdvance(readings[index].name)));
        values = std::max(values, tabularWidth(small, valueOf(readings[index])));
    }
    QString head = curveInstantText(readings.front().x, m_settings.axis);
    if (m_settings.axis != CurveAxis::epoch)
        head += QStringLiteral("  \u00b7  ") + curveInstantText(readings.front().epoch, CurveAxis::epoch);
    const double width = std::max(names + values + 42, metrics.horizontalAdvance(head) + 16);
    const double height = row * static_cast<double>(shown + 1 + (shown < readings.size() ? 1 : 0)) + 10;
    QRectF box(x + 12, area.top() + 4, width, height);
    if (box.right() > area.right())
        box.moveRight(x - 12);
    painter.setPen(QPen(theme.line, 1));
    painter.setBrush(theme.raised);
    painter.drawRoundedRect(box, 6, 6);
    painter.setBrush(Qt::NoBrush);
    painter.setPen(theme.dim);
    QRectF line(box.left() + 8, box.top() + 5, box.width() - 16, row);
    drawTabular(painter, line, Qt::AlignLeft, head);
    for (std::size_t index = 0; index < shown; ++index) {
        line.translate(0, row);
        painter.setPen(curvePen(theme, readings[index].place, 2));
        painter.drawLine(QPointF(line.left(), line.center().y()), QPointF(line.left() + 12, line.center().y()));
        painter.setPen(theme.text);
        painter.drawText(line.adjusted(18, 0, 0, 0), Qt::AlignLeft | Qt::AlignVCenter, metrics.elidedText(readings[index].name, Qt::ElideMiddle, 140));
        drawTabular(painter, line, Qt::AlignRight, valueOf(readings[index]));
    }
    if (shown < readings.size()) {
        line.translate(0, row);
        painter.setPen(theme.dim);
        painter.drawText(line, Qt::AlignLeft | Qt::AlignVCenter, tr("and %1 more").arg(readings.size() - shown));
    }
}

} // namespace kino
