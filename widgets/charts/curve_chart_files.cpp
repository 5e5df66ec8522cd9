#include "widgets/charts/curve_lines.h"

#include "core/base/error.h"
#include "widgets/style/plot_figure.h"
#include "widgets/style/plot_image.h"

#include <QFileDialog>
#include <QFileInfo>
#include <QPainter>
#include <QSaveFile>
#include <QSvgGenerator>

#include <cmath>

namespace kino {
namespace {

QString csvText(const QString &text)
{
    if (!text.contains(QLatin1Char(',')) && !text.contains(QLatin1Char('"')) && !text.contains(QLatin1Char('\n')))
        return text;
    return QLatin1Char('"') + QString(text).replace(QLatin1Char('"'), QStringLiteral("\"\"")) + QLatin1Char('"');
}

} // namespace

QByteArray CurveChart::csv() const
{
    const bool hasBands = std::ranges::any_of(m_curves, [](const Curve &curve) { return curve.band != nullptr; });
    QByteArray rows = QStringLiteral("run,name,step,epoch,seconds,%1%2\n").arg(csvText(m_title), hasBands ? QStringLiteral(",low,high") : QString()).toUtf8();
    const auto number = [](double value) { return std::isfinite(value) ? QByteArray::number(value, 'g', 17) : QByteArray(); };
    for (const Curve &curve : m_curves) {
        if (!curve.series)
            continue;
        const QByteArray head = QByteArray::number(curve.id) + ',' + csvText(curve.name).toUtf8() + ',';
        for (std::size_t index = 0; index < curve.series->size(); ++index) {
            const double value = curve.series->values[index];
            rows += head + QByteArray::number(static_cast<qint64>(curve.series->steps[index])) + ',' + QByteArray::number(curve.series->epochs[index], 'g', 17) + ','
                + QByteArray::number(curve.series->seconds[index], 'f', 3) + ',' + number(value);
            if (hasBands)
                rows += ',' + (curve.band ? number(curve.band->low[index]) : QByteArray()) + ',' + (curve.band ? number(curve.band->high[index]) : QByteArray());
            rows += '\n';
        }
    }
    return rows;
}

QString CurveChart::saveAs(const QString &path)
{
    const QString failure = tr("The chart could not be written to %1.").arg(path);
    const std::optional<PlotFormat> format = plotFormatOf(path.toStdString());
    if (format == PlotFormat::csv) {
        QSaveFile file(path);
        const QByteArray rows = csv();
        return file.open(QIODevice::WriteOnly) && file.write(rows) == rows.size() && file.commit() ? QString() : failure;
    }
    setHover(std::nullopt);
    fillAxes();
    if (format != PlotFormat::svg) {
        try {
            savePlot(figureOfImage(grab().toImage()), path.toStdString(), 1);
            return {};
        } catch (const Error &) {
            return failure;
        }
    }
    QSaveFile file(path);
    if (!file.open(QIODevice::WriteOnly))
        return failure;
    QSvgGenerator svg;
    svg.setOutputDevice(&file);
    svg.setSize(size());
    svg.setViewBox(rect());
    svg.setTitle(m_title.toHtmlEscaped()); // Qt writes it as it is
    m_lines->setCacheMode(QGraphicsItem::NoCache); // lines, not their picture
    QPainter painter(&svg);
    render(&painter, rect(), viewport()->rect());
    const bool isWhole = painter.end();
    m_lines->setCacheMode(QGraphicsItem::DeviceCoordinateCache);
    return isWhole && file.commit() ? QString() : failure;
}

void CurveChart::chooseFile()
{
    QString chosen;
    QString path = QFileDialog::getSaveFileName(this, tr("Save chart"), m_title + QStringLiteral(".svg"), tr("Drawing (*.svg);;Picture (*.png);;Numbers (*.csv)"), &chosen);
    if (path.isEmpty())
        return;
    if (QFileInfo(path).suffix().isEmpty())
        path += chosen.contains(QLatin1String("*.png")) ? QStringLiteral(".png") : chosen.contains(QLatin1String("*.csv")) ? QStringLiteral(".csv") : QStringLiteral(".svg");
    if (const QString failure = saveAs(path); !failure.isEmpty())
        Q_EMIT failed(failure);
}

} // namespace kino
