// Buttons, clock and speed in one row between the pictures and the timeline. The commands are the window's own actions.
#pragma once

#include "core/base/time.h"

#include <QWidget>

#include <vector>

class QToolButton;

namespace kino {

/** Position and length, with digits that stand still. */
class ClockLabel : public QWidget {
    Q_OBJECT

public:
    explicit ClockLabel(QWidget *parent = nullptr);
    void setTimes(RecordingTime now, RecordingTime end);
    QString text() const;
    QSize sizeHint() const override;
    QSize minimumSizeHint() const override { return sizeHint(); }

protected:
    void paintEvent(QPaintEvent *event) override;

private:
    QFont strongFont() const;
    RecordingTime m_now;
    RecordingTime m_end;
};

class ChoiceBox;
class ElidedLabel;
class SoundButton;

class TransportBar : public QWidget {
    Q_OBJECT

public:
    struct Actions {
        QAction *toStart;
        QAction *stepBack;
        QAction *play;
        QAction *stepForward;
        QAction *toEnd;
        QAction *loop;
        QAction *mute;
    };

    /** What the list of speeds offers, ascending. */
    static const std::vector<double> &speeds();

    explicit TransportBar(const Actions &actions, QWidget *parent = nullptr);

    void setTimes(RecordingTime now, RecordingTime end);
    void setSpeed(double speed);
    void setFollow(int index);
    /** 0 to 100. */
    void setVolume(int percent);
    /** "frame 159", "no footage": what is under the playhead. */
    void setReadout(const QString &text);
    const ClockLabel &clock() const { return *m_clock; }
    QString readout() const;

Q_SIGNALS:
    void speedRequested(double speed);
    void followRequested(int index);
    void volumeRequested(int percent);

private:
    ClockLabel *m_clock;
    ChoiceBox *m_speed;
    ChoiceBox *m_follow;
    SoundButton *m_sound;
    ElidedLabel *m_readout;
};

} // namespace kino
