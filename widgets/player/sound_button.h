// Sound on or off by a click, louder or softer by the wheel, and a slider where the button is held. GUI thread.
#pragma once

#include <QToolButton>

class QSlider;

namespace kino {

class SoundButton : public QToolButton {
    Q_OBJECT

public:
    /** Percent that a step of the wheel, and a command, changes. */
    static constexpr int kStepPercent = 10;

    /** `mute` is checked while there is to be no sound. */
    explicit SoundButton(QAction *mute, QWidget *parent = nullptr);

    /** 0 to 100. */
    void setVolume(int percent);

Q_SIGNALS:
    void volumeRequested(int percent);

protected:
    void wheelEvent(QWheelEvent *event) override;

private:
    QSlider *m_slider;
};

} // namespace kino
