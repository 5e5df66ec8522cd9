#include "widgets/window/shortcut_sheet.h"

#include "widgets/style/theme.h"

#include <QAction>
#include <QKeyEvent>
#include <QPainter>

namespace kino {
namespace {

constexpr int kPadding = 20;
constexpr int kRowHeight = 22;
constexpr int kColumnWidth = 330;
constexpr int kColumns = 3;
constexpr int kHeadingHeight = 34;

std::vector<ShortcutEntry> gestures()
{
    const QString mouse = ShortcutSheet::tr("Mouse on the timeline");
    return {{mouse, ShortcutSheet::tr("Zoom about the cursor"), ShortcutSheet::tr("Wheel")},
            {mouse, ShortcutSheet::tr("Scroll"), ShortcutSheet::tr("Shift+Wheel")},
            {mouse, ShortcutSheet::tr("Amplitude of a lane"), ShortcutSheet::tr("Ctrl+Wheel")},
            {mouse, ShortcutSheet::tr("Move the playhead"), ShortcutSheet::tr("Drag on the ruler")},
            {mouse, ShortcutSheet::tr("Select"), ShortcutSheet::tr("Drag on a lane")},
            {mouse, ShortcutSheet::tr("Pan"), ShortcutSheet::tr("Middle drag, Space+drag")},
            {mouse, ShortcutSheet::tr("Fit all"), ShortcutSheet::tr("Double click")},
            {mouse, ShortcutSheet::tr("Move a lane"), ShortcutSheet::tr("Drag its name")},
            {mouse, ShortcutSheet::tr("Go to a sharp event"), ShortcutSheet::tr("Click near its mark")},
            {mouse, ShortcutSheet::tr("Hide an axis"), ShortcutSheet::tr("Click its letter")}};
}

/** Where each entry stands: groups stay whole as long as a column has room for them. */
struct Placed {
    const ShortcutEntry *entry; // nullptr: a heading
    QString heading;
    int column;
    int y;
};

std::vector<Placed> placeEntries(const std::vector<ShortcutEntry> &entries, int columnHeight)
{
    std::vector<Placed> placed;
    int column = 0;
    int y = 0;
    for (std::size_t begin = 0; begin < entries.size();) {
        std::size_t end = begin;
        while (end < entries.size() && entries[end].category == entries[begin].category)
            ++end;
        const int height = kHeadingHeight + static_cast<int>(end - begin) * kRowHeight;
        if (y > 0 && y + height > columnHeight && column + 1 < kColumns) {
            ++column;
            y = 0;
        }
        placed.push_back({nullptr, entries[begin].category, column, y});
        y += kHeadingHeight;
        for (; begin < end; ++begin) {
            placed.push_back({&entries[begin], {}, column, y});
            y += kRowHeight;
        }
        y += 8;
    }
    return placed;
}

} // namespace

std::vector<ShortcutEntry> shortcutEntries(const std::vector<QAction *> &actions)
{
    std::vector<ShortcutEntry> entries;
    for (const QAction *action : actions) {
        QStringList keys;
        for (const QKeySequence &key : action->shortcuts())
            keys += key.toString(QKeySequence::NativeText);
        if (!keys.isEmpty())
            entries.push_back({action->property("category").toString(), action->text().remove(QLatin1Char('&')).remove(QChar(0x2026)), keys.join(QStringLiteral(", "))});
    }
    return entries;
}

ShortcutSheet::ShortcutSheet(QWidget *window) : QFrame(window)
{
    setObjectName(QStringLiteral("overlay"));
    setAccessibleName(tr("Keys and gestures"));
    setFocusPolicy(Qt::StrongFocus);
    window->installEventFilter(this);
    hide();
}

void ShortcutSheet::open(const std::vector<QAction *> &actions)
{
    m_entries = shortcutEntries(actions);
    const std::vector<ShortcutEntry> mouse = gestures();
    m_entries.insert(m_entries.end(), mouse.begin(), mouse.end());
    QString all;
    for (const ShortcutEntry &entry : m_entries)
        all += entry.name + QStringLiteral(": ") + entry.keys + QLatin1Char('\n');
    setAccessibleDescription(all);
    place();
    show();
    raise();
    setFocus(Qt::PopupFocusReason);
}

void ShortcutSheet::place()
{
    // As low as three columns allow.
    int columnHeight = 300;
    const auto bottom = [this](int height) {
        int lowest = 0;
        for (const Placed &each : placeEntries(m_entries, height))
            lowest = std::max(lowest, each.y + kRowHeight);
        return lowest;
    };
    while (bottom(columnHeight) > columnHeight && columnHeight < 4000)
        columnHeight += 10;
    const QSize wanted(kColumns * kColumnWidth + 2 * kPadding, columnHeight + 2 * kPadding + 28);
    const QSize size = wanted.boundedTo(parentWidget()->size() - QSize(32, 32));
    setGeometry(QRect(QPoint((parentWidget()->width() - size.width()) / 2, (parentWidget()->height() - size.height()) / 2), size));
}

bool ShortcutSheet::eventFilter(QObject *watched, QEvent *event)
{
    if (watched == parentWidget() && event->type() == QEvent::Resize && isVisible())
        place();
    return QFrame::eventFilter(watched, event);
}

void ShortcutSheet::keyPressEvent(QKeyEvent *event)
{
    if (event->key() == Qt::Key_Escape || event->key() == Qt::Key_F1 || event->key() == Qt::Key_Return)
        hide();
    else
        QFrame::keyPressEvent(event);
}

void ShortcutSheet::focusOutEvent(QFocusEvent *event)
{
    QFrame::focusOutEvent(event);
    if (event->reason() != Qt::ActiveWindowFocusReason)
        hide();
}

void ShortcutSheet::mousePressEvent(QMouseEvent *) { hide(); }

void ShortcutSheet::paintEvent(QPaintEvent *event)
{
    QFrame::paintEvent(event);
    QPainter painter(this);
    const Theme &theme = themeOf(palette());
    painter.setFont(panelTitleFont(font()));
    painter.setPen(theme.text);
    painter.drawText(QRect(kPadding, kPadding - 6, width() - 2 * kPadding, 24), Qt::AlignVCenter, accessibleName());
    painter.setFont(smallFont(font()));
    painter.setPen(theme.dim);
    painter.drawText(QRect(kPadding, kPadding - 6, width() - 2 * kPadding, 24), Qt::AlignRight | Qt::AlignVCenter, tr("Esc closes"));
    const int columnWidth = (width() - 2 * kPadding) / kColumns;
    QFont strong = font();
    strong.setWeight(QFont::DemiBold);
    for (const Placed &each : placeEntries(m_entries, height() - 2 * kPadding - 28)) {
        const QRect row(kPadding + each.column * columnWidth, kPadding + 28 + each.y, columnWidth - 24, each.entry ? kRowHeight : kHeadingHeight);
        if (!each.entry) {
            painter.setFont(strong);
            painter.setPen(theme.text);
            painter.drawText(row.adjusted(0, 8, 0, 0), Qt::AlignVCenter, each.heading);
            continue;
        }
        painter.setFont(font());
        const int keysWidth = painter.fontMetrics().horizontalAdvance(each.entry->keys);
        painter.setPen(theme.dim);
        painter.drawText(row, Qt::AlignRight | Qt::AlignVCenter, each.entry->keys);
        painter.setPen(theme.text);
        painter.drawText(row, Qt::AlignVCenter, painter.fontMetrics().elidedText(each.entry->name, Qt::ElideRight, row.width() - keysWidth - 12));
    }
}

} // namespace kino
