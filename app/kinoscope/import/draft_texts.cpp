#include "app/kinoscope/import/draft_texts.h"

#include <QCoreApplication>
#include <QStringList>

#include <fast_float/fast_float.h>

#include <cmath>

namespace kino {

QString factorText(double value)
{
    if (value != 0 && std::abs(value) < 1 && std::isfinite(value)) {
        const double parts = 1 / value;
        if (std::abs(parts - std::round(parts)) < 1e-9 * std::abs(parts) && std::abs(parts) > 20)
            return (value < 0 ? QStringLiteral("-1/") : QStringLiteral("1/")) + QString::number(std::abs(std::round(parts)), 'f', 0);
    }
    return QString::number(value, 'g', 12);
}

QString columnMeaningText(const ProfileDraft &draft, std::size_t column)
{
    const ColumnDraft &each = draft.columns[column];
    switch (each.use) {
    case ColumnUse::ignored: return {};
    case ColumnUse::time: return QCoreApplication::translate("ImportForm", "time, %1").arg(QString::fromStdString(draft.time.unit));
    case ColumnUse::label: return QCoreApplication::translate("ImportForm", "label");
    case ColumnUse::sensor: break;
    }
    QString text = QString::fromUtf8(streamKindName(each.kind).data(), static_cast<qsizetype>(streamKindName(each.kind).size())).replace(QLatin1Char('-'), QLatin1Char(' '));
    if (each.kind != StreamKind::other)
        text += QLatin1Char(' ') + QString::fromStdString(each.axis);
    if (!each.unit.empty())
        text += QStringLiteral(", ") + QString::fromStdString(each.unit);
    if (each.scale != 1)
        text += QStringLiteral(" \u00d7 ") + factorText(each.scale);
    if (!each.device.empty())
        text = QString::fromStdString(each.device) + QLatin1Char(' ') + text;
    return text;
}

std::optional<double> parseFactor(const QString &text)
{
    const auto number = [](QString part) -> std::optional<double> {
        const std::string digits = part.trimmed().replace(QLatin1Char(','), QLatin1Char('.')).replace(QChar(0x2212), QLatin1Char('-')).toStdString();
        double value = 0;
        const auto [end, failure] = fast_float::from_chars(digits.data(), digits.data() + digits.size(), value);
        if (failure != std::errc() || end != digits.data() + digits.size() || !std::isfinite(value))
            return std::nullopt;
        return value;
    };
    const QStringList parts = text.split(QLatin1Char('/'));
    const auto above = number(parts.value(0));
    if (parts.size() == 1)
        return above;
    const auto below = number(parts.value(1));
    if (parts.size() != 2 || !above || !below || *below == 0 || !std::isfinite(*above / *below))
        return std::nullopt;
    return *above / *below;
}

} // namespace kino
