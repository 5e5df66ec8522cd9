#include "widgets/style/plot_figure.h"

#include "core/base/error.h"
#include "core/base/files.h"

#include <QBuffer>
#include <QPaintEngine>
#include <QPainter>
#include <QSvgGenerator>

#include <algorithm>

namespace kino {
namespace {

namespace fs = std::filesystem;

std::string_view bytesOf(const QBuffer &buffer) { return {buffer.data().constData(), static_cast<std::size_t>(buffer.data().size())}; }

void writeSvg(const PlotFigure &figure, const fs::path &file, double pixelRatio)
{
    QBuffer buffer;
    QSvgGenerator generator;
    generator.setOutputDevice(&buffer);
    generator.setResolution(figure.dotsPerInch);
    generator.setSize(figure.size);
    generator.setViewBox(QRect(QPoint(), figure.size));
    generator.setTitle(figure.title.toHtmlEscaped()); // Qt writes it as it is
    generator.setDescription(QStringLiteral("Kinoscope"));
    {
        QPainter painter(&generator);
        figure.paint(painter, pixelRatio);
    }
    writeFileAtomically(file, bytesOf(buffer));
}

void writePng(const PlotFigure &figure, const fs::path &file, double pixelRatio)
{
    QImage image((QSizeF(figure.size) * pixelRatio).toSize(), QImage::Format_RGB32);
    if (image.isNull())
        throw Error(file, "there is not enough memory for a picture of this size");
    image.setDevicePixelRatio(pixelRatio);
    image.setText(QStringLiteral("Title"), figure.title);
    {
        QPainter painter(&image);
        figure.paint(painter, pixelRatio);
    }
    QBuffer buffer;
    buffer.open(QIODevice::WriteOnly);
    if (!image.save(&buffer, "PNG"))
        throw Error(file, "the picture could not be made into a PNG");
    writeFileAtomically(file, bytesOf(buffer));
}

std::string endings()
{
    std::string all;
    for (const PlotFormatInfo &info : plotFormats())
        all += (all.empty() ? "" : ", ") + std::string(info.ending);
    return all;
}

PlotFormat formatOf(const PlotFigure &figure, const fs::path &file)
{
    const std::optional<PlotFormat> format = plotFormatOf(file);
    if (!format)
        throw Error(file, "a plot is saved by the ending of its file's name; give it one of these: " + endings());
    if (*format == PlotFormat::csv && figure.tables.empty())
        throw Error(file, "there are no numbers to save here; save a picture (.svg or .png)");
    return *format;
}

} // namespace

const std::vector<PlotFormatInfo> &plotFormats()
{
    static const std::vector<PlotFormatInfo> kFormats{{PlotFormat::svg, ".svg", "SVG"}, {PlotFormat::png, ".png", "PNG"}, {PlotFormat::csv, ".csv", "CSV"}};
    return kFormats;
}

std::optional<PlotFormat> plotFormatOf(const fs::path &file)
{
    const QString ending = QString::fromStdString(file.extension().string());
    for (const PlotFormatInfo &info : plotFormats()) {
        if (ending.compare(QLatin1String(info.ending), Qt::CaseInsensitive) == 0)
            return info.format;
    }
    return std::nullopt;
}

std::vector<fs::path> plotFiles(const PlotFigure &figure, const fs::path &file)
{
    if (formatOf(figure, file) != PlotFormat::csv)
        return {file};
    std::vector<fs::path> files;
    for (const PlotTable &table : figure.tables) {
        const std::string stem = file.stem().string() + (table.name.empty() ? std::string() : "-" + plainFileName(table.name));
        fs::path free = file.parent_path() / (stem + file.extension().string());
        for (int number = 2; std::ranges::find(files, free) != files.end(); ++number)
            free = file.parent_path() / (stem + "-" + std::to_string(number) + file.extension().string());
        files.push_back(std::move(free));
    }
    return files;
}

std::vector<fs::path> savePlot(const PlotFigure &figure, const fs::path &file, double pixelRatio, const CancelToken &cancel, const Progress &progress)
{
    const std::vector<fs::path> files = plotFiles(figure, file);
    switch (formatOf(figure, file)) {
    case PlotFormat::svg: writeSvg(figure, file, pixelRatio); break;
    case PlotFormat::png: writePng(figure, file, pixelRatio); break;
    case PlotFormat::csv:
        for (std::size_t place = 0; place < files.size(); ++place) {
            const auto share = [&](std::size_t done) { return static_cast<double>(done) / static_cast<double>(files.size()); };
            figure.tables[place].write(files[place], cancel, progress.part(share(place), share(place + 1)));
        }
        break;
    }
    return files;
}

PlotFigure figureOfImage(const QImage &image)
{
    PlotFigure figure;
    figure.size = image.size();
    figure.paint = [image](QPainter &painter, double) { painter.drawImage(QRect(QPoint(), image.size()), image); };
    return figure;
}

bool paintsVectors(const QPainter &painter) { return painter.paintEngine() && painter.paintEngine()->type() == QPaintEngine::SVG; }

} // namespace kino
