#include "widgets/controls/details_view.h"

#include "widgets/style/text_painting.h"

#include <QAction>
#include <QClipboard>
#include <QGuiApplication>
#include <QHelpEvent>
#include <QKeyEvent>
#include <QMouseEvent>
#include <QPainter>
#include <QToolTip>

namespace kino {
namespace {

constexpr int kPadding = 12;
constexpr int kRowHeight = 24;
constexpr int kTitleHeight = 32;
constexpr int kSectionGap = 12;
constexpr int kMarkWidth = 16;

} // namespace

class DetailsView::Sheet : public QWidget {
public:
    explicit Sheet(DetailsView *view) : QWidget(view), m_view(view)
    {
        setAutoFillBackground(true);
        setMouseTracking(true);
        setFocusPolicy(Qt::TabFocus);
        setAccessibleName(DetailsView::tr("Details"));
    }

    std::vector<DetailSection> sections;

    void refit()
    {
        setFixedHeight(contentHeight());
        update();
    }

protected:
    void resizeEvent(QResizeEvent *event) override
    {
        QWidget::resizeEvent(event);
        if (event->oldSize().width() != width())
            setFixedHeight(contentHeight());
    }

    void paintEvent(QPaintEvent *event) override
    {
        QPainter painter(this);
        int y = 4;
        for (const DetailSection &section : sections) {
            if (y > 4) {
                painter.fillRect(kPadding, y + kSectionGap / 2, width() - 2 * kPadding, 1, themeOf(palette()).line);
                y += kSectionGap;
            }
            if (!section.title.isEmpty())
                paintTitle(painter, y, section.title);
            y += titleHeight(section);
            const bool isTight = wantsShortValues(section);
            const double labelsEnd = labelsEndOf(section);
            for (const DetailRow &row : section.rows) {
                const int height = heightOf(row);
                if (y + height > event->rect().top() && y < event->rect().bottom())
                    paintRow(painter, QRect(kPadding, y, width() - 2 * kPadding, height), row, isTight, labelsEnd);
                y += height;
            }
        }
    }

    bool event(QEvent *event) override
    {
        if (event->type() != QEvent::ToolTip)
            return QWidget::event(event);
        const auto *help = static_cast<QHelpEvent *>(event);
        const DetailRow *row = rowAt(help->pos().y());
        if (row && !row->tip.isEmpty())
            QToolTip::showText(help->globalPos(), row->tip, this);
        else
            QToolTip::hideText();
        return true;
    }

    void mouseMoveEvent(QMouseEvent *event) override { setHovered(linkAt(event->position().toPoint().y())); }
    void leaveEvent(QEvent *) override { setHovered(nullptr); }

    void mousePressEvent(QMouseEvent *event) override
    {
        const DetailRow *row = event->button() == Qt::LeftButton ? linkAt(event->position().toPoint().y()) : nullptr;
        if (row)
            Q_EMIT m_view->rowActivated(row->target);
        else
            event->ignore();
    }

    void keyPressEvent(QKeyEvent *event) override
    {
        const std::vector<const DetailRow *> all = links();
        if (all.empty() || (event->key() != Qt::Key_Up && event->key() != Qt::Key_Down && event->key() != Qt::Key_Return)) {
            QWidget::keyPressEvent(event);
            return;
        }
        auto at = std::ranges::find(all, m_focused, [](const DetailRow *row) { return row->target; });
        if (event->key() == Qt::Key_Return) {
            if (at != all.end())
                Q_EMIT m_view->rowActivated(m_focused);
            return;
        }
        if (at == all.end())
            at = all.begin();
        else if (event->key() == Qt::Key_Down && std::next(at) != all.end())
            ++at;
        else if (event->key() == Qt::Key_Up && at != all.begin())
            --at;
        m_focused = (*at)->target;
        update();
    }

    void focusInEvent(QFocusEvent *event) override
    {
        const std::vector<const DetailRow *> all = links();
        if (m_focused.isEmpty() && !all.empty())
            m_focused = all.front()->target;
        QWidget::focusInEvent(event);
        update();
    }

private:
    std::vector<const DetailRow *> links() const
    {
        std::vector<const DetailRow *> all;
        for (const DetailSection &section : sections) {
            for (const DetailRow &row : section.rows) {
                if (!row.target.isEmpty())
                    all.push_back(&row);
            }
        }
        return all;
    }

