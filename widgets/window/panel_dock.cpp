#include "widgets/window/panel_dock.h"

#include "widgets/style/icons.h"
#include "widgets/style/theme.h"

#include <QApplication>
#include <QContextMenuEvent>
#include <QHBoxLayout>
#include <QLabel>
#include <QMenu>
#include <QToolButton>

namespace kino {

PanelHead::PanelHead(const QString &title, QWidget *parent)
    : QWidget(parent), m_title(new QLabel(title, this)), m_row(new QHBoxLayout(this)), m_controls(new QHBoxLayout),
      m_trailing(new QHBoxLayout)
{
    setProperty("panel", QStringLiteral("side"));
    setAttribute(Qt::WA_StyledBackground);
    setFixedHeight(kHeight);
    setSizePolicy(QSizePolicy::Ignored, QSizePolicy::Fixed);
    m_row->setContentsMargins(12, 4, 4, 4);
    m_row->setSpacing(8);
    m_title->setFont(panelTitleFont(font()));
    m_title->setVisible(!title.isEmpty());
    m_controls->setSpacing(8);
    m_trailing->setSpacing(4);
    m_controls->addStretch(0); // takes what no control wants
    m_row->addWidget(m_title);
    m_row->addLayout(m_controls, 1);
    m_row->addLayout(m_trailing);
}

void PanelHead::addControl(QWidget *control, int stretch) { m_controls->insertWidget(m_controls->count() - 1, control, stretch); }

void PanelHead::addTrailing(QWidget *control) { m_trailing->addWidget(control); }

void PanelHead::setTitleFrom(int width)
{
    m_titleFrom = width;
    showTitle();
}

void PanelHead::showTitle() { m_title->setVisible(!m_title->text().isEmpty() && width() >= m_titleFrom); }

void PanelHead::resizeEvent(QResizeEvent *event)
{
    QWidget::resizeEvent(event);
    showTitle();
}

// A dock gives its head the height that this says.
QSize PanelHead::sizeHint() const { return {QWidget::sizeHint().width(), kHeight}; }

QSize PanelHead::minimumSizeHint() const { return {120, kHeight}; }

PanelDock::PanelDock(const QString &name, const QString &title, QWidget *content, PanelHead *head, QWidget *parent)
    : QDockWidget(title, parent), m_head(head ? head : new PanelHead(title)), m_menu(new QMenu(this))
{
    setObjectName(name);
    setAccessibleName(title);
    setWidget(content);
    setTitleBarWidget(m_head);
    auto *more = new QToolButton(m_head);
    more->setIcon(icon(QStringLiteral("more")));
    more->setIconSize({14, 14});
    more->setToolTip(tr("Float or close this panel"));
    more->setAccessibleName(tr("Panel %1: float or close").arg(title));
    more->setProperty("look", QStringLiteral("small"));
    more->setFocusPolicy(Qt::TabFocus);
    more->setPopupMode(QToolButton::InstantPopup);
    more->setMenu(m_menu);
    m_head->m_row->addWidget(more);
    // Queued: the panel in front has its place by then.
    connect(this, &QDockWidget::visibilityChanged, this, [this](bool isSeen) {
        if (!isSeen && isBehind() && isAncestorOf(QApplication::focusWidget()))
            focusNextChild();
    }, Qt::QueuedConnection);
    connect(m_menu, &QMenu::aboutToShow, this, [this] {
        m_menu->clear();
        fillMenu(*m_menu);
    });
}

void PanelDock::fillMenu(QMenu &menu)
{
    menu.addAction(isFloating() ? tr("&Dock") : tr("&Float"), this, [this] { setFloating(!isFloating()); });
    menu.addAction(tr("&Close panel"), this, [this] {
        close();
        Q_EMIT closedByHand();
    });
}

bool isBehindAnother(const QWidget *widget)
{
    for (const QWidget *each = widget; each && !each->isWindow(); each = each->parentWidget()) {
        if (const auto *dock = qobject_cast<const PanelDock *>(each); dock && dock->isBehind())
            return true;
    }
    return false;
}

void PanelDock::contextMenuEvent(QContextMenuEvent *event)
{
    if (m_head->geometry().contains(event->pos()))
        m_menu->popup(event->globalPos());
    else
        QDockWidget::contextMenuEvent(event);
}

} // namespace kino
