#include "widgets/runs/comparison_view.h"

#include "core/base/files.h"
#include "core/data/table/csv_text.h"
#include "widgets/style/plot_image.h"
#include "widgets/style/plot_menu.h"
#include "widgets/style/text_painting.h"
#include "widgets/style/theme.h"
#include "widgets/timeline/label_colours.h"
#include "widgets/timeline/value_axis.h"

#include <QClipboard>
#include <QContextMenuEvent>
#include <QGuiApplication>
#include <QHeaderView>
#include <QHelpEvent>
#include <QMenu>
#include <QPainter>
#include <QToolTip>

#include <cmath>

namespace kino {
namespace {

constexpr int kRowHeight = 40;
constexpr int kAxisHeight = 22;

QColor placeColour(const Theme &theme, int place) { return theme.labels[static_cast<std::size_t>(place) % theme.labels.size()]; }

} // namespace

ComparisonView::ComparisonView(QWidget *parent) : QTreeWidget(parent)
{
    setRootIsDecorated(true);
    setIndentation(12);
    setUniformRowHeights(true);
    setSelectionMode(NoSelection);
    setAccessibleName(tr("What differs between the chosen runs"));
    header()->setStretchLastSection(false);
    header()->setTextElideMode(Qt::ElideMiddle);
    header()->setDefaultAlignment(Qt::AlignLeft | Qt::AlignVCenter);
    setHeaderHidden(true);
}

void ComparisonView::setRuns(const std::vector<ComparedRun> &runs)
{
    m_runs = runs;
    clear();
    setHeaderHidden(runs.empty());
    if (runs.empty()) {
        setColumnCount(1);
        viewport()->update();
        return;
    }
    QStringList titles{tr("Parameter")};
    for (const ComparedRun &run : runs)
        titles += run.name;
    setColumnCount(static_cast<int>(titles.size()));
    setHeaderLabels(titles);
    const std::vector<ComparedLine> lines = comparedParameters(runs);
    const auto differing = static_cast<int>(std::ranges::count_if(lines, &ComparedLine::differs));
    const bool isOne = runs.size() == 1;
    QList<QTreeWidgetItem *> above, below;
    for (const ComparedLine &line : lines) {
        auto *item = new QTreeWidgetItem(QStringList{line.path} + line.values);
        item->setToolTip(0, line.path);
        for (int column = 0; column < line.values.size(); ++column)
            item->setToolTip(column + 1, line.values[column]);
        (line.differs || isOne ? above : below).append(item);
    }
    addTopLevelItems(above);
    if (!isOne) {
        auto *same = new QTreeWidgetItem({below.size() == 1 ? tr("One is the same") : tr("%1 are the same").arg(below.size())});
        same->addChildren(below);
        if (differing == 0)
            same->setText(0, tr("Nothing differs: %1").arg(same->text(0)));
        addTopLevelItem(same);
        same->setFirstColumnSpanned(true);
    }
    const int wide = std::max(90, (viewport()->width() - 190) / std::max(1, static_cast<int>(runs.size())));
    header()->resizeSection(0, 190);
    for (int column = 1; column < columnCount(); ++column)
        header()->resizeSection(column, std::min(220, wide));
    showColours();
}

void ComparisonView::showColours()
{
    const Theme &theme = themeOf(palette());
    if (!headerItem())
        return;
    for (std::size_t run = 0; run < m_runs.size(); ++run) {
        headerItem()->setToolTip(static_cast<int>(run) + 1, m_runs[run].name);
        headerItem()->setIcon(static_cast<int>(run) + 1, labelDot(placeColour(theme, m_runs[run].place), devicePixelRatioF()));
    }
    for (QTreeWidgetItemIterator at(this); *at; ++at)
        (*at)->setForeground(0, theme.dim);
}

void ComparisonView::setEmptyText(const QString &text)
{
    m_emptyText = text;
    viewport()->update();
}

QString ComparisonView::asText() const
{
    QStringList titles{QStringLiteral("parameter")};
    for (const ComparedRun &run : m_runs)
        titles += run.name;
    QStringList rows{titles.join(QLatin1Char('\t'))};
    for (const ComparedLine &line : comparedParameters(m_runs))
        rows += (QStringList{line.path} + line.values).join(QLatin1Char('\t'));
    return rows.join(QLatin1Char('\n'));
}

void ComparisonView::paintEvent(QPaintEvent *event)
{
    QTreeWidget::paintEvent(event);
    if (!m_runs.empty() || m_emptyText.isEmpty())
        return;
    QPainter painter(viewport());
    painter.setPen(themeOf(palette()).dim);
    painter.drawText(viewport()->rect().adjusted(16, 0, -16, 0), Qt::AlignCenter | Qt::TextWordWrap, m_emptyText);
}

void ComparisonView::changeEvent(QEvent *event)
{
    QTreeWidget::changeEvent(event);
    if (event->type() == QEvent::PaletteChange)
        showColours();
}

SpreadView::SpreadView(QWidget *parent) : QWidget(parent)
{
    setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Preferred);
}

