#include "widgets/style/plot_image.h"

#include <QClipboard>
#include <QCoreApplication>
#include <QFile>
#include <QFileDialog>
#include <QGuiApplication>
#include <QPixmap>
#include <QWidget>

namespace kino {

void copyAsImage(QWidget &plot) { QGuiApplication::clipboard()->setPixmap(plot.grab()); }

QString saveAsImage(QWidget &plot, const QString &path)
{
    QFile file(path);
    const QString failure = QCoreApplication::translate("PlotImage", "The image could not be written to %1.").arg(path);
    if (!file.open(QIODevice::WriteOnly))
        return failure;
    return plot.grab().save(&file, "PNG") ? QString() : failure;
}

QString askAndSaveAsImage(QWidget &plot, const QString &name)
{
    const QString path = QFileDialog::getSaveFileName(&plot, QCoreApplication::translate("PlotImage", "Save image"), name + QStringLiteral(".png"), QCoreApplication::translate("PlotImage", "PNG (*.png)"));
    return path.isEmpty() ? QString() : saveAsImage(plot, path);
}

} // namespace kino
