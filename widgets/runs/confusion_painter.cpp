#include "widgets/runs/confusion_painter.h"

#include "core/base/files.h"
#include "core/data/table/csv_text.h"
#include "widgets/runs/run_table_data.h"
#include "widgets/style/text_painting.h"
#include "widgets/timeline/label_colours.h"

#include <QPainterPath>
#include <QCoreApplication>
#include <QFontMetricsF>
#include <QPainter>

#include <cmath>
#include <numeric>

namespace kino {
namespace {

constexpr double kPadding = 12;
constexpr double kSummaryHeight = 26;
constexpr double kFigureRow = 22;
constexpr double kMostName = 150;
constexpr double kDot = 14;

QString tr(const char *text) { return QCoreApplication::translate("Confusion", text); }

/** What rows and what columns are. */
QString cornerText() { return tr("true \u2193   as \u2192"); }

QString nameOf(const QString &label) { return label.isEmpty() ? tr("no label") : label; }

double widestName(const ConfusionData &data, const QFont &font)
{
    const QFontMetricsF metrics(font);
    double widest = 0;
    for (const QString &each : data.classes)
        widest = std::max(widest, metrics.horizontalAdvance(nameOf(each)));
    return std::min(widest, kMostName);
}

double widestCount(const ConfusionData &data, const QFont &font)
{
    std::size_t most = 0;
    for (const std::vector<std::size_t> &row : data.classification.confusion) {
        for (const std::size_t count : row)
            most = std::max(most, count);
    }
    return tabularWidth(font, numberCellText(static_cast<double>(most)));
}

QString shareText(double share) { return std::isfinite(share) ? QString::number(share, 'f', 3) : QStringLiteral("\u2013"); }

/** Of the row; 0 where it is empty. */
double shareOf(const Classification &classification, int label, int predicted)
{
    const auto row = static_cast<std::size_t>(label);
    const std::size_t all = classification.support[row];
    return all > 0 ? static_cast<double>(classification.confusion[row][static_cast<std::size_t>(predicted)]) / static_cast<double>(all) : 0;
}

QString percentText(double share)
{
    const double percent = share * 100;
    return QString::number(percent, 'f', percent > 0 && percent < 9.95 ? 1 : 0) + QStringLiteral(" %");
}

double luminance(const QColor &colour)
{
    const auto linear = [](double value) { return value <= 0.04045 ? value / 12.92 : std::pow((value + 0.055) / 1.055, 2.4); };
    return 0.2126 * linear(colour.redF()) + 0.7152 * linear(colour.greenF()) + 0.0722 * linear(colour.blueF());
}

QColor mixed(const QColor &from, const QColor &to, double share)
{
    const auto part = [share](int low, int high) { return static_cast<int>(std::lround(low + (high - low) * share)); };
    return {part(from.red(), to.red()), part(from.green(), to.green()), part(from.blue(), to.blue())};
}

/** Labels that share a colour differ as in Inspect: by their hatching. */
void paintLabelDot(QPainter &painter, QPointF centre, const QString &label, const Theme &theme)
{
    const QColor colour = labelColour(theme, label);
    const LabelLook::Fill fill = labelLook(label).fill;
    const QRectF dot(centre - QPointF(4, 4), QSizeF(8, 8));
    painter.setPen(fill == LabelLook::Fill::plain ? QPen(Qt::NoPen) : QPen(colour, 1));
    painter.setBrush(fill == LabelLook::Fill::plain ? QBrush(colour) : QBrush(Qt::NoBrush));
    painter.drawEllipse(dot);
    if (fill == LabelLook::Fill::plain)
        return;
    painter.save();
    QPainterPath clip;
    clip.addEllipse(dot);
    painter.setClipPath(clip, Qt::IntersectClip);
    painter.setPen(QPen(colour, 1.3));
    const double lean = fill == LabelLook::Fill::forwardHatch ? 8 : -8;
    for (double at = -9; at <= 9; at += 3)
        painter.drawLine(QPointF(centre.x() + at - lean / 2, centre.y() - 4), QPointF(centre.x() + at + lean / 2, centre.y() + 4));
    painter.restore();
}

void paintNames(QPainter &painter, const ConfusionData &data, const ConfusionLayout &layout, const Theme &theme, const QFont &font)
{
    const QFontMetricsF metrics(font);
    painter.setFont(font);
    for (int each = 0; each < layout.classes; ++each) {
        const QString name = nameOf(data.classes[each]);
        const QRectF row = layout.cell(each, 0);
        const QRectF left(kPadding, row.top(), layout.left - kPadding - 8, row.height());
        paintLabelDot(painter, QPointF(left.left() + 4, left.center().y()), data.classes[each], theme);
        painter.setBrush(Qt::NoBrush);
        painter.setPen(theme.text);
        painter.drawText(left.adjusted(kDot, 0, 0, 0), Qt::AlignRight | Qt::AlignVCenter, metrics.elidedText(name, Qt::ElideRight, left.width() - kDot));
        const QRectF column = layout.cell(0, each);
        if (!layout.areNamesUpright) {
            painter.drawText(QRectF(column.left(), layout.top - 26, column.width(), 22), Qt::AlignCenter, metrics.elidedText(name, Qt::ElideRight, column.width() - 6));
            continue;
        }
        painter.save();
        painter.translate(column.center().x(), layout.top - 6);
        painter.rotate(-90);
        painter.drawText(QRectF(0, -10, layout.top - kSummaryHeight - 8, 20), Qt::AlignLeft | Qt::AlignVCenter, metrics.elidedText(name, Qt::ElideRight, layout.top - kSummaryHeight - 12));
        painter.restore();
    }
}

void paintCells(QPainter &painter, const ConfusionData &data, const ConfusionLayout &layout, const Theme &theme, const QFont &font)
{
    const Classification &classification = data.classification;
    const QFont small = smallFont(font);
    const bool hasShares = layout.cellHeight >= 36 && layout.cellWidth >= tabularWidth(small, QStringLiteral("99.9 %")) + 6;
    const QFont countFont = layout.cellWidth >= widestCount(data, font) + 8 ? font : small;
    for (int label = 0; label < layout.classes; ++label) {
        for (int predicted = 0; predicted < layout.classes; ++predicted) {
            const QRectF place = layout.cell(label, predicted).adjusted(0.5, 0.5, -0.5, -0.5);
            const std::size_t count = classification.confusion[static_cast<std::size_t>(label)][static_cast<std::size_t>(predicted)];
            const double share = shareOf(classification, label, predicted);
            const bool isRight = label == predicted;
            const QColor fill = confusionFill(theme, isRight, share);
            painter.fillRect(place, fill);
            painter.setPen(count == 0 ? theme.dim : readableOn(fill));
            painter.setFont(countFont);
            const QString text = numberCellText(static_cast<double>(count));
            if (hasShares && count > 0) {
                drawTabular(painter, QRectF(place.left(), place.top() + 2, place.width(), place.height() / 2), Qt::AlignHCenter, text);
                painter.setFont(small);
                drawTabular(painter, QRectF(place.left(), place.center().y() - 1, place.width(), place.height() / 2 - 2), Qt::AlignHCenter, percentText(share));
            } else {
                drawTabular(painter, place, Qt::AlignHCenter, text);
            }
            // What is right is told by its frame, too.
            if (isRight) {
                painter.setPen(QPen(theme.dim, 1));
                painter.drawRect(place);
            }
        }
    }
}

void paintFigures(QPainter &painter, const ConfusionData &data, const ConfusionLayout &layout, const Theme &theme, const QFont &font)
{
    const Classification &classification = data.classification;
    const QFont small = smallFont(font);
    const QRectF last = layout.cell(layout.classes - 1, layout.classes - 1);
    const double right = last.right() + 8, below = last.bottom() + 6;
    const auto column = [&](std::size_t number, double top, double height) {
        const double begin = std::accumulate(layout.figureWidths.begin(), layout.figureWidths.begin() + static_cast<std::ptrdiff_t>(number), right);
        return QRectF(begin, top, layout.figureWidths[number], height);
    };
    painter.setFont(small);
    painter.setPen(theme.dim);
    std::size_t figure = 0;
    for (const QString &title : {tr("recall"), tr("F1"), tr("windows")})
        painter.drawText(column(figure++, layout.top - 26, 22), Qt::AlignRight | Qt::AlignVCenter, title);
    int number = 0;
    for (const QString &title : {tr("precision"), tr("predicted")})
        painter.drawText(QRectF(kPadding, below + kFigureRow * number++, layout.left - kPadding - 8, kFigureRow), Qt::AlignRight | Qt::AlignVCenter, title);
    painter.setFont(layout.cellWidth >= tabularWidth(font, QStringLiteral("0.000")) + 6 ? font : small);
    for (int each = 0; each < layout.classes; ++each) {
        const auto place = static_cast<std::size_t>(each);
        const QRectF row = layout.cell(each, 0), above = layout.cell(0, each);
        painter.setPen(theme.text);
        drawTabular(painter, column(0, row.top(), row.height()), Qt::AlignRight, shareText(classification.recall[place]));
        drawTabular(painter, column(1, row.top(), row.height()), Qt::AlignRight, shareText(classification.f1[place]));
        drawTabular(painter, QRectF(above.left(), below, above.width(), kFigureRow), Qt::AlignHCenter, shareText(classification.precision[place]));
        painter.setPen(theme.dim);
        drawTabular(painter, column(2, row.top(), row.height()), Qt::AlignRight, numberCellText(static_cast<double>(classification.support[place])));
        drawTabular(painter, QRectF(above.left(), below + kFigureRow, above.width(), kFigureRow), Qt::AlignHCenter, numberCellText(static_cast<double>(classification.predictions[place])));
    }
}

/** The cell, or the whole row or column with its name. */
QRectF frameOf(const ConfusionLayout &layout, ConfusionCell cell)
{
    if (cell.label >= 0 && cell.predicted >= 0)
        return layout.cell(cell.label, cell.predicted);
    if (cell.label >= 0)
        return layout.cell(cell.label, 0).united(layout.cell(cell.label, layout.classes - 1)).adjusted(kPadding - layout.left - 4, 0, 0, 0);
    if (cell.predicted >= 0)
        return layout.cell(0, cell.predicted).united(layout.cell(layout.classes - 1, cell.predicted)).adjusted(0, layout.areNamesUpright ? kSummaryHeight - layout.top : -26, 0, 0);
    return {};
}

} // namespace

ConfusionLayout::ConfusionLayout(const ConfusionData &data, const QFont &font, QSizeF available) : classes(static_cast<int>(data.classes.size()))
{
    if (classes == 0)
        return;
    const QFont small = smallFont(font);
    const double widest = widestName(data, font), count = std::max<double>(classes, 1), share = tabularWidth(font, QStringLiteral("0.000"));
    const auto widthOf = [metrics = QFontMetricsF(small)](const QString &text) { return metrics.horizontalAdvance(text); };
    left = std::ceil(kPadding + std::max({kDot + widest, widthOf(tr("precision")), widthOf(tr("predicted")), widthOf(cornerText())}) + 12);
    constexpr double kGap = 12;
    figureWidths = {std::max(widthOf(tr("recall")), share) + kGap, std::max(widthOf(tr("F1")), share) + kGap,
                    std::max(widthOf(tr("windows")), tabularWidth(font, numberCellText(static_cast<double>(data.classification.count)))) + kGap};
    const double least = std::max({widestCount(data, small), tabularWidth(small, QStringLiteral("0.000")), 28.0}) + 4;
    const double free = (available.width() - left - std::accumulate(figureWidths.begin(), figureWidths.end(), 0.0) - 8 - kPadding) / count;
    cellWidth = std::floor(std::clamp(free, std::ceil(least), std::max(84.0, std::ceil(least))));
    areNamesUpright = widest + 8 > cellWidth;
    top = std::ceil(kSummaryHeight + (areNamesUpright ? widest + 14 : 30));
    cellHeight = std::floor(std::clamp((available.height() - top - 2 * kFigureRow - 6 - kPadding) / count, 20.0, 44.0));
}

QSize ConfusionLayout::size() const
{
    return {static_cast<int>(std::ceil(left + classes * cellWidth + 8 + std::accumulate(figureWidths.begin(), figureWidths.end(), 0.0) + kPadding)), static_cast<int>(std::ceil(top + classes * cellHeight + 6 + 2 * kFigureRow + kPadding))};
}

std::optional<ConfusionCell> ConfusionLayout::cellAt(QPointF place) const
{
    if (classes == 0 || place.y() < kSummaryHeight || place.x() < kPadding)
        return std::nullopt;
    const auto label = static_cast<int>(std::floor((place.y() - top) / cellHeight)), predicted = static_cast<int>(std::floor((place.x() - left) / cellWidth));
    const bool isRow = label >= 0 && label < classes, isColumn = predicted >= 0 && predicted < classes;
    if (isRow && isColumn)
        return ConfusionCell{label, predicted};
    if (isRow && place.x() < left)
        return ConfusionCell{label, -1};
    if (isColumn && place.y() < top)
        return ConfusionCell{-1, predicted};
    return std::nullopt;
}

void paintConfusion(QPainter &painter, const ConfusionData &data, const ConfusionLayout &layout, const Theme &theme, const QFont &font, const ConfusionMarks &marks)
{
    if (layout.classes == 0)
        return;
    painter.setFont(font);
    painter.setPen(theme.text);
    painter.drawText(QRectF(kPadding, 4, layout.size().width() - kPadding, kSummaryHeight - 4), Qt::AlignLeft | Qt::AlignVCenter, confusionSummary(data));
    painter.setFont(smallFont(font));
    painter.setPen(theme.dim);
    painter.drawText(QRectF(kPadding, layout.top - 26, layout.left - kPadding - 8, 22), Qt::AlignRight | Qt::AlignVCenter, cornerText());
    paintCells(painter, data, layout, theme, font);
    paintNames(painter, data, layout, theme, font);
    paintFigures(painter, data, layout, theme, font);
    const auto frame = [&](const std::optional<ConfusionCell> &cell, const QPen &pen) {
        if (!cell)
            return;
        painter.setBrush(Qt::NoBrush);
        painter.setPen(pen);
        painter.drawRect(frameOf(layout, *cell).adjusted(0.5, 0.5, -0.5, -0.5));
    };
    frame(marks.hovered, QPen(theme.dim, 1));
    frame(marks.chosen, QPen(theme.text, 2));
    frame(marks.focused, QPen(theme.accent, 2, Qt::DotLine));
}

QColor confusionFill(const Theme &theme, bool isRight, double share) { return mixed(theme.plot, isRight ? theme.accent : theme.bad, std::clamp(share, 0.0, 1.0)); }

QColor readableOn(const QColor &ground)
{
    // Where the two are equally far from it, both are 4.58 to 1.
    const double light = luminance(ground);
    return (light + 0.05) / 0.05 >= 1.05 / (light + 0.05) ? QColor(Qt::black) : QColor(Qt::white);
}

QString confusionSentence(const ConfusionData &data, ConfusionCell cell)
{
    const Classification &classification = data.classification;
    const auto number = [](std::size_t count) { return numberCellText(static_cast<double>(count)); };
    if (cell.label >= 0 && cell.predicted >= 0) {
        const std::size_t count = classification.confusion[static_cast<std::size_t>(cell.label)][static_cast<std::size_t>(cell.predicted)];
        const QString all = number(classification.support[static_cast<std::size_t>(cell.label)]), name = nameOf(data.classes[cell.label]);
        const QString share = percentText(shareOf(classification, cell.label, cell.predicted));
        return cell.label == cell.predicted ? tr("%1 of %2 windows of %3 (%4) were recognised.").arg(number(count), all, name, share)
                                            : tr("%1 of %2 windows of %3 (%4) were taken for %5.").arg(number(count), all, name, share, nameOf(data.classes[cell.predicted]));
    }
    if (cell.label >= 0)
        return tr("%1 windows of %2, recall %3").arg(number(classification.support[static_cast<std::size_t>(cell.label)]), nameOf(data.classes[cell.label]),
                                                     shareText(classification.recall[static_cast<std::size_t>(cell.label)]));
    if (cell.predicted >= 0)
        return tr("%1 windows were taken for %2, precision %3").arg(number(classification.predictions[static_cast<std::size_t>(cell.predicted)]), nameOf(data.classes[cell.predicted]),
                                                                    shareText(classification.precision[static_cast<std::size_t>(cell.predicted)]));
    std::size_t right = 0;
    for (std::size_t each = 0; each < classification.confusion.size(); ++each)
        right += classification.confusion[each][each];
    return tr("%1 mistakes in %2 windows").arg(number(classification.count - right), number(classification.count));
}

QString confusionSummary(const ConfusionData &data)
{
    const Classification &classification = data.classification;
    return tr("accuracy %1   macro-F1 %2   %3 windows")
        .arg(shareText(classification.accuracy), shareText(classification.macroF1), numberCellText(static_cast<double>(classification.count)));
}

std::string confusionCsv(const ConfusionData &data)
{
    std::string text = "label";
    for (const QString &name : data.classes)
        text += ',' + csvField(name.toStdString());
    text += '\n';
    for (std::size_t row = 0; row < data.classification.confusion.size(); ++row) {
        text += csvField(data.classes[static_cast<qsizetype>(row)].toStdString());
        for (const std::size_t count : data.classification.confusion[row])
            text += ',' + std::to_string(count);
        text += '\n';
    }
    return text;
}

std::string confusionClassesCsv(const ConfusionData &data)
{
    const Classification &classification = data.classification;
    std::string text = "class,precision,recall,f1,windows,predictions\n";
    for (std::size_t each = 0; each < classification.support.size(); ++each) {
        text += csvField(data.classes[static_cast<qsizetype>(each)].toStdString());
        for (const double value : {classification.precision[each], classification.recall[each], classification.f1[each]}) {
            text += ',';
            appendNumber(text, value);
        }
        text += ',' + std::to_string(classification.support[each]) + ',' + std::to_string(classification.predictions[each]) + '\n';
    }
    return text;
}

PlotFigure confusionFigure(std::shared_ptr<const ConfusionData> data, const Theme &theme, const QFont &font, QSize size)
{
    PlotFigure figure;
    figure.title = data->title;
    figure.size = ConfusionLayout(*data, font, size).size();
    figure.paint = [data, &theme, font, size](QPainter &painter, double) {
        const ConfusionLayout layout(*data, font, size);
        painter.fillRect(QRect(QPoint(), layout.size()), theme.surface);
        paintConfusion(painter, *data, layout, theme, font);
    };
    if (data->classes.isEmpty())
        return figure;
    const auto table = [](std::string name, auto text) {
        return PlotTable{std::move(name), [text](const std::filesystem::path &file, const CancelToken &, const Progress &) { writeFileAtomically(file, text()); }};
    };
    figure.tables.push_back(table("", [data] { return confusionCsv(*data); }));
    figure.tables.push_back(table("classes", [data] { return confusionClassesCsv(*data); }));
    return figure;
}

} // namespace kino
