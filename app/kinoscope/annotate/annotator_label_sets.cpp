// Which labels a tier is labelled with: those in use, with keys that stay where they are, or a set of its own.
#include "app/kinoscope/annotate/annotator.h"

#include "app/kinoscope/library/library.h"
#include "app/kinoscope/project_writer.h"
#include "app/kinoscope/sentence.h"
#include "core/store/project.h"

#include <QUndoStack>

#include <algorithm>
#include <set>

namespace kino {
namespace {

constexpr std::size_t kDigitKeys = 9;
/** Labels of other recordings that are offered where this one has none. */
constexpr std::size_t kMostOffered = 12;

class LabelSetCommand : public QUndoCommand {
public:
    LabelSetCommand(Annotator &annotator, LabelSetChange change)
        : m_annotator(annotator), m_change(std::move(change)), m_users(std::make_shared<LabelSetUsers>())
    {
        setText(!m_change.before ? Annotator::tr("New label set") : m_change.after ? Annotator::tr("Edit label set") : Annotator::tr("Remove label set"));
    }
    void undo() override { setObsolete(!m_annotator.apply({m_change.after, m_change.before}, m_users)); }
    void redo() override { setObsolete(!m_annotator.apply(m_change, m_users)); }

private:
    Annotator &m_annotator;
    LabelSetChange m_change;
    std::shared_ptr<LabelSetUsers> m_users;
};

void addWithKeys(LabelSet &set, const std::set<std::string> &labels)
{
    std::set<std::string> known;
    for (const LabelDefinition &each : set.labels)
        known.insert(each.label);
    for (const std::string &label : labels) {
        if (label.empty() || known.contains(label))
            continue;
        const std::size_t place = set.labels.size() + 1;
        set.labels.push_back({label, {}, place <= kDigitKeys ? std::to_string(place) : std::string()});
    }
}

} // namespace

void Annotator::pushLabelSet(LabelSetChange change) { m_history.push(new LabelSetCommand(*this, std::move(change))); }

const LabelSet &Annotator::vocabulary() const
{
    static const LabelSet kNone;
    const StoredTier *tier = set() ? set()->findTier(currentTier()) : nullptr;
    if (tier && tier->labelSet) {
        const auto own = std::ranges::find(m_labelSets, *tier->labelSet, &LabelSet::id);
        if (own != m_labelSets.end())
            return *own;
    }
    if (!set() || (tier && tier->kind == TierKind::text))
        return kNone;
    const auto used = m_inUse.find(tier ? tier->name : kUsualTier);
    return used == m_inUse.end() ? kNone : used->second;
}

LabelColours Annotator::colours() const
{
    LabelColours colours;
    const auto add = [&colours](const LabelSet &labels) {
        for (const LabelDefinition &each : labels.labels) {
            const QString label = QString::fromStdString(each.label);
            if (!each.colour.empty() && !colours.contains(label))
                colours.insert(label, QColor(QString::fromStdString(each.colour)));
        }
    };
    add(vocabulary());
    std::ranges::for_each(m_labelSets, add);
    return colours;
}

/** Keys of labels in use are given once: a label that comes later takes the next. */
void Annotator::learnLabels()
{
    m_learn.stop();
    const AnnotationSet *now = set();
    if (!now) {
        Q_EMIT vocabularyChanged();
        return;
    }
    const StoredTier *tier = now->findTier(currentTier());
    LabelSet &known = m_inUse[tier ? tier->name : kUsualTier];
    const auto labelsOf = [](const StoredTier &each) {
        std::set<std::string> labels;
        for (const StoredAnnotation &row : each.annotations)
            labels.insert(row.annotation.label);
        return labels;
    };
    if (tier && tier->kind == TierKind::label)
        addWithKeys(known, labelsOf(*tier));
    for (const StoredTier &other : now->tiers()) {
        if (known.labels.empty() && other.kind == TierKind::label)
            addWithKeys(known, labelsOf(other));
    }
    if (known.labels.empty()) {
        std::set<std::string> offered;
        for (const LibraryFacet &facet : m_library.model().labels()) {
            if (offered.size() < kMostOffered)
                offered.insert(facet.name.toStdString());
        }
        addWithKeys(known, offered);
    }
    Q_EMIT vocabularyChanged();
}

std::string Annotator::currentLabel() const
{
    const LabelSet &labels = vocabulary();
    if (std::ranges::find(labels.labels, m_currentLabel, &LabelDefinition::label) != labels.labels.end())
        return m_currentLabel;
    return labels.labels.empty() ? std::string() : labels.labels.front().label;
}

void Annotator::setCurrentLabel(const std::string &label)
{
    if (m_currentLabel == label)
        return;
    m_currentLabel = label;
    Q_EMIT currentLabelChanged();
}

LabelSetId Annotator::nextLabelSetId() { return freeLabelSetId(m_ids, m_labelSets); }

bool Annotator::changeLabelSet(LabelSetChange change, TierId forTier)
{
    if (!isReadyToEdit())
        return false;
    endOpenLabel();
    if (change.after) {
        std::vector<std::string> problems = problemsOf(*change.after);
        if (std::ranges::any_of(m_labelSets, [&](const LabelSet &each) { return each.name == change.after->name && each.id != change.after->id; }))
            problems.push_back("this project has a set of labels \"" + change.after->name + "\" already; choose another name");
        if (!problems.empty()) {
            Q_EMIT refused(asSentence(QString::fromStdString(problems.front())));
            return false;
        }
    }
    const auto id = change.after ? std::optional(change.after->id) : std::nullopt;
    const bool isNew = !change.before;
    if (isNew)
        m_history.beginMacro(tr("New label set"));
    pushLabelSet(std::move(change));
    if (isNew) {
        perform([&](const AnnotationSet &now, AnnotationIds &ids) {
            return forTier != 0 ? setTierLabelSet(now, forTier, id) : addTier(now, ids, kUsualTier, TierKind::label, id);
        });
        m_history.endMacro();
        learnLabels();
    }
    return true;
}

bool Annotator::apply(const LabelSetChange &change, const std::shared_ptr<LabelSetUsers> &users)
{
    const LabelSetId id = (change.before ? change.before : change.after)->id;
    const auto place = std::ranges::find(m_labelSets, id, &LabelSet::id);
    if ((place != m_labelSets.end()) != change.before.has_value()) {
        Q_EMIT refused(tr("This label set is not what it was; nothing was changed."));
        return false;
    }
    // In all recordings that are open, and behind them in all of the project.
    const auto setUsers = [this](const std::vector<TierId> &tiers, std::optional<LabelSetId> to) {
        for (auto &[recording, held] : m_sets) {
            for (const TierId tier : tiers) {
                if (held.findTier(tier))
                    held.apply(setTierLabelSet(held, tier, to));
            }
        }
    };
    if (!change.after) {
        users->held.clear();
        for (const auto &[recording, held] : m_sets) {
            for (const StoredTier &tier : held.tiers()) {
                if (tier.labelSet == id)
                    users->held.push_back(tier.id);
            }
        }
        setUsers(users->held, std::nullopt);
        m_labelSets.erase(place);
        m_writer.write(m_library.project(), tr("Removal of a label set"), [id, users](Project &project) { users->stored = project.removeLabelSet(id); });
    } else if (!change.before) {
        m_labelSets.push_back(*change.after);
        std::ranges::sort(m_labelSets, {}, &LabelSet::name);
        setUsers(users->held, id);
        m_writer.write(m_library.project(), tr("A new label set"), [set = *change.after, users](Project &project) {
            // Two transactions: tried again after the second failed, the first is done.
            const std::vector<LabelSet> there = project.labelSets();
            if (std::ranges::find(there, set.id, &LabelSet::id) == there.end())
                project.addLabelSet(set);
            if (!users->stored.empty())
                project.setTierLabelSet(users->stored, set.id);
        });
    } else {
        *place = *change.after;
        std::ranges::sort(m_labelSets, {}, &LabelSet::name);
        m_writer.write(m_library.project(), tr("A label set"), [set = *change.after](Project &project) { project.updateLabelSet(set); });
    }
    learnLabels();
    return true;
}

} // namespace kino
