#include "widgets/spectrogram/view.h"

#include "core/signal/stft.h"

#include "widgets/style/text_painting.h"
#include "widgets/style/theme.h"
#include "widgets/timeline/value_axis.h"

#include <QMouseEvent>
#include <QPainter>
#include <QWheelEvent>

#include <cmath>

namespace kino {
namespace {

constexpr double kZoomPerStep = 0.8;

} // namespace

SpectrogramView::SpectrogramView(QWidget *parent) : QWidget(parent)
{
    setAccessibleName(tr("Spectrogram"));
    setMouseTracking(true);
}

void SpectrogramView::setData(std::shared_ptr<const SpectrogramData> data)
{
    m_content.data = std::move(data);
    m_message.clear();
    invalidate(Stale::colours);
}

void SpectrogramView::setVisibleRange(TimeRange visible)
{
    if (m_content.visible == visible)
        return;
    m_content.visible = visible;
    invalidate(Stale::picture);
}

void SpectrogramView::setPlayhead(std::optional<RecordingTime> playhead)
{
    const auto updateStrip = [this] {
        if (m_playhead && !m_content.visible.isEmpty()) {
            const double x = axis().xOf(*m_playhead);
            if (x > -4 && x < width() + 4)
                update(QRect(static_cast<int>(std::floor(x)) - 2, 0, 5, height()));
        }
    };
    updateStrip();
    m_playhead = playhead;
    updateStrip();
}

void SpectrogramView::setColourMap(ColourMap map)
{
    m_content.map = map;
    invalidate(Stale::colours);
}

void SpectrogramView::setDecibels(std::optional<DecibelRange> range)
{
    m_content.decibels = range;
    invalidate(Stale::colours);
}

void SpectrogramView::setUnit(const QString &unit) { m_unit = unit; }

void SpectrogramView::setMessage(const QString &message)
{
    m_message = message;
    m_content.data.reset();
    invalidate(Stale::colours);
}

void SpectrogramView::setFrequencyScale(FrequencyScale scale)
{
    m_content.scale = scale;
    invalidate(Stale::picture);
}

void SpectrogramView::setSideMargins(std::optional<std::pair<int, int>> leftAndRight)
{
    if (m_content.margins == leftAndRight)
        return;
    m_content.margins = leftAndRight;
    invalidate(Stale::picture);
    Q_EMIT plotResized();
}

void SpectrogramView::invalidate(Stale what)
{
    m_canvas.invalidate(what);
    update();
}

SpectrogramContent SpectrogramView::contentNow() const
{
    SpectrogramContent content = m_content;
    content.size = size();
    return content;
}

void SpectrogramView::resizeEvent(QResizeEvent *)
{
    invalidate(Stale::picture);
    Q_EMIT plotResized();
}

void SpectrogramView::changeEvent(QEvent *event)
{
    if (event->type() == QEvent::PaletteChange || event->type() == QEvent::FontChange)
        invalidate(Stale::picture);
    QWidget::changeEvent(event);
}

void SpectrogramView::paintEvent(QPaintEvent *)
{
    QPainter painter(this);
    const Theme &theme = themeOf(palette());
    const QRect area = plotArea();
    m_canvas.paint(painter, contentNow(), theme, font(), devicePixelRatioF());
    if (!m_message.isEmpty()) {
        painter.setPen(theme.dim);
        painter.drawText(area.adjusted(24, 8, -24, -8), Qt::AlignCenter | Qt::TextWordWrap, m_message);
    }
    paintReadout(painter);
    if (m_playhead && m_content.data && !m_content.visible.isEmpty()) {
        const double x = std::floor(axis().xOf(*m_playhead));
        if (x >= area.left() - 1 && x <= area.right() + 1) {
            // An edge of the ground's colour keeps the line visible on any colour map.
            QColor edge = theme.surface;
            edge.setAlphaF(0.6F);
            painter.fillRect(QRectF(x - 1.5, area.top(), 4, area.height()), edge);
            painter.fillRect(QRectF(x - 0.5, area.top(), 2, area.height()), theme.accent);
        }
    }
}

void SpectrogramView::paintReadout(QPainter &painter)
{
    const QRect area = plotArea();
    if (!m_hover || !m_content.data || m_content.data->topHz <= 0 || !area.contains(m_hover->toPoint()))
        return;
    const Theme &theme = themeOf(palette());
    const RecordingTime time = axis().timeAt(m_hover->x());
    const double hz = hzAt(m_hover->y());
    QString text = clockText(time) + QStringLiteral("   ") + valueText(hz) + QStringLiteral(" Hz");
    if (const std::optional<float> power = m_content.data->powerAt(time, hz))
        text += QStringLiteral("   ") + valueText(decibel(*power), 0.1) + QStringLiteral(" dB");
    painter.save();
    painter.setFont(smallFont(font()));
    const double width = tabularWidth(painter.font(), text) + 16;
    const QRectF chip(area.left() + 6, area.top() + 6, width, 20);
    QColor ground = theme.raised;
    ground.setAlphaF(0.9F);
    painter.setRenderHint(QPainter::Antialiasing);
    painter.setPen(Qt::NoPen);
    painter.setBrush(ground);
    painter.drawRoundedRect(chip, 4, 4);
    painter.setPen(theme.text);
    drawTabular(painter, chip, Qt::AlignHCenter, text);
    painter.restore();
}

void SpectrogramView::mousePressEvent(QMouseEvent *event)
{
    if (event->button() == Qt::LeftButton && plotArea().contains(event->position().toPoint()) && !m_content.visible.isEmpty())
        Q_EMIT playheadRequested(axis().timeAt(event->position().x()));
}

void SpectrogramView::mouseMoveEvent(QMouseEvent *event)
{
    m_hover = event->position();
    update(QRect(plotArea().left(), plotArea().top(), plotArea().width(), 32));
    if (event->buttons().testFlag(Qt::LeftButton) && !m_content.visible.isEmpty())
        Q_EMIT playheadRequested(axis().timeAt(event->position().x()));
}

void SpectrogramView::mouseDoubleClickEvent(QMouseEvent *event)
{
    if (event->button() == Qt::LeftButton)
        Q_EMIT fitRequested();
}

void SpectrogramView::wheelEvent(QWheelEvent *event)
{
    const double steps = event->angleDelta().y() / 120.0;
    if (steps == 0 || m_content.visible.isEmpty())
        return;
    event->accept();
    if (event->modifiers().testFlag(Qt::ShiftModifier)) {
        const Nanos shift = -std::llround(steps * 0.12 * static_cast<double>(m_content.visible.duration()));
        Q_EMIT visibleRangeRequested({m_content.visible.start + shift, m_content.visible.end + shift});
        return;
    }
    Q_EMIT visibleRangeRequested(scaledAbout(m_content.visible, axis().timeAt(event->position().x()), std::pow(kZoomPerStep, steps)));
}

void SpectrogramView::leaveEvent(QEvent *event)
{
    m_hover.reset();
    update();
    QWidget::leaveEvent(event);
}

} // namespace kino
