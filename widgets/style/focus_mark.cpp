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

QAbstractItemView *FocusMark::view() const { return m_viewport ? qobject_cast<QAbstractItemView *>(m_viewport->parentWidget()) : nullptr; }

void FocusMark::follow(QWidget *focused)
{
    if (m_viewport) {
        m_viewport->removeEventFilter(this);
        m_viewport->update();
        disconnect(m_moves);
    }
    m_viewport.clear();
    auto *const view = qobject_cast<QAbstractItemView *>(focused);
    // Lists that drop down show nothing but the row that is meant.
    if (!view || qobject_cast<QHeaderView *>(focused) || view->window()->windowType() == Qt::Popup)
        return;
    m_viewport = view->viewport();
    m_viewport->installEventFilter(this);
    m_viewport->update();
    // A view repaints the cells that it knows to be concerned; the frame may reach over more.
    if (QItemSelectionModel *rows = view->selectionModel())
        m_moves = connect(rows, &QItemSelectionModel::currentChanged, m_viewport.data(), qOverload<>(&QWidget::update));
}

QRectF FocusMark::frameOf(const QAbstractItemView &view)
{
    const QRect all = view.viewport()->rect();
    QRect place = view.visualRect(view.currentIndex());
    if (place.isEmpty())
        return all;
    if (view.selectionBehavior() == QAbstractItemView::SelectRows || qobject_cast<const QTreeView *>(&view)) {
        place.setLeft(all.left());
        place.setRight(all.right());
    }
    return place;
}

bool FocusMark::eventFilter(QObject *watched, QEvent *event)
{
    if (event->type() != QEvent::Paint || m_isPainting || watched != m_viewport)
        return false;
    m_isPainting = true;
    QCoreApplication::sendEvent(watched, event); // the view's own painting, below the frame
    m_isPainting = false;
    const QAbstractItemView *focused = view();
    if (!focused || !focused->hasFocus())
        return true;
    QPainter painter(m_viewport);
    painter.setRenderHint(QPainter::Antialiasing);
    painter.setPen(QPen(themeOf(focused->palette()).accent, kFocusThickness));
    painter.setBrush(Qt::NoBrush);
    const double half = kFocusThickness / 2;
    painter.drawRoundedRect(frameOf(*focused).adjusted(half, half, -half, -half), 3, 3);
    return true;
}

} // namespace kino
