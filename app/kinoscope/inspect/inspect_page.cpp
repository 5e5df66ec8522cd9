#include "app/kinoscope/inspect/inspect_page.h"

#include "app/kinoscope/annotate/annotator.h"
#include "app/kinoscope/annotate/label_commands.h"
#include "app/kinoscope/annotate/labels_panel.h"
#include "app/kinoscope/annotate/timeline_labels.h"
#include "app/kinoscope/clocks/clock_panel.h"
#include "app/kinoscope/inspect/details_panel.h"
#include "app/kinoscope/inspect/plot_files.h"
#include "app/kinoscope/library/library.h"
#include "app/kinoscope/sealed_bytes.h"
#include "app/kinoscope/session.h"
#include "app/kinoscope/inspect/spectrogram_panel.h"
#include "app/kinoscope/inspect/timeline_panel.h"
#include "app/kinoscope/inspect/transport_panel.h"
#include "app/kinoscope/inspect/video_panel.h"
#include "widgets/controls/chip_bar.h"
#include "app/kinoscope/windows/windows_panel.h"
#include "widgets/controls/choice_box.h"
#include "widgets/library/view.h"
#include "widgets/window/kept_layout.h"
#include "widgets/window/panel_dock.h"
#include "widgets/style/plot_image.h"
#include "widgets/style/plot_menu.h"
#include "widgets/spectrogram/view.h"
#include "widgets/player/video_view.h"

#include <QAction>
#include <QDataStream>
#include <QMouseEvent>
#include <QScopedValueRollback>
#include <QTabBar>

