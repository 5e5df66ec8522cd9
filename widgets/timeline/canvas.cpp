#include "widgets/timeline/canvas.h"

#include "widgets/timeline/lane_painter.h"
#include "widgets/timeline/signal_columns.h"
#include "widgets/timeline/tier_painter.h"
#include "widgets/timeline/window_painter.h"
#include "widgets/style/text_painting.h"

#include <QCoreApplication>
#include <QPainter>
#include <QScopedValueRollback>

#include <cmath>

namespace kino {
namespace {

constexpr int kPadding = 12;
constexpr int kValueLabelWidth = 44;
/** By how much boxes may reach over the plot's edges; no text of a header lies there. */
constexpr int kBesideWidth = 10;
constexpr double kRulerLabelSpacing = 88;
constexpr double kEventHalf = 4.5;
constexpr Nanos kLeastMissingFootage = 100 * kNanosPerMillisecond;

QColor tinted(const QColor &colour, const QColor &ground, double share)
{
    const auto channel = [share](int from, int to) { return static_cast<int>(std::lround(from + (to - from) * share)); };
    return {channel(ground.red(), colour.red()), channel(ground.green(), colour.green()), channel(ground.blue(), colour.blue())};
}

QString subtitleOf(const LaneData &lane)
{
    if (lane.kind == LaneKind::sound)
        return lane.timing.rateHz > 0 ? QString::number(lane.timing.rateHz * 1e-3, 'g', 4) + QStringLiteral(" kHz") : QString();
    QString text = lane.timing.rateHz > 0 ? valueText(lane.timing.rateHz, 0.1) + QStringLiteral(" Hz") : QString();
    if (!lane.unit.isEmpty())
        text += (text.isEmpty() ? QString() : QStringLiteral("  ")) + lane.unit;
    return text;
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

/** An empty frame with dots: nothing was filmed, unlike a gap, which is hatched. */
void paintMissingFootage(QPainter &painter, const QRectF &band, const Theme &theme)
{
    painter.save();
    painter.setRenderHint(QPainter::Antialiasing, false);
    painter.fillRect(band, QBrush(theme.faint, Qt::Dense6Pattern));
    painter.restore();
}

} // namespace

TimelineMarks TimelineContent::marks() const
{
    TimelineMarks marks;
    for (const auto &lane : lanes) {
        marks.gaps = marks.gaps || !lane->timing.gaps.empty();
        marks.clipping = marks.clipping || !lane->clipped.empty();
        marks.repeats = marks.repeats || !lane->duplicates.empty();
        const auto events = this->events.find(lane->id);
        marks.events = marks.events || (events != this->events.end() && !events->second->empty());
    }
    if (footage) {
        Nanos covered = 0;
        for (const TimeRange &span : footage->spans)
            covered += span.duration();
        // A frame more or less at the ends is no missing footage.
        marks.missingFootage = bounds.duration() - covered > kLeastMissingFootage;
    }
    marks.windows = windows && !windows->windows->windows.empty();
    return marks;
}

ValueRange laneValueRange(const TimelineContent &content, std::size_t lane)
{
    const LaneLook look = lane < content.looks.size() ? content.looks[lane] : LaneLook();
    const ValueRange free = content.isAutoScale ? content.lanes[lane]->valuesIn(content.visible) : content.lanes[lane]->range;
    const ValueRange full = look.locked ? *look.locked : paddedRange(free);
    const double middle = (full.low + full.high) / 2;
    const double half = full.span() / 2 / look.magnification;
    return {middle - half, middle + half};
}

std::vector<RulerLabel> rulerLabels(const TimeAxis &axis, const TimelineLayout &layout, const QFont &font)
{
    std::vector<RulerLabel> labels;
    for (const TimeTick &tick : computeTimeTicks(axis, kRulerLabelSpacing)) {
        const double x = std::floor(axis.xOf(tick.time)) + 5;
        const double width = tick.isMajor ? tabularWidth(font, tick.label) : 0;
        // One that would be cut at the right edge says nothing.
        if (tick.isMajor && x + width <= layout.ruler.right())
            labels.push_back({QRectF(x, layout.ruler.top() + 1, width, 16), tick.label});
    }
    return labels;
}

QRect TimelineCanvas::toPhysical(const QRect &logical) const
{
    const auto scaled = [this](int value) { return static_cast<int>(std::lround(value * m_ratio)); };
    return {QPoint(scaled(logical.left()), scaled(logical.top())),
            QPoint(scaled(logical.right() + 1) - 1, scaled(logical.bottom() + 1) - 1)};
}

class TimelineCanvas::LogicalPainter {
public:
    explicit LogicalPainter(TimelineCanvas &canvas) : m_painter(canvas.m_vectors)
    {
        if (m_painter) {
            m_painter->save();
            return;
        }
        m_painter = &m_own.emplace(&canvas.m_image);
        m_painter->scale(canvas.m_ratio, canvas.m_ratio);
    }
    ~LogicalPainter()
    {
        if (!m_own)
            m_painter->restore();
    }
    QPainter &painter() const { return *m_painter; }

private:
    std::optional<QPainter> m_own;
    QPainter *m_painter;
};

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
    paintAll(content, layout);
    m_image.setDevicePixelRatio(pixelRatio);
}

void TimelineCanvas::paintVectors(QPainter &painter, const TimelineContent &content, const TimelineLayout &layout, QSize size, const Theme &theme, const QFont &font)
{
    m_ratio = 1;
    m_theme = &theme;
    m_font = font;
    const QScopedValueRollback vectors(m_vectors, &painter);
    painter.fillRect(QRect(QPoint(), size), theme.surface);
    paintAll(content, layout);
}

void TimelineCanvas::paintAll(const TimelineContent &content, const TimelineLayout &layout)
{
    // Tiers and what frames the rows come last: lanes that are scrolled half out of sight lie under them.
    for (const bool tiers : {false, true}) {
        for (const TimelineRow &row : layout.rows) {
            if ((row.kind == TimelineRowKind::tier || row.kind == TimelineRowKind::windows) != tiers || !row.rect.intersects(layout.middle))
                continue;
            switch (row.kind) {
            case TimelineRowKind::footage: paintFootageRow(content, layout, row); break;
            case TimelineRowKind::lane: paintLaneRow(content, layout, row); break;
            case TimelineRowKind::fold: paintFoldRow(content, row); break;
            case TimelineRowKind::tier: paintTierRow(content, layout, row); break;
            case TimelineRowKind::windows: paintWindowsRow(content, layout, row); break;
            }
            if (m_vectors && row.kind != TimelineRowKind::lane && row.kind != TimelineRowKind::fold)
                coverBeside(layout, row);
        }
    }
    paintRuler(content, layout);
    paintOverview(content, layout);
    if (layout.legend.height() > 0)
        paintLegend(content, layout);
}

/** SVG cuts nothing off: what boxes at the edges have beside the plot lies under the ground again. */
void TimelineCanvas::coverBeside(const TimelineLayout &layout, const TimelineRow &row)
{
    const QRect inner = row.rect.adjusted(0, 0, 0, -1);
    const int right = layout.plotLeft + layout.plotWidth;
    m_vectors->fillRect(QRect(layout.plotLeft - kBesideWidth, inner.top(), kBesideWidth, inner.height()), m_theme->surface);
    m_vectors->fillRect(QRect(right, inner.top(), inner.right() + 1 - right, inner.height()), m_theme->surface);
}

void TimelineCanvas::paintRuler(const TimelineContent &content, const TimelineLayout &layout)
{
    const LogicalPainter logical(*this);
    QPainter &painter = logical.painter();
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
    }
    painter.setPen(m_theme->dim);
    for (const RulerLabel &label : rulerLabels(axis, layout, painter.font()))
        drawTabular(painter, label.rect, Qt::AlignLeft, label.text);
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
    if (row.index < content.looks.size())
        plot.shownAxes = content.looks[row.index].shownAxes;
    if (!content.visible.isEmpty()) {
        m_vectors ? paintLaneVectors(*m_vectors, plot, lane, *m_theme) : paintLane(m_image, plot, lane, *m_theme);
        paintEvents(content, area, lane);
    }

