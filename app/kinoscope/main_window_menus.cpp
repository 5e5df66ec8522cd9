// The window's menus and the bar above its pages.
#include "app/kinoscope/main_window.h"

#include "app/kinoscope/experiments/experiments_page.h"
#include "app/kinoscope/experiments/job_corner.h"

#include <QHBoxLayout>
#include <QLabel>
#include <QMenuBar>
#include <QToolButton>

namespace kino {
namespace {

constexpr int kPageBarHeight = 40;

} // namespace

QWidget *MainWindow::makePageBar()
{
    auto *bar = new QWidget(this);
    bar->setProperty("panel", QStringLiteral("bar"));
    bar->setAttribute(Qt::WA_StyledBackground);
    bar->setFixedHeight(kPageBarHeight);
    auto *row = new QHBoxLayout(bar);
    row->setContentsMargins(8, 4, 8, 4);
    row->setSpacing(4);
    // Title in the middle of the window, whatever stands on either side.
    auto *left = new QWidget(bar);
    auto *leftRow = new QHBoxLayout(left);
    leftRow->setContentsMargins(0, 0, 0, 0);
    for (QAction *page : {m_commands.showInspect, m_commands.showExperiments}) {
        auto *tab = new QToolButton(left);
        tab->setDefaultAction(page);
        tab->setProperty("look", QStringLiteral("tab"));
        tab->setFocusPolicy(Qt::TabFocus);
        leftRow->addWidget(tab);
    }
    leftRow->addStretch(1);
    QFont strong = font();
    strong.setWeight(QFont::DemiBold);
    m_title->setFont(strong);
    m_title->setAlignment(Qt::AlignCenter);
    auto *right = new QWidget(bar);
    auto *rightRow = new QHBoxLayout(right);
    rightRow->setContentsMargins(0, 0, 0, 0);
    rightRow->setSpacing(4);
    rightRow->addStretch(1);
    auto *corner = new JobCorner(m_jobs, right);
    connect(corner, &JobCorner::jobWanted, this, [this](qint64 id) {
        m_commands.showExperiments->trigger();
        m_experiments->showJob(id);
    });
    rightRow->addWidget(corner);
    for (QAction *action : {m_commands.openFiles, m_commands.zoomOut, m_commands.zoomIn, m_commands.fit, m_commands.palette, m_commands.toggleTheme, m_commands.shortcuts}) {
        auto *button = new QToolButton(right);
        button->setDefaultAction(action);
        button->setToolButtonStyle(Qt::ToolButtonIconOnly);
        button->setIconSize({16, 16});
        button->setFocusPolicy(Qt::TabFocus);
        button->setAccessibleName(action->text().remove(QLatin1Char('&')));
        rightRow->addWidget(button);
    }
    row->addWidget(left, 1);
    row->addWidget(m_title, 0);
    row->addWidget(right, 1);
    return bar;
}

void MainWindow::makeMenus()
{
    QMenu *file = menuBar()->addMenu(tr("&File"));
    file->addActions({m_commands.openFiles, m_commands.openFolder, m_commands.importWith});
    file->addAction(m_commands.newProject);
    m_recentMenu = file->addMenu(tr("Open &recent"));
    file->addAction(m_commands.openDemo);
    file->addSeparator();
    file->addActions({m_commands.previousRecording, m_commands.nextRecording, m_commands.closeRecording, m_commands.closeAll, m_commands.showUnsaved});
    file->addSeparator();
    file->addAction(m_commands.quit);
    QMenu *edit = menuBar()->addMenu(tr("&Edit"));
    edit->addActions({m_commands.undo, m_commands.redo});
    QMenu *labels = menuBar()->addMenu(tr("La&bels"));
    labels->addActions({m_commands.labelSelection, m_commands.discardLabel});
    labels->addSeparator();
    labels->addActions({m_commands.splitLabel, m_commands.mergeLabels, m_commands.labelStartHere, m_commands.labelEndHere, m_commands.editLabel, m_commands.deleteLabels});
    labels->addSeparator();
    labels->addActions({m_commands.previousLabel, m_commands.nextLabel, m_commands.repeatLabel});
    labels->addSeparator();
    labels->addActions({m_commands.addTier, m_commands.labelSets, m_commands.compareTiers});
    labels->addSeparator();
    labels->addActions({m_commands.importLabels, m_commands.exportLabels});
    QMenu *library = menuBar()->addMenu(tr("&Library"));
    library->addActions({m_commands.editTags, m_commands.editSubject, m_commands.renameRecording, m_commands.showInFolder, m_commands.copyPath});
    library->addSeparator();
    library->addActions({m_commands.importAgain, m_commands.findMoved, m_commands.importReport});
    library->addSeparator();
    library->addAction(m_commands.removeRecording);
    library->addSeparator();
    library->addActions({m_commands.countAllWindows, m_commands.saveWindows, m_commands.copyWindowSpec});
    QMenu *jobs = menuBar()->addMenu(tr("&Jobs"));
    jobs->addActions({m_commands.newJob, m_commands.startWorker});
    jobs->addMenu(tr("After a cras&h"))->addActions({m_commands.afterCrashAlways, m_commands.afterCrashAsk, m_commands.afterCrashNever});
    jobs->addSeparator();
    jobs->addActions({m_commands.pauseJob, m_commands.resumeJob, m_commands.cancelJob, m_commands.takeJobFirst});
    jobs->addSeparator();
    jobs->addActions({m_commands.retryJob, m_commands.repeatJob, m_commands.changeJob, m_commands.openJobFolder});
    jobs->addSeparator();
    jobs->addActions({m_commands.showConfusion, m_commands.starRuns, m_commands.tagRuns, m_commands.noteRun, m_commands.renameRun, m_commands.removeRuns});
    jobs->addSeparator();
    jobs->addActions({m_commands.runsAsCsv, m_commands.runsAsMarkdown, m_commands.runsAsLatex, m_commands.copyComparison, m_commands.reportRuns});
    QMenu *playback = menuBar()->addMenu(tr("&Playback"));
    playback->addActions({m_commands.play, m_commands.pause, m_commands.faster, m_commands.reverse});
    playback->addSeparator();
    playback->addActions({m_commands.speedUp, m_commands.slowDown, m_commands.normalSpeed});
    playback->addSeparator();
    playback->addActions({m_commands.stepBack, m_commands.stepForward, m_commands.secondBack, m_commands.secondForward, m_commands.toStart, m_commands.toEnd});
    playback->addSeparator();
    playback->addActions({m_commands.loop, m_commands.loopStart, m_commands.loopEnd});
    playback->addSeparator();
    playback->addActions({m_commands.mute, m_commands.louder, m_commands.softer});
    playback->addSeparator();
    playback->addActions({m_commands.followPage, m_commands.followScroll, m_commands.followOff});
    QMenu *clocks = menuBar()->addMenu(tr("&Clocks"));
    clocks->addActions({m_commands.laterByFrame, m_commands.earlierByFrame, m_commands.laterByMillisecond, m_commands.earlierByMillisecond, m_commands.laterBySecond, m_commands.earlierBySecond});
    clocks->addSeparator();
    clocks->addActions({m_commands.setPoints, m_commands.takePoint, m_commands.leavePoints});
    clocks->addSeparator();
    clocks->addActions({m_commands.showEvents, m_commands.nextEvent, m_commands.previousEvent});
    QMenu *view = menuBar()->addMenu(tr("&View"));
    view->addActions({m_commands.showInspect, m_commands.showExperiments});
    view->addSeparator();
    view->addActions({m_commands.zoomIn, m_commands.zoomOut, m_commands.fit, m_commands.zoomToSelection, m_commands.selectNone});
    view->addSeparator();
    view->addActions({m_commands.autoScale, m_commands.foldLanes, m_commands.resetLanes, m_commands.spectrogramSettings, m_commands.copyImage});
    view->addSeparator();
    QMenu *theme = view->addMenu(tr("&Theme"));
    theme->addActions({m_commands.themeLight, m_commands.themeDark, m_commands.themeSystem});
    theme->addSeparator();
    theme->addAction(m_commands.toggleTheme);
    QMenu *panels = menuBar()->addMenu(tr("P&anels"));
    panels->addActions({m_commands.toggleLibrary, m_commands.toggleVideo, m_commands.toggleSpectrogram, m_commands.toggleSignals, m_commands.toggleDetails, m_commands.toggleLabels, m_commands.toggleClocks, m_commands.toggleWindows});
    panels->addSeparator();
    panels->addAction(m_commands.search);
    panels->addSeparator();
    m_layoutMenu = panels->addMenu(tr("La&youts"));
    panels->addActions({m_commands.saveLayout, m_commands.resetLayout});
    QMenu *help = menuBar()->addMenu(tr("&Help"));
    help->addActions({m_commands.palette, m_commands.shortcuts});
    help->addSeparator();
    help->addAction(m_commands.about);
}

} // namespace kino
