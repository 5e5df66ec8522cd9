// The live spectrogram of one stream over what is in view, with its settings. GUI thread.
#pragma once

#include "app/kinoscope/task_runner.h"
#include "widgets/spectrogram/compute.h"

#include <QWidget>

class QGridLayout;
class QLabel;
class QToolButton;

namespace kino {

class ChoiceBox;
class PanelHead;
class Session;
class SpectrogramView;

class SpectrogramPanel : public QWidget {
    Q_OBJECT

public:
    SpectrogramPanel(Session &session, TaskRunner &runner, QWidget *parent = nullptr);
    SpectrogramView &view() { return *m_view; }
    /** Title, stream, axis, badge and settings in one row: for the dock that takes the panel, which owns it then. */
    PanelHead *head() const { return m_head; }
    /** True once the picture is of what is in view, with the settings as they are. */
    bool isSettled() const { return !m_line.isBusy() && !m_isWanted; }
    /** Milliseconds from the last question to its answer. */
    double lastAnswerMs() const { return m_lastAnswerMs; }
    bool showsModelBadge() const;

    /** By "device/stream"; what there is none of changes nothing. */
    void chooseStream(const QString &id);
    /** "x", "magnitude", "triaxial"; what there is none of changes nothing. */
    void chooseSource(const QString &name);

    void showSettings(bool shown);
    bool areSettingsShown() const;
    /** The settings of the transform that is asked for now. */
    StftOptions stftOptions() const;

Q_SIGNALS:
    void settledChanged();
    void settingsShown(bool shown);

protected:
    void resizeEvent(QResizeEvent *event) override;

private:
    void makeHead();
    void makeSettings();
    ChoiceBox *addSetting(const QString &caption, const QString &key, std::initializer_list<std::pair<QString, int>> choices, int usual);
    void layOutSettings();
    void updateModelOnly();
    std::size_t usualHop(std::size_t window) const;
    void showLanes();
    void fillSources();
    void ask();
    void showRange();
    void updateBadge();
    std::shared_ptr<const LaneData> chosenLane() const;

    Session &m_session;
    TaskLine m_line;
    SpectrogramView *m_view;
    PanelHead *m_head;
    ChoiceBox *m_stream;
    ChoiceBox *m_source;
    QLabel *m_badge;
    QToolButton *m_settingsButton;
    QWidget *m_settings;
    QGridLayout *m_grid;
    int m_columns = 0; // of the grid
    ChoiceBox *m_shape;
    ChoiceBox *m_window;
    ChoiceBox *m_hop;
    ChoiceBox *m_padding;
    ChoiceBox *m_top;
    ChoiceBox *m_range;
    ChoiceBox *m_scale;
    ChoiceBox *m_map;
    std::vector<QWidget *> m_cells; // of the grid: caption and choice
    std::shared_ptr<const LaneData> m_shownLane;
    QStringList m_listedIds; // in m_stream
    QStringList m_listedTitles;
    QElapsedTimer m_sinceAsked;
    double m_lastAnswerMs = 0;
    bool m_isWanted = false; // a recording is open and nothing has been asked about it yet
};

} // namespace kino
