#include "core/data/annotations/label_set.h"

#include "core/base/error.h"

#include <algorithm>
#include <map>
#include <set>

namespace kino {
namespace {

std::string folded(std::string key)
{
    for (char &c : key) {
        if (c >= 'A' && c <= 'Z')
            c = static_cast<char>(c - 'A' + 'a');
    }
    return key;
}

bool isColour(const std::string &text)
{
    const auto isDigit = [](char c) { return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f'); };
    return text.size() == 7 && text[0] == '#' && std::all_of(text.begin() + 1, text.end(), isDigit);
}

/** One code point of UTF-8 that is neither a control character nor a blank. */
bool isOneCharacter(const std::string &text)
{
    if (text.empty())
        return false;
    const auto first = static_cast<unsigned char>(text[0]);
    const std::size_t length = first < 0x80 ? 1 : first >= 0xf0 ? 4 : first >= 0xe0 ? 3 : first >= 0xc2 ? 2 : 0;
    const auto isContinuation = [](char c) { return (static_cast<unsigned char>(c) & 0xc0) == 0x80; };
    return text.size() == length && first > 0x20 && first != 0x7f
        && std::all_of(text.begin() + 1, text.end(), isContinuation);
}

} // namespace

LabelSetId freeLabelSetId(AnnotationIds &ids, const std::vector<LabelSet> &there)
{
    LabelSetId id = 0;
    do
        id = ids.tiers.next();
    while (std::ranges::find(there, id, &LabelSet::id) != there.end());
    return id;
}

TierVocabularies vocabulariesOf(std::span<const StoredTier> tiers, const std::vector<LabelSet> &labelSets)
{
    TierVocabularies vocabularies{labelSets, {}};
    for (const StoredTier &tier : tiers) {
        const auto own = tier.labelSet ? std::ranges::find(labelSets, *tier.labelSet, &LabelSet::id) : labelSets.end();
        vocabularies.ofTier.push_back(own == labelSets.end() ? std::nullopt : std::optional(static_cast<std::size_t>(own - labelSets.begin())));
    }
    return vocabularies;
}

std::vector<std::string> problemsOf(const LabelSet &set, const std::vector<std::string> &reservedKeys)
{
    std::vector<std::string> problems;
    if (set.name.empty())
        problems.emplace_back("a set of labels needs a name");
    std::set<std::string> labels;
    std::map<std::string, std::string> keys;
    for (const LabelDefinition &definition : set.labels) {
        const std::string quoted = "\"" + definition.label + "\"";
        if (definition.label.empty())
            problems.emplace_back("a label needs a text");
        else if (!labels.insert(definition.label).second)
            problems.push_back("the label " + quoted + " is there twice");
        if (!definition.colour.empty() && !isColour(definition.colour))
            problems.push_back("the colour of " + quoted + " must be written like #1f77b4");
        if (definition.key.empty())
            continue;
        if (!isOneCharacter(definition.key))
            problems.push_back("the key of " + quoted + " must be one character");
        else if (std::ranges::find(reservedKeys, folded(definition.key), folded) != reservedKeys.end())
            problems.push_back("the key " + definition.key + " of " + quoted + " has another meaning in the window");
        else if (const auto [same, isNew] = keys.try_emplace(folded(definition.key), definition.label); !isNew)
            problems.push_back("the labels \"" + same->second + "\" and " + quoted + " have the same key "
                               + definition.key);
    }
    return problems;
}

void requireSoundLabels(const LabelSet &set, const std::vector<std::string> &reservedKeys)
{
    std::string all;
    for (const std::string &problem : problemsOf(set, reservedKeys))
        all += (all.empty() ? "" : "; ") + problem;
    if (!all.empty())
        throw Error(all);
}

const LabelDefinition *findByKey(const LabelSet &set, const std::string &key)
{
    if (key.empty())
        return nullptr;
    const auto found = std::ranges::find(set.labels, folded(key),
                                         [](const LabelDefinition &definition) { return folded(definition.key); });
    return found == set.labels.end() ? nullptr : &*found;
}

LabelSet labelSetOf(std::span<const AnnotationTier> tiers, const std::string &name)
{
    std::set<std::string> labels;
    for (const AnnotationTier &tier : tiers) {
        if (tier.kind != TierKind::label)
            continue;
        for (const Annotation &annotation : tier.annotations) {
            if (!annotation.label.empty())
                labels.insert(annotation.label);
        }
    }
    constexpr std::size_t kDigitKeys = 9;
    LabelSet set{0, name, {}};
    for (const std::string &label : labels)
        set.labels.push_back(
            {label, {}, set.labels.size() < kDigitKeys ? std::to_string(set.labels.size() + 1) : std::string()});
    return set;
}

} // namespace kino