    const LogicalPainter logical(*this);
    QPainter &painter = logical.painter();
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
        if (y + 16 > row.rect.bottom())
            return;
        painter.drawText(QRect(kPadding, y, textWidth, 16), Qt::AlignLeft | Qt::AlignVCenter,
                         painter.fontMetrics().elidedText(text, Qt::ElideMiddle, textWidth));
        y += 16;
    };
    const bool saysDevice = lane.kind == LaneKind::stream && haveSeveralDevices(content.lanes);
    if (saysDevice && y + 2 * 16 > row.rect.bottom()) {
        // In one line, what one cannot do without: whose, and in what unit.
        line(lane.unit.isEmpty() ? lane.device : lane.device + QStringLiteral("  ") + lane.unit);
    } else {
        if (saysDevice)
            line(lane.device);
        line(lane.note.isEmpty() ? subtitleOf(lane) : lane.note);
    }

    for (const ValueTick &tick : computeValueTicks(values, laneTickCount(area.height()))) {
        const double tickY = area.top() + (values.high - tick.value) / values.span() * area.height();
        if (tickY < area.top() + 6 || tickY > area.bottom() - 5)
            continue;
        drawTabular(painter, QRectF(layout.plotLeft - kValueLabelWidth, tickY - 8, kValueLabelWidth - 6, 16), Qt::AlignRight, tick.label);
    }
}

