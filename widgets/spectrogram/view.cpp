#include "widgets/spectrogram/view.h"

#include "core/signal/stft.h"
#include "widgets/style/text_painting.h"
#include "widgets/style/theme.h"
#include "widgets/timeline/value_axis.h"

#include <QMouseEvent>
#include <QPainter>
#include <QWheelEvent>

#include <cmath>

namespace kino {
namespace {

constexpr int kLeftMargin = 36;
constexpr int kRightMargin = 52;
constexpr int kTopMargin = 4;
constexpr int kBottomMargin = 24;
constexpr int kBarWidth = 8;
constexpr int kBarIndent = 12;
constexpr double kZoomPerStep = 0.8;

} // namespace

SpectrogramView::SpectrogramView(QWidget *parent) : QWidget(parent)
{
    setAccessibleName(tr("Spectrogram"));
    setMouseTracking(true);
}

void SpectrogramView::setData(std::shared_ptr<const SpectrogramData> data)
{
    m_data = std::move(data);
    m_message.clear();
    invalidate(Stale::colours);
}

void SpectrogramView::setVisibleRange(TimeRange visible)
{
    if (m_visible == visible)
        return;
    m_visible = visible;
    invalidate(Stale::picture);
}

void SpectrogramView::setPlayhead(std::optional<RecordingTime> playhead)
{
    const auto updateStrip = [this] {
        if (m_playhead && !m_visible.isEmpty()) {
            const double x = axis().xOf(*m_playhead);
            if (x > -4 && x < width() + 4)
                update(QRect(static_cast<int>(std::floor(x)) - 2, 0, 5, height()));
        }
    };
    updateStrip();
    m_playhead = playhead;
    updateStrip();
}

void SpectrogramView::setColourMap(ColourMap map)
{
    m_map = map;
    invalidate(Stale::colours);
}

void SpectrogramView::setDecibels(std::optional<DecibelRange> range)
{
    m_decibels = range;
    invalidate(Stale::colours);
}

DecibelRange SpectrogramView::decibelsShown() const
{
    if (m_decibels)
        return *m_decibels;
    return m_data ? m_data->suggestedDecibels : DecibelRange{};
}

void SpectrogramView::setUnit(const QString &unit)
{
    m_unit = unit;
    update();
}

void SpectrogramView::setMessage(const QString &message)
{
    m_message = message;
    m_data.reset();
    invalidate(Stale::colours);
}

QRect SpectrogramView::plotArea() const
{
    const auto [left, right] = m_margins.value_or(std::pair(kLeftMargin, kRightMargin));
    return rect().adjusted(left, kTopMargin, -right, -kBottomMargin);
}

bool SpectrogramView::isBarOnTheLeft() const { return plotArea().left() >= kLeftMargin + kRightMargin + kBarIndent; }

void SpectrogramView::setFrequencyScale(FrequencyScale scale)
{
    m_scale = scale;
    invalidate(Stale::picture);
}

void SpectrogramView::setSideMargins(std::optional<std::pair<int, int>> leftAndRight)
{
    if (m_margins == leftAndRight)
        return;
    m_margins = leftAndRight;
    invalidate(Stale::picture);
    Q_EMIT plotResized();
}

double SpectrogramView::hzOfShare(double share) const
{
    if (!m_data || m_data->topHz <= 0)
        return 0;
    if (m_scale == FrequencyScale::linear || m_data->lowestLogHz <= 0)
        return share * m_data->topHz;
    return m_data->lowestLogHz * std::pow(m_data->topHz / m_data->lowestLogHz, share);
}

double SpectrogramView::shareOfHz(double hz) const
{
    if (!m_data || m_data->topHz <= 0)
        return 0;
    if (m_scale == FrequencyScale::linear || m_data->lowestLogHz <= 0)
        return hz / m_data->topHz;
    return std::log(std::max(hz, 1e-9) / m_data->lowestLogHz) / std::log(m_data->topHz / m_data->lowestLogHz);
}

double SpectrogramView::hzAt(double y) const
{
    const QRect area = plotArea();
    return hzOfShare((area.bottom() + 1 - y) / area.height());
}

double SpectrogramView::yOf(double hz) const
{
    const QRect area = plotArea();
    return area.bottom() + 1 - shareOfHz(hz) * area.height();
}

std::vector<ValueTick> SpectrogramView::frequencyTicks() const
{
    const QRect area = plotArea();
    if (m_scale == FrequencyScale::linear || m_data->lowestLogHz <= 0)
        return computeValueTicks({0, m_data->topHz}, std::max(2, area.height() / 44));
    // 1, 2, 5 of every decade, as far as they have room.
    std::vector<ValueTick> ticks;
    double lastY = area.bottom() + 100.0;
    for (double decade = std::pow(10, std::floor(std::log10(m_data->lowestLogHz))); decade <= m_data->topHz; decade *= 10) {
        for (const double factor : {1.0, 2.0, 5.0}) {
            const double hz = decade * factor;
            if (hz < m_data->lowestLogHz * 0.999 || hz > m_data->topHz || lastY - yOf(hz) < 18)
                continue;
            lastY = yOf(hz);
            ticks.push_back({hz, valueText(hz, decade < 1 ? decade : 1)});
        }
    }
    return ticks;
}

TimeAxis SpectrogramView::axis() const
{
    const QRect area = plotArea();
    return {m_visible, static_cast<double>(area.left()), static_cast<double>(std::max(1, area.width()))};
}

void SpectrogramView::invalidate(Stale what)
{
    m_stale = std::max(m_stale, what);
    update();
}

void SpectrogramView::resizeEvent(QResizeEvent *)
{
    invalidate(Stale::picture);
    Q_EMIT plotResized();
}

void SpectrogramView::changeEvent(QEvent *event)
{
    if (event->type() == QEvent::PaletteChange || event->type() == QEvent::FontChange)
        invalidate(Stale::picture);
    QWidget::changeEvent(event);
}

void SpectrogramView::recolour()
{
    m_pixels.clear();
    if (!m_data)
        return;
    for (const SpectrogramStretch &stretch : m_data->stretches) {
        std::vector<std::uint32_t> &pixels = m_pixels.emplace_back(stretch.power.size());
        powerToPixels(stretch.power, decibelsShown(), colourTableArgb(m_map), pixels);
    }
}

void SpectrogramView::renderStretch(std::size_t index, const TimeAxis &physical)
{
    const SpectrogramStretch &stretch = m_data->stretches[index];
    const std::size_t bins = m_data->bins;
    const double left = physical.xOf(stretch.range.start);
    const double right = physical.xOf(stretch.range.end);
    const int firstX = std::max(0, static_cast<int>(std::ceil(left - 0.5)));
    const int lastX = std::min(m_picture.width(), static_cast<int>(std::ceil(right - 0.5)));
    if (lastX <= firstX)
        return;
    std::vector<std::size_t> columnOfX(static_cast<std::size_t>(lastX - firstX));
    for (std::size_t x = 0; x < columnOfX.size(); ++x) {
        const double share = (firstX + static_cast<double>(x) + 0.5 - left) / (right - left);
        const double column = std::clamp(share * static_cast<double>(stretch.columns), 0.0, static_cast<double>(stretch.columns) - 1);
        columnOfX[x] = static_cast<std::size_t>(column) * bins;
    }
    const std::vector<std::uint32_t> &source = m_pixels[index];
    const QRgb hole = themeOf(palette()).plot.rgb();
    const QRgb *above = nullptr;
    std::size_t binAbove = bins;
    for (int row = 0; row < m_picture.height(); ++row) {
        // Bin 0 is centred on 0 Hz, the last on the Nyquist frequency.
        const double hz = hzOfShare(1 - (row + 0.5) / m_picture.height());
        const auto bin = std::min(bins - 1, static_cast<std::size_t>(std::lround(hz / m_data->topHz * static_cast<double>(bins - 1))));
        auto *line = reinterpret_cast<QRgb *>(m_picture.scanLine(row)) + firstX;
        if (bin == binAbove) {
            std::copy_n(above, columnOfX.size(), line);
        } else {
            for (std::size_t x = 0; x < columnOfX.size(); ++x) {
                const std::uint32_t pixel = source[columnOfX[x] + bin];
                line[x] = pixel == 0 ? hole : pixel;
            }
        }
        above = line;
        binAbove = bin;
    }
}

void SpectrogramView::renderPicture()
{
    const Theme &theme = themeOf(palette());
    const double ratio = devicePixelRatioF();
    const QSize size = (QSizeF(plotArea().size()) * ratio).toSize();
    m_picture = QImage(size.expandedTo({1, 1}), QImage::Format_RGB32);
    m_picture.fill(theme.plot);
    if (!m_data || m_visible.isEmpty())
        return;
    const TimeAxis physical{m_visible, 0, static_cast<double>(m_picture.width())};
    if (!m_data->image.isNull()) {
        QPainter painter(&m_picture);
        const double left = physical.xOf(m_data->imageRange.start);
        const double right = physical.xOf(m_data->imageRange.end);
        if (m_scale == FrequencyScale::linear) {
            painter.drawImage(QRectF(left, 0, right - left, m_picture.height()), m_data->image);
        } else {
            // Row by row: each takes the cells of its own frequency.
            const int cells = m_data->image.height();
            for (int row = 0; row < m_picture.height(); ++row) {
                const double hz = hzOfShare(1 - (row + 0.5) / m_picture.height());
                const int cell = std::clamp(static_cast<int>((1 - hz / m_data->topHz) * cells), 0, cells - 1);
                painter.drawImage(QRectF(left, row, right - left, 1), m_data->image, QRectF(0, cell, m_data->image.width(), 1));
            }
        }
    }
    for (std::size_t index = 0; index < m_data->stretches.size(); ++index) {
        const TimeRange range = m_data->stretches[index].range;
        if (range.end > m_visible.start && range.start < m_visible.end)
            renderStretch(index, physical);
    }
    m_picture.setDevicePixelRatio(ratio);
}

void SpectrogramView::paintEvent(QPaintEvent *)
{
    if (m_stale == Stale::colours)
        recolour();
    if (m_stale != Stale::nothing)
        renderPicture();
    m_stale = Stale::nothing;
    QPainter painter(this);
    const Theme &theme = themeOf(palette());
    const QRect area = plotArea();
    painter.drawImage(area.topLeft(), m_picture);
    paintAxes(painter);
    if (m_data)
        paintColourBar(painter);
    if (!m_message.isEmpty()) {
        painter.setPen(theme.dim);
        painter.drawText(area.adjusted(24, 8, -24, -8), Qt::AlignCenter | Qt::TextWordWrap, m_message);
    }
    paintReadout(painter);
    if (m_playhead && m_data && !m_visible.isEmpty()) {
        const double x = std::floor(axis().xOf(*m_playhead));
        if (x >= area.left() - 1 && x <= area.right() + 1) {
            // An edge of the ground's colour keeps the line visible on any colour map.
            QColor edge = theme.surface;
            edge.setAlphaF(0.6F);
            painter.fillRect(QRectF(x - 1.5, area.top(), 4, area.height()), edge);
            painter.fillRect(QRectF(x - 0.5, area.top(), 2, area.height()), theme.accent);
        }
    }
}

void SpectrogramView::paintAxes(QPainter &painter)
{
    const Theme &theme = themeOf(palette());
    const QRect area = plotArea();
    painter.save();
    painter.setFont(smallFont(font()));
    painter.setPen(theme.dim);
    const double labelsLeft = area.left() - kLeftMargin;
    if (m_data && m_data->topHz > 0) {
        for (const ValueTick &tick : frequencyTicks()) {
            const double middle = std::clamp(yOf(tick.value), area.top() + 7.0, area.bottom() - 6.0);
            drawTabular(painter, QRectF(labelsLeft, middle - 8, kLeftMargin - 6, 16), Qt::AlignRight, tick.label);
        }
    }
    drawTabular(painter, QRectF(labelsLeft, area.bottom() + 5, kLeftMargin - 6, 16), Qt::AlignRight, QStringLiteral("Hz"));
    if (!m_visible.isEmpty()) {
        const TimeAxis time = axis();
        for (const TimeTick &tick : computeTimeTicks(time, 76)) {
            const double x = std::floor(time.xOf(tick.time));
            if (x < area.left() || x > area.right() + 1)
                continue;
            painter.fillRect(QRectF(x, area.bottom() + 1, 1, tick.isMajor ? 5 : 3), tick.isMajor ? theme.dim : theme.line);
            // A label that would be cut at the right edge says nothing.
            const double labelsRight = m_data && m_data->image.isNull() && !isBarOnTheLeft() ? area.right() + 9.0 : width();
            if (tick.isMajor && x + tabularWidth(painter.font(), tick.label) / 2 < labelsRight - 4)
                drawTabular(painter, QRectF(x + (x < area.left() + 12 ? 0 : -30), area.bottom() + 7, 60, 16), x < area.left() + 12 ? Qt::AlignLeft : Qt::AlignHCenter, tick.label);
        }
    }
    painter.restore();
}

void SpectrogramView::paintColourBar(QPainter &painter)
{
    if (!m_data->image.isNull())
        return; // each axis is scaled to its own extremes: there are no decibels to read off
    const Theme &theme = themeOf(palette());
    const QRect area = plotArea();
    const QRect bar(isBarOnTheLeft() ? kBarIndent : area.right() + 9, area.top(), kBarWidth, area.height());
    QImage ramp(1, 256, QImage::Format_RGB32);
    const std::array<std::uint32_t, 256> &table = colourTableArgb(m_map);
    for (int row = 0; row < 256; ++row)
        ramp.setPixel(0, row, table[static_cast<std::size_t>(255 - row)]);
    painter.drawImage(bar, ramp);
    painter.save();
    painter.setFont(smallFont(font()));
    painter.setPen(theme.dim);
    const DecibelRange range = decibelsShown();
    for (const ValueTick &tick : computeValueTicks({range.lowDb, range.highDb}, std::max(2, area.height() / 44))) {
        const double y = area.bottom() + 1 - (tick.value - range.lowDb) / (range.highDb - range.lowDb) * area.height();
        const double middle = std::clamp(y, area.top() + 7.0, area.bottom() - 6.0);
        drawTabular(painter, QRectF(bar.right() + 5, middle - 8, kRightMargin - kBarWidth - 14, 16), Qt::AlignLeft, tick.label);
    }
    drawTabular(painter, QRectF(bar.left(), area.bottom() + 5, kRightMargin - 10, 16), Qt::AlignLeft, QStringLiteral("dB"));
    painter.restore();
}

void SpectrogramView::paintReadout(QPainter &painter)
{
    const QRect area = plotArea();
    if (!m_hover || !m_data || m_data->topHz <= 0 || !area.contains(m_hover->toPoint()))
        return;
    const Theme &theme = themeOf(palette());
    const RecordingTime time = axis().timeAt(m_hover->x());
    const double hz = hzAt(m_hover->y());
    QString text = clockText(time) + QStringLiteral("   ") + valueText(hz) + QStringLiteral(" Hz");
    if (const std::optional<float> power = m_data->powerAt(time, hz))
        text += QStringLiteral("   ") + valueText(decibel(*power), 0.1) + QStringLiteral(" dB");
    painter.save();
    painter.setFont(smallFont(font()));
    const double width = tabularWidth(painter.font(), text) + 16;
    const QRectF chip(area.left() + 6, area.top() + 6, width, 20);
    QColor ground = theme.raised;
    ground.setAlphaF(0.9F);
    painter.setRenderHint(QPainter::Antialiasing);
    painter.setPen(Qt::NoPen);
    painter.setBrush(ground);
    painter.drawRoundedRect(chip, 4, 4);
    painter.setPen(theme.text);
    drawTabular(painter, chip, Qt::AlignHCenter, text);
    painter.restore();
}

void SpectrogramView::mousePressEvent(QMouseEvent *event)
{
    if (event->button() == Qt::LeftButton && plotArea().contains(event->position().toPoint()) && !m_visible.isEmpty())
        Q_EMIT playheadRequested(axis().timeAt(event->position().x()));
}

void SpectrogramView::mouseMoveEvent(QMouseEvent *event)
{
    m_hover = event->position();
    update(QRect(plotArea().left(), plotArea().top(), plotArea().width(), 32));
    if (event->buttons().testFlag(Qt::LeftButton) && !m_visible.isEmpty())
        Q_EMIT playheadRequested(axis().timeAt(event->position().x()));
}

void SpectrogramView::mouseDoubleClickEvent(QMouseEvent *event)
{
    if (event->button() == Qt::LeftButton)
        Q_EMIT fitRequested();
}

void SpectrogramView::wheelEvent(QWheelEvent *event)
{
    const double steps = event->angleDelta().y() / 120.0;
    if (steps == 0 || m_visible.isEmpty())
        return;
    event->accept();
    if (event->modifiers().testFlag(Qt::ShiftModifier)) {
        const Nanos shift = -std::llround(steps * 0.12 * static_cast<double>(m_visible.duration()));
        Q_EMIT visibleRangeRequested({m_visible.start + shift, m_visible.end + shift});
        return;
    }
    Q_EMIT visibleRangeRequested(scaledAbout(m_visible, axis().timeAt(event->position().x()), std::pow(kZoomPerStep, steps)));
}

void SpectrogramView::leaveEvent(QEvent *event)
{
    m_hover.reset();
    update();
    QWidget::leaveEvent(event);
}

} // namespace kino
