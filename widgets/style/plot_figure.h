// A plot for elsewhere: its picture as SVG or PNG, its numbers as CSV. A figure is a snapshot of what a plot shows: it is
// taken on the GUI thread and drawn and written by a worker.
#pragma once

#include "core/base/cancel.h"
#include "core/base/progress.h"

#include <QImage>
#include <QSize>
#include <QString>

#include <filesystem>
#include <functional>
#include <optional>
#include <string>
#include <vector>

class QPainter;

namespace kino {

enum class PlotFormat { svg, png, csv };

struct PlotFormatInfo {
    PlotFormat format;
    const char *ending; // ".svg"
    const char *name;   // "SVG, vectors"
};
/** All formats there are: the one place that knows them and their endings. */
const std::vector<PlotFormatInfo> &plotFormats();
/** By the file's ending, in any case of letters; nothing for others. */
std::optional<PlotFormat> plotFormatOf(const std::filesystem::path &file);

/** Numbers that a plot shows, one file of them. */
struct PlotTable {
    /** What the file's name has behind the chosen one; empty for the one that has the chosen name itself. */
    std::string name;
    /** Written beside and renamed, in no locale. Throws Error, Cancelled. */
    std::function<void(const std::filesystem::path &file, const CancelToken &, const Progress &)> write;
};

struct PlotFigure {
    /** In the SVG: what it is of. */
    QString title;
    QSize size; // logical pixels
    /** Of the screen that it was seen on: sizes of letters follow from it. */
    int dotsPerInch = 96;
    /** In logical pixels. Lines and texts are vectors where the painter takes them; pictures come in `pixelRatio`. */
    std::function<void(QPainter &painter, double pixelRatio)> paint;
    /** Empty: it has no numbers. */
    std::vector<PlotTable> tables;
    /** What one should know of the numbers, a sentence; or nothing. */
    QString numbersNote;
};

/** The files that saving to `file` writes: one, or, of numbers, one for each table ("walk.csv", "walk-labels.csv"). */
std::vector<std::filesystem::path> plotFiles(const PlotFigure &figure, const std::filesystem::path &file);

/**
 * In the format of the ending. PNG comes in `pixelRatio` pixels to a logical one. Each file is whole or not written. Any thread.
 * Throws Error for an ending that is none of plotFormats(), numbers of a figure that has none, and what cannot be written;
 * Cancelled.
 */
std::vector<std::filesystem::path> savePlot(const PlotFigure &figure, const std::filesystem::path &file, double pixelRatio, const CancelToken &cancel = {},
                                            const Progress &progress = {});

/** A picture that is no plot: a frame of a film. Pixels are kept as they are. */
PlotFigure figureOfImage(const QImage &image);

/** Whether what is painted with becomes vectors in a file. */
bool paintsVectors(const QPainter &painter);

} // namespace kino
