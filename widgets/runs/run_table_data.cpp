#include "widgets/runs/run_table_data.h"

#include <QCoreApplication>
#include <QLocale>
#include <QPainterPath>

#include <cmath>

namespace kino {

QString runStateText(RunState state)
{
    const auto word = [](const char *text) { return QCoreApplication::translate("RunState", text); };
    switch (state) {
    case RunState::queued: return word("waiting");
    case RunState::running: return word("running");
    case RunState::paused: return word("paused");
    case RunState::cancelling: return word("cancelling");
    case RunState::cancelled: return word("cancelled");
    case RunState::interrupted: return word("interrupted");
    case RunState::failed: return word("failed");
    case RunState::done: return word("done");
    }
    return {};
}

void paintRunState(QPainter &painter, QPointF centre, RunState state, const Theme &theme)
{
    painter.save();
    painter.setRenderHint(QPainter::Antialiasing);
    painter.translate(centre);
    painter.setPen(Qt::NoPen);
    switch (state) {
    case RunState::done: paintMark(painter, {0, 0}, Mark::good, theme); break;
    case RunState::failed: paintMark(painter, {0, 0}, Mark::bad, theme); break;
    case RunState::interrupted: paintMark(painter, {0, 0}, Mark::warning, theme); break;
    case RunState::running: {
        QPainterPath triangle;
        triangle.moveTo(-3, -4);
        triangle.lineTo(4, 0);
        triangle.lineTo(-3, 4);
        triangle.closeSubpath();
        painter.fillPath(triangle, theme.accent);
        break;
    }
    case RunState::paused:
        painter.fillRect(QRectF(-3.5, -4, 2.5, 8), theme.warning);
        painter.fillRect(QRectF(1, -4, 2.5, 8), theme.warning);
        break;
    case RunState::queued:
        painter.setPen(QPen(theme.dim, 1.5));
        painter.drawEllipse(QPointF(0, 0), 3.5, 3.5);
        break;
    case RunState::cancelling:
    case RunState::cancelled:
        painter.setPen(QPen(theme.dim, 1.5));
        painter.drawEllipse(QPointF(0, 0), 4, 4);
        painter.drawLine(QPointF(-2.8, 2.8), QPointF(2.8, -2.8));
        break;
    }
    painter.restore();
}

std::optional<Spread> finiteSpread(std::vector<double> values)
{
    std::erase_if(values, [](double value) { return !std::isfinite(value); });
    return spreadOf(values);
}

QString numberCellText(double number)
{
    if (!std::isfinite(number))
        return QStringLiteral("\u2013");
    QString text;
    if (number == std::round(number) && std::abs(number) < 1e15)
        text = QLocale(QLocale::English, QLocale::UnitedStates).toString(static_cast<qint64>(number));
    else
        text = QString::number(number, std::abs(number) >= 1e-4 && std::abs(number) < 1 ? 'f' : 'g', 4);
    return text.replace(QLatin1Char('-'), QChar(0x2212));
}

QString spreadText(const Spread &spread)
{
    if (!spread.deviation)
        return numberCellText(spread.mean);
    // Two digits of the spread, and the mean to the same place.
    const double deviation = *spread.deviation;
    const int decimals = deviation > 0 ? std::clamp(1 - static_cast<int>(std::floor(std::log10(deviation))), 0, 6) : 3;
    QString text = QString::number(spread.mean, 'f', decimals) + QStringLiteral(" \u00b1 ") + QString::number(deviation, 'f', decimals);
    return text.replace(QLatin1Char('-'), QChar(0x2212));
}

} // namespace kino
