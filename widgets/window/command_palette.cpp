#include "widgets/window/command_palette.h"

#include "widgets/window/fuzzy_match.h"
#include "widgets/style/text_painting.h"
#include "widgets/style/theme.h"

#include <QAction>
#include <QApplication>
#include <QKeyEvent>
#include <QLineEdit>
#include <QListView>
#include <QPainter>
#include <QStandardItemModel>
#include <QStyledItemDelegate>
#include <QVBoxLayout>

#include <algorithm>

namespace kino {
namespace {

constexpr int kWidth = 560;
constexpr int kRowHeight = 30;
constexpr int kMostRows = 12;

enum Role { actionRole = Qt::UserRole + 1, keysRole, categoryRole, positionsRole, enabledRole, checkedRole };

class PaletteDelegate : public QStyledItemDelegate {
public:
    using QStyledItemDelegate::QStyledItemDelegate;

    QSize sizeHint(const QStyleOptionViewItem &, const QModelIndex &) const override { return {100, kRowHeight}; }

    void paint(QPainter *painter, const QStyleOptionViewItem &option, const QModelIndex &index) const override
    {
        const Theme &theme = themeOf(option.palette);
        painter->save();
        painter->setRenderHint(QPainter::Antialiasing);
        if (option.state.testFlag(QStyle::State_Selected)) {
            painter->setPen(Qt::NoPen);
            painter->setBrush(theme.selection);
            painter->drawRoundedRect(QRectF(option.rect).adjusted(0, 1, 0, -1), 5, 5);
        }
        QRect text = option.rect.adjusted(12, 0, -12, 0);
        const bool isEnabled = index.data(enabledRole).toBool();
        painter->setFont(smallFont(option.font));
        const QString keys = index.data(keysRole).toString();
        painter->setPen(theme.dim);
        painter->drawText(text, Qt::AlignRight | Qt::AlignVCenter, keys);
        text.setRight(text.right() - painter->fontMetrics().horizontalAdvance(keys) - 16);
        const QString category = index.data(categoryRole).toString();
        painter->drawText(text, Qt::AlignLeft | Qt::AlignVCenter, category);
        text.setLeft(text.left() + 84);
        paintName(*painter, text, option.font, index.data(Qt::DisplayRole).toString(), index.data(positionsRole).toList(), isEnabled ? theme.text : theme.faint, isEnabled ? theme.accent : theme.faint);
        painter->restore();
    }

private:
    /** The letters that were typed stand out in weight and colour. */
    static void paintName(QPainter &painter, QRect rect, const QFont &font, const QString &name, const QVariantList &positions, const QColor &plain, const QColor &found)
    {
        QFont strong = font;
        strong.setWeight(QFont::DemiBold);
        double x = rect.left();
        for (qsizetype at = 0; at < name.size(); ++at) {
            const bool isFound = positions.contains(QVariant(static_cast<int>(at)));
            painter.setFont(isFound ? strong : font);
            painter.setPen(isFound ? found : plain);
            const double width = QFontMetricsF(painter.font()).horizontalAdvance(name[at]);
            if (x + width > rect.right())
                break;
            painter.drawText(QRectF(x, rect.top(), width + 2, rect.height()), Qt::AlignLeft | Qt::AlignVCenter, QString(name[at]));
            x += width;
        }
    }
};

} // namespace

CommandPalette::CommandPalette(QWidget *window)
    : QFrame(window), m_field(new QLineEdit(this)), m_list(new QListView(this)), m_model(new QStandardItemModel(this))
{
    setObjectName(QStringLiteral("overlay"));
    setAccessibleName(tr("Command palette"));
    auto *column = new QVBoxLayout(this);
    column->setContentsMargins(8, 8, 8, 8);
    column->setSpacing(6);
    m_field->setPlaceholderText(tr("Type the name of a command"));
    m_field->setAccessibleName(tr("Name of a command"));
    m_list->setModel(m_model);
    m_list->setItemDelegate(new PaletteDelegate(m_list));
    m_list->setAccessibleName(tr("Commands"));
    m_list->setFrameShape(QFrame::NoFrame);
    m_list->setUniformItemSizes(true);
    m_list->setEditTriggers(QAbstractItemView::NoEditTriggers);
    m_list->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    m_list->setFocusPolicy(Qt::NoFocus);
    column->addWidget(m_field);
    column->addWidget(m_list, 1);
    m_field->installEventFilter(this);
    window->installEventFilter(this);
    connect(m_field, &QLineEdit::textEdited, this, &CommandPalette::narrow);
    connect(m_list, &QListView::clicked, this, &CommandPalette::triggerCurrent);
    hide();
}

void CommandPalette::open(const std::vector<QAction *> &actions, const QString &typed)
{
    m_actions.assign(actions.begin(), actions.end());
    m_focusBefore = QApplication::focusWidget();
    m_field->setText(typed);
    narrow(typed);
    show();
    raise();
    m_field->setFocus(Qt::PopupFocusReason);
}

void CommandPalette::place()
{
    const QWidget *window = parentWidget();
    const int width = std::min(kWidth, window->width() - 32);
    const int height = 8 + 30 + 6 + std::clamp(m_model->rowCount(), 1, kMostRows) * kRowHeight + 8;
    setGeometry((window->width() - width) / 2, std::max(8, window->height() / 10), width, std::min(height, window->height() - 64));
}

void CommandPalette::narrow(const QString &typed)
{
    struct Candidate {
        QAction *action;
        FuzzyMatch match;
    };
    std::vector<Candidate> candidates;
    for (const QPointer<QAction> &action : m_actions) {
        if (!action)
            continue;
        const QString name = action->text().remove(QLatin1Char('&'));
        if (std::optional<FuzzyMatch> match = fuzzyMatch(typed, name)) {
            candidates.push_back({action, std::move(*match)});
        } else if (std::optional<FuzzyMatch> whole = typed.trimmed().contains(QLatin1Char(' ')) ? fuzzyMatch(typed, action->property("category").toString() + QLatin1Char(' ') + name) : std::nullopt) {
            // By the category's name too ("file quit"), but behind those whose own name fits.
            whole->score /= 2;
            whole->positions.clear();
            candidates.push_back({action, std::move(*whole)});
        }
    }
    std::ranges::stable_sort(candidates, [](const Candidate &a, const Candidate &b) {
        if (a.action->isEnabled() != b.action->isEnabled())
            return a.action->isEnabled();
        return a.match.score > b.match.score;
    });
    m_model->clear();
    for (const Candidate &candidate : candidates) {
        auto *item = new QStandardItem(candidate.action->text().remove(QLatin1Char('&')));
        item->setData(QVariant::fromValue<QObject *>(candidate.action), actionRole);
        QStringList keys;
        for (const QKeySequence &key : candidate.action->shortcuts())
            keys += key.toString(QKeySequence::NativeText);
        item->setData(keys.join(QStringLiteral("  ")), keysRole);
        item->setData(candidate.action->property("category"), categoryRole);
        item->setData(candidate.action->isEnabled(), enabledRole);
        QVariantList positions;
        for (const int position : candidate.match.positions)
            positions += position;
        item->setData(positions, positionsRole);
        item->setData(tr("%1, %2").arg(item->text(), keys.isEmpty() ? tr("no key") : keys.front()), Qt::AccessibleTextRole);
        m_model->appendRow(item);
    }
    if (m_model->rowCount() > 0) {
        m_list->setCurrentIndex(m_model->index(0, 0));
    } else {
        auto *none = new QStandardItem(tr("No command has these letters"));
        none->setFlags(Qt::NoItemFlags);
        none->setData(false, enabledRole);
        m_model->appendRow(none);
    }
    place();
}

std::vector<QAction *> CommandPalette::shownActions() const
{
    std::vector<QAction *> actions;
    for (int row = 0; row < m_model->rowCount(); ++row) {
        if (auto *action = qobject_cast<QAction *>(m_model->item(row)->data(actionRole).value<QObject *>()))
            actions.push_back(action);
    }
    return actions;
}

void CommandPalette::triggerCurrent()
{
    const QModelIndex index = m_list->currentIndex();
    if (!index.isValid())
        return;
    const QPointer<QAction> action = qobject_cast<QAction *>(index.data(actionRole).value<QObject *>());
    if (!action || !action->isEnabled())
        return;
    // First away, then the command: it may open something of its own or want the focus.
    hide();
    action->trigger();
}

bool CommandPalette::eventFilter(QObject *watched, QEvent *event)
{
    if (watched == parentWidget() && event->type() == QEvent::Resize && isVisible())
        place();
    if (watched != m_field)
        return QFrame::eventFilter(watched, event);
    if (event->type() == QEvent::FocusOut && isVisible() && static_cast<QFocusEvent *>(event)->reason() != Qt::ActiveWindowFocusReason) {
        hide();
        return false;
    }
    if (event->type() == QEvent::ShortcutOverride) {
        event->accept(); // letters are typed here, whatever they mean elsewhere
        return true;
    }
    if (event->type() != QEvent::KeyPress)
        return false;
    const auto *key = static_cast<QKeyEvent *>(event);
    const int row = m_list->currentIndex().row();
    const auto go = [this](int to) { m_list->setCurrentIndex(m_model->index(std::clamp(to, 0, std::max(0, m_model->rowCount() - 1)), 0)); };
    switch (key->key()) {
    case Qt::Key_Escape: hide(); return true;
    case Qt::Key_Up: go(row - 1); return true;
    case Qt::Key_Down: go(row + 1); return true;
    case Qt::Key_PageUp: go(row - kMostRows); return true;
    case Qt::Key_PageDown: go(row + kMostRows); return true;
    case Qt::Key_Return:
    case Qt::Key_Enter: triggerCurrent(); return true;
    default: return false;
    }
}

void CommandPalette::hideEvent(QHideEvent *event)
{
    QFrame::hideEvent(event);
    if (m_focusBefore && m_focusBefore->isVisible() && (!QApplication::focusWidget() || isAncestorOf(QApplication::focusWidget())))
        m_focusBefore->setFocus(Qt::PopupFocusReason);
    Q_EMIT closed();
}

} // namespace kino
