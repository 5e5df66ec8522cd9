#include "widgets/charts/curve_chart.h"

#include "widgets/style/plot_image.h"

#include <QClipboard>
#include <QContextMenuEvent>
#include <QGuiApplication>
#include <QMenu>

#include <cmath>

namespace kino {
namespace {

constexpr double kWheelStep = 0.8;
constexpr double kLeastDrag = 4;

} // namespace

bool CurveChart::event(QEvent *event)
{
    if (event->type() == QEvent::ShortcutOverride) {
        const auto *key = static_cast<QKeyEvent *>(event);
        const bool isPlain = !(key->modifiers() & (Qt::ControlModifier | Qt::AltModifier));
        constexpr std::array kOwn{Qt::Key_Plus, Qt::Key_Equal, Qt::Key_Minus, Qt::Key_F, Qt::Key_Left, Qt::Key_Right};
        if (key->matches(QKeySequence::Copy) || (isPlain && std::ranges::find(kOwn, key->key()) != kOwn.end())) {
            event->accept();
            return true;
        }
    }
    return QChartView::event(event);
}

void CurveChart::resizeEvent(QResizeEvent *event)
{
    QChartView::resizeEvent(event);
    showAxes();
}

void CurveChart::changeEvent(QEvent *event)
{
    QChartView::changeEvent(event);
    if (event->type() == QEvent::PaletteChange || event->type() == QEvent::FontChange || event->type() == QEvent::StyleChange)
        showTheme();
}

void CurveChart::wheelEvent(QWheelEvent *event)
{
    event->accept();
    const QPoint turned = event->angleDelta();
    const double notches = (turned.y() != 0 ? turned.y() : turned.x()) / 120.0;
    if (notches == 0)
        return;
    if (event->modifiers() & Qt::ControlModifier) {
        const double share = (plotArea().bottom() - event->position().y()) / plotArea().height();
        const double about = m_y.low + share * m_y.span(), factor = std::pow(kWheelStep, notches);
        m_zoomY = ValueRange{about + (m_y.low - about) * factor, about + (m_y.high - about) * factor};
        showAxes();
    } else if (event->modifiers() & Qt::ShiftModifier) {
        const double by = -notches * m_x.span() * 0.1;
        setVisibleX({m_x.low + by, m_x.high + by});
    } else {
        zoomX(std::pow(kWheelStep, notches), xAt(event->position().x()));
    }
}

void CurveChart::mousePressEvent(QMouseEvent *event)
{
    if (event->button() == Qt::LeftButton && plotArea().contains(event->position())) {
        m_dragFrom = event->position();
        m_dragTo = m_dragFrom;
    } else if (event->button() == Qt::MiddleButton) {
        m_panFrom = event->position();
        m_panX = m_x;
        m_panY = m_y;
    }
    event->accept();
}

void CurveChart::mouseMoveEvent(QMouseEvent *event)
{
    event->accept();
    if (m_panFrom) {
        const QPointF moved = event->position() - *m_panFrom;
        const double byX = -moved.x() / plotArea().width() * m_panX.span(), byY = moved.y() / plotArea().height() * m_panY.span();
        if (m_zoomY)
            m_zoomY = ValueRange{m_panY.low + byY, m_panY.high + byY};
        setVisibleX({m_panX.low + byX, m_panX.high + byX});
        return;
    }
    if (m_dragFrom)
        m_dragTo = event->position();
    const bool isInside = plotArea().contains(event->position());
    const std::optional<double> x = isInside ? std::optional(xAt(event->position().x())) : std::nullopt;
    if (x != m_hover) {
        m_hover = x;
        Q_EMIT hovered(x);
    }
    viewport()->update();
}

void CurveChart::mouseReleaseEvent(QMouseEvent *event)
{
    event->accept();
    m_panFrom.reset();
    if (!m_dragFrom || event->button() != Qt::LeftButton)
        return;
    const double from = m_dragFrom->x(), to = event->position().x();
    m_dragFrom.reset();
    m_dragTo.reset();
    if (std::abs(to - from) >= kLeastDrag)
        setVisibleX({xAt(std::min(from, to)), xAt(std::max(from, to))});
    viewport()->update();
}

void CurveChart::mouseDoubleClickEvent(QMouseEvent *event)
{
    event->accept();
    fit();
}

void CurveChart::leaveEvent(QEvent *event)
{
    QChartView::leaveEvent(event);
    if (!m_hover)
        return;
    setHover(std::nullopt);
    Q_EMIT hovered(std::nullopt);
}

void CurveChart::keyPressEvent(QKeyEvent *event)
{
    const double middle = (m_x.low + m_x.high) / 2;
    if (event->matches(QKeySequence::Copy)) {
        copyAsImage(*this);
        return;
    }
    switch (event->key()) {
    case Qt::Key_Plus:
    case Qt::Key_Equal: zoomX(kWheelStep * kWheelStep, middle); break;
    case Qt::Key_Minus: zoomX(1 / kWheelStep / kWheelStep, middle); break;
    case Qt::Key_F: fit(); break;
    case Qt::Key_Left: setVisibleX({m_x.low - m_x.span() * 0.1, m_x.high - m_x.span() * 0.1}); break;
    case Qt::Key_Right: setVisibleX({m_x.low + m_x.span() * 0.1, m_x.high + m_x.span() * 0.1}); break;
    default: QChartView::keyPressEvent(event);
    }
}

void CurveChart::contextMenuEvent(QContextMenuEvent *event)
{
    auto *menu = new QMenu(this);
    menu->setAttribute(Qt::WA_DeleteOnClose);
    menu->addAction(tr("&Fit"), this, &CurveChart::fit)->setEnabled(!isFitted());
    menu->addSeparator();
    menu->addAction(tr("&Copy as image"), this, [this] { copyAsImage(*this); });
    menu->addAction(tr("Copy &numbers as CSV"), this, [this] { QGuiApplication::clipboard()->setText(QString::fromUtf8(csv())); });
    menu->addAction(tr("&Save as SVG, PNG or CSV\u2026"), this, &CurveChart::chooseFile);
    menu->popup(event->globalPos());
}

} // namespace kino
