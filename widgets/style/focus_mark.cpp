#include "widgets/style/focus_mark.h"

#include "widgets/style/theme.h"

#include <QApplication>
#include <QHeaderView>
#include <QPainter>
#include <QTreeView>

namespace kino {
namespace {

constexpr double kFocusThickness = 1.5;

} // namespace

void FocusMark::ensureFor(QApplication &application)
{
    if (!application.findChild<FocusMark *>(QString(), Qt::FindDirectChildrenOnly))
        new FocusMark(application);
}

FocusMark::FocusMark(QApplication &application) : QObject(&application)
{
    connect(&application, &QApplication::focusChanged, this, [this](QWidget *, QWidget *now) { follow(now); });
}

void FocusMark::follow(QWidget *focused)
{
    if (m_view) {
        m_view->viewport()->removeEventFilter(this);
        m_view->viewport()->update();
        disconnect(m_moves);
    }
    m_view = qobject_cast<QAbstractItemView *>(focused);
    // Lists that drop down show nothing but the row that is meant.
    if (m_view && (qobject_cast<QHeaderView *>(focused) || m_view->window()->windowType() == Qt::Popup))
        m_view.clear();
    if (!m_view)
        return;
    m_view->viewport()->installEventFilter(this);
    m_view->viewport()->update();
    // A view repaints the cells that it knows to be concerned; the frame may reach over more.
    if (QItemSelectionModel *rows = m_view->selectionModel())
        m_moves = connect(rows, &QItemSelectionModel::currentChanged, m_view->viewport(), qOverload<>(&QWidget::update));
}

QRectF FocusMark::frame() const
{
    const QRect all = m_view->viewport()->rect();
    QRect place = m_view->visualRect(m_view->currentIndex());
    if (place.isEmpty())
        return all;
    if (m_view->selectionBehavior() == QAbstractItemView::SelectRows || qobject_cast<QTreeView *>(m_view.data())) {
        place.setLeft(all.left());
        place.setRight(all.right());
    }
    return place;
}

bool FocusMark::eventFilter(QObject *watched, QEvent *event)
{
    if (event->type() != QEvent::Paint || m_isPainting || !m_view || watched != m_view->viewport())
        return false;
    m_isPainting = true;
    QCoreApplication::sendEvent(watched, event); // the view's own painting, below the frame
    m_isPainting = false;
    if (!m_view || !m_view->hasFocus())
        return true;
    QPainter painter(m_view->viewport());
    painter.setRenderHint(QPainter::Antialiasing);
    painter.setPen(QPen(themeOf(m_view->palette()).accent, kFocusThickness));
    painter.setBrush(Qt::NoBrush);
    const double half = kFocusThickness / 2;
    painter.drawRoundedRect(frame().adjusted(half, half, -half, -half), 3, 3);
    return true;
}

} // namespace kino
