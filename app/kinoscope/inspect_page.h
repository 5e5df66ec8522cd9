// The Inspect page: video and spectrogram side by side, transport, timeline. GUI thread.
#pragma once

#include "app/kinoscope/commands.h"
#include "app/kinoscope/task_runner.h"

#include <QWidget>

class QSplitter;

namespace kino {

class DetailsPanel;
class Library;
class LibraryView;
class Session;
class SpectrogramPanel;
class TimelinePanel;
class TransportPanel;
class VideoPanel;

class InspectPage : public QWidget {
    Q_OBJECT

public:
    InspectPage(Session &session, Library &library, Commands &commands, TaskRunner &runner, QWidget *parent = nullptr);

    VideoPanel &video() { return *m_video; }
    SpectrogramPanel &spectrogram() { return *m_spectrogram; }
    TimelinePanel &timeline() { return *m_timeline; }
    TransportPanel &transport() { return *m_transport; }
    DetailsPanel &details() { return *m_details; }
    LibraryView &library() { return *m_library; }

    bool isLayoutChanged() const { return !m_isUsual; }
    QByteArray saveLayout() const;
    void restoreLayout(const QByteArray &state);
    /** Panels take their usual shares, again after every change of size, until somebody moves a border. */
    void resetLayout();

Q_SIGNALS:
    void failed(const QString &sentence, const QString &details);

protected:
    void resizeEvent(QResizeEvent *event) override;

private:
    void applyUsualSizes();

    LibraryView *m_library;
    VideoPanel *m_video;
    SpectrogramPanel *m_spectrogram;
    TransportPanel *m_transport;
    TimelinePanel *m_timeline;
    DetailsPanel *m_details;
    QSplitter *m_across;
    QSplitter *m_down;
    QSplitter *m_pictures;
    bool m_isUsual = true;
};

} // namespace kino
