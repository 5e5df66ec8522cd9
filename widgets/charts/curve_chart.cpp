#include "widgets/charts/curve_chart.h"

#include "widgets/charts/curve_lines.h"
#include "widgets/charts/curve_ticks.h"
#include "widgets/style/text_painting.h"

#include <QCategoryAxis>
#include <QChart>
#include <QGraphicsLayout>
#include <QLineSeries>

#include <cmath>

namespace kino {
namespace {

/** As many are prepared within a handler; more on the thread. */
constexpr std::size_t kAtOnce = 20'000;
constexpr int kLeft = 56, kRight = 14, kTop = 26, kBottom = 40;

} // namespace

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

} // namespace kino
