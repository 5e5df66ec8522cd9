// The live spectrogram of one stream over what is in view, with its settings. GUI thread.
#pragma once

#include "app/kinoscope/task_runner.h"
#include "widgets/spectrogram_compute.h"

#include <QWidget>

class QComboBox;
class QLabel;
class QToolButton;

namespace kino {

class Session;
class SpectrogramView;

class SpectrogramPanel : public QWidget {
    Q_OBJECT

public:
    SpectrogramPanel(Session &session, TaskRunner &runner, QWidget *parent = nullptr);
    SpectrogramView &view() { return *m_view; }
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

Q_SIGNALS:
    void settledChanged();

private:
    void makeHead();
    void makeSettings();
    void showLanes();
    void fillSources();
    void ask();
    void showRange();
    void updateBadge();
    std::shared_ptr<const LaneData> chosenLane() const;
    void saveSettings() const;

    Session &m_session;
    TaskLine m_line;
    SpectrogramView *m_view;
    QComboBox *m_stream;
    QComboBox *m_source;
    QLabel *m_badge;
    QToolButton *m_settingsButton;
    QWidget *m_settings;
    QComboBox *m_window;
    QComboBox *m_hop;
    QComboBox *m_range;
    QComboBox *m_map;
    std::shared_ptr<const LaneData> m_shownLane;
    QElapsedTimer m_sinceAsked;
    double m_lastAnswerMs = 0;
    bool m_isWanted = false; // a recording is open and nothing has been asked about it yet
};

} // namespace kino
