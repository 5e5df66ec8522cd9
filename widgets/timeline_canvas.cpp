#include "widgets/timeline_canvas.h"

#include "widgets/label_colours.h"
#include "widgets/lane_painter.h"
#include "widgets/signal_columns.h"
#include "widgets/text_painting.h"

#include <QPainter>

#include <cmath>

namespace kino {
namespace {

constexpr int kPadding = 12;
constexpr int kValueLabelWidth = 44;
constexpr double kRulerLabelSpacing = 88;
/** An item narrower than this is a plain stroke of its colour. */
constexpr double kLeastLabelWidth = 3;

QColor tinted(const QColor &colour, const QColor &ground, double share)
{
    const auto channel = [share](int from, int to) { return static_cast<int>(std::lround(from + (to - from) * share)); };
    return {channel(ground.red(), colour.red()), channel(ground.green(), colour.green()), channel(ground.blue(), colour.blue())};
}

QString subtitleOf(const LaneData &lane)
{
    QString text = lane.timing.rateHz > 0 ? valueText(lane.timing.rateHz, 0.1) + QStringLiteral(" Hz") : QString();
    if (!lane.unit.isEmpty())
        text += (text.isEmpty() ? QString() : QStringLiteral("  ")) + lane.unit;
    return text;
}

bool hasSeveralDevices(const TimelineContent &content)
{
    for (const auto &lane : content.lanes) {
        if (lane->device != content.lanes.front()->device)
            return true;
    }
    return false;
}

/** Between what a fiftieth of the columns goes beyond: one fall must not make a day's walking a flat line. */
ValueRange usualRange(const std::vector<ColumnSpan> &spans)
{
    std::vector<float> lows;
    std::vector<float> highs;
    for (const ColumnSpan &span : spans) {
        if (span.isBlank())
            continue;
        lows.push_back(span.low);
        highs.push_back(span.high);
    }
    if (lows.empty())
        return {0, 0};
    const std::size_t beyond = lows.size() / 50;
    std::nth_element(lows.begin(), lows.begin() + static_cast<std::ptrdiff_t>(beyond), lows.end());
    std::nth_element(highs.begin(), highs.end() - 1 - static_cast<std::ptrdiff_t>(beyond), highs.end());
    return {lows[beyond], highs[highs.size() - 1 - beyond]};
}

void paintTierItem(QPainter &painter, const QRectF &box, const TierItem &item, TierKind kind, const Theme &theme)
{
    const LabelLook look = labelLook(item.label);
    const QColor colour = kind == TierKind::text ? theme.dim : labelColour(theme, item.label);
    if (box.width() < kLeastLabelWidth) {
        painter.fillRect(QRectF(box.left(), box.top(), std::max(1.0, box.width()), box.height()), colour);
        return;
    }
    painter.setPen(Qt::NoPen);
    painter.setBrush(tinted(colour, theme.plot, theme.kind == ThemeKind::dark ? 0.30 : 0.24));
    painter.drawRoundedRect(box, 3, 3);
    if (kind == TierKind::label && look.fill != LabelLook::Fill::plain) {
        painter.setBrush(QBrush(tinted(colour, theme.plot, 0.55),
                                look.fill == LabelLook::Fill::forwardHatch ? Qt::FDiagPattern : Qt::BDiagPattern));
        painter.drawRoundedRect(box, 3, 3);
    }
    painter.fillRect(QRectF(box.left(), box.top(), 3, box.height()), colour);
}

} // namespace

ValueRange laneValueRange(const TimelineContent &content, std::size_t lane)
{
    const ValueRange full = paddedRange(content.lanes[lane]->range);
    const double magnification = lane < content.magnification.size() ? content.magnification[lane] : 1;
    const double middle = (full.low + full.high) / 2;
    const double half = full.span() / 2 / magnification;
    return {middle - half, middle + half};
}

QRect TimelineCanvas::toPhysical(const QRect &logical) const
{
    const auto scaled = [this](int value) { return static_cast<int>(std::lround(value * m_ratio)); };
    return {QPoint(scaled(logical.left()), scaled(logical.top())),
            QPoint(scaled(logical.right() + 1) - 1, scaled(logical.bottom() + 1) - 1)};
}

void TimelineCanvas::paint(const TimelineContent &content, const TimelineLayout &layout, QSize size, double pixelRatio,
                           const Theme &theme, const QFont &font)
{
    m_ratio = pixelRatio;
    m_theme = &theme;
    m_font = font;
    const QSize physical = toPhysical(QRect(QPoint(), size)).size();
    if (m_image.size() != physical)
        m_image = QImage(physical, QImage::Format_RGB32);
    m_image.setDevicePixelRatio(1);
    m_image.fill(theme.surface);
    // Tiers and what frames the rows come last: lanes that are scrolled half out of sight lie under them.
    for (const TimelineRowKind kind : {TimelineRowKind::lane, TimelineRowKind::tier}) {
        for (const TimelineRow &row : layout.rows) {
            if (row.kind != kind || !row.rect.intersects(layout.middle))
                continue;
            if (kind == TimelineRowKind::lane)
                paintLaneRow(content, layout, row);
            else
                paintTierRow(content, layout, row);
        }
    }
    paintRuler(content, layout);
    paintOverview(content, layout);
    m_image.setDevicePixelRatio(pixelRatio);
}

void TimelineCanvas::paintRuler(const TimelineContent &content, const TimelineLayout &layout)
{
    QPainter painter(&m_image);
    painter.scale(m_ratio, m_ratio);
    painter.fillRect(layout.ruler, m_theme->surface);
    painter.fillRect(QRect(0, layout.ruler.bottom(), layout.ruler.width(), 1), m_theme->line);
    if (content.visible.isEmpty())
        return;
    painter.setFont(smallFont(m_font));
    painter.setClipRect(QRect(layout.plotLeft, layout.ruler.top(), layout.plotWidth + TimelineLayout::kRightMargin, layout.ruler.height()));
    const TimeAxis axis{content.visible, static_cast<double>(layout.plotLeft), static_cast<double>(layout.plotWidth)};
    for (const TimeTick &tick : computeTimeTicks(axis, kRulerLabelSpacing)) {
        const int x = static_cast<int>(std::floor(axis.xOf(tick.time)));
        const int length = tick.isMajor ? 9 : 4;
        painter.fillRect(QRect(x, layout.ruler.bottom() - length, 1, length), tick.isMajor ? m_theme->dim : m_theme->line);
        if (!tick.isMajor)
            continue;
        // A label that would be cut at the right edge says nothing.
        if (x + 5 + tabularWidth(painter.font(), tick.label) > layout.ruler.right())
            continue;
        painter.setPen(m_theme->dim);
        drawTabular(painter, QRectF(x + 5, layout.ruler.top() + 2, kRulerLabelSpacing, 16), Qt::AlignLeft, tick.label);
    }
}

void TimelineCanvas::paintLaneRow(const TimelineContent &content, const TimelineLayout &layout, const TimelineRow &row)
{
    const LaneData &lane = *content.lanes[row.index];
    const ValueRange values = laneValueRange(content, row.index);
    QRect area = layout.plotOf(row.rect);
    area.setBottom(area.bottom() - 1);
    LanePlot plot;
    plot.area = toPhysical(area);
    plot.axis = {content.visible, static_cast<double>(plot.area.left()), static_cast<double>(plot.area.width())};
    plot.values = values;
    plot.pixelRatio = m_ratio;
    if (!content.visible.isEmpty())
        paintLane(m_image, plot, lane, *m_theme);

    QPainter painter(&m_image);
    painter.scale(m_ratio, m_ratio);
    painter.fillRect(QRect(0, row.rect.bottom(), row.rect.width(), 1), m_theme->line);
    const int textWidth = TimelineLayout::kHeaderWidth - kPadding - kValueLabelWidth;
    QFont strong = m_font;
    strong.setWeight(QFont::DemiBold);
    painter.setFont(strong);
    painter.setPen(m_theme->text);
    int y = row.rect.top() + 8;
    painter.drawText(QRect(kPadding, y, textWidth + 24, 18), Qt::AlignLeft | Qt::AlignVCenter,
                     painter.fontMetrics().elidedText(lane.title, Qt::ElideRight, textWidth + 24));
    y += 18;
    painter.setFont(smallFont(m_font));
    painter.setPen(m_theme->dim);
    const auto line = [&](const QString &text) {
        painter.drawText(QRect(kPadding, y, textWidth, 16), Qt::AlignLeft | Qt::AlignVCenter,
                         painter.fontMetrics().elidedText(text, Qt::ElideMiddle, textWidth));
        y += 16;
    };
    if (hasSeveralDevices(content))
        line(lane.device);
    line(subtitleOf(lane));

    for (const ValueTick &tick : computeValueTicks(values, laneTickCount(area.height()))) {
        const double tickY = area.top() + (values.high - tick.value) / values.span() * area.height();
        if (tickY < area.top() + 6 || tickY > area.bottom() - 5)
            continue;
        drawTabular(painter, QRectF(layout.plotLeft - kValueLabelWidth, tickY - 8, kValueLabelWidth - 6, 16), Qt::AlignRight, tick.label);
    }
}

void TimelineCanvas::paintTierRow(const TimelineContent &content, const TimelineLayout &layout, const TimelineRow &row)
{
    const TierData &tier = *content.tiers[row.index];
    QPainter painter(&m_image);
    painter.scale(m_ratio, m_ratio);
    painter.setRenderHint(QPainter::Antialiasing);
    const QRect area = layout.plotOf(row.rect);
    painter.fillRect(row.rect, m_theme->surface);
    painter.fillRect(area, m_theme->plot);
    painter.fillRect(QRect(0, row.rect.bottom(), row.rect.width(), 1), m_theme->line);
    QFont strong = m_font;
    strong.setWeight(QFont::DemiBold);
    painter.setFont(strong);
    painter.setPen(m_theme->text);
    const QRect header(kPadding, row.rect.top(), TimelineLayout::kHeaderWidth - 2 * kPadding, row.rect.height());
    QString name = tier.name.isEmpty() ? QStringLiteral("Labels") : tier.name;
    name[0] = name[0].toUpper();
    painter.drawText(header, Qt::AlignLeft | Qt::AlignVCenter, painter.fontMetrics().elidedText(name, Qt::ElideRight, header.width()));
    if (content.visible.isEmpty())
        return;

    painter.setFont(m_font);
    painter.setClipRect(area);
    const TimeAxis axis{content.visible, static_cast<double>(area.left()), static_cast<double>(area.width())};
    const auto [first, last] = tier.touching(content.visible);
    double drawnTo = area.left() - 1.0;
    for (std::size_t index = first; index < last; ++index) {
        const TierItem &item = tier.items[index];
        const double left = std::max(axis.xOf(item.range.start), area.left() - 8.0);
        const double right = std::min(axis.xOf(item.range.end), area.right() + 9.0);
        // Items that lie in a pixel already drawn would change nothing.
        if (right <= drawnTo && right - left < 1)
            continue;
        drawnTo = std::max(drawnTo, std::ceil(right));
        const QRectF box(left, area.top() + 6, std::max(1.0, right - left - 1), area.height() - 13);
        paintTierItem(painter, box, item, tier.kind, *m_theme);
        QRectF text = box.adjusted(9, 0, -4, 0).intersected(QRectF(area).adjusted(6, 0, 0, 0));
        if (tier.kind == TierKind::text) {
            // A remark about an instant is written beside it, as far as the next leaves room.
            const double next = index + 1 < tier.items.size() ? axis.xOf(tier.items[index + 1].range.start) : area.right() + 1.0;
            text.setLeft(std::max(box.left() + 6, area.left() + 6.0));
            text.setRight(std::max(text.right(), std::min(next - 6, area.right() + 1.0)));
        }
        if (text.width() < 12)
            continue;
        painter.setPen(m_theme->text);
        const QString shown = painter.fontMetrics().elidedText(item.label, Qt::ElideRight, static_cast<int>(text.width()));
        if (shown.size() > 1 || shown == item.label) // an ellipsis alone says nothing
            painter.drawText(text, Qt::AlignLeft | Qt::AlignVCenter, shown);
    }
}

/** The curve of the axis that moves most stands for the stream. It changes with the recording and the width only. */
void TimelineCanvas::ensureOverviewCurve(const TimelineContent &content, const QRect &area)
{
    const std::shared_ptr<const LaneData> &lane = content.lanes.front();
    if (m_curve.lane == lane && m_curve.bounds == content.bounds && m_curve.width == area.width())
        return;
    m_curve = {lane, content.bounds, area.width(), {}, {}};
    const TimeAxis axis{content.bounds, static_cast<double>(area.left()), static_cast<double>(area.width())};
    const ColumnEdges edges = computeColumnEdges(*lane, axis, static_cast<std::size_t>(area.width()));
    double widest = -1;
    for (std::size_t each = 0; each < lane->values.size(); ++each) {
        std::vector<ColumnSpan> spans = computeColumnSpans(*lane, each, edges);
        const ValueRange usual = usualRange(spans);
        if (!(usual.span() > widest))
            continue;
        widest = usual.span();
        m_curve.values = usual;
        m_curve.spans = std::move(spans);
    }
}

void TimelineCanvas::paintOverviewCurve(const TimelineContent &content, QRect plot)
{
    if (content.lanes.empty() || content.bounds.isEmpty())
        return;
    const QRect area = toPhysical(plot);
    ensureOverviewCurve(content, area);
    if (m_curve.values.span() > 0)
        drawColumns(m_image, area, m_curve.spans, paddedRange(m_curve.values), m_theme->dim, m_ratio);
}

void TimelineCanvas::paintOverview(const TimelineContent &content, const TimelineLayout &layout)
{
    const QRect area = layout.plotOf(layout.overview).adjusted(0, 6, 0, -6);
    {
        QPainter painter(&m_image);
        painter.scale(m_ratio, m_ratio);
        painter.fillRect(layout.overview, m_theme->surface);
        painter.fillRect(QRect(0, layout.overview.top(), layout.overview.width(), 1), m_theme->line);
        painter.setFont(m_font);
        painter.setPen(m_theme->dim);
        painter.drawText(QRect(kPadding, layout.overview.top(), TimelineLayout::kHeaderWidth, layout.overview.height()),
                         Qt::AlignLeft | Qt::AlignVCenter, QStringLiteral("Overview"));
        painter.fillRect(area, m_theme->plot);
        if (!content.visible.isEmpty() && !content.bounds.isEmpty()) {
            const TimeAxis axis{content.bounds, static_cast<double>(area.left()), static_cast<double>(area.width())};
            const double left = axis.xOf(content.visible.start);
            const double right = axis.xOf(content.visible.end);
            painter.fillRect(QRectF(left, area.top(), right - left, area.height()) & QRectF(area), tinted(m_theme->accent, m_theme->plot, 0.1));
        }
    }
    paintOverviewCurve(content, area);
}

} // namespace kino