void SpreadView::setGroups(const QString &metric, std::vector<Repetitions> groups)
{
    SpreadDrawing &drawing = m_drawing;
    drawing.metric = metric;
    drawing.groups = std::move(groups);
    drawing.low = std::numeric_limits<double>::infinity();
    drawing.high = -drawing.low;
    QStringList words;
    for (const Repetitions &group : drawing.groups) {
        const double reach = group.spread.deviation.value_or(0);
        const auto [least, most] = std::ranges::minmax(group.values);
        drawing.low = std::min({drawing.low, least, group.spread.mean - reach});
        drawing.high = std::max({drawing.high, most, group.spread.mean + reach});
        words += group.name + QStringLiteral(" ") + spreadText(group.spread);
    }
    if (drawing.groups.empty()) {
        drawing.low = 0;
        drawing.high = 1;
    }
    const double margin = drawing.high > drawing.low ? (drawing.high - drawing.low) * 0.08 : std::max(std::abs(drawing.low) * 0.1, 1e-3);
    drawing.low -= margin;
    drawing.high += margin;
    setAccessibleName(tr("%1: %2").arg(metric, words.join(QStringLiteral("; "))));
    updateGeometry();
    update();
}

QSize SpreadView::sizeHint() const { return {320, static_cast<int>(groups().size()) * kRowHeight + kAxisHeight + 8}; }

void SpreadView::resizeEvent(QResizeEvent *event)
{
    QWidget::resizeEvent(event);
    m_drawing.size = size();
}

void SpreadView::paintEvent(QPaintEvent *)
{
    QPainter painter(this);
    m_drawing.paint(painter, themeOf(palette()), font());
}

PlotFigure SpreadView::figure() const
{
    SpreadDrawing drawing = m_drawing;
    drawing.size.setHeight(sizeHint().height());
    const Theme &theme = themeOf(palette());
    PlotFigure figure;
    figure.title = drawing.metric;
    figure.size = drawing.size;
    figure.dotsPerInch = logicalDpiX();
    figure.paint = [drawing, &theme, font = font()](QPainter &painter, double) {
        painter.fillRect(QRect(QPoint(), drawing.size), theme.raised);
        drawing.paint(painter, theme, font);
    };
    figure.tables.push_back({"", [drawing](const std::filesystem::path &file, const CancelToken &, const Progress &) { writeFileAtomically(file, drawing.csv()); }});
    return figure;
}

void SpreadView::contextMenuEvent(QContextMenuEvent *event)
{
    if (groups().empty())
        return;
    auto *menu = new QMenu(this);
    menu->setAttribute(Qt::WA_DeleteOnClose);
    menu->addAction(tr("&Copy as image"), this, [this] { copyAsImage(*this); });
    menu->addAction(tr("Copy &numbers as CSV"), this, [this] { QGuiApplication::clipboard()->setText(QString::fromStdString(m_drawing.csv())); });
    addSaveMenu(*menu, this, [this](PlotFormat format, double pixelRatio) { Q_EMIT saveRequested(format, pixelRatio); });
    menu->popup(event->globalPos());
}

std::string SpreadDrawing::csv() const
{
    std::string text = "name,mean,deviation,standard_error,n,values\n";
    const auto number = [](const std::optional<double> &value) {
        std::string made;
        if (value)
            appendNumber(made, *value);
        return made;
    };
    for (const Repetitions &group : groups) {
        std::string values;
        for (const double each : group.values)
            values += (values.empty() ? "" : " ") + number(each);
        text += csvField(group.name.toStdString()) + ',' + number(group.spread.mean) + ',' + number(group.spread.deviation) + ',' + number(group.spread.standardError) + ','
                + std::to_string(group.values.size()) + ',' + values + '\n';
    }
    return text;
}

