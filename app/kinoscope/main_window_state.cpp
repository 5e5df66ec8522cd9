// What the window keeps from start to start: theme, layouts, what was open last, recent projects.
#include "app/kinoscope/main_window.h"

#include "app/kinoscope/experiments/experiments_page.h"
#include "app/kinoscope/inspect/inspect_page.h"
#include "widgets/window/message_line.h"
#include "widgets/window/start_page.h"

#include <QApplication>
#include <QDir>
#include <QFileInfo>
#include <QMenu>
#include <QSettings>
#include <QUrl>

namespace kino {
namespace {

constexpr int kMostRecent = 8;

/** Absolute, without a slash at its end; empty for an empty one. */
QString plainPath(const std::filesystem::path &path)
{
    return path.empty() ? QString() : QDir::cleanPath(QFileInfo(QString::fromStdString(path.string())).absoluteFilePath());
}

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
    std::vector<std::filesystem::path> paths;
    for (const QString &path : settings.value(QStringLiteral("last/paths")).toStringList()) {
        if (QFileInfo::exists(path))
            paths.emplace_back(path.toStdString());
    }
    const bool hasProject = !project.isEmpty() && QFileInfo(project).isDir();
    if (!hasProject && paths.empty())
        return;
    KeptView view;
    view.recording = settings.value(QStringLiteral("last/recording")).toString();
    // As text: a nanosecond must not pass through a double.
    view.visible = {{settings.value(QStringLiteral("last/visible-start-ns")).toString().toLongLong()}, {settings.value(QStringLiteral("last/visible-end-ns")).toString().toLongLong()}};
    view.playhead = {settings.value(QStringLiteral("last/playhead-ns")).toString().toLongLong()};
    m_keptView = view;
    if (hasProject)
        m_library.openProjectAt(project.toStdString(), view.recording);
    else
        openPaths(paths);
    if (settings.value(QStringLiteral("last/page")).toString() == QLatin1String("experiments"))
        m_commands.showExperiments->trigger();
}

void MainWindow::openPaths(const std::vector<std::filesystem::path> &paths)
{
    if (paths.empty())
        return;
    if (m_library.count() == 0 && !m_library.isBusy())
        m_openedPaths.clear(); // a new beginning
    m_openedTogether.clear();
    for (const std::filesystem::path &path : paths)
        m_openedTogether += plainPath(path);
    m_openedPaths += m_openedTogether;
    m_library.open(paths);
}

void MainWindow::followImport(const ImportSummary &summary)
{
    const QStringList together = std::exchange(m_openedTogether, {});
    if (together.size() > 1 && m_library.project().empty() && summary.added + summary.known + summary.changed + summary.relocated > 0)
        rememberRecent(together.join(QLatin1Char('\n')));
    if (!m_keptView)
        return;
    const QString wanted = m_keptView->recording;
    for (const LibraryItem &item : m_library.model().allItems()) {
        if (m_library.nameOf(item.id) == wanted && m_session.open().id != item.id) {
            m_library.choose(item.id); // and its view is restored with it
            return;
        }
    }
    m_keptView.reset();
}

QStringList MainWindow::openedPaths()
{
    QStringList inLibrary;
    for (const LibraryItem &item : m_library.model().allItems())
        inLibrary += plainPath(m_library.pathOf(item.id));
    QStringList paths;
    for (const QString &path : m_openedPaths) {
        const QString inside = path.endsWith(QLatin1Char('/')) ? path : path + QLatin1Char('/');
        const bool isInUse = std::ranges::any_of(inLibrary, [&](const QString &each) { return each == path || each.startsWith(inside); });
        if (isInUse && !paths.contains(path))
            paths += path;
    }
    return paths;
}

void MainWindow::restoreView()
{
    if (!m_keptView || !m_session.recording())
        return;
    const KeptView view = *m_keptView;
    if (view.recording != QString::fromStdString(m_session.recording()->name)) {
        // Outside a project, the first that is read is shown; the wanted one may be read after it.
        if (!m_library.project().empty())
            m_keptView.reset();
        return;
    }
    m_keptView.reset();
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
    if (m_library.project().empty()) {
        const QStringList paths = openedPaths();
        if (paths.isEmpty())
            return;
        settings.setValue(QStringLiteral("last/paths"), paths);
    } else {
        settings.setValue(QStringLiteral("last/project"), QString::fromStdString(std::filesystem::absolute(m_library.project()).string()));
    }
    settings.setValue(QStringLiteral("last/page"), m_commands.showExperiments->isChecked() ? QStringLiteral("experiments") : QStringLiteral("inspect"));
    if (!m_session.recording())
        return;
    settings.setValue(QStringLiteral("last/recording"), QString::fromStdString(m_session.recording()->name));
    settings.setValue(QStringLiteral("last/visible-start-ns"), QString::number(m_session.visibleRange().start.ns));
    settings.setValue(QStringLiteral("last/visible-end-ns"), QString::number(m_session.visibleRange().end.ns));
    settings.setValue(QStringLiteral("last/playhead-ns"), QString::number(m_session.playhead().ns));
}

void MainWindow::setTheme(ThemeKind kind) { applyTheme(*qApp, kind); }

void MainWindow::rememberRecent(const QString &paths)
{
    QStringList clean;
    for (const QString &each : paths.split(QLatin1Char('\n'), Qt::SkipEmptyParts))
        clean += QDir::cleanPath(each);
    const QString path = clean.join(QLatin1Char('\n'));
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
        entries.push_back({recentName(path), path});
    m_start->setRecent(entries);
    m_recentMenu->setEnabled(!paths.isEmpty());
}

QString MainWindow::recentName(const QString &paths)
{
    const QStringList each = paths.split(QLatin1Char('\n'), Qt::SkipEmptyParts);
    if (each.isEmpty())
        return paths;
    const QString first = QDir::cleanPath(each.front());
    const QString name = QFileInfo(first).fileName();
    const QString shown = name.isEmpty() ? first : name; // the root has no name
    return each.size() == 1 ? shown : tr("%1 and %2 more").arg(shown).arg(each.size() - 1);
}

QStringList MainWindow::recentPaths() const { return QSettings().value(QStringLiteral("window/recent")).toStringList(); }

} // namespace kino