/** A diamond at the upper edge for each sharp moment, a triangle for a landing; a stem shows the very instant. */
void TimelineCanvas::paintEvents(const TimelineContent &content, const QRect &area, const LaneData &lane)
{
    const auto found = content.events.find(lane.id);
    if (found == content.events.end())
        return;
    const LogicalPainter logical(*this);
    QPainter &painter = logical.painter();
    painter.setClipRect(area);
    painter.setRenderHint(QPainter::Antialiasing);
    const TimeAxis axis{content.visible, static_cast<double>(area.left()), static_cast<double>(area.width())};
    const std::vector<MotionEvent> &events = *found->second;
    const Nanos from = lane.clock.toOwn(axis.timeAt(area.left() - kEventHalf)).ns;
    double drawnTo = area.left() - 2 * kEventHalf;
    QColor stem = m_theme->warning;
    stem.setAlphaF(0.45F);
    for (auto event = std::ranges::lower_bound(events, from, {}, &MotionEvent::ownNs); event != events.end(); ++event) {
        const double x = axis.xOf(lane.clock.toRecording({event->ownNs}));
        if (x > area.right() + kEventHalf)
            break;
        // Marks over one another would say no more than one.
        if (x < drawnTo + 1.5)
            continue;
        drawnTo = x;
        painter.fillRect(QRectF(x - 0.5, area.top(), 1, area.height()), stem);
        painter.setPen(QPen(m_theme->plot, 1));
        painter.setBrush(m_theme->warning);
        const double top = area.top() + 1;
        if (event->kind == EventKind::landing)
            painter.drawPolygon(QPolygonF({QPointF(x - kEventHalf, top), QPointF(x + kEventHalf, top), QPointF(x, top + 2 * kEventHalf)}));
        else
            painter.drawPolygon(QPolygonF({QPointF(x, top), QPointF(x + kEventHalf, top + kEventHalf), QPointF(x, top + 2 * kEventHalf), QPointF(x - kEventHalf, top + kEventHalf)}));
    }
}

void TimelineCanvas::paintFootageRow(const TimelineContent &content, const TimelineLayout &layout, const TimelineRow &row)
{
    const LogicalPainter logical(*this);
    QPainter &painter = logical.painter();
    const QRect area = layout.plotOf(row.rect).adjusted(0, 0, 0, -1);
    painter.fillRect(row.rect, m_theme->surface);
    painter.fillRect(area, m_theme->plot);
    painter.fillRect(QRect(0, row.rect.bottom(), row.rect.width(), 1), m_theme->line);
    QFont strong = m_font;
    strong.setWeight(QFont::DemiBold);
    painter.setFont(strong);
    painter.setPen(m_theme->text);
    painter.drawText(QRect(kPadding, row.rect.top(), TimelineLayout::kHeaderWidth - 2 * kPadding, row.rect.height()), Qt::AlignVCenter,
                     QCoreApplication::translate("Timeline", "Footage"));
    if (content.visible.isEmpty() || !content.footage)
        return;
    const TimeAxis axis{content.visible, static_cast<double>(area.left()), static_cast<double>(area.width())};
    painter.setClipRect(area);
    const QRectF band = QRectF(area).adjusted(0, 7, 0, -6);
    paintMissingFootage(painter, band, *m_theme);
    painter.setRenderHint(QPainter::Antialiasing);
    for (const TimeRange &span : content.footage->spans) {
        const double left = std::max(axis.xOf(span.start), area.left() - 8.0);
        const double right = std::min(axis.xOf(span.end), area.right() + 9.0);
        if (right <= area.left() || left > area.right())
            continue;
        const QRectF box(left, band.top(), std::max(1.0, right - left), band.height());
        painter.setPen(Qt::NoPen);
        painter.setBrush(m_theme->plot);
        painter.drawRect(box);
        painter.setBrush(tinted(m_theme->dim, m_theme->plot, 0.45));
        painter.drawRoundedRect(box, 2, 2);
    }
}

