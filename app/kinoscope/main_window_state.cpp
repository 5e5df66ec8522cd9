// What the window keeps from start to start: theme, layouts, what was open last, recent projects.
#include "app/kinoscope/main_window.h"

#include "app/kinoscope/experiments/experiments_page.h"
#include "app/kinoscope/inspect/inspect_page.h"
#include "widgets/window/message_line.h"
#include "widgets/window/start_page.h"

#include <QApplication>
#include <QFileInfo>
#include <QMenu>
#include <QSettings>
#include <QUrl>

namespace kino {
namespace {

constexpr int kMostRecent = 8;

} // namespace

void MainWindow::chooseTheme(ThemeChoice choice)
{
    setTheme(choice == ThemeChoice::system ? systemThemeAtStart() : choice == ThemeChoice::dark ? ThemeKind::dark : ThemeKind::light);
    QAction *action = choice == ThemeChoice::system ? m_commands.themeSystem : choice == ThemeChoice::dark ? m_commands.themeDark : m_commands.themeLight;
    action->setChecked(true);
    const QString name = choice == ThemeChoice::system ? QStringLiteral("system") : choice == ThemeChoice::dark ? QStringLiteral("dark") : QStringLiteral("light");
    QSettings().setValue(QStringLiteral("window/theme"), name);
}

QStringList MainWindow::layoutNames() const
{
    QSettings settings;
    settings.beginGroup(QStringLiteral("layouts"));
    QStringList names;
    for (const QString &key : settings.childKeys())
        names += QUrl::fromPercentEncoding(key.toLatin1());
    return names;
}

void MainWindow::saveLayoutAs(const QString &name)
{
    // Names may hold what a key must not.
    QSettings().setValue(QStringLiteral("layouts/") + QString::fromLatin1(QUrl::toPercentEncoding(name)), m_inspect->saveLayout());
    m_messages->showMessage(Mark::good, tr("The layout \u201c%1\u201d is kept under Panels \u203a Layouts.").arg(name));
}

void MainWindow::applyLayout(const QString &name)
{
    m_inspect->restoreLayout(QSettings().value(QStringLiteral("layouts/") + QString::fromLatin1(QUrl::toPercentEncoding(name))).toByteArray());
}

void MainWindow::deleteLayout(const QString &name) { QSettings().remove(QStringLiteral("layouts/") + QString::fromLatin1(QUrl::toPercentEncoding(name))); }

void MainWindow::showLayouts()
{
    m_layoutMenu->clear();
    const QStringList names = layoutNames();
    for (const QString &name : names)
        m_layoutMenu->addAction(QString(name).replace(QLatin1Char('&'), QStringLiteral("&&")), this, [this, name] { applyLayout(name); });
    if (names.isEmpty()) {
        m_layoutMenu->addAction(tr("None is kept yet"))->setEnabled(false);
        return;
    }
    m_layoutMenu->addSeparator();
    QMenu *removal = m_layoutMenu->addMenu(tr("&Delete"));
    for (const QString &name : names)
        removal->addAction(QString(name).replace(QLatin1Char('&'), QStringLiteral("&&")), this, [this, name] { deleteLayout(name); });
}

void MainWindow::restoreLastState()
{
    const QSettings settings;
    const QString project = settings.value(QStringLiteral("last/project")).toString();
    if (project.isEmpty() || !QFileInfo(project).isDir())
        return;
    KeptView view;
    view.recording = settings.value(QStringLiteral("last/recording")).toString();
    // As text: a nanosecond must not pass through a double.
    view.visible = {{settings.value(QStringLiteral("last/visible-start-ns")).toString().toLongLong()}, {settings.value(QStringLiteral("last/visible-end-ns")).toString().toLongLong()}};
    view.playhead = {settings.value(QStringLiteral("last/playhead-ns")).toString().toLongLong()};
    m_keptView = view;
    m_library.openProjectAt(project.toStdString(), view.recording);
    if (settings.value(QStringLiteral("last/page")).toString() == QLatin1String("experiments"))
        m_commands.showExperiments->trigger();
}

void MainWindow::restoreView()
{
    if (!m_keptView || !m_session.recording())
        return;
    const KeptView view = *m_keptView;
    m_keptView.reset();
    if (view.recording != QString::fromStdString(m_session.recording()->name))
        return;
    if (!view.visible.isEmpty())
        m_session.setVisibleRange(view.visible);
    m_session.setPlayhead(view.playhead);
}

void MainWindow::saveState()
{
    QSettings settings;
    settings.setValue(QStringLiteral("window/geometry"), saveGeometry());
    if (m_inspect->isLayoutChanged())
        settings.setValue(QStringLiteral("window/layout"), m_inspect->saveLayout());
    else
        settings.remove(QStringLiteral("window/layout"));
    if (m_experiments->isLayoutChanged())
        settings.setValue(QStringLiteral("experiments/layout"), m_experiments->saveLayout());
    else
        settings.remove(QStringLiteral("experiments/layout"));
    settings.remove(QStringLiteral("last"));
    if (m_library.project().empty())
        return;
    settings.setValue(QStringLiteral("last/project"), QString::fromStdString(std::filesystem::absolute(m_library.project()).string()));
    settings.setValue(QStringLiteral("last/page"), m_commands.showExperiments->isChecked() ? QStringLiteral("experiments") : QStringLiteral("inspect"));
    if (!m_session.recording())
        return;
    settings.setValue(QStringLiteral("last/recording"), QString::fromStdString(m_session.recording()->name));
    settings.setValue(QStringLiteral("last/visible-start-ns"), QString::number(m_session.visibleRange().start.ns));
    settings.setValue(QStringLiteral("last/visible-end-ns"), QString::number(m_session.visibleRange().end.ns));
    settings.setValue(QStringLiteral("last/playhead-ns"), QString::number(m_session.playhead().ns));
}

void MainWindow::setTheme(ThemeKind kind) { applyTheme(*qApp, kind); }

void MainWindow::rememberRecent(const QString &path)
{
    QSettings settings;
    QStringList recent = settings.value(QStringLiteral("window/recent")).toStringList();
    recent.removeAll(path);
    recent.prepend(path);
    while (recent.size() > kMostRecent)
        recent.removeLast();
    settings.setValue(QStringLiteral("window/recent"), recent);
    showRecent();
}

void MainWindow::showRecent()
{
    std::vector<RecentEntry> entries;
    const QStringList paths = recentPaths();
    for (const QString &path : paths)
        entries.push_back({QFileInfo(path).fileName(), path});
    m_start->setRecent(entries);
    m_recentMenu->setEnabled(!paths.isEmpty());
}

QStringList MainWindow::recentPaths() const { return QSettings().value(QStringLiteral("window/recent")).toStringList(); }

} // namespace kino
