#include "widgets/style/plot_menu.h"

#include <QCoreApplication>
#include <QMenu>

namespace kino {
namespace {

QString tr(const char *text) { return QCoreApplication::translate("PlotMenu", text); }

} // namespace

void addSaveMenu(QMenu &menu, QObject *context, std::function<void(PlotFormat format, double pixelRatio)> save)
{
    // Twice as sharp: embedded pictures too, which vectors cannot make sharper.
    constexpr double kSharp = 2;
    QMenu *as = menu.addMenu(tr("&Save as"));
    as->addAction(tr("&SVG, lines and text\u2026"), context, [save] { save(PlotFormat::svg, kSharp); });
    as->addAction(tr("&PNG, as on the screen\u2026"), context, [save] { save(PlotFormat::png, 1); });
    as->addAction(tr("PNG, &twice as sharp\u2026"), context, [save] { save(PlotFormat::png, kSharp); });
    as->addSeparator();
    as->addAction(tr("&CSV, the numbers\u2026"), context, [save] { save(PlotFormat::csv, 1); });
}

} // namespace kino
