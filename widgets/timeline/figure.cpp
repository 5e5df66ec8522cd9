// The timeline as a figure: what is in view, as a picture and as numbers, on its own.
#include "core/data/formats/annotation_file.h"
#include "core/data/formats/sample_csv.h"
#include "core/data/table/csv_text.h"
#include "widgets/style/text_painting.h"
#include "widgets/timeline/view.h"

#include <QPainter>

namespace kino {
namespace {

/** The name of an axis in the header of its lane, with the dot that says which curve it is. */
struct AxisMark {
    QRectF place;
    QString name;
    QColor colour;
    bool isShown = true;
};

void paintAxisMarks(QPainter &painter, const std::vector<AxisMark> &marks, const Theme &theme, const QFont &font)
{
    painter.save();
    painter.setRenderHint(QPainter::Antialiasing);
    painter.setFont(smallFont(font));
    for (const AxisMark &mark : marks) {
        painter.setPen(mark.isShown ? QPen(Qt::NoPen) : QPen(mark.colour, 1.2));
        painter.setBrush(mark.isShown ? QBrush(mark.colour) : QBrush(Qt::NoBrush));
        painter.drawEllipse(QPointF(mark.place.left() + 4, mark.place.center().y()), 3.5, 3.5);
        painter.setPen(mark.isShown ? theme.dim : theme.faint);
        painter.drawText(mark.place.adjusted(13, 0, 0, 0), Qt::AlignLeft | Qt::AlignVCenter | Qt::TextDontClip, mark.name);
    }
    painter.restore();
}

void paintSelected(QPainter &painter, TimeRange selection, const TimeAxis &axis, const TimelineLayout &layout, const Theme &theme)
{
    const QRectF plot(layout.plotLeft, layout.middle.top(), layout.plotWidth, layout.rowsBottom - layout.middle.top());
    const double left = axis.xOf(selection.start);
    const QRectF shown = QRectF(left, plot.top(), axis.xOf(selection.end) - left, plot.height()) & plot;
    if (shown.isEmpty())
        return;
    QColor fill = theme.accent;
    fill.setAlphaF(0.10F);
    painter.fillRect(shown, fill);
    painter.setPen(QPen(theme.accent, 1));
    painter.drawLine(shown.topLeft(), shown.bottomLeft());
    painter.drawLine(shown.topRight(), shown.bottomRight());
}

/** Of the axes that are shown, from the first sample in the range to the last. */
PlotTable tableOf(std::shared_ptr<const LaneData> lane, const LaneLook &look, TimeRange visible)
{
    std::vector<std::size_t> axes;
    for (std::size_t axis = 0; axis < lane->values.size(); ++axis) {
        if (look.showsAxis(axis))
            axes.push_back(axis);
    }
    PlotTable table;
    table.name = lane->id.toStdString();
    table.write = [lane, axes, visible](const std::filesystem::path &file, const CancelToken &cancel, const Progress &progress) {
        // The end is in view, too: of a whole recording it is the last sample.
        const SampleSpan span = lane->samplesIn({visible.start, visible.end + 1});
        SampleTable samples{span.end - span.begin, [&](std::size_t row) { return lane->timeOf(span.begin + row).ns; }, {}};
        for (const std::size_t axis : axes) {
            const QString name = lane->axes.value(static_cast<int>(axis), lane->values.size() == 1 ? lane->title : QString::number(axis));
            samples.columns.push_back({columnTitle(name.toStdString(), plainUnit(lane->unit).toStdString()), lane->values[axis].values().subspan(span.begin, samples.rows)});
        }
        writeSampleCsv(file, samples, cancel, progress);
    };
    return table;
}

std::vector<AnnotationTier> labelsIn(const std::vector<std::shared_ptr<const TierData>> &tiers, TimeRange visible)
{
    std::vector<AnnotationTier> labels;
    for (const auto &tier : tiers) {
        AnnotationTier touching{tier->name.toStdString(), tier->kind, {}};
        const auto [first, last] = tier->touching(visible);
        for (std::size_t index = first; index < last; ++index) {
            const TierItem &item = tier->items[index];
            if (item.range.end >= visible.start)
                touching.annotations.push_back({item.range.start, item.range.end, item.label.toStdString()});
        }
        if (!touching.annotations.empty())
            labels.push_back(std::move(touching));
    }
    return labels;
}

} // namespace

PlotFigure TimelineView::figure() const
{
    const TimelineLayout layout = layoutNow();
    const Theme &theme = themeOf(palette());
    std::vector<AxisMark> marks;
    for (const TimelineRow &row : layout.rows) {
        const std::size_t count = row.kind == TimelineRowKind::lane ? m_content.lanes[row.index]->values.size() : 0;
        for (std::size_t axis = 0; count > 1 && axis < count; ++axis) {
            bool isStacked = false;
            const QRectF place = axisNameRect(row.index, axis, row.rect, isStacked);
            if (place.bottom() > row.rect.bottom() || place.right() > TimelineLayout::kHeaderWidth || !QRectF(layout.body).contains(place))
                break;
            const QString name = m_content.lanes[row.index]->axes.value(static_cast<int>(axis), QString::number(axis));
            marks.push_back({place, name, axisColour(theme, name, static_cast<int>(axis)), m_content.looks[row.index].showsAxis(axis)});
        }
    }
    PlotFigure figure;
    figure.size = size();
    figure.dotsPerInch = logicalDpiX();
    figure.paint = [content = m_content, layout, size = size(), &theme, font = font(), marks, selection = m_selection](QPainter &painter, double pixelRatio) {
        TimelineCanvas canvas;
        if (paintsVectors(painter)) {
            canvas.paintVectors(painter, content, layout, size, theme, font);
        } else {
            canvas.paint(content, layout, size, pixelRatio, theme, font);
            painter.drawImage(QPointF(0, 0), canvas.image());
        }
        paintAxisMarks(painter, marks, theme, font);
        if (selection)
            paintSelected(painter, *selection, {content.visible, static_cast<double>(layout.plotLeft), static_cast<double>(layout.plotWidth)}, layout, theme);
    };
    for (std::size_t lane = 0; lane < m_content.lanes.size(); ++lane)
        figure.tables.push_back(tableOf(m_content.lanes[lane], m_content.looks[lane], m_content.visible));
    if (std::vector<AnnotationTier> labels = labelsIn(m_content.tiers, m_content.visible); !labels.empty())
        figure.tables.push_back({"labels", [labels](const std::filesystem::path &file, const CancelToken &, const Progress &) { writeAnnotationCsv(file, labels); }});
    if (figure.tables.size() == 1)
        figure.tables.front().name.clear();
    return figure;
}

} // namespace kino