void TimelineCanvas::paintFoldRow(const TimelineContent &content, const TimelineRow &row)
{
    const LogicalPainter logical(*this);
    QPainter &painter = logical.painter();
    painter.setRenderHint(QPainter::Antialiasing);
    painter.fillRect(row.rect, m_theme->surface);
    painter.fillRect(QRect(0, row.rect.bottom(), row.rect.width(), 1), m_theme->line);
    const QPointF centre(kPadding + 4.0, row.rect.center().y() + 0.5);
    painter.setPen(QPen(m_theme->dim, 1.5, Qt::SolidLine, Qt::RoundCap, Qt::RoundJoin));
    painter.drawPolyline(content.isFoldOpen ? QPolygonF({centre + QPointF(-3.5, -1.5), centre + QPointF(0, 2), centre + QPointF(3.5, -1.5)})
                                            : QPolygonF({centre + QPointF(-1.5, -3.5), centre + QPointF(2, 0), centre + QPointF(-1.5, 3.5)}));
    painter.setFont(m_font);
    painter.setPen(m_theme->dim);
    const qsizetype count = content.foldedTitles.size();
    const QString head = count == 1 ? QCoreApplication::translate("Timeline", "1 lane folded away")
                                    : QCoreApplication::translate("Timeline", "%1 lanes folded away").arg(count);
    const QRect text = row.rect.adjusted(kPadding + 16, 0, -kPadding, 0);
    const QString whole = head + QStringLiteral(":  ") + content.foldedTitles.join(QStringLiteral(", "));
    painter.drawText(text, Qt::AlignVCenter, painter.fontMetrics().elidedText(whole, Qt::ElideRight, text.width()));
}

/** One word for each mark that occurs, drawn as it looks in the lanes. */
void TimelineCanvas::paintLegend(const TimelineContent &content, const TimelineLayout &layout)
{
    const LogicalPainter logical(*this);
    QPainter &painter = logical.painter();
    painter.fillRect(layout.legend, m_theme->surface);
    painter.setFont(smallFont(m_font));
    double x = layout.plotLeft;
    const double middle = layout.legend.center().y() - 1;
    const auto entry = [&](const QString &text, const auto &paintSwatch) {
        const QRectF swatch(x, middle - 5, 16, 11);
        paintSwatch(swatch);
        painter.setPen(m_theme->dim);
        painter.drawText(QRectF(x + 22, layout.legend.top() - 1, 240, layout.legend.height()), Qt::AlignVCenter, text);
        x += 22 + painter.fontMetrics().horizontalAdvance(text) + 20;
    };
    const TimelineMarks marks = content.marks();
    if (marks.gaps)
        entry(QCoreApplication::translate("Timeline", "gap, no samples"), [&](const QRectF &swatch) { painter.fillRect(swatch, QBrush(m_theme->dim, Qt::BDiagPattern)); });
    if (marks.clipping)
        entry(QCoreApplication::translate("Timeline", "clipped"), [&](const QRectF &swatch) { painter.fillRect(QRectF(swatch.left(), swatch.top(), swatch.width(), 3), m_theme->bad); });
    if (marks.repeats)
        entry(QCoreApplication::translate("Timeline", "time comes twice"), [&](const QRectF &swatch) {
            for (const double offset : {4.0, 8.0, 12.0})
                painter.fillRect(QRectF(swatch.left() + offset, swatch.bottom() - 6, 1, 6), m_theme->warning);
        });
    if (marks.events)
        entry(QCoreApplication::translate("Timeline", "sharp event"), [&](const QRectF &swatch) {
            painter.setRenderHint(QPainter::Antialiasing);
            painter.setPen(Qt::NoPen);
            painter.setBrush(m_theme->warning);
            const QPointF c = swatch.center();
            painter.drawPolygon(QPolygonF({c + QPointF(0, -4.5), c + QPointF(4.5, 0), c + QPointF(0, 4.5), c + QPointF(-4.5, 0)}));
        });
    if (marks.missingFootage)
        entry(QCoreApplication::translate("Timeline", "no footage"), [&](const QRectF &swatch) { paintMissingFootage(painter, swatch, *m_theme); });
    if (marks.windows) {
        entry(QCoreApplication::translate("Timeline", "window kept"), [&](const QRectF &swatch) { paintKeptWindow(painter, swatch, m_theme->accent, *m_theme); });
        entry(QCoreApplication::translate("Timeline", "window dropped"), [&](const QRectF &swatch) { paintDroppedWindow(painter, swatch, *m_theme); });
    }
}

