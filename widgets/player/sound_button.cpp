#include "widgets/player/sound_button.h"

#include <QAction>
#include <QMenu>
#include <QSignalBlocker>
#include <QSlider>
#include <QWheelEvent>
#include <QWidgetAction>

#include <algorithm>

namespace kino {

SoundButton::SoundButton(QAction *mute, QWidget *parent) : QToolButton(parent), m_slider(new QSlider(Qt::Horizontal))
{
    setDefaultAction(mute);
    setIconSize({16, 16});
    setToolButtonStyle(Qt::ToolButtonIconOnly);
    setFocusPolicy(Qt::TabFocus);
    setAccessibleName(tr("Sound"));
    m_slider->setAccessibleName(tr("Volume"));
    m_slider->setRange(0, 100);
    m_slider->setPageStep(kStepPercent);
    m_slider->setFixedWidth(140);
    auto *menu = new QMenu(this);
    auto *entry = new QWidgetAction(menu);
    entry->setDefaultWidget(m_slider);
    menu->addAction(entry);
    setMenu(menu);
    setPopupMode(QToolButton::DelayedPopup);
    setContextMenuPolicy(Qt::CustomContextMenu);
    connect(this, &QWidget::customContextMenuRequested, this, &QToolButton::showMenu);
    connect(m_slider, &QSlider::valueChanged, this, &SoundButton::volumeRequested);
}

void SoundButton::setVolume(int percent)
{
    const QSignalBlocker blocker(m_slider);
    m_slider->setValue(percent);
}

void SoundButton::wheelEvent(QWheelEvent *event)
{
    event->accept();
    const int steps = event->angleDelta().y() / 120;
    if (steps != 0 && isEnabled())
        Q_EMIT volumeRequested(std::clamp(m_slider->value() + steps * kStepPercent, 0, 100));
}

} // namespace kino
