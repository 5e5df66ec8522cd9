#include "widgets/details_view.h"

#include "widgets/text_painting.h"

#include <QAction>
#include <QClipboard>
#include <QGuiApplication>
#include <QHelpEvent>
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
    explicit Sheet(QWidget *parent) : QWidget(parent) { setAutoFillBackground(true); }

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
            for (const DetailRow &row : section.rows) {
                const int height = heightOf(row);
                if (y + height > event->rect().top() && y < event->rect().bottom())
                    paintRow(painter, QRect(kPadding, y, width() - 2 * kPadding, height), row);
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

private:
    int heightOf(const DetailRow &row) const
    {
        if (!row.isSentence)
            return kRowHeight;
        const int left = row.mark == Mark::none ? 0 : kMarkWidth;
        const QRect bounds = fontMetrics().boundingRect(QRect(0, 0, std::max(40, width() - 2 * kPadding - left), 10'000), Qt::TextWordWrap, row.label);
        return std::max(kRowHeight, bounds.height() + 8);
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

    void paintTitle(QPainter &painter, int y, const QString &title) const
    {
        painter.setFont(panelTitleFont(font()));
        painter.setPen(themeOf(palette()).text);
        const int room = width() - 2 * kPadding;
        painter.drawText(QRect(kPadding, y, room, kTitleHeight), Qt::AlignVCenter, painter.fontMetrics().elidedText(title, Qt::ElideRight, room));
    }

    void paintRow(QPainter &painter, QRect rect, const DetailRow &row) const
    {
        const Theme &theme = themeOf(palette());
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
            const QString value = row.values.value(0);
            const double used = tabularWidth(painter.font(), value);
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
        painter.drawText(rect, Qt::AlignVCenter, row.label);
        painter.setPen(row.isHeading ? theme.dim : theme.text);
        const double labelWidth = std::max(20.0, painter.fontMetrics().horizontalAdvance(row.label) + 4.0);
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
