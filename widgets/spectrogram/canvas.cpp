#include "widgets/spectrogram/canvas.h"

#include "core/signal/stft.h"
#include "widgets/style/text_painting.h"

#include <QPainter>

#include <cmath>

namespace kino {
namespace {

constexpr int kLeftMargin = 36;
constexpr int kRightMargin = 52;
constexpr int kTopMargin = 4;
constexpr int kBottomMargin = 24;
constexpr int kBarWidth = 8;
constexpr int kBarIndent = 12;

} // namespace

QRect SpectrogramContent::plotArea() const
{
    const auto [left, right] = margins.value_or(std::pair(kLeftMargin, kRightMargin));
    return QRect(QPoint(), size).adjusted(left, kTopMargin, -right, -kBottomMargin);
}

bool SpectrogramContent::isBarOnTheLeft() const { return plotArea().left() >= kLeftMargin + kRightMargin + kBarIndent; }

TimeAxis SpectrogramContent::axis() const
{
    const QRect area = plotArea();
    return {visible, static_cast<double>(area.left()), static_cast<double>(std::max(1, area.width()))};
}

DecibelRange SpectrogramContent::decibelsShown() const
{
    if (decibels)
        return *decibels;
    return data ? data->suggestedDecibels : DecibelRange{};
}

double SpectrogramContent::hzOfShare(double share) const
{
    if (!data || data->topHz <= 0)
        return 0;
    if (scale == FrequencyScale::linear || data->lowestLogHz <= 0)
        return share * data->topHz;
    return data->lowestLogHz * std::pow(data->topHz / data->lowestLogHz, share);
}

double SpectrogramContent::shareOfHz(double hz) const
{
    if (!data || data->topHz <= 0)
        return 0;
    if (scale == FrequencyScale::linear || data->lowestLogHz <= 0)
        return hz / data->topHz;
    return std::log(std::max(hz, 1e-9) / data->lowestLogHz) / std::log(data->topHz / data->lowestLogHz);
}

double SpectrogramContent::hzAt(double y) const
{
    const QRect area = plotArea();
    return hzOfShare((area.bottom() + 1 - y) / area.height());
}

double SpectrogramContent::yOf(double hz) const
{
    const QRect area = plotArea();
    return area.bottom() + 1 - shareOfHz(hz) * area.height();
}

std::vector<ValueTick> SpectrogramContent::frequencyTicks() const
{
    const QRect area = plotArea();
    if (scale == FrequencyScale::linear || data->lowestLogHz <= 0)
        return computeValueTicks({0, data->topHz}, std::max(2, area.height() / 44));
    // 1, 2, 5 of every decade, as far as they have room.
    std::vector<ValueTick> ticks;
    double lastY = area.bottom() + 100.0;
    for (double decade = std::pow(10, std::floor(std::log10(data->lowestLogHz))); decade <= data->topHz; decade *= 10) {
        for (const double factor : {1.0, 2.0, 5.0}) {
            const double hz = decade * factor;
            if (hz < data->lowestLogHz * 0.999 || hz > data->topHz || lastY - yOf(hz) < 18)
                continue;
            lastY = yOf(hz);
            ticks.push_back({hz, valueText(hz, decade < 1 ? decade : 1)});
        }
    }
    return ticks;
}

void SpectrogramCanvas::paint(QPainter &painter, const SpectrogramContent &content, const Theme &theme, const QFont &font, double pixelRatio)
{
    if (m_stale == Stale::colours)
        recolour(content);
    if (m_stale != Stale::nothing)
        renderPicture(content, theme, pixelRatio);
    m_stale = Stale::nothing;
    painter.drawImage(content.plotArea().topLeft(), m_picture);
    painter.save();
    painter.setFont(smallFont(font));
    painter.setPen(theme.dim);
    paintAxes(painter, content, theme);
    if (content.data)
        paintColourBar(painter, content);
    painter.restore();
}

void SpectrogramCanvas::recolour(const SpectrogramContent &content)
{
    m_pixels.clear();
    if (!content.data)
        return;
    for (const SpectrogramStretch &stretch : content.data->stretches) {
        std::vector<std::uint32_t> &pixels = m_pixels.emplace_back(stretch.power.size());
        powerToPixels(stretch.power, content.decibelsShown(), colourTableArgb(content.map), pixels);
    }
}

void SpectrogramCanvas::renderStretch(const SpectrogramContent &content, std::size_t index, const TimeAxis &physical, QRgb hole)
{
    const SpectrogramStretch &stretch = content.data->stretches[index];
    const std::size_t bins = content.data->bins;
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
    const QRgb *above = nullptr;
    std::size_t binAbove = bins;
    for (int row = 0; row < m_picture.height(); ++row) {
        // Bin 0 is centred on 0 Hz, the last on the Nyquist frequency.
        const double hz = content.hzOfShare(1 - (row + 0.5) / m_picture.height());
        const auto bin = std::min(bins - 1, static_cast<std::size_t>(std::lround(hz / content.data->topHz * static_cast<double>(bins - 1))));
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

void SpectrogramCanvas::renderImage(const SpectrogramContent &content, const QImage &image, TimeRange range, const TimeAxis &physical)
{
    if (image.isNull())
        return;
    QPainter painter(&m_picture);
    const double left = physical.xOf(range.start);
    const double right = physical.xOf(range.end);
    if (content.scale == FrequencyScale::linear) {
        painter.drawImage(QRectF(left, 0, right - left, m_picture.height()), image);
        return;
    }
    // Row by row: each takes the cells of its own frequency.
    const int cells = image.height();
    for (int row = 0; row < m_picture.height(); ++row) {
        const double hz = content.hzOfShare(1 - (row + 0.5) / m_picture.height());
        const int cell = std::clamp(static_cast<int>((1 - hz / content.data->topHz) * cells), 0, cells - 1);
        painter.drawImage(QRectF(left, row, right - left, 1), image, QRectF(0, cell, image.width(), 1));
    }
}

void SpectrogramCanvas::renderPicture(const SpectrogramContent &content, const Theme &theme, double ratio)
{
    const QSize size = (QSizeF(content.plotArea().size()) * ratio).toSize();
    m_picture = QImage(size.expandedTo({1, 1}), QImage::Format_RGB32);
    m_picture.fill(theme.plot);
    if (!content.data || content.visible.isEmpty())
        return;
    const TimeAxis physical{content.visible, 0, static_cast<double>(m_picture.width())};
    const SpectrogramData &data = *content.data;
    renderImage(content, data.before.image, data.before.range, physical);
    renderImage(content, data.after.image, data.after.range, physical);
    renderImage(content, data.image, data.imageRange, physical);
    // Where the tensor ends and its surroundings begin.
    const auto edge = [&](RecordingTime time) {
        QPainter painter(&m_picture);
        const int x = static_cast<int>(std::lround(physical.xOf(time)));
        const int dash = std::max(1, static_cast<int>(std::lround(4 * ratio)));
        for (int y = 0; y < m_picture.height(); y += 2 * dash) {
            painter.fillRect(x, y, std::max(1, static_cast<int>(ratio)), dash, Qt::white);
            painter.fillRect(x, y + dash, std::max(1, static_cast<int>(ratio)), dash, Qt::black);
        }
    };
    if (!data.before.image.isNull() && data.imageRange.start > content.visible.start)
        edge(data.imageRange.start);
    if (!data.after.image.isNull() && data.imageRange.end < content.visible.end)
        edge(data.imageRange.end);
    for (std::size_t index = 0; index < content.data->stretches.size(); ++index) {
        const TimeRange range = content.data->stretches[index].range;
        if (range.end > content.visible.start && range.start < content.visible.end)
            renderStretch(content, index, physical, theme.plot.rgb());
    }
    m_picture.setDevicePixelRatio(ratio);
}

void SpectrogramCanvas::paintAxes(QPainter &painter, const SpectrogramContent &content, const Theme &theme)
{
    const QRect area = content.plotArea();
    const double labelsLeft = area.left() - kLeftMargin;
    if (content.data && content.data->topHz > 0) {
        for (const ValueTick &tick : content.frequencyTicks()) {
            const double middle = std::clamp(content.yOf(tick.value), area.top() + 7.0, area.bottom() - 6.0);
            drawTabular(painter, QRectF(labelsLeft, middle - 8, kLeftMargin - 6, 16), Qt::AlignRight, tick.label);
        }
    }
    drawTabular(painter, QRectF(labelsLeft, area.bottom() + 5, kLeftMargin - 6, 16), Qt::AlignRight, QStringLiteral("Hz"));
    if (!content.visible.isEmpty()) {
        const TimeAxis time = content.axis();
        for (const TimeTick &tick : computeTimeTicks(time, 76)) {
            const double x = std::floor(time.xOf(tick.time));
            if (x < area.left() || x > area.right() + 1)
                continue;
            painter.fillRect(QRectF(x, area.bottom() + 1, 1, tick.isMajor ? 5 : 3), tick.isMajor ? theme.dim : theme.line);
            // A label that would be cut at the right edge says nothing.
            const double labelsRight = content.data && content.data->image.isNull() && !content.isBarOnTheLeft() ? area.right() + 9.0 : content.size.width();
            if (tick.isMajor && x + tabularWidth(painter.font(), tick.label) / 2 < labelsRight - 4)
                drawTabular(painter, QRectF(x + (x < area.left() + 12 ? 0 : -30), area.bottom() + 7, 60, 16), x < area.left() + 12 ? Qt::AlignLeft : Qt::AlignHCenter, tick.label);
        }
    }
}

void SpectrogramCanvas::paintColourBar(QPainter &painter, const SpectrogramContent &content)
{
    const QRect area = content.plotArea();
    if (!content.data->image.isNull()) {
        // Each axis is scaled to its own extremes: there are no decibels to read off, only which colour is which axis.
        const std::array<QColor, 3> channels{QColor(255, 0, 0), QColor(0, 255, 0), QColor(0, 0, 255)};
        for (int axis = 0; axis < 3; ++axis) {
            const QRectF swatch(content.isBarOnTheLeft() ? kBarIndent : area.right() + 9, area.top() + 4 + axis * 18, kBarWidth, kBarWidth);
            painter.fillRect(swatch, channels[static_cast<std::size_t>(axis)]);
            painter.drawText(QRectF(swatch.right() + 5, swatch.center().y() - 8, kRightMargin - kBarWidth - 14, 16), Qt::AlignLeft | Qt::AlignVCenter,
                             painter.fontMetrics().elidedText(content.data->imageAxes[static_cast<std::size_t>(axis)], Qt::ElideRight, kRightMargin - kBarWidth - 14));
        }
        return;
    }
    const QRect bar(content.isBarOnTheLeft() ? kBarIndent : area.right() + 9, area.top(), kBarWidth, area.height());
    QImage ramp(1, 256, QImage::Format_RGB32);
    const std::array<std::uint32_t, 256> &table = colourTableArgb(content.map);
    for (int row = 0; row < 256; ++row)
        ramp.setPixel(0, row, table[static_cast<std::size_t>(255 - row)]);
    painter.drawImage(bar, ramp);
    const DecibelRange range = content.decibelsShown();
    for (const ValueTick &tick : computeValueTicks({range.lowDb, range.highDb}, std::max(2, area.height() / 44))) {
        const double y = area.bottom() + 1 - (tick.value - range.lowDb) / (range.highDb - range.lowDb) * area.height();
        const double middle = std::clamp(y, area.top() + 7.0, area.bottom() - 6.0);
        drawTabular(painter, QRectF(bar.right() + 5, middle - 8, kRightMargin - kBarWidth - 14, 16), Qt::AlignLeft, tick.label);
    }
    drawTabular(painter, QRectF(bar.left(), area.bottom() + 5, kRightMargin - 10, 16), Qt::AlignLeft, QStringLiteral("dB"));
}

} // namespace kino
