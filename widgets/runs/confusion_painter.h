// A confusion matrix as it is drawn: rows are the true labels, columns what was predicted, each class's recall, F1 and windows at the
// right, precision and predictions below. The numbers are core/insight's; nothing is computed here. Values; painting on any thread.
#pragma once

#include "core/insight/classification.h"
#include "widgets/style/plot_figure.h"
#include "widgets/style/theme.h"

#include <QFont>
#include <QRectF>
#include <QStringList>

#include <array>
#include <memory>
#include <optional>

namespace kino {

struct ConfusionData {
    /** Of what: in files. */
    QString title;
    QStringList classes;
    Classification classification;
};

/** A place in it; -1: any, of a whole row or column. */
struct ConfusionCell {
    int label = -1;
    int predicted = -1;
    friend bool operator==(const ConfusionCell &, const ConfusionCell &) = default;
};

/** Where everything lies, in logical pixels. */
struct ConfusionLayout {
    /** As large as fits into `available`, never smaller than can be read. */
    ConfusionLayout(const ConfusionData &data, const QFont &font, QSizeF available);

    QRectF cell(int label, int predicted) const { return {left + predicted * cellWidth, top + label * cellHeight, cellWidth, cellHeight}; }
    /** Rows and columns of names, too; nothing beside them. */
    std::optional<ConfusionCell> cellAt(QPointF place) const;
    QSize size() const;

    int classes = 0;
    double left = 0; // of the first cell
    double top = 0;
    double cellWidth = 0;
    double cellHeight = 0;
    std::array<double, 3> figureWidths{}; // of the columns at the right: recall, F1, windows
    bool areNamesUpright = false; // those of columns
};

struct ConfusionMarks {
    std::optional<ConfusionCell> chosen, hovered, focused;
};
void paintConfusion(QPainter &painter, const ConfusionData &data, const ConfusionLayout &layout, const Theme &theme, const QFont &font, const ConfusionMarks &marks = {});

/** What a cell is filled with: blue on the diagonal, red beside it, the more of its row it holds the stronger. `share` from 0 to 1. */
QColor confusionFill(const Theme &theme, bool isRight, double share);
/** Black or white: at least 4.5 to 1 on any ground. */
QColor readableOn(const QColor &ground);

/** "12 of 150 windows of walk (8.0 %) were taken for sit." */
QString confusionSentence(const ConfusionData &data, ConfusionCell cell);
/** "accuracy 0.842   macro-F1 0.790   1,240 windows" */
QString confusionSummary(const ConfusionData &data);
/** As a run's confusion.csv: a row for each true label, a column for each that was predicted. */
std::string confusionCsv(const ConfusionData &data);
/** class,precision,recall,f1,windows,predictions; nothing where there is no such number. */
std::string confusionClassesCsv(const ConfusionData &data);
PlotFigure confusionFigure(std::shared_ptr<const ConfusionData> data, const Theme &theme, const QFont &font, QSize size);

} // namespace kino
