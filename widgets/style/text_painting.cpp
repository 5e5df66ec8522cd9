#include "widgets/style/text_painting.h"

#include "widgets/style/plot_figure.h"

#include <QFontMetricsF>

namespace kino {
namespace {

double digitWidth(const QFontMetricsF &metrics)
{
    double widest = 0;
    for (char digit = '0'; digit <= '9'; ++digit)
        widest = std::max(widest, metrics.horizontalAdvance(QLatin1Char(digit)));
    return widest;
}

/** Only ASCII digits take the common width; all else keeps its own. */
bool isDigit(QChar character) { return character >= QLatin1Char('0') && character <= QLatin1Char('9'); }

double widthOf(const QFontMetricsF &metrics, double digit, const QString &text)
{
    double width = 0;
    for (const QChar character : text)
        width += isDigit(character) ? digit : metrics.horizontalAdvance(character);
    return width;
}

} // namespace

double tabularWidth(const QFont &font, const QString &text)
{
    const QFontMetricsF metrics(font);
    return widthOf(metrics, digitWidth(metrics), text);
}

void drawTabular(QPainter &painter, const QRectF &rect, Qt::Alignment alignment, const QString &text)
{
    if (paintsVectors(painter)) {
        // In a file a number stands still anyway, and is one text that can be found and changed.
        painter.drawText(rect, static_cast<int>(alignment | Qt::AlignVCenter) | Qt::TextDontClip, text);
        return;
    }
    const QFontMetricsF metrics(painter.font());
    const double digit = digitWidth(metrics);
    double x = rect.left();
    if (alignment.testFlag(Qt::AlignRight))
        x = rect.right() - widthOf(metrics, digit, text);
    else if (alignment.testFlag(Qt::AlignHCenter))
        x = rect.center().x() - widthOf(metrics, digit, text) / 2;
    const double baseline = rect.center().y() + (metrics.ascent() - metrics.descent()) / 2;
    QString run; // characters that are no digits are drawn together, with their kerning
    const auto flush = [&] {
        if (run.isEmpty())
            return;
        painter.drawText(QPointF(x, baseline), run);
        x += metrics.horizontalAdvance(run);
        run.clear();
    };
    for (const QChar character : text) {
        if (!isDigit(character)) {
            run += character;
            continue;
        }
        flush();
        painter.drawText(QPointF(x + (digit - metrics.horizontalAdvance(character)) / 2, baseline), character);
        x += digit;
    }
    flush();
}

} // namespace kino
