// The Inspect page: library, video, spectrogram, signals and details as docks that can be moved, tabbed, floated and
// closed. GUI thread.
#pragma once

#include "app/kinoscope/commands.h"
#include "app/kinoscope/task_runner.h"

#include <QMainWindow>

#include <array>

namespace kino {

class Annotator;
class ClockPanel;
class ClockSetter;
class DetailsPanel;
class KeptLayout;
class LabelsPanel;
class Library;
class LibraryView;
class PanelDock;
class PlotFiles;
class Session;
class SpectrogramPanel;
class TimelinePanel;
class TransportPanel;
class VideoPanel;
class WindowsPanel;

class InspectPage : public QMainWindow {
    Q_OBJECT

public:
    InspectPage(Session &session, Library &library, Annotator &annotator, ClockSetter &clocks, Commands &commands, TaskRunner &runner, QWidget *parent = nullptr);

    VideoPanel &video() { return *m_video; }
    SpectrogramPanel &spectrogram() { return *m_spectrogram; }
    TimelinePanel &timeline() { return *m_timeline; }
    TransportPanel &transport() { return *m_transport; }
    DetailsPanel &details() { return *m_details; }
    LabelsPanel &labels() { return *m_labels; }
    ClockPanel &clocks() { return *m_clocks; }
    LibraryView &library() { return *m_library; }
    WindowsPanel &windows() { return *m_windows; }
    /** Where plots are saved. */
    PlotFiles &plotFiles() { return *m_plotFiles; }

    /** "library", "video", "spectrogram", "signals", "details", "labels", "clocks", "windows"; nullptr for anything else. */
    PanelDock *dock(const QString &name) const;

    /** Where it is closed or behind another, so that it is seen. */
    void showDock(const QString &name);

    /** False until somebody moves a border, a dock, or closes one. */
    bool isLayoutChanged() const { return !m_isUsual; }
    QByteArray saveLayout() const;
    /** What cannot be restored gives the usual layout. */
    void restoreLayout(const QByteArray &state);
    /** Panels take their usual places and shares, the shares again after every change of size. */
    void resetLayout();

Q_SIGNALS:
    void failed(const QString &sentence, const QString &details);
    void told(const QString &sentence);

protected:
    void resizeEvent(QResizeEvent *event) override;
    bool eventFilter(QObject *watched, QEvent *event) override;
    QMenu *createPopupMenu() override;

private:
    void makeDocks(Session &session, Commands &commands);
    void arrangeDocks();
    void applyUsualSizes();
    void showWantedDocks();
    void lineUpSpectrogram();
    void nameTabs();
    void noteChange();
    bool applyLayout(const QByteArray &docks);
    QWidget &plotMeant();
    void addPlotMenus();
    /** `plot` is what it is called in file names. */
    QString figureName(const QString &plot) const;

    Session &m_session;
    Commands &m_commands;
    LibraryView *m_library;
    VideoPanel *m_video;
    SpectrogramPanel *m_spectrogram;
    TransportPanel *m_transport;
    TimelinePanel *m_timeline;
    DetailsPanel *m_details;
    LabelsPanel *m_labels;
    ClockPanel *m_clocks;
    WindowsPanel *m_windows;
    PlotFiles *m_plotFiles;
    KeptLayout *m_kept;

    struct Place {
        PanelDock *dock;
        QAction *toggle; // checked: the person wants it
        bool isUsual = true; // in the usual layout
    };
    std::array<Place, 8> m_places{};
    QTimer m_lineUp;
    bool m_isUsual = true;
    /** While the page itself moves docks, their signals are no wish of the person's. */
    bool m_isArranging = false;
};

} // namespace kino