    const DetailRow *linkAt(int y) const
    {
        const DetailRow *row = rowAt(y);
        return row && !row->target.isEmpty() ? row : nullptr;
    }

    void setHovered(const DetailRow *row)
    {
        const QString target = row ? row->target : QString();
        if (target == m_hovered)
            return;
        m_hovered = target;
        setCursor(target.isEmpty() ? Qt::ArrowCursor : Qt::PointingHandCursor);
        update();
    }

    DetailsView *m_view;
    QString m_hovered;
    QString m_focused;

    int heightOf(const DetailRow &row) const
    {
        if (!row.isSentence)
            return kRowHeight;
        const int left = row.mark == Mark::none ? 0 : kMarkWidth;
        const QRect bounds = fontMetrics().boundingRect(QRect(0, 0, std::max(40, width() - 2 * kPadding - left), 10'000), Qt::TextWordWrap, row.label);
        return std::max(kRowHeight, bounds.height() + 8);
    }

    /** All rows of a section or none: numbers below one another must mean the same. */
    bool wantsShortValues(const DetailSection &section) const
    {
        return std::ranges::any_of(section.rows, [this](const DetailRow &row) {
            return !row.shortValue.isEmpty() && tabularWidth(font(), row.values.value(0)) + 9 + fontMetrics().horizontalAdvance(row.label) > width() - 2 * kPadding;
        });
    }

    static int titleHeight(const DetailSection &section) { return section.title.isEmpty() ? 0 : kTitleHeight; }

    int contentHeight() const
    {
        int y = 4;
        for (const DetailSection &section : sections) {
            y += (y > 4 ? kSectionGap : 0) + titleHeight(section);
            for (const DetailRow &row : section.rows)
                y += heightOf(row);
        }
        return y + kPadding;
    }

    const DetailRow *rowAt(int at) const
    {
        int y = 4;
        for (const DetailSection &section : sections) {
            y += (y > 4 ? kSectionGap : 0) + titleHeight(section);
            for (const DetailRow &row : section.rows) {
                const int height = heightOf(row);
                if (at >= y && at < y + height)
                    return &row;
                y += height;
            }
        }
        return nullptr;
    }

    /** Of rows with columns: where the widest name ends. */
    double labelsEndOf(const DetailSection &section) const
    {
        double end = 0;
        for (const DetailRow &row : section.rows) {
            const int marks = (row.mark != Mark::none ? kMarkWidth : 0) + (row.axis.isEmpty() ? 0 : kMarkWidth);
            if (row.values.size() > 1)
                end = std::max(end, kPadding + marks + fontMetrics().horizontalAdvance(row.label) + 10.0);
        }
        return end;
    }

    void paintTitle(QPainter &painter, int y, const QString &title) const
    {
        painter.setFont(panelTitleFont(font()));
        painter.setPen(themeOf(palette()).text);
        const int room = width() - 2 * kPadding;
        painter.drawText(QRect(kPadding, y, room, kTitleHeight), Qt::AlignVCenter, painter.fontMetrics().elidedText(title, Qt::ElideRight, room));
    }

    void paintRow(QPainter &painter, QRect rect, const DetailRow &row, bool isTight, double labelsEnd) const
    {
        const Theme &theme = themeOf(palette());
        if (!row.target.isEmpty() && (row.target == m_hovered || (hasFocus() && row.target == m_focused))) {
            painter.save();
            painter.setRenderHint(QPainter::Antialiasing);
            painter.setPen(hasFocus() && row.target == m_focused ? QPen(theme.accent) : QPen(Qt::NoPen));
            painter.setBrush(theme.selection);
            painter.drawRoundedRect(QRectF(rect).adjusted(-6.5, 0.5, 6.5, -0.5), 5, 5);
            painter.restore();
        }
        painter.setFont(font());
        const double middle = rect.top() + (row.isSentence ? kRowHeight / 2.0 : rect.height() / 2.0);
        if (row.mark != Mark::none) {
            paintMark(painter, {rect.left() + 5.0, middle}, row.mark, theme);
            rect.setLeft(rect.left() + kMarkWidth);
        }
        if (!row.axis.isEmpty()) {
            painter.save();
            painter.setRenderHint(QPainter::Antialiasing);
            painter.setPen(Qt::NoPen);
            painter.setBrush(axisColour(theme, row.axis, 0));
            painter.drawEllipse(QPointF(rect.left() + 5, middle), 3.5, 3.5);
            painter.restore();
            rect.setLeft(rect.left() + kMarkWidth);
        }
        if (row.isSentence) {
            painter.setPen(theme.text);
            painter.drawText(rect.adjusted(0, 4, 0, -4), Qt::TextWordWrap, row.label);
            return;
        }
        painter.setPen(row.mark == Mark::none && row.axis.isEmpty() ? theme.dim : theme.text);
        if (row.isHeading && row.values.isEmpty()) {
            QFont strong = font();
            strong.setWeight(QFont::DemiBold);
            painter.setFont(strong);
            painter.setPen(theme.text);
            painter.drawText(rect, Qt::AlignVCenter, painter.fontMetrics().elidedText(row.label, Qt::ElideRight, rect.width()));
            return;
        }
        if (row.values.size() <= 1) {
            QString value = row.values.value(0);
            double used = tabularWidth(painter.font(), value);
            if (!row.shortValue.isEmpty() && isTight) {
                value = row.shortValue;
                used = tabularWidth(painter.font(), value);
            }
            // A short name leaves the value more room than a long one.
            const double most = std::max(rect.width() * 0.7, rect.width() - painter.fontMetrics().horizontalAdvance(row.label) - 9.0);
            const int room = std::max(0, rect.width() - static_cast<int>(std::min(used, most)) - 8);
            painter.drawText(QRect(rect.left(), rect.top(), room, rect.height()), Qt::AlignVCenter,
                             painter.fontMetrics().elidedText(row.label, Qt::ElideRight, room));
            painter.setPen(row.mark == Mark::none ? theme.text : theme.dim);
            if (used <= most + 0.5)
                drawTabular(painter, rect, Qt::AlignRight, value);
            else
                painter.drawText(rect.adjusted(room + 8, 0, 0, 0), Qt::AlignVCenter | Qt::AlignRight,
                                 painter.fontMetrics().elidedText(value, Qt::ElideMiddle, rect.width() - room - 8));
            return;
        }
        // Columns stand below each other: the widest name of the section, cut where it would leave them too little, decides where they begin.
        const double labelWidth = std::clamp(labelsEnd - rect.left(), 20.0, std::max(20.0, rect.width() * 0.5));
        painter.drawText(QRectF(rect.left(), rect.top(), labelWidth, rect.height()), Qt::AlignVCenter,
                         painter.fontMetrics().elidedText(row.label, Qt::ElideRight, static_cast<int>(labelWidth) - 4));
        painter.setPen(row.isHeading ? theme.dim : theme.text);
        const double column = (rect.width() - labelWidth) / static_cast<double>(row.values.size());
        for (int index = 0; index < row.values.size(); ++index)
            drawTabular(painter, QRectF(rect.left() + labelWidth + index * column, rect.top(), column, rect.height()), Qt::AlignRight, row.values[index]);
    }
};

DetailsView::DetailsView(QWidget *parent) : QScrollArea(parent), m_sheet(new Sheet(this))
{
    setAccessibleName(tr("Details"));
    setWidgetResizable(true);
    setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    setFrameShape(QFrame::NoFrame);
    setFocusPolicy(Qt::NoFocus); // its rows take it, and show it
    setWidget(m_sheet);
    auto *copy = new QAction(tr("Copy as text"), this);
    connect(copy, &QAction::triggered, this, [this] { QGuiApplication::clipboard()->setText(asText()); });
    addAction(copy);
    setContextMenuPolicy(Qt::ActionsContextMenu);
}

void DetailsView::setSections(std::vector<DetailSection> sections)
{
    m_sheet->sections = std::move(sections);
    m_sheet->refit();
    m_sheet->setAccessibleDescription(asText());
}

const std::vector<DetailSection> &DetailsView::sections() const { return m_sheet->sections; }

QString DetailsView::asText() const
{
    QString text;
    for (const DetailSection &section : m_sheet->sections) {
        if (!section.title.isEmpty())
            text += section.title + QLatin1Char('\n');
        for (const DetailRow &row : section.rows) {
            text += row.label;
            for (const QString &value : row.values)
                text += QLatin1Char('\t') + value;
            if (row.mark != Mark::none && row.mark != Mark::good)
                text += QStringLiteral(" (%1)").arg(markName(row.mark));
            text += QLatin1Char('\n');
        }
        text += QLatin1Char('\n');
    }
    return text;
}

} // namespace kino
