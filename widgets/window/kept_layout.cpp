#include "widgets/window/kept_layout.h"

#include <QApplication>
#include <QEvent>
#include <QPointer>

namespace kino {

KeptLayout::KeptLayout(QMainWindow &page, std::function<bool(const QByteArray &)> apply) : QObject(&page), m_page(page), m_apply(std::move(apply))
{
    m_renewal.setSingleShot(true);
    connect(&m_renewal, &QTimer::timeout, this, &KeptLayout::renew);
}

bool KeptLayout::hold(const QByteArray &state)
{
    letGo();
    if (!m_apply(state))
        return false;
    m_held = state;
    qApp->installEventFilter(this);
    return true;
}

void KeptLayout::letGo()
{
    m_renewal.stop();
    m_held.reset();
    qApp->removeEventFilter(this);
}

void KeptLayout::renew()
{
    if (!m_held || !m_page.isVisible())
        return;
    // Panels that are hidden for a moment while they find their places let the focus go.
    const QPointer<QWidget> focused = m_page.isAncestorOf(QApplication::focusWidget()) ? QApplication::focusWidget() : nullptr;
    m_apply(*m_held);
    if (focused && focused->isVisible())
        focused->setFocus(Qt::OtherFocusReason);
}

bool KeptLayout::eventFilter(QObject *watched, QEvent *event)
{
    if (watched == &m_page && (event->type() == QEvent::Resize || event->type() == QEvent::Show))
        m_renewal.start(0);
    const bool isInput = event->type() == QEvent::MouseButtonPress || event->type() == QEvent::KeyPress || event->type() == QEvent::ShortcutOverride;
    if (isInput && m_page.isVisible() && watched->isWidgetType())
        letGo();
    return false;
}

} // namespace kino
