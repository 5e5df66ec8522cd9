#include "widgets/window/shortcut_sheet.h"

#include "widgets/style/theme.h"

#include <QAction>
#include <QKeyEvent>
#include <QPainter>
#include <QWheelEvent>

namespace kino {
namespace {

constexpr int kPadding = 20;
constexpr int kSheetColumnWidth = 330;
constexpr int kColumns = 3;
constexpr int kLeastColumnWidth = 280;
constexpr int kTitleHeight = 28;
constexpr int kHeadingHeight = 34;
constexpr int kRowHeight = 22;

std::vector<ShortcutEntry> gestures()
{
    const QString mouse = ShortcutSheet::tr("Mouse on the timeline");
    const QString tiers = ShortcutSheet::tr("Mouse on labels");
    return {{mouse, ShortcutSheet::tr("Zoom about the cursor"), ShortcutSheet::tr("Wheel")},
            {mouse, ShortcutSheet::tr("Scroll"), ShortcutSheet::tr("Shift+Wheel")},
            {mouse, ShortcutSheet::tr("Amplitude of a lane"), ShortcutSheet::tr("Ctrl+Wheel")},
            {mouse, ShortcutSheet::tr("Move the playhead"), ShortcutSheet::tr("Drag on the ruler")},
            {mouse, ShortcutSheet::tr("Select"), ShortcutSheet::tr("Drag on a lane")},
            {mouse, ShortcutSheet::tr("Pan"), ShortcutSheet::tr("Middle drag, Space+drag")},
            {mouse, ShortcutSheet::tr("Fit all"), ShortcutSheet::tr("Double click")},
            {mouse, ShortcutSheet::tr("Move a lane"), ShortcutSheet::tr("Drag its name")},
            {mouse, ShortcutSheet::tr("Go to a sharp event"), ShortcutSheet::tr("Click near its mark")},
            {mouse, ShortcutSheet::tr("Hide an axis"), ShortcutSheet::tr("Click its letter")},
            {tiers, ShortcutSheet::tr("Draw a label"), ShortcutSheet::tr("Drag on an empty place")},
            {tiers, ShortcutSheet::tr("Move, resize"), ShortcutSheet::tr("Drag it, its border")},
            {tiers, ShortcutSheet::tr("One border of two that touch"), ShortcutSheet::tr("Ctrl+drag")},
            {tiers, ShortcutSheet::tr("Without snapping"), ShortcutSheet::tr("Alt+drag")},
            {tiers, ShortcutSheet::tr("Select several"), ShortcutSheet::tr("Ctrl, Shift+click")},
            {tiers, ShortcutSheet::tr("Edit the text"), ShortcutSheet::tr("Double click")},
            {tiers, ShortcutSheet::tr("Give up a drag, an open label"), ShortcutSheet::tr("Esc")}};
}

enum class Groups { whole, split };

/** Where each entry stands. Where groups may be split, the heading comes again on top of the next column. */
std::vector<ShortcutSheet::Placed> placeEntries(const std::vector<ShortcutEntry> &entries, int columns, int columnHeight, Groups groups)
{
    std::vector<ShortcutSheet::Placed> placed;
    int column = 0;
    int y = 0;
    const auto nextColumn = [&] {
        if (y == 0 || column + 1 == columns)
            return false;
        ++column;
        y = 0;
        return true;
    };
    const auto addHeading = [&](const QString &heading) {
        placed.push_back({entries.size(), heading, column, y});
        y += kHeadingHeight;
    };
    for (std::size_t begin = 0; begin < entries.size();) {
        std::size_t end = begin;
        while (end < entries.size() && entries[end].category == entries[begin].category)
            ++end;
        // A heading with a single row below it is no group.
        const std::size_t together = groups == Groups::whole ? end - begin : std::min<std::size_t>(2, end - begin);
        if (y + kHeadingHeight + static_cast<int>(together) * kRowHeight > columnHeight)
            nextColumn();
        addHeading(entries[begin].category);
        for (; begin < end; ++begin) {
            if (groups == Groups::split && y + kRowHeight > columnHeight && nextColumn())
                addHeading(entries[begin].category);
            placed.push_back({begin, {}, column, y});
            y += kRowHeight;
        }
        y += 8;
    }
    return placed;
}

int lowestOf(const std::vector<ShortcutSheet::Placed> &placed)
{
    int lowest = 0;
    for (const ShortcutSheet::Placed &each : placed)
        lowest = std::max(lowest, each.y + kRowHeight);
    return lowest;
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
    m_scrolled = 0;
    place();
    show();
    raise();
    setFocus(Qt::PopupFocusReason);
}

/** As few columns and as low as the window allows; whole groups where they fit. What still has no room is scrolled to. */
void ShortcutSheet::place()
{
    const QSize room = parentWidget()->size() - QSize(32, 32);
    const int roomHeight = room.height() - 2 * kPadding - kTitleHeight;
    const int mostColumns = std::max(kColumns, (room.width() - 2 * kPadding) / kLeastColumnWidth);
    int columnHeight = 0;
    const auto fit = [&](int columns, Groups groups) {
        m_columns = columns;
        for (columnHeight = std::min(300, roomHeight); columnHeight <= roomHeight; columnHeight += 10) {
            m_placed = placeEntries(m_entries, columns, columnHeight, groups);
            if (lowestOf(m_placed) <= columnHeight)
                return true;
        }
        return false;
    };
    bool isFitting = false;
    for (int columns = kColumns; columns <= mostColumns && !isFitting; ++columns)
        isFitting = fit(columns, Groups::whole);
    if (!isFitting && !fit(mostColumns, Groups::split)) {
        columnHeight = roomHeight;
        m_placed = placeEntries(m_entries, mostColumns, roomHeight, Groups::split);
    }
    m_hidden = std::max(0, lowestOf(m_placed) - columnHeight);
    m_scrolled = std::min(m_scrolled, m_hidden);
    const QSize wanted(m_columns * kSheetColumnWidth + 2 * kPadding, columnHeight + 2 * kPadding + kTitleHeight);
    const QSize size = wanted.boundedTo(room);
    setGeometry(QRect(QPoint((parentWidget()->width() - size.width()) / 2, (parentWidget()->height() - size.height()) / 2), size));
}

void ShortcutSheet::scrollBy(int pixels)
{
    m_scrolled = std::clamp(m_scrolled + pixels, 0, m_hidden);
    update();
}

void ShortcutSheet::wheelEvent(QWheelEvent *event)
{
    event->accept();
    scrollBy(-event->angleDelta().y() * 3 * kRowHeight / 120);
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
    else if (event->key() == Qt::Key_Down || event->key() == Qt::Key_Up)
        scrollBy(event->key() == Qt::Key_Down ? kRowHeight : -kRowHeight);
    else if (event->key() == Qt::Key_PageDown || event->key() == Qt::Key_PageUp)
        scrollBy((event->key() == Qt::Key_PageDown ? 1 : -1) * height() / 2);
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
    painter.drawText(QRect(kPadding, kPadding - 6, width() - 2 * kPadding, 24), Qt::AlignRight | Qt::AlignVCenter, m_hidden > 0 ? tr("\u2191 \u2193 or the wheel for the rest, Esc closes") : tr("Esc closes"));
    painter.setClipRect(QRect(0, kPadding + kTitleHeight, width(), height() - 2 * kPadding - kTitleHeight));
    const int columnWidth = (width() - 2 * kPadding) / m_columns;
    QFont strong = font();
    strong.setWeight(QFont::DemiBold);
    for (const Placed &each : m_placed) {
        const bool isHeading = each.entry == m_entries.size();
        const QRect row(kPadding + each.column * columnWidth, kPadding + kTitleHeight + each.y - m_scrolled, columnWidth - 24, isHeading ? kHeadingHeight : kRowHeight);
        if (isHeading) {
            painter.setFont(strong);
            painter.setPen(theme.text);
            painter.drawText(row.adjusted(0, 8, 0, 0), Qt::AlignVCenter, each.heading);
            continue;
        }
        const ShortcutEntry &entry = m_entries[each.entry];
        painter.setFont(font());
        const int keysWidth = painter.fontMetrics().horizontalAdvance(entry.keys);
        painter.setPen(theme.dim);
        painter.drawText(row, Qt::AlignRight | Qt::AlignVCenter, entry.keys);
        painter.setPen(theme.text);
        painter.drawText(row, Qt::AlignVCenter, painter.fontMetrics().elidedText(entry.name, Qt::ElideRight, row.width() - keysWidth - 12));
    }
}

} // namespace kino
