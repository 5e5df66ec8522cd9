#include "app/kinoscope/windows/counts_view.h"

#include "widgets/style/theme.h"
#include "widgets/timeline/window_rows.h"

#include <QAction>
#include <QClipboard>
#include <QEvent>
#include <QGuiApplication>
#include <QHeaderView>
#include <QLocale>

#include <map>

namespace kino {
namespace {

enum Column { nameColumn, windowsColumn, boutsColumn, secondsColumn, marginColumn };
constexpr int kLabelRole = Qt::UserRole;
constexpr int kNumberPadding = 6;
constexpr int kMarginWidth = 6; // numbers stand off the panel's edge
constexpr int kHeaderPadding = 10; // as the style sheet gives a section

QString countText(std::size_t count) { return QLocale(QLocale::English).toString(static_cast<qulonglong>(count)); }

QString secondsText(double seconds) { return QLocale(QLocale::English).toString(seconds, 'f', seconds < 10'000 ? 1 : 0); }

void setNumbers(QTreeWidgetItem *item, std::size_t windows, std::optional<std::size_t> bouts, double seconds)
{
    item->setText(windowsColumn, countText(windows));
    item->setText(boutsColumn, bouts ? countText(*bouts) : QString());
    item->setText(secondsColumn, secondsText(seconds));
    for (const int column : {windowsColumn, boutsColumn, secondsColumn})
        item->setTextAlignment(column, Qt::AlignRight | Qt::AlignVCenter);
}

} // namespace

CountsView::CountsView(QWidget *parent) : QTreeWidget(parent)
{
    setAccessibleName(tr("Counts of windows"));
    setColumnCount(5);
    setHeaderLabels({QString(), tr("Windows"), tr("Bouts"), tr("Time, s"), QString()});
    setUniformRowHeights(true);
    setIndentation(10);
    setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    header()->setStretchLastSection(false);
    header()->setSectionsMovable(false);
    header()->setSectionResizeMode(nameColumn, QHeaderView::Stretch);
    header()->setMinimumSectionSize(kMarginWidth);
    header()->setSectionResizeMode(marginColumn, QHeaderView::Fixed);
    setColumnWidth(marginColumn, kMarginWidth);
    header()->setProperty("look", QStringLiteral("narrow"));
    for (const int column : {windowsColumn, boutsColumn, secondsColumn}) {
        header()->setSectionResizeMode(column, QHeaderView::Fixed);
        headerItem()->setTextAlignment(column, Qt::AlignRight | Qt::AlignVCenter);
        headerItem()->setFont(column, smallFont(font()));
    }
    headerItem()->setToolTip(boutsColumn, tr("Stretches of one label with at least one kept window: windows of one bout are alike, so bouts are what a class has examples of."));
    headerItem()->setToolTip(secondsColumn, tr("Of kept windows the time that they cover, overlap counted once; of dropped ones the time that no kept window covers."));
    auto *copy = new QAction(tr("&Copy as text"), this);
    connect(copy, &QAction::triggered, this, [this] { QGuiApplication::clipboard()->setText(asText()); });
    addAction(copy);
    setContextMenuPolicy(Qt::ActionsContextMenu);
}

QTreeWidgetItem *CountsView::addHeading(const QString &name, const FateCount &total, std::optional<std::size_t> bouts)
{
    auto *item = new QTreeWidgetItem(this, {name});
    QFont strong = font();
    strong.setWeight(QFont::DemiBold);
    item->setFont(nameColumn, strong);
    item->setToolTip(nameColumn, name);
    setNumbers(item, total.windows, bouts, total.seconds);
    return item;
}

void CountsView::addClass(QTreeWidgetItem *to, const ClassCount &count)
{
    const QString label = QString::fromStdString(count.label);
    auto *item = new QTreeWidgetItem(to, {label.isEmpty() ? tr("without label") : label});
    item->setData(nameColumn, kLabelRole, label);
    item->setToolTip(nameColumn, label);
    setNumbers(item, count.windows, label.isEmpty() ? std::nullopt : std::optional(count.bouts), count.seconds);
}

void CountsView::setCounts(const WindowCounts &counts, bool bySubject)
{
    clear();
    std::map<std::string, ClassCount> byClass;
    std::map<std::string, std::vector<const ClassCount *>> subjects;
    std::size_t bouts = 0;
    for (const ClassCount &count : counts.classes) {
        ClassCount &all = byClass[count.label];
        all.label = count.label;
        all.windows += count.windows;
        all.bouts += count.bouts;
        all.seconds += count.seconds;
        bouts += count.bouts;
        subjects[count.subject].push_back(&count);
    }
    QTreeWidgetItem *kept = addHeading(tr("Kept"), counts.fates[0], bouts);
    for (const auto &[label, count] : byClass)
        addClass(kept, count);
    FateCount dropped;
    for (std::size_t fate = 1; fate < kWindowFates; ++fate) {
        dropped.windows += counts.fates[fate].windows;
        dropped.seconds += counts.fates[fate].seconds;
    }
    QTreeWidgetItem *reasons = addHeading(tr("Dropped"), dropped, std::nullopt);
    for (std::size_t fate = 1; fate < kWindowFates; ++fate) {
        if (counts.fates[fate].windows == 0)
            continue;
        auto *item = new QTreeWidgetItem(reasons, {windowFateText(static_cast<WindowFate>(fate))});
        item->setToolTip(nameColumn, item->text(nameColumn));
        setNumbers(item, counts.fates[fate].windows, std::nullopt, counts.fates[fate].seconds);
    }
    for (const auto &[subject, classes] : bySubject ? subjects : decltype(subjects)()) {
        FateCount total;
        std::size_t ofSubject = 0;
        for (const ClassCount *count : classes) {
            total.windows += count->windows;
            total.seconds += count->seconds;
            ofSubject += count->bouts;
        }
        QTreeWidgetItem *heading = addHeading(subject.empty() ? tr("Unknown subject") : QString::fromStdString(subject), total, ofSubject);
        for (const ClassCount *count : classes)
            addClass(heading, *count);
    }
    expandAll();
    // The reasons are read once; subjects are many: both are opened by who wants to know.
    for (int index = 2; index < topLevelItemCount(); ++index)
        topLevelItem(index)->setExpanded(topLevelItemCount() <= 6);
    for (const int column : {windowsColumn, boutsColumn, secondsColumn})
        setColumnWidth(column, std::max(sizeHintForColumn(column) + kNumberPadding, header()->fontMetrics().horizontalAdvance(headerItem()->text(column)) + kHeaderPadding));
    colour();
}

void CountsView::setLabelColours(const LabelColours &colours)
{
    m_colours = colours;
    colour();
}

void CountsView::colour()
{
    const Theme &theme = themeOf(palette());
    for (QTreeWidgetItemIterator at(this); *at; ++at) {
        const QVariant label = (*at)->data(nameColumn, kLabelRole);
        if (!label.isValid())
            continue;
        (*at)->setIcon(nameColumn, label.toString().isEmpty() ? labelDot(theme.accent, devicePixelRatioF()) : labelDot(theme, label.toString(), m_colours, devicePixelRatioF()));
    }
}

void CountsView::changeEvent(QEvent *event)
{
    QTreeWidget::changeEvent(event);
    if (event->type() == QEvent::PaletteChange)
        colour();
}

QString CountsView::asText() const
{
    QString text = QStringLiteral("\t%1\t%2\t%3\n").arg(headerItem()->text(windowsColumn), headerItem()->text(boutsColumn), headerItem()->text(secondsColumn));
    for (QTreeWidgetItemIterator at(const_cast<CountsView *>(this)); *at; ++at) {
        text += ((*at)->parent() ? QStringLiteral("  ") : QString()) + (*at)->text(nameColumn);
        for (const int column : {windowsColumn, boutsColumn, secondsColumn})
            text += QLatin1Char('\t') + (*at)->text(column).remove(QLatin1Char(','));
        text += QLatin1Char('\n');
    }
    return text;
}

} // namespace kino
