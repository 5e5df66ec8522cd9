#include "widgets/player/transport_bar.h"

#include "widgets/controls/choice_box.h"
#include "widgets/controls/elided_label.h"
#include "widgets/player/sound_button.h"
#include "widgets/style/text_painting.h"
#include "widgets/style/theme.h"
#include "widgets/timeline/time_axis.h"

#include <QAction>
#include <QHBoxLayout>
#include <QPainter>
#include <QSignalBlocker>
#include <QToolButton>

namespace kino {
namespace {

QString speedText(double speed)
{
    return QString::number(speed) + QChar(0x00D7);
}

QToolButton *makeButton(QAction *action, QWidget *parent)
{
    auto *button = new QToolButton(parent);
    button->setDefaultAction(action);
    button->setIconSize({16, 16});
    button->setToolButtonStyle(Qt::ToolButtonIconOnly);
    button->setAccessibleName(action->text().remove(QLatin1Char('&')));
    button->setFocusPolicy(Qt::TabFocus);
    return button;
}

} // namespace

ClockLabel::ClockLabel(QWidget *parent) : QWidget(parent)
{
    setAccessibleName(tr("Position"));
    setSizePolicy(QSizePolicy::Fixed, QSizePolicy::Preferred);
}

void ClockLabel::setTimes(RecordingTime now, RecordingTime end)
{
    if (m_now == now && m_end == end)
        return;
    const bool resizes = clockText(m_end).size() != clockText(end).size() || clockText(m_now).size() != clockText(now).size();
    m_now = now;
    m_end = end;
    if (resizes)
        updateGeometry();
    update();
}

QString ClockLabel::text() const { return clockText(m_now); }

QFont ClockLabel::strongFont() const
{
    QFont strong = font();
    strong.setPointSizeF(font().pointSizeF() * 1.3);
    strong.setWeight(QFont::DemiBold);
    return strong;
}

QSize ClockLabel::sizeHint() const
{
    const double width = tabularWidth(strongFont(), clockText(m_now)) + tabularWidth(font(), QStringLiteral("  / ") + clockText(m_end));
    return {static_cast<int>(width) + 4, 28};
}

void ClockLabel::paintEvent(QPaintEvent *)
{
    QPainter painter(this);
    const Theme &theme = themeOf(palette());
    painter.setFont(strongFont());
    painter.setPen(theme.text);
    const QString now = clockText(m_now);
    drawTabular(painter, rect(), Qt::AlignLeft, now);
    const double used = tabularWidth(painter.font(), now);
    painter.setFont(font());
    painter.setPen(theme.dim);
    drawTabular(painter, QRectF(rect()).adjusted(used, 1, 0, 1), Qt::AlignLeft, QStringLiteral("  / ") + clockText(m_end));
}

const std::vector<double> &TransportBar::speeds()
{
    static const std::vector<double> speeds{0.1, 0.25, 0.5, 1, 2, 4};
    return speeds;
}

TransportBar::TransportBar(const Actions &actions, QWidget *parent)
    : QWidget(parent), m_clock(new ClockLabel(this)), m_speed(new ChoiceBox(tr("Speed"), this)),
      m_follow(new ChoiceBox(tr("Follow the playhead"), this)), m_sound(new SoundButton(actions.mute, this)), m_readout(new ElidedLabel(this))
{
    auto *row = new QHBoxLayout(this);
    row->setContentsMargins(0, 0, 0, 0);
    row->setSpacing(4);
    for (QAction *action : {actions.toStart, actions.stepBack, actions.play, actions.stepForward, actions.toEnd}) {
        QToolButton *button = makeButton(action, this);
        if (action == actions.play)
            button->setProperty("look", QStringLiteral("primary"));
        row->addWidget(button);
    }
    row->addSpacing(12);
    row->addWidget(m_clock);
    row->addSpacing(16);
    for (const double speed : speeds())
        m_speed->addItem(speedText(speed), speed);
    m_speed->setCurrentIndex(m_speed->findData(1.0));
    row->addWidget(m_speed);
    m_follow->addItems({tr("Follow: page"), tr("Follow: scroll"), tr("Follow: off")});
    QToolButton *loop = makeButton(actions.loop, this);
    row->addWidget(loop);
    row->addWidget(m_sound);
    row->addWidget(m_follow);
    row->addSpacing(8);
    m_readout->setProperty("role", QStringLiteral("dim"));
    m_readout->setAccessibleName(tr("Under the playhead"));
    row->addWidget(m_readout, 1);
    connect(m_speed, &QComboBox::activated, this, [this](int index) { Q_EMIT speedRequested(m_speed->itemData(index).toDouble()); });
    connect(m_sound, &SoundButton::volumeRequested, this, &TransportBar::volumeRequested);
    connect(m_follow, &QComboBox::activated, this, &TransportBar::followRequested);
}

void TransportBar::setTimes(RecordingTime now, RecordingTime end) { m_clock->setTimes(now, end); }

void TransportBar::setSpeed(double speed)
{
    const QSignalBlocker blocker(m_speed);
    int index = m_speed->findData(speed);
    if (index < 0) {
        // A shuttle's speed that is not on the list, backwards for one.
        m_speed->addItem(speedText(speed), speed);
        index = m_speed->count() - 1;
    }
    m_speed->setCurrentIndex(index);
}

void TransportBar::setFollow(int index)
{
    const QSignalBlocker blocker(m_follow);
    m_follow->setCurrentIndex(index);
}

void TransportBar::setVolume(int percent) { m_sound->setVolume(percent); }

void TransportBar::setReadout(const QString &text)
{
    if (m_readout->text() != text)
        m_readout->setText(text);
}

QString TransportBar::readout() const { return m_readout->text(); }

} // namespace kino