void TimelineCanvas::paintTierRow(const TimelineContent &content, const TimelineLayout &layout, const TimelineRow &row)
{
    const TierData &tier = *content.tiers[row.index];
    const LogicalPainter logical(*this);
    QPainter &painter = logical.painter();
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
    const QString name = tier.name.isEmpty() ? QStringLiteral("Labels") : tier.name;
    painter.drawText(header, Qt::AlignLeft | Qt::AlignVCenter, painter.fontMetrics().elidedText(name, Qt::ElideRight, header.width()));
    if (content.visible.isEmpty())
        return;

    painter.setFont(m_font);
    painter.setClipRect(area);
    paintTierItems(painter, tier, area, content.visible, {*m_theme, content.labelColours, content.hiddenItems});
}

/** After an edit of labels: what scrolls may lie above and below a tier, so what frames the rows comes again too. */
void TimelineCanvas::paintTiers(const TimelineContent &content, const TimelineLayout &layout)
{
    m_image.setDevicePixelRatio(1);
    for (const TimelineRow &row : layout.rows) {
        if (row.kind == TimelineRowKind::tier && row.rect.intersects(layout.middle))
            paintTierRow(content, layout, row);
    }
    paintRuler(content, layout);
    paintOverview(content, layout);
    if (layout.legend.height() > 0)
        paintLegend(content, layout);
    m_image.setDevicePixelRatio(m_ratio);
}

void TimelineCanvas::paintWindowsRow(const TimelineContent &content, const TimelineLayout &layout, const TimelineRow &row)
{
    const WindowRows &windows = *content.windows;
    const WindowSourceRow &source = windows.sources[row.index];
    const LogicalPainter logical(*this);
    QPainter &painter = logical.painter();
    painter.setRenderHint(QPainter::Antialiasing);
    const QRect area = layout.plotOf(row.rect).adjusted(0, 0, 0, -1);
    painter.fillRect(row.rect, m_theme->surface);
    painter.fillRect(area, m_theme->plot);
    painter.fillRect(QRect(0, row.rect.bottom(), row.rect.width(), 1), m_theme->line);
    const bool hasTwoLines = row.rect.height() >= TimelineLayout::kWindowsHeight;
    const QString name = windows.sources.size() > 1 ? source.title : QCoreApplication::translate("Timeline", "Windows");
    const QString count = QCoreApplication::translate("Timeline", "%1 of %2 kept").arg(source.kept).arg(source.last - source.first);
    QFont strong = m_font;
    strong.setWeight(QFont::DemiBold);
    painter.setFont(strong);
    painter.setPen(m_theme->text);
    const QRect header(kPadding, row.rect.top(), TimelineLayout::kHeaderWidth - 2 * kPadding, row.rect.height());
    const QRect line = hasTwoLines ? QRect(header.left(), header.top() + 6, header.width(), 18) : header;
    painter.drawText(line, Qt::AlignLeft | Qt::AlignVCenter, painter.fontMetrics().elidedText(name, Qt::ElideRight, line.width()));
    if (hasTwoLines) {
        painter.setFont(smallFont(m_font));
        painter.setPen(m_theme->dim);
        painter.drawText(line.translated(0, 17), Qt::AlignLeft | Qt::AlignVCenter, painter.fontMetrics().elidedText(count, Qt::ElideRight, line.width()));
    }
    if (content.visible.isEmpty())
        return;
    const TimeAxis axis{content.visible, static_cast<double>(area.left()), static_cast<double>(area.width())};
    paintWindows(painter, windows, row.index, axis, area, content.labelColours, *m_theme, m_font);
}

/** The curve of the axis that moves most stands for the stream. It changes with the recording and the width only. */
void TimelineCanvas::ensureOverviewCurve(const TimelineContent &content, const QRect &area)
{
    // Sound only where there is nothing else.
    const auto stream = std::ranges::find(content.lanes, LaneKind::stream, [](const auto &each) { return each->kind; });
    const std::shared_ptr<const LaneData> &lane = stream == content.lanes.end() ? content.lanes.front() : *stream;
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
    if (!(m_curve.values.span() > 0))
        return;
    if (m_vectors)
        paintColumns(*m_vectors, area, m_curve.spans, paddedRange(m_curve.values), m_theme->dim, 1);
    else
        drawColumns(m_image, area, m_curve.spans, paddedRange(m_curve.values), m_theme->dim, m_ratio);
}

void TimelineCanvas::paintOverview(const TimelineContent &content, const TimelineLayout &layout)
{
    const QRect area = layout.plotOf(layout.overview).adjusted(0, 6, 0, -6);
    {
        const LogicalPainter logical(*this);
        QPainter &painter = logical.painter();
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
