#include "widgets/style/theme.h"

#include "widgets/style/focus_mark.h"
#include "widgets/style/resources.h"

#include <QApplication>
#include <QFile>
#include <QFontDatabase>
#include <QFontInfo>
#include <QFrame>
#include <QStyleFactory>

namespace kino {
namespace {

Theme makeLight()
{
    Theme theme;
    theme.kind = ThemeKind::light;
    theme.surface = 0xFAFAF8;
    theme.raised = 0xFFFFFF;
    theme.plot = 0xFDFDFC;
    theme.line = 0xDEDDD8;
    theme.grid = 0xEFEFEB;
    theme.text = 0x1E1F22;
    theme.dim = 0x6B6E76;
    theme.faint = 0x8A8D94;
    theme.accent = 0x2F6FDE;
    theme.onAccent = 0xFFFFFF;
    theme.selection = 0xDCE7FB;
    theme.good = 0x2E8B57;
    theme.warning = 0xB97808;
    theme.bad = 0xC8372D;
    theme.axes = {QColor(0xD0501F), QColor(0x0B8F6E), QColor(0x2C7CC7)};
    theme.labels = {QColor(0x2C7CC7), QColor(0xD0501F), QColor(0x0B8F6E), QColor(0xA27BD9), QColor(0xC79A1B), QColor(0x4FB3D9),
                    QColor(0xC2588E), QColor(0x6E8B3D), QColor(0x5B5FC7), QColor(0xE0874F), QColor(0x2FA7A0), QColor(0x8B6F5A)};
    return theme;
}

Theme makeDark()
{
    Theme theme;
    theme.kind = ThemeKind::dark;
    theme.surface = 0x17181B;
    theme.raised = 0x1F2125;
    theme.plot = 0x1B1D20;
    theme.line = 0x33363C;
    theme.grid = 0x26292E;
    theme.text = 0xE6E6E3;
    theme.dim = 0x9A9DA5;
    theme.faint = 0x7C8088;
    theme.accent = 0x6EA0FF;
    theme.onAccent = 0x10131A;
    theme.selection = 0x24365C;
    theme.good = 0x5DBB7B;
    theme.warning = 0xE0A33E;
    theme.bad = 0xF0695F;
    theme.axes = {QColor(0xF0764A), QColor(0x2FBF9B), QColor(0x56A0E4)};
    theme.labels = {QColor(0x56A0E4), QColor(0xF0764A), QColor(0x2FBF9B), QColor(0xB48CF0), QColor(0xE0B83E), QColor(0x74CBEF),
                    QColor(0xE07AAE), QColor(0x9CBB62), QColor(0x8C90F0), QColor(0xF5A877), QColor(0x4FC9C1), QColor(0xB89A84)};
    return theme;
}

/** Of what is filled in, ticked or dragged: 3:1 on any ground (WCAG 2.1, 1.4.11). Hairlines between panels carry no meaning. */
QColor outlineOf(const Theme &theme) { return theme.kind == ThemeKind::dark ? 0x6F737B : 0x8A8D94; }

QString readStyleSheet(const Theme &theme)
{
    ensureResources();
    QFile file(QStringLiteral(":/kinoscope/style/kinoscope.qss"));
    if (!file.open(QIODevice::ReadOnly))
        return {};
    QString sheet = QString::fromUtf8(file.readAll());
    const std::array<std::pair<const char *, QColor>, 13> tokens{
        {{"@surface", theme.surface}, {"@raised", theme.raised}, {"@plot", theme.plot}, {"@line", theme.line}, {"@outline", outlineOf(theme)},
         {"@text", theme.text}, {"@dim", theme.dim}, {"@faint", theme.faint}, {"@accent", theme.accent},
         {"@onAccent", theme.onAccent}, {"@selection", theme.selection}, {"@warning", theme.warning}, {"@bad", theme.bad}}};
    // Longer names first would matter only if one token began another; none does.
    for (const auto &[name, colour] : tokens)
        sheet.replace(QLatin1String(name), colour.name());
    sheet.replace(QLatin1String("$theme"), theme.kind == ThemeKind::dark ? QStringLiteral("dark") : QStringLiteral("light"));
    return sheet;
}

/** Where no desktop says otherwise, fontconfig's last resort comes; a face made for screens is better when there is one. */
QString interfaceFamily(const QString &given)
{
    if (given != QLatin1String("DejaVu Sans") && given != QLatin1String("Sans Serif") && given != QLatin1String("Sans"))
        return given;
    const QStringList installed = QFontDatabase::families();
    for (const char *family : {"Inter", "Noto Sans", "Cantarell", "Roboto"}) {
        if (installed.contains(QLatin1String(family)))
            return QLatin1String(family);
    }
    return given;
}

} // namespace

const Theme &lightTheme()
{
    static const Theme theme = makeLight();
    return theme;
}

const Theme &darkTheme()
{
    static const Theme theme = makeDark();
    return theme;
}

const Theme &themeOf(ThemeKind kind) { return kind == ThemeKind::dark ? darkTheme() : lightTheme(); }

const Theme &themeOf(const QPalette &palette)
{
    return palette.color(QPalette::Window).lightness() < 128 ? darkTheme() : lightTheme();
}

QColor axisColour(const Theme &theme, const QString &axis, int position)
{
    if (axis == QLatin1String("x"))
        return theme.axes[0];
    if (axis == QLatin1String("y"))
        return theme.axes[1];
    if (axis == QLatin1String("z"))
        return theme.axes[2];
    // An axis without a letter of its own: a lone one is drawn as text is, several take the label colours.
    return position <= 0 ? theme.text : theme.labels[static_cast<std::size_t>(position - 1) % theme.labels.size()];
}

QPalette paletteOf(const Theme &theme)
{
    QPalette palette;
    palette.setColor(QPalette::Window, theme.raised);
    palette.setColor(QPalette::WindowText, theme.text);
    palette.setColor(QPalette::Base, theme.raised);
    palette.setColor(QPalette::AlternateBase, theme.surface);
    palette.setColor(QPalette::Text, theme.text);
    palette.setColor(QPalette::PlaceholderText, theme.dim);
    palette.setColor(QPalette::Button, theme.surface);
    palette.setColor(QPalette::ButtonText, theme.text);
    palette.setColor(QPalette::BrightText, theme.bad);
    palette.setColor(QPalette::Light, theme.raised);
    palette.setColor(QPalette::Midlight, theme.line);
    palette.setColor(QPalette::Mid, theme.line);
    palette.setColor(QPalette::Dark, theme.line);
    palette.setColor(QPalette::Shadow, theme.line);
    palette.setColor(QPalette::Highlight, theme.accent);
    palette.setColor(QPalette::HighlightedText, theme.onAccent);
    palette.setColor(QPalette::Link, theme.accent);
    palette.setColor(QPalette::LinkVisited, theme.accent);
    palette.setColor(QPalette::ToolTipBase, theme.raised);
    palette.setColor(QPalette::ToolTipText, theme.text);
    for (const QPalette::ColorRole role : {QPalette::WindowText, QPalette::Text, QPalette::ButtonText})
        palette.setColor(QPalette::Disabled, role, theme.faint);
    palette.setColor(QPalette::Disabled, QPalette::Highlight, theme.line);
    palette.setColor(QPalette::Disabled, QPalette::HighlightedText, theme.dim);
    return palette;
}

ThemeKind systemTheme()
{
    return QApplication::palette().color(QPalette::Window).lightness() < 128 ? ThemeKind::dark : ThemeKind::light;
}

ThemeKind systemThemeAtStart()
{
    static const ThemeKind kind = systemTheme();
    return kind;
}

void applyTheme(QApplication &application, ThemeKind kind)
{
    systemThemeAtStart();
    const Theme &theme = themeOf(kind);
    if (application.style()->objectName().compare(QLatin1String("fusion"), Qt::CaseInsensitive) != 0
        && application.styleSheet().isEmpty())
        QApplication::setStyle(QStyleFactory::create(QStringLiteral("Fusion")));
    if (application.styleSheet().isEmpty()) {
        QFont font = QApplication::font();
        font.setFamily(interfaceFamily(QFontInfo(font).family()));
        font.setPointSizeF(std::max(10.0, font.pointSizeF()));
        QApplication::setFont(font);
    }
    FocusMark::ensureFor(application);
    QApplication::setPalette(paletteOf(theme));
    application.setStyleSheet(readStyleSheet(theme));
}

QFont panelTitleFont(const QFont &base)
{
    QFont font = base;
    font.setPointSizeF(base.pointSizeF() * 1.1);
    font.setWeight(QFont::DemiBold);
    return font;
}

QFont smallFont(const QFont &base)
{
    QFont font = base;
    font.setPointSizeF(base.pointSizeF() * 0.9);
    return font;
}

QFrame *makeHairline(QWidget *parent)
{
    auto *line = new QFrame(parent);
    line->setProperty("role", QStringLiteral("hairline"));
    line->setFixedHeight(1);
    return line;
}

} // namespace kino