QRectF SpreadDrawing::plot() const
{
    QRectF area = QRectF(QPointF(), size).adjusted(12, 4, -16, -kAxisHeight);
    area.setHeight(std::min<double>(area.height(), static_cast<double>(groups.size()) * kRowHeight + 4));
    return area;
}

QPointF SpreadDrawing::positionOf(std::size_t group, double value) const
{
    const QRectF area = plot();
    return {area.left() + (value - low) / (high - low) * area.width(), area.top() + static_cast<double>(group) * kRowHeight + 28};
}

void SpreadDrawing::paint(QPainter &painter, const Theme &theme, const QFont &font) const
{
    painter.setRenderHint(QPainter::Antialiasing);
    const QRectF area = plot();
    if (groups.empty())
        return;
    painter.setFont(smallFont(font));
    for (const ValueTick &tick : computeValueTicks({low, high}, std::max(2, static_cast<int>(area.width() / 70)))) {
        const double x = positionOf(0, tick.value).x();
        painter.setPen(QPen(theme.grid, 1));
        painter.drawLine(QPointF(x, area.top()), QPointF(x, area.bottom()));
        painter.setPen(theme.dim);
        drawTabular(painter, QRectF(x - 40, area.bottom() + 2, 80, kAxisHeight - 4), Qt::AlignHCenter, tick.label);
    }
    for (std::size_t index = 0; index < groups.size(); ++index) {
        const Repetitions &group = groups[index];
        const QColor colour = placeColour(theme, group.place);
        const double y = positionOf(index, low).y();
        const QRectF words(area.left(), y - 26, area.width(), 18);
        const QString value = group.values.size() > 1 ? SpreadView::tr("%1, %2 seeds").arg(spreadText(group.spread)).arg(group.values.size()) : spreadText(group.spread);
        painter.setFont(font);
        painter.setPen(theme.text);
        const double valueWidth = tabularWidth(font, value);
        painter.drawText(words, Qt::AlignLeft | Qt::AlignVCenter, QFontMetrics(font).elidedText(group.name, Qt::ElideMiddle, static_cast<int>(area.width() - valueWidth - 12)));
        painter.setPen(theme.dim);
        drawTabular(painter, words, Qt::AlignRight, value);
        painter.setPen(QPen(theme.line, 1));
        painter.drawLine(QPointF(area.left(), y), QPointF(area.right(), y));
        if (group.spread.deviation) {
            painter.setPen(QPen(colour, 3, Qt::SolidLine, Qt::RoundCap));
            painter.drawLine(positionOf(index, group.spread.mean - *group.spread.deviation), positionOf(index, group.spread.mean + *group.spread.deviation));
            QColor pale = colour;
            pale.setAlpha(120);
            painter.setPen(Qt::NoPen);
            painter.setBrush(pale);
            for (const double each : group.values)
                painter.drawEllipse(positionOf(index, each) + QPointF(0, 7), 2, 2);
        }
        painter.setPen(QPen(theme.surface, 1));
        painter.setBrush(colour);
        painter.drawEllipse(positionOf(index, group.spread.mean), 5, 5);
        painter.setBrush(Qt::NoBrush);
    }
}

bool SpreadView::event(QEvent *event)
{
    if (event->type() != QEvent::ToolTip)
        return QWidget::event(event);
    const auto *help = static_cast<QHelpEvent *>(event);
    const auto row = static_cast<std::size_t>(std::max(0.0, (help->pos().y() - m_drawing.plot().top()) / kRowHeight));
    if (row >= groups().size()) {
        QToolTip::hideText();
        return true;
    }
    QStringList values;
    for (const double each : groups()[row].values)
        values += numberCellText(each);
    QString words = groups()[row].name + QLatin1Char('\n') + m_drawing.metric + QStringLiteral(": ") + values.join(QStringLiteral(", "));
    if (groups()[row].values.size() > 1)
        words += QLatin1Char('\n') + tr("Bar: standard deviation over seeds");
    QToolTip::showText(help->globalPos(), words, this);
    return true;
}

} // namespace kino
