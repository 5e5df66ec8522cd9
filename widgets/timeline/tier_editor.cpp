#include "widgets/timeline/tier_editor.h"

#include "widgets/style/text_painting.h"
#include "widgets/timeline/tier_painter.h"
#include "widgets/timeline/view.h"

#include <QCompleter>
#include <QContextMenuEvent>
#include <QLineEdit>
#include <QMouseEvent>

#include <cmath>

namespace kino {
namespace {

constexpr double kClickPixels = 3;
constexpr int kLeastEditorWidth = 140;
/** Frames this dense are no places that a person aims at, and too many to look for. */
constexpr double kLeastFramePixels = 2;

/** Commits when it is left, and on Return; Escape gives up. */
class InPlaceEdit : public QLineEdit {
public:
    InPlaceEdit(QWidget *parent, std::function<void(bool)> close) : QLineEdit(parent), m_close(std::move(close)) {}

protected:
    bool event(QEvent *event) override
    {
        if (event->type() == QEvent::ShortcutOverride && static_cast<QKeyEvent *>(event)->key() == Qt::Key_Escape) {
            event->accept();
            return true;
        }
        return QLineEdit::event(event);
    }
    void keyPressEvent(QKeyEvent *event) override
    {
        if (event->key() == Qt::Key_Escape)
            m_close(false);
        else if (event->key() == Qt::Key_Return || event->key() == Qt::Key_Enter)
            m_close(true);
        else
            QLineEdit::keyPressEvent(event);
    }
    void focusOutEvent(QFocusEvent *event) override
    {
        QLineEdit::focusOutEvent(event);
        if (event->reason() != Qt::PopupFocusReason && event->reason() != Qt::ActiveWindowFocusReason)
            m_close(true);
    }

private:
    std::function<void(bool)> m_close;
};

} // namespace

TierEditor::TierEditor(TimelineView &view) : QObject(&view), m_view(view) {}

const TierData &TierEditor::tierData(std::size_t tier) const { return *m_view.content().tiers[tier]; }

void TierEditor::setSelection(const std::vector<AnnotationId> &ids)
{
    m_selection = ids;
    m_selected = QSet<AnnotationId>(ids.begin(), ids.end());
    m_view.update();
}

void TierEditor::setCurrentTier(TierId tier)
{
    m_currentTier = tier;
    m_view.update();
}

void TierEditor::setOpenLabel(std::optional<OpenTierLabel> open)
{
    m_open = std::move(open);
    m_view.update();
}

void TierEditor::showGhosts(std::vector<TierGhost> ghosts, QSet<AnnotationId> hidden)
{
    m_ghosts = std::move(ghosts);
    m_view.setHiddenItems(std::move(hidden));
    m_view.update();
}

std::optional<TierEditor::Hit> TierEditor::hitAt(QPoint position) const
{
    const TimelineLayout layout = m_view.layoutNow();
    for (const TimelineRow &row : layout.rows) {
        if (row.kind != TimelineRowKind::tier || !row.rect.contains(position) || !layout.middle.contains(position))
            continue;
        const TierData &tier = tierData(row.index);
        const TimeAxis axis = m_view.axis();
        const double x = position.x();
        Hit hit{row.index, row.rect, std::nullopt, Part::body, axis.timeAt(x)};
        if (x < layout.plotLeft || m_view.content().visible.isEmpty())
            return hit;
        const auto [first, last] = tier.touching({axis.timeAt(x - kGripPixels), axis.timeAt(x + kGripPixels) + 1});
        double nearest = kGripPixels + 1;
        for (std::size_t index = last; index > first; --index) {
            const TimeRange range = tier.items[index - 1].range;
            const double left = axis.xOf(range.start);
            const double right = axis.xOf(range.end);
            if (x >= left && x < right) {
                // Inside, the one that began last counts; a narrow one keeps a middle to be grasped by.
                const double grip = std::min(kGripPixels, (right - left) / 4);
                hit.item = index - 1;
                hit.part = x - left <= grip ? Part::start : right - x <= grip ? Part::end : Part::body;
                return hit;
            }
            const double away = std::min(std::abs(x - left), std::abs(x - right));
            if (away > kGripPixels || away >= nearest)
                continue;
            nearest = away;
            hit.item = index - 1;
            hit.part = range.isEmpty() ? Part::body : std::abs(x - left) < std::abs(x - right) ? Part::start : Part::end;
        }
        return hit;
    }
    return std::nullopt;
}

bool TierEditor::press(const QMouseEvent &event)
{
    const std::optional<Hit> hit = hitAt(event.position().toPoint());
    if (!hit || event.button() != Qt::LeftButton)
        return false;
    const TierData &tier = tierData(hit->tier);
    if (tier.id == 0)
        return false;
    if (m_textEditor)
        closeTextEditor(true);
    if (m_currentTier != tier.id)
        Q_EMIT tierChosen(tier.id);
    if (event.position().x() < m_view.layoutNow().plotLeft)
        return true;
    m_pressedAt = event.position();
    m_pressedTime = hit->time;
    m_ghosts.clear();
    m_asked = {};
    m_asked.tier = tier.id;
    if (!hit->item) {
        m_gesture = Gesture::pressedOnEmpty;
        gatherSnapTargets({});
        m_room = freeRoom(tier, hit->time);
        m_pressedTime = std::clamp(snapped(hit->time, event.modifiers()), m_room.start, m_room.end);
    } else if (hit->part == Part::body) {
        pressItem(*hit, event.modifiers());
    } else {
        pressEdge(*hit, event.modifiers());
    }
    return true;
}

/** Ctrl adds and takes away, Shift takes all from the one selected last to here. */
void TierEditor::pressItem(const Hit &hit, Qt::KeyboardModifiers modifiers)
{
    const TierData &tier = tierData(hit.tier);
    const AnnotationId id = tier.items[*hit.item].id;
    std::vector<AnnotationId> ids = m_selection;
    m_selectsAloneOnRelease = false;
    if (modifiers.testFlag(Qt::ControlModifier)) {
        if (std::erase(ids, id) == 0)
            ids.push_back(id);
    } else if (modifiers.testFlag(Qt::ShiftModifier) && !ids.empty()) {
        const auto anchor = std::ranges::find(tier.items, ids.back(), &TierItem::id);
        if (anchor != tier.items.end()) {
            const auto from = static_cast<std::size_t>(anchor - tier.items.begin());
            const AnnotationId last = ids.back();
            ids.clear();
            for (std::size_t index = std::min(from, *hit.item); index <= std::max(from, *hit.item); ++index)
                ids.push_back(tier.items[index].id);
            // It stays the anchor of the next.
            std::erase(ids, last);
            ids.push_back(last);
        }
    } else if (m_selected.contains(id)) {
        m_selectsAloneOnRelease = true;
    } else {
        ids = {id};
    }
    if (ids != m_selection)
        Q_EMIT selectionRequested(ids);
    m_gesture = Gesture::pressedOnItem;
    m_asked.kind = TierGesture::Kind::move;
    m_asked.ids = {id};
    for (const AnnotationId each : ids) {
        if (each != id)
            m_asked.ids.push_back(each);
    }
    m_grasped = tier.items[*hit.item].range;
    gatherSnapTargets(m_asked.ids);
}

/** Where two annotations touch both follow the border; with Ctrl the grasped one alone. */
void TierEditor::pressEdge(const Hit &hit, Qt::KeyboardModifiers modifiers)
{
    const TierData &tier = tierData(hit.tier);
    const TierItem &item = tier.items[*hit.item];
    m_gesture = Gesture::pressedOnEdge;
    m_grasped = item.range;
    m_asked.edge = hit.part == Part::start ? AnnotationEdge::start : AnnotationEdge::end;
    m_asked.kind = TierGesture::Kind::moveEdge;
    m_asked.ids = {item.id};
    const RecordingTime border = hit.part == Part::start ? item.range.start : item.range.end;
    if (!modifiers.testFlag(Qt::ControlModifier)) {
        const auto [first, last] = tier.touching({border - 1, border + 1});
        for (std::size_t index = first; index < last; ++index) {
            const TierItem &other = tier.items[index];
            if (other.id == item.id || other.range.isEmpty())
                continue;
            if (hit.part == Part::end && other.range.start == border)
                m_asked.ids = {item.id, other.id};
            else if (hit.part == Part::start && other.range.end == border)
                m_asked.ids = {other.id, item.id};
        }
        if (m_asked.ids.size() == 2)
            m_asked.kind = TierGesture::Kind::moveSharedBorder;
    }
    if (m_selection != std::vector{item.id})
        Q_EMIT selectionRequested({item.id});
    gatherSnapTargets(m_asked.ids);
}

void TierEditor::gatherSnapTargets(const std::vector<AnnotationId> &moving)
{
    const QSet<AnnotationId> left(moving.begin(), moving.end());
    const TimeRange visible = m_view.content().visible;
    m_targets = {};
    m_targetsIn = visible;
    m_snappedTo.reset();
    for (const auto &tier : m_view.content().tiers) {
        const auto [first, last] = tier->touching(visible);
        for (std::size_t index = first; index < last; ++index) {
            if (!left.contains(tier->items[index].id))
                m_targets.edges.insert(m_targets.edges.end(), {tier->items[index].range.start, tier->items[index].range.end});
        }
    }
    std::ranges::sort(m_targets.edges);
    m_targets.playhead = m_view.playhead();
    m_targetFrames = m_frameTimes ? m_frameTimes(visible) : std::vector<RecordingTime>();
    if (static_cast<double>(m_targetFrames.size()) * kLeastFramePixels > m_view.axis().width)
        m_targetFrames.clear();
    m_targets.frames = m_targetFrames;
}

RecordingTime TierEditor::snapped(RecordingTime time, Qt::KeyboardModifiers modifiers)
{
    m_snappedTo.reset();
    if (modifiers.testFlag(Qt::AltModifier))
        return time;
    const Nanos tolerance = std::llround(m_view.axis().nanosPerPixel() * kSnapPixels);
    const std::optional<SnapPoint> point = snap(time, tolerance, m_targets);
    if (!point)
        return time;
    m_snappedTo = point->time;
    return point->time;
}

/** Between what lies before and after on this tier. */
TimeRange TierEditor::freeRoom(const TierData &tier, RecordingTime at) const
{
    TimeRange room = m_view.content().bounds;
    const auto next = std::ranges::upper_bound(tier.items, at, {}, [](const TierItem &item) { return item.range.start; });
    if (next != tier.items.begin())
        room.start = std::max(room.start, std::min(at, tier.latestEnd[static_cast<std::size_t>(next - tier.items.begin()) - 1]));
    const auto solid = std::find_if(next, tier.items.end(), [](const TierItem &item) { return !item.range.isEmpty(); });
    if (solid != tier.items.end())
        room.end = std::min(room.end, solid->range.start);
    return room;
}

void TierEditor::move(QPointF position, Qt::KeyboardModifiers modifiers)
{
    const double x = position.x();
    if (std::abs(x - m_pressedAt.x()) > kClickPixels) {
        switch (m_gesture) {
        case Gesture::pressedOnEmpty: m_gesture = Gesture::draw; break;
        case Gesture::pressedOnItem: m_gesture = Gesture::move; break;
        case Gesture::pressedOnEdge: m_gesture = Gesture::edge; break;
        default: break;
        }
    }
    const TimeRange visible = m_view.content().visible;
    if (visible != m_targetsIn)
        gatherSnapTargets(m_asked.ids);
    updateGesture(std::clamp(m_view.axis().timeAt(x), visible.start, visible.end), modifiers);
}

void TierEditor::updateGesture(RecordingTime time, Qt::KeyboardModifiers modifiers)
{
    switch (m_gesture) {
    case Gesture::draw: {
        const RecordingTime at = std::clamp(snapped(time, modifiers), m_room.start, m_room.end);
        m_asked.range = {std::min(m_pressedTime, at), std::max(m_pressedTime, at)};
        break;
    }
    case Gesture::move: {
        m_asked.by = time - m_pressedTime;
        m_snappedTo.reset();
        const Nanos tolerance = std::llround(m_view.axis().nanosPerPixel() * kSnapPixels);
        if (!modifiers.testFlag(Qt::AltModifier)) {
            if (const std::optional<Nanos> by = snapMove(m_grasped.start, m_grasped.end, m_asked.by, tolerance, m_targets))
                m_asked.by = *by;
        }
        break;
    }
    case Gesture::edge: m_asked.to = snapped(time, modifiers); break;
    default: return;
    }
    Q_EMIT gestureMoved(m_asked);
}

void TierEditor::release(const QMouseEvent &event)
{
    if (event.buttons() & Qt::LeftButton)
        return;
    const Gesture gesture = m_gesture;
    const bool selectsAlone = m_selectsAloneOnRelease;
    if (isDragging())
        move(event.position(), event.modifiers());
    const TierGesture asked = m_asked;
    end();
    switch (gesture) {
    case Gesture::draw:
    case Gesture::move:
    case Gesture::edge: Q_EMIT gestureEnded(asked); break;
    case Gesture::pressedOnEmpty:
        if (!m_selection.empty())
            Q_EMIT selectionRequested({});
        Q_EMIT playheadRequested(m_pressedTime);
        break;
    case Gesture::pressedOnItem:
        if (selectsAlone)
            Q_EMIT selectionRequested({asked.ids.front()});
        break;
    default: break;
    }
}

void TierEditor::end()
{
    m_gesture = Gesture::none;
    m_selectsAloneOnRelease = false;
    m_snappedTo.reset();
    showGhosts({}, {});
}

bool TierEditor::cancel()
{
    if (!isBusy())
        return false;
    end();
    Q_EMIT gestureCancelled();
    return true;
}

bool TierEditor::doubleClick(const QMouseEvent &event)
{
    const std::optional<Hit> hit = hitAt(event.position().toPoint());
    if (!hit || event.button() != Qt::LeftButton || tierData(hit->tier).id == 0 || event.position().x() < m_view.layoutNow().plotLeft)
        return false;
    if (hit->item) {
        editText(tierData(hit->tier).items[*hit->item].id);
        return true;
    }
    if (tierData(hit->tier).kind != TierKind::text)
        return false;
    Q_EMIT remarkRequested(tierData(hit->tier).id, hit->time);
    return true;
}

bool TierEditor::contextMenu(const QContextMenuEvent &event)
{
    const std::optional<Hit> hit = hitAt(event.pos());
    if (!hit || tierData(hit->tier).id == 0)
        return false;
    const TierData &tier = tierData(hit->tier);
    if (m_currentTier != tier.id)
        Q_EMIT tierChosen(tier.id);
    const AnnotationId id = hit->item ? tier.items[*hit->item].id : 0;
    if (id != 0 && !m_selected.contains(id))
        Q_EMIT selectionRequested({id});
    Q_EMIT menuRequested(event.globalPos(), tier.id, id, hit->time);
    return true;
}

std::optional<Qt::CursorShape> TierEditor::cursorAt(QPoint position) const
{
    const std::optional<Hit> hit = hitAt(position);
    if (!hit || tierData(hit->tier).id == 0 || position.x() < m_view.layoutNow().plotLeft)
        return std::nullopt;
    if (!hit->item)
        return Qt::CrossCursor;
    return hit->part == Part::body ? Qt::ArrowCursor : Qt::SizeHorCursor;
}

void TierEditor::editText(AnnotationId id)
{
    closeTextEditor(true);
    for (const auto &tier : m_view.content().tiers) {
        const auto item = std::ranges::find(tier->items, id, &TierItem::id);
        if (item == tier->items.end())
            continue;
        m_edited = id;
        m_textEditor = new InPlaceEdit(&m_view, [this](bool keep) { closeTextEditor(keep); });
        m_textEditor->setAccessibleName(tr("Label"));
        m_textEditor->setText(item->label);
        m_textEditor->selectAll();
        if (!m_choices.isEmpty()) {
            auto *completer = new QCompleter(m_choices, m_textEditor);
            completer->setCaseSensitivity(Qt::CaseInsensitive);
            completer->setCompletionMode(QCompleter::PopupCompletion);
            m_textEditor->setCompleter(completer);
        }
        placeTextEditor();
        m_textEditor->show();
        m_textEditor->setFocus(Qt::OtherFocusReason);
        return;
    }
}

void TierEditor::placeTextEditor()
{
    if (!m_textEditor)
        return;
    const TimelineLayout layout = m_view.layoutNow();
    const TimeAxis axis = m_view.axis();
    const double end = layout.plotLeft + layout.plotWidth;
    for (const TimelineRow &row : layout.rows) {
        if (row.kind != TimelineRowKind::tier)
            continue;
        const TierData &tier = tierData(row.index);
        const auto item = std::ranges::find(tier.items, m_edited, &TierItem::id);
        if (item == tier.items.end())
            continue;
        const int left = static_cast<int>(std::clamp<double>(axis.xOf(item->range.start), layout.plotLeft, end - kLeastEditorWidth));
        const int right = static_cast<int>(std::clamp<double>(axis.xOf(item->range.end), left, end));
        m_textEditor->setGeometry(left, row.rect.top() + 3, std::max(kLeastEditorWidth, right - left), row.rect.height() - 6);
        return;
    }
}

void TierEditor::closeTextEditor(bool keep)
{
    if (!m_textEditor)
        return;
    QLineEdit *editor = m_textEditor;
    m_textEditor = nullptr; // hiding it takes its focus, which would close it again
    const bool hadFocus = editor->hasFocus();
    const QString text = editor->text().trimmed();
    editor->hide();
    editor->deleteLater();
    if (hadFocus)
        m_view.setFocus(Qt::OtherFocusReason);
    m_view.update();
    if (keep)
        Q_EMIT textEdited(m_edited, text);
    else
        Q_EMIT textAbandoned(m_edited);
}

void TierEditor::paint(QPainter &painter, const TimelineLayout &layout) const
{
    painter.save();
    painter.setClipRect(layout.middle, Qt::IntersectClip);
    const Theme &theme = themeOf(m_view.palette());
    if (isBusy() && !m_ghosts.empty()) {
        // Lines through all rows: what the signals do at these borders is what they are set by.
        for (const RecordingTime time : {m_ghosts.front().range.start, m_ghosts.front().range.end}) {
            const double x = std::floor(m_view.axis().xOf(time));
            if (x >= layout.plotLeft && x <= layout.plotLeft + layout.plotWidth)
                painter.fillRect(QRectF(x, layout.middle.top(), 1, layout.rowsBottom - layout.middle.top()), m_snappedTo == time ? theme.accent : theme.dim);
        }
    }
    for (const TimelineRow &row : layout.rows) {
        if (row.kind == TimelineRowKind::tier && row.rect.intersects(layout.middle))
            paintRowOverlay(painter, layout, row);
    }
    painter.restore();
    if (isBusy() && !m_ghosts.empty())
        paintReadout(painter, layout);
}

void TierEditor::paintRowOverlay(QPainter &painter, const TimelineLayout &layout, const TimelineRow &row) const
{
    const Theme &theme = themeOf(m_view.palette());
    const TierData &tier = tierData(row.index);
    if (tier.id != 0 && tier.id == m_currentTier)
        painter.fillRect(QRect(0, row.rect.top(), 3, row.rect.height() - 1), theme.accent);
    const QRect area = layout.plotOf(row.rect);
    painter.save();
    painter.setClipRect(area, Qt::IntersectClip);
    painter.setRenderHint(QPainter::Antialiasing);
    painter.setFont(m_view.font());
    const TimeAxis axis = m_view.axis();
    const QSet<AnnotationId> none;
    const TierLook look{theme, m_view.content().labelColours, none};
    const auto boxOf = [&](TimeRange range) {
        return tierItemBox(area, std::max(axis.xOf(range.start), area.left() - 8.0), std::min(axis.xOf(range.end), area.right() + 9.0));
    };
    const auto outline = [&](const QRectF &box) {
        painter.setPen(QPen(theme.accent, 2));
        painter.setBrush(Qt::NoBrush);
        painter.drawRoundedRect(box.adjusted(0, 0, 0, 0), 3, 3);
    };
    const auto whole = [&](TimeRange range, const QString &label) {
        const QRectF box = boxOf(range);
        painter.fillRect(box, theme.plot);
        paintTierItem(painter, box, label, tier.kind, look);
        painter.setPen(theme.text);
        const QRectF text = box.adjusted(9, 0, -4, 0).intersected(QRectF(area).adjusted(6, 0, 0, 0));
        if (text.width() >= 12)
            painter.drawText(text, Qt::AlignLeft | Qt::AlignVCenter, painter.fontMetrics().elidedText(label, Qt::ElideRight, static_cast<int>(text.width())));
        return box;
    };
    if (!m_selected.isEmpty()) {
        const auto [first, last] = tier.touching({m_view.content().visible.start - 1, m_view.content().visible.end});
        double drawnTo = area.left() - 10.0;
        for (std::size_t index = first; index < last; ++index) {
            const TierItem &item = tier.items[index];
            if (!m_selected.contains(item.id) || m_view.content().hiddenItems.contains(item.id))
                continue;
            const QRectF box = boxOf(item.range);
            if (box.right() <= drawnTo)
                continue;
            drawnTo = box.right();
            outline(box);
        }
    }
    for (const TierGhost &ghost : m_ghosts) {
        if (ghost.tier == tier.id)
            outline(whole(ghost.range, ghost.label));
    }
    if (m_open && m_open->tier == tier.id && m_view.playhead()) {
        const RecordingTime now = *m_view.playhead();
        const QRectF box = whole({std::min(m_open->start, now), std::max(m_open->start, now)}, m_open->label);
        // The end that is still open.
        painter.fillRect(QRectF(std::floor(axis.xOf(now)) + (now < m_open->start ? 2 : -4), box.top(), 3, box.height()), theme.bad);
    }
    painter.restore();
}

/** From, to and how long, above the row. */
void TierEditor::paintReadout(QPainter &painter, const TimelineLayout &layout) const
{
    const Theme &theme = themeOf(m_view.palette());
    const TierGhost &ghost = m_ghosts.front();
    const auto row = std::ranges::find_if(layout.rows, [&](const TimelineRow &each) { return each.kind == TimelineRowKind::tier && tierData(each.index).id == ghost.tier; });
    if (row == layout.rows.end())
        return;
    const QString text = clockText(ghost.range.start) + QStringLiteral(" \u2013 ") + clockText(ghost.range.end) + QStringLiteral("   ") + durationText(ghost.range.duration());
    painter.save();
    painter.setFont(smallFont(m_view.font()));
    const double width = tabularWidth(painter.font(), text) + 16;
    const double middle = m_view.axis().xOf(ghost.range.start + ghost.range.duration() / 2);
    const double left = std::clamp(middle - width / 2, static_cast<double>(layout.plotLeft), std::max<double>(layout.plotLeft, layout.plotLeft + layout.plotWidth - width));
    const QRectF chip(left, std::max(layout.middle.top() + 2, row->rect.top() - 22), width, 20);
    painter.setRenderHint(QPainter::Antialiasing);
    painter.setPen(theme.line);
    painter.setBrush(theme.raised);
    painter.drawRoundedRect(chip.adjusted(0.5, 0.5, -0.5, -0.5), 4, 4);
    painter.setPen(theme.text);
    drawTabular(painter, chip, Qt::AlignHCenter, text);
    painter.restore();
}

} // namespace kino
