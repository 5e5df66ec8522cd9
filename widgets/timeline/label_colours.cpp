#include "widgets/timeline/label_colours.h"

#include <QPainter>
#include <QPixmap>

#include <algorithm>
#include <array>
#include <string_view>

namespace kino {
namespace {

constexpr int kColours = 12;

/** Lower-case letters and digits only: how a data set writes a name does not change its colour. */
QString plainName(const QString &label)
{
    QString plain;
    for (const QChar character : label) {
        if (character.isLetterOrNumber())
            plain += character.toLower();
    }
    return plain;
}

struct KnownLabel {
    QLatin1String name;
    int place;
};

const std::array<KnownLabel, 41> kKnownLabels{{{QLatin1String("walk"), 0}, {QLatin1String("walking"), 0},
    {QLatin1String("stand"), 1}, {QLatin1String("standing"), 1},
    {QLatin1String("sit"), 2}, {QLatin1String("sitting"), 2}, {QLatin1String("seated"), 2},
    {QLatin1String("stairsup"), 3}, {QLatin1String("walkingupstairs"), 3}, {QLatin1String("upstairs"), 3}, {QLatin1String("stairs"), 3},
    {QLatin1String("goupstairs"), 3},
    {QLatin1String("stairsdown"), 4}, {QLatin1String("walkingdownstairs"), 4}, {QLatin1String("downstairs"), 4},
    {QLatin1String("godownstairs"), 4},
    {QLatin1String("lie"), 5}, {QLatin1String("lying"), 5}, {QLatin1String("laying"), 5}, {QLatin1String("lyingdown"), 5},
    {QLatin1String("run"), 6}, {QLatin1String("running"), 6}, {QLatin1String("jog"), 6}, {QLatin1String("jogging"), 6},
    {QLatin1String("cycle"), 7}, {QLatin1String("cycling"), 7}, {QLatin1String("biking"), 7},
    {QLatin1String("turn"), 8}, {QLatin1String("turning"), 8},
    {QLatin1String("jump"), 9}, {QLatin1String("jumping"), 9}, {QLatin1String("hop"), 9},
    {QLatin1String("standtosit"), 10}, {QLatin1String("sittostand"), 11},
    {QLatin1String("sittolie"), 12}, {QLatin1String("lietosit"), 13}, {QLatin1String("standtolie"), 14}, {QLatin1String("lietostand"), 15},
    {QLatin1String("fall"), 18}, {QLatin1String("falling"), 18},
    {QLatin1String("transition"), 16}}};

LabelLook lookAt(int place)
{
    return {place % kColours, static_cast<LabelLook::Fill>(place / kColours % 3)};
}

} // namespace

LabelLook labelLook(const QString &label)
{
    const QString plain = plainName(label);
    const auto known = std::ranges::find_if(kKnownLabels, [&](const KnownLabel &each) { return plain == each.name; });
    if (known != kKnownLabels.end())
        return lookAt(known->place);
    // FNV-1a: qHash is seeded anew in every process.
    std::uint32_t hash = 2166136261u;
    for (const char byte : plain.toUtf8())
        hash = (hash ^ static_cast<std::uint8_t>(byte)) * 16777619u;
    return lookAt(static_cast<int>((hash >> 8) % (kColours * 3)));
}

QColor labelColour(const Theme &theme, const QString &label)
{
    return theme.labels[static_cast<std::size_t>(labelLook(label).colour)];
}

QColor labelColour(const Theme &theme, const QString &label, const LabelColours &chosen)
{
    const auto own = chosen.constFind(label);
    return own == chosen.cend() ? labelColour(theme, label) : *own;
}

QIcon labelDot(const Theme &theme, const QString &label, const LabelColours &chosen, double pixelRatio)
{
    return labelDot(labelColour(theme, label, chosen), pixelRatio, chosen.contains(label) ? LabelLook::Fill::plain : labelLook(label).fill);
}

QIcon labelDot(const QColor &colour, double pixelRatio, LabelLook::Fill fill)
{
    QPixmap picture(QSize(10, 10) * pixelRatio);
    picture.setDevicePixelRatio(pixelRatio);
    picture.fill(Qt::transparent);
    QPainter painter(&picture);
    painter.setRenderHint(QPainter::Antialiasing);
    painter.setPen(fill == LabelLook::Fill::plain ? QPen(Qt::NoPen) : QPen(colour, 1.2));
    painter.setBrush(fill == LabelLook::Fill::plain ? QBrush(colour) : QBrush(Qt::NoBrush));
    painter.drawEllipse(fill == LabelLook::Fill::plain ? QRectF(1, 1, 8, 8) : QRectF(1.6, 1.6, 6.8, 6.8));
    painter.setBrush(colour);
    if (fill != LabelLook::Fill::plain) // below one diagonal or the other
        painter.drawChord(QRectF(1.6, 1.6, 6.8, 6.8), (fill == LabelLook::Fill::forwardHatch ? 225 : 135) * 16, 180 * 16);
    painter.end();
    return QIcon(picture);
}

} // namespace kino
