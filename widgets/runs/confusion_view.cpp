#include "widgets/runs/confusion_view.h"

#include "widgets/style/plot_image.h"
#include "widgets/style/plot_menu.h"

#include <QAccessible>
#include <QClipboard>
#include <QContextMenuEvent>
#include <QGuiApplication>
#include <QHelpEvent>
#include <QKeyEvent>
#include <QMenu>
#include <QPainter>
#include <QToolTip>

namespace kino {

ConfusionView::ConfusionView(QWidget *parent) : QWidget(parent)
{
    setFocusPolicy(Qt::StrongFocus);
    setMouseTracking(true);
    setAccessibleName(tr("Confusion matrix"));
}

void ConfusionView::setData(std::shared_ptr<const ConfusionData> data)
{
    m_data = std::move(data);
    m_chosen = {};
    m_focused = {0, 0};
    m_hovered.reset();
    layOut();
    setAccessibleName(m_data && m_layout.classes > 0 ? tr("Confusion matrix, %1").arg(confusionSummary(*m_data)) : tr("Confusion matrix"));
    tellFocus();
    updateGeometry();
    update();
}

void ConfusionView::layOut() { m_layout = ConfusionLayout(m_data ? *m_data : ConfusionData{}, font(), size()); }

void ConfusionView::choose(ConfusionCell cell)
{
    m_chosen = cell;
    if (cell.label >= 0 && cell.predicted >= 0)
        m_focused = cell;
    tellFocus();
    update();
}

PlotFigure ConfusionView::figure() const
{
    PlotFigure figure = confusionFigure(m_data ? m_data : std::make_shared<const ConfusionData>(), themeOf(palette()), font(), size());
    figure.dotsPerInch = logicalDpiX();
    return figure;
}

QSize ConfusionView::minimumSizeHint() const { return m_layout.classes > 0 ? ConfusionLayout(*m_data, font(), {0, 0}).size() : QSize(120, 80); }

QSize ConfusionView::sizeHint() const { return m_layout.classes > 0 ? ConfusionLayout(*m_data, font(), {2000, 2000}).size() : QSize(360, 240); }

void ConfusionView::resizeEvent(QResizeEvent *event)
{
    QWidget::resizeEvent(event);
    layOut();
}

void ConfusionView::paintEvent(QPaintEvent *)
{
    if (m_layout.classes == 0)
        return;
    QPainter painter(this);
    painter.setRenderHint(QPainter::Antialiasing);
    ConfusionMarks marks;
    marks.hovered = m_hovered;
    if (m_chosen != ConfusionCell{})
        marks.chosen = m_chosen;
    if (hasFocus())
        marks.focused = m_focused;
    paintConfusion(painter, *m_data, m_layout, themeOf(palette()), font(), marks);
}

bool ConfusionView::event(QEvent *event)
{
    if (event->type() == QEvent::ToolTip) {
        const auto *help = static_cast<QHelpEvent *>(event);
        const std::optional<ConfusionCell> cell = m_layout.cellAt(help->pos());
        if (cell)
            QToolTip::showText(help->globalPos(), confusionSentence(*m_data, *cell) + QLatin1Char('\n') + tr("A click lists them"), this);
        else
            QToolTip::hideText();
        return true;
    }
    // The window's own Copy means a plot of another page.
    if (event->type() == QEvent::ShortcutOverride && static_cast<QKeyEvent *>(event)->matches(QKeySequence::Copy)) {
        event->accept();
        return true;
    }
    if (event->type() == QEvent::FontChange)
        layOut();
    return QWidget::event(event);
}

void ConfusionView::mouseMoveEvent(QMouseEvent *event)
{
    const std::optional<ConfusionCell> cell = m_layout.cellAt(event->position());
    if (cell == m_hovered)
        return;
    m_hovered = cell;
    setCursor(cell ? Qt::PointingHandCursor : Qt::ArrowCursor);
    update();
}

void ConfusionView::leaveEvent(QEvent *)
{
    m_hovered.reset();
    update();
}

void ConfusionView::mousePressEvent(QMouseEvent *event)
{
    const std::optional<ConfusionCell> cell = event->button() == Qt::LeftButton ? m_layout.cellAt(event->position()) : std::nullopt;
    if (cell)
        take(*cell);
    else
        event->ignore();
}

/** The chosen one again lets go of it. */
void ConfusionView::take(ConfusionCell cell)
{
    choose(cell == m_chosen ? ConfusionCell{} : cell);
    Q_EMIT cellChosen(m_chosen);
}

void ConfusionView::moveFocus(int rows, int columns)
{
    m_focused.label = std::clamp(m_focused.label + rows, 0, m_layout.classes - 1);
    m_focused.predicted = std::clamp(m_focused.predicted + columns, 0, m_layout.classes - 1);
    tellFocus();
    update();
}

void ConfusionView::tellFocus()
{
    setAccessibleDescription(m_layout.classes > 0 ? confusionSentence(*m_data, m_focused) : QString());
    QAccessibleEvent changed(this, QAccessible::DescriptionChanged);
    QAccessible::updateAccessibility(&changed);
}

void ConfusionView::keyPressEvent(QKeyEvent *event)
{
    if (m_layout.classes == 0) {
        QWidget::keyPressEvent(event);
        return;
    }
    if (event->matches(QKeySequence::Copy)) {
        QGuiApplication::clipboard()->setText(QString::fromStdString(confusionCsv(*m_data)));
        return;
    }
    const int all = m_layout.classes;
    const bool isWide = event->modifiers() & Qt::ControlModifier;
    switch (event->key()) {
    case Qt::Key_Left: moveFocus(0, -1); break;
    case Qt::Key_Right: moveFocus(0, 1); break;
    case Qt::Key_Up: moveFocus(-1, 0); break;
    case Qt::Key_Down: moveFocus(1, 0); break;
    case Qt::Key_Home: moveFocus(isWide ? -all : 0, -all); break;
    case Qt::Key_End: moveFocus(isWide ? all : 0, all); break;
    case Qt::Key_Return:
    case Qt::Key_Enter:
    case Qt::Key_Space: take(m_focused); break;
    case Qt::Key_Escape:
        if (m_chosen != ConfusionCell{}) {
            take(m_chosen);
            break;
        }
        [[fallthrough]];
    default: QWidget::keyPressEvent(event);
    }
}

void ConfusionView::focusInEvent(QFocusEvent *event)
{
    QWidget::focusInEvent(event);
    update();
}

void ConfusionView::focusOutEvent(QFocusEvent *event)
{
    QWidget::focusOutEvent(event);
    update();
}

void ConfusionView::contextMenuEvent(QContextMenuEvent *event)
{
    if (m_layout.classes == 0)
        return;
    auto *menu = new QMenu(this);
    menu->setAttribute(Qt::WA_DeleteOnClose);
    menu->addAction(tr("&Copy as image"), this, [this] { copyAsImage(*this); });
    menu->addAction(tr("Copy &numbers as CSV"), this, [this] { QGuiApplication::clipboard()->setText(QString::fromStdString(confusionCsv(*m_data))); });
    addSaveMenu(*menu, this, [this](PlotFormat format, double pixelRatio) { Q_EMIT saveRequested(format, pixelRatio); });
    menu->popup(event->globalPos());
}

} // namespace kino