namespace kino {
namespace {

/** Raised when docks get other names or meanings: layouts kept before are then let go. */
constexpr qint32 kLayoutVersion = 3;
/** Plots whose docks lie this nearly above each other are lined up. */
constexpr int kSameColumn = 4;

QString recordingName(const Session &session) { return session.recording() ? QString::fromStdString(session.recording()->name) : QString(); }

} // namespace

InspectPage::InspectPage(Session &session, Library &library, Annotator &annotator, ClockSetter &clocks, Commands &commands, TaskRunner &runner, QWidget *parent)
    : QMainWindow(parent), m_session(session), m_commands(commands), m_kept(new KeptLayout(*this, [this](const QByteArray &docks) { return applyLayout(docks); }))
{
    setWindowFlags(Qt::Widget); // a page of the window, not a window
    setObjectName(QStringLiteral("page"));
    setAttribute(Qt::WA_StyledBackground);
    setDockOptions(AllowNestedDocks | AllowTabbedDocks | AnimatedDocks);
    setTabPosition(Qt::AllDockWidgetAreas, QTabWidget::North);
    m_library = new LibraryView(&library.model());
    m_video = new VideoPanel(session, runner);
    m_spectrogram = new SpectrogramPanel(session, runner);
    m_transport = new TransportPanel(session, commands.transportActions());
    m_timeline = new TimelinePanel(session, runner);
    m_details = new DetailsPanel(session, runner);
    m_labels = new LabelsPanel(session, library, annotator, commands);
    m_clocks = new ClockPanel(session, clocks, commands, m_timeline->view(), runner);
    m_windows = new WindowsPanel(session, library, commands, runner);
    new TimelineLabels(session, annotator, commands, m_timeline->view(), this);
    new LabelCommands(session, annotator, commands, m_timeline->view(), this);
    makeDocks(session, commands);
    arrangeDocks();
    connect(&annotator, &Annotator::vocabularyChanged, this, [this, from = &annotator] {
        m_library->labelChips().setLabelColours(from->colours());
        m_windows->setLabelColours(from->colours());
    });
    connect(&annotator, &Annotator::projectNeeded, this, [this] { showDock(QStringLiteral("labels")); });

    m_lineUp.setSingleShot(true);
    connect(&m_lineUp, &QTimer::timeout, this, &InspectPage::lineUpSpectrogram);
    connect(&m_lineUp, &QTimer::timeout, this, &InspectPage::nameTabs);
    connect(m_library, &LibraryView::chosen, &library, &Library::choose);
    connect(&session, &Session::recordingChanged, this, [this] {
        m_library->setCurrent(m_session.open().id);
        showWantedDocks();
        m_kept->renew(); // with the video or without it, as it was
    });
    connect(m_timeline, &TimelinePanel::playToggleRequested, commands.play, &QAction::trigger);
    connect(&clocks, &ClockSetter::failed, this, [this](const QString &sentence) { Q_EMIT failed(sentence, sentence); });
    connect(m_video, &VideoPanel::failed, this, &InspectPage::failed);
    connect(commands.copyImage, &QAction::triggered, this, [this] { copyAsImage(plotMeant()); });
    connect(m_windows, &WindowsPanel::windowsChanged, this, [this] { m_timeline->view().setWindows(m_windows->windows()); });
    connect(m_windows, &WindowsPanel::failed, this, &InspectPage::failed);
    connect(m_windows, &WindowsPanel::told, this, &InspectPage::told);
    connect(commands.toggleWindows, &QAction::toggled, m_windows, &WindowsPanel::setActive);
    connect(commands.countAllWindows, &QAction::triggered, commands.toggleWindows, [&commands] { commands.toggleWindows->setChecked(true); });
    m_plotFiles = new PlotFiles(runner, *this);
    connect(m_plotFiles, &PlotFiles::failed, this, &InspectPage::failed);
    connect(m_plotFiles, &PlotFiles::told, this, &InspectPage::told);
    addPlotMenus();
}

/** The plot that a person who presses Ctrl+C has in mind. */
QWidget &InspectPage::plotMeant()
{
    for (QWidget *plot : {static_cast<QWidget *>(&m_spectrogram->view()), static_cast<QWidget *>(&m_video->view())}) {
        if (plot->underMouse() || plot->hasFocus())
            return *plot;
    }
    return m_timeline->view();
}

QString InspectPage::figureName(const QString &plot) const { return plotName(recordingName(m_session), plot, m_session.visibleRange(), m_session.bounds()); }

void InspectPage::addPlotMenus()
{
    TimelineView &timeline = m_timeline->view();
    connect(&timeline, &TimelineView::saveRequested, this, [this, &timeline](PlotFormat format, double pixelRatio) { m_plotFiles->ask(timeline.figure(), figureName(QStringLiteral("timeline")), format, pixelRatio); });
    const auto show = [this](QWidget &plot, const std::function<void(QMenu &)> &fill) {
        plot.setContextMenuPolicy(Qt::CustomContextMenu);
        connect(&plot, &QWidget::customContextMenuRequested, this, [&plot, fill](QPoint place) {
            QMenu menu(&plot);
            menu.addAction(tr("&Copy as image"), &plot, [&plot] { copyAsImage(plot); });
            fill(menu);
            menu.exec(plot.mapToGlobal(place));
        });
    };
    SpectrogramView &spectrogram = m_spectrogram->view();
    show(spectrogram, [this, &spectrogram](QMenu &menu) {
        addSaveMenu(menu, this, [this, &spectrogram](PlotFormat format, double pixelRatio) { m_plotFiles->ask(spectrogram.figure(), figureName(QStringLiteral("spectrogram")), format, pixelRatio); });
    });
    // A frame of a film has neither lines nor numbers.
    show(m_video->view(), [this](QMenu &menu) {
        menu.addAction(tr("&Save image\u2026"), this, [this] {
            const RecordingTime now = m_session.playhead();
            m_plotFiles->ask(figureOfImage(m_video->view().grab().toImage()), plotName(recordingName(m_session), QStringLiteral("frame"), {now, now}, m_session.bounds()), PlotFormat::png, 1);
        });
    });
}

void InspectPage::makeDocks(Session &session, Commands &commands)
{
    Q_UNUSED(session);
    auto *transportHead = new PanelHead({}, this);
    transportHead->addControl(m_transport, 1);
    const auto make = [this](const QString &name, const QString &title, QWidget *content, PanelHead *head, QAction *toggle) {
        auto *dock = new PanelDock(name, title, content, head, this);
        connect(dock, &PanelDock::closedByHand, toggle, [toggle] { toggle->setChecked(false); });
        connect(dock, &QDockWidget::topLevelChanged, this, &InspectPage::noteChange);
        connect(dock, &QDockWidget::dockLocationChanged, this, &InspectPage::noteChange);
        connect(toggle, &QAction::toggled, this, [this] {
            showWantedDocks();
            noteChange();
        });
        dock->installEventFilter(this);
        return Place{dock, toggle};
    };
    m_places = {make(QStringLiteral("library"), tr("Library"), m_library, nullptr, commands.toggleLibrary),
                make(QStringLiteral("video"), tr("Video"), m_video, nullptr, commands.toggleVideo),
                make(QStringLiteral("spectrogram"), tr("Spectrogram"), m_spectrogram, m_spectrogram->head(), commands.toggleSpectrogram),
                make(QStringLiteral("signals"), tr("Signals"), m_timeline, transportHead, commands.toggleSignals),
                make(QStringLiteral("details"), tr("Details"), m_details, nullptr, commands.toggleDetails),
                make(QStringLiteral("labels"), tr("Labels"), m_labels, nullptr, commands.toggleLabels),
                make(QStringLiteral("clocks"), tr("Clocks"), m_clocks, m_clocks->head(), commands.toggleClocks),
                make(QStringLiteral("windows"), tr("Windows"), m_windows, m_windows->head(), commands.toggleWindows)};
    for (Place &place : m_places) {
        place.isUsual = place.dock->widget() != m_clocks && place.dock->widget() != m_windows;
        if (place.isUsual && place.dock->widget() != m_labels)
            continue;
        // They share a place with the details.
        connect(place.toggle, &QAction::toggled, place.dock, [dock = place.dock](bool on) {
            if (on)
                dock->raise();
        });
    }
    dock(QStringLiteral("library"))->head().addTrailing(m_library->countLabel());
    dock(QStringLiteral("video"))->head().addControl(m_video->choice());
    installEventFilter(this);
}

PanelDock *InspectPage::dock(const QString &name) const
{
    for (const Place &place : m_places) {
        if (place.dock->objectName() == name)
            return place.dock;
    }
    return nullptr;
}

void InspectPage::showDock(const QString &name)
{
    for (const Place &place : m_places) {
        if (place.dock->objectName() != name)
            continue;
        place.toggle->setChecked(true);
        place.dock->raise();
    }
}

void InspectPage::arrangeDocks()
{
    const QScopedValueRollback arranging(m_isArranging, true);
    for (const Place &place : m_places) {
        place.dock->setFloating(false);
        removeDockWidget(place.dock);
    }
    PanelDock *video = dock(QStringLiteral("video"));
    PanelDock *spectrogram = dock(QStringLiteral("spectrogram"));
    // All in one area: without a widget in the middle, only so do sizes add up.
    addDockWidget(Qt::TopDockWidgetArea, dock(QStringLiteral("library")));
    splitDockWidget(dock(QStringLiteral("library")), video, Qt::Horizontal);
    splitDockWidget(video, dock(QStringLiteral("details")), Qt::Horizontal);
    tabifyDockWidget(dock(QStringLiteral("details")), dock(QStringLiteral("labels")));
    tabifyDockWidget(dock(QStringLiteral("details")), dock(QStringLiteral("clocks")));
    splitDockWidget(video, dock(QStringLiteral("signals")), Qt::Vertical);
    splitDockWidget(video, spectrogram, Qt::Horizontal);
    tabifyDockWidget(dock(QStringLiteral("details")), dock(QStringLiteral("windows")));
    showWantedDocks();
    dock(QStringLiteral("details"))->raise();
}

/** Without a video its place is the spectrogram's. */
void InspectPage::showWantedDocks()
{
    const QScopedValueRollback arranging(m_isArranging, true);
    const Recording *recording = m_session.recording();
    for (const Place &place : m_places) {
        const bool hasContent = place.dock->widget() != m_video || !recording || !recording->videos.empty();
        place.dock->setVisible(place.toggle->isChecked() && hasContent);
    }
    if (m_isUsual)
        applyUsualSizes();
    nameTabs();
    m_lineUp.start();
}

/** Tabs come with the first panels that share a place. */
void InspectPage::nameTabs()
{
    for (QTabBar *tabs : findChildren<QTabBar *>())
        tabs->setAccessibleName(tr("Panels in this place"));
}

void InspectPage::noteChange()
{
    if (!m_isArranging) {
        m_isUsual = false;
        m_kept->letGo();
    }
    m_lineUp.start();
}

QByteArray InspectPage::saveLayout() const
{
    QByteArray state;
    QDataStream stream(&state, QIODevice::WriteOnly);
    QStringList unwanted;
    for (const Place &place : m_places) {
        if (!place.toggle->isChecked())
            unwanted += place.dock->objectName();
    }
    stream << kLayoutVersion << m_kept->held().value_or(saveState(kLayoutVersion)) << unwanted;
    return sealedBytes(state);
}

void InspectPage::restoreLayout(const QByteArray &state)
{
    const QScopedValueRollback arranging(m_isArranging, true);
    const std::optional<QByteArray> body = openedSeal(state);
    if (!body) {
        resetLayout();
        return;
    }
    QDataStream stream(*body);
    qint32 version = 0;
    QByteArray docks;
    QStringList unwanted;
    stream >> version;
    if (version == kLayoutVersion)
        stream >> docks >> unwanted;
    if (version != kLayoutVersion || stream.status() != QDataStream::Ok || !m_kept->hold(docks)) {
        resetLayout();
        return;
    }
    for (const Place &place : m_places)
        place.toggle->setChecked(!unwanted.contains(place.dock->objectName()));
    showWantedDocks();
    m_kept->renew(); // panels that were shown above, and raised, have gone to their places
}

bool InspectPage::applyLayout(const QByteArray &docks)
{
    const QScopedValueRollback arranging(m_isArranging, true);
    if (!restoreState(docks, kLayoutVersion))
        return false;
    m_isUsual = false;
    showWantedDocks();
    return true;
}

void InspectPage::resetLayout()
{
    const QScopedValueRollback arranging(m_isArranging, true);
    m_kept->letGo();
    m_isUsual = true;
    for (const Place &place : m_places)
        place.toggle->setChecked(place.isUsual);
    arrangeDocks();
}

void InspectPage::resizeEvent(QResizeEvent *event)
{
    QMainWindow::resizeEvent(event);
    if (m_isUsual)
        applyUsualSizes();
    m_lineUp.start();
}

bool InspectPage::eventFilter(QObject *watched, QEvent *event)
{
    // A press on the page itself is one on a border between docks.
    if (watched == this && event->type() == QEvent::MouseButtonPress && static_cast<QMouseEvent *>(event)->button() == Qt::LeftButton && isSeparator(static_cast<QMouseEvent *>(event)->pos()))
        m_isUsual = false;
    if (event->type() == QEvent::Resize || event->type() == QEvent::Move || event->type() == QEvent::Show || event->type() == QEvent::Hide)
        m_lineUp.start();
    return QMainWindow::eventFilter(watched, event);
}

QMenu *InspectPage::createPopupMenu() { return nullptr; } // the window's View menu lists the panels

/** Sides as wide as they need; pictures take two fifths of the height, the video a little more than half their width. */
void InspectPage::applyUsualSizes()
{
    const int side = std::clamp(width() * 15 / 100, 196, 260);
    // Counts by class need more width than facts do.
    const bool showsWindows = m_places.back().toggle->isChecked();
    const int facts = showsWindows ? std::clamp(width() * 22 / 100, 316, 372) : std::clamp(width() * 18 / 100, 236, 300);
    PanelDock *library = dock(QStringLiteral("library"));
    PanelDock *details = dock(QStringLiteral("details"));
    PanelDock *video = dock(QStringLiteral("video"));
    PanelDock *spectrogram = dock(QStringLiteral("spectrogram"));
    PanelDock *signalsDock = dock(QStringLiteral("signals"));
    const int middle = std::max(400, width() - (library->isHidden() ? 0 : side) - (details->isHidden() ? 0 : facts));
    resizeDocks({library, signalsDock, details}, {side, middle, facts}, Qt::Horizontal);
    if (!video->isHidden() && !spectrogram->isHidden())
        resizeDocks({video, spectrogram}, {middle * 55 / 100, middle - middle * 55 / 100}, Qt::Horizontal);
    const int upper = height() * 41 / 100;
    PanelDock *picture = video->isHidden() ? spectrogram : video;
    if (!picture->isHidden() && !signalsDock->isHidden())
        resizeDocks({picture, signalsDock}, {upper, height() - upper}, Qt::Vertical);
}

/** A spectrogram right above or below the timeline shows the same time at the same pixel. */
void InspectPage::lineUpSpectrogram()
{
    SpectrogramView &plot = m_spectrogram->view();
    const TimelineView &lanes = m_timeline->view();
    std::optional<std::pair<int, int>> margins;
    if (plot.isVisible() && lanes.isVisible() && plot.window() == lanes.window()) {
        const int left = lanes.mapToGlobal(QPoint(0, 0)).x() - plot.mapToGlobal(QPoint(0, 0)).x();
        const int right = plot.width() - lanes.width() - left;
        if (std::abs(left) <= kSameColumn && std::abs(right) <= kSameColumn)
            margins = {left + TimelineLayout::kHeaderWidth, right + TimelineLayout::kRightMargin};
    }
    plot.setSideMargins(margins);
}

} // namespace kino
