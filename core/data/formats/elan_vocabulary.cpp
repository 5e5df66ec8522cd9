#include "core/data/formats/elan_vocabulary.h"

#include "core/base/utf8.h"

#include <algorithm>
#include <map>
#include <set>

namespace kino::elan {
namespace {

struct Vocabulary {
    /** As they stand in the file: the first is what a tier without a language has. */
    std::vector<std::string> languages;
    std::map<std::string, std::vector<std::string>> values; // by language
};

Vocabulary readVocabulary(const pugi::xml_node &node)
{
    Vocabulary vocabulary;
    const auto add = [&](const std::string &language, const std::string &value) {
        if (std::ranges::find(vocabulary.languages, language) == vocabulary.languages.end())
            vocabulary.languages.push_back(language);
        std::vector<std::string> &values = vocabulary.values[language];
        if (!value.empty())
            values.push_back(value);
    };
    for (const pugi::xml_node entry : node.children()) {
        if (std::string_view(entry.name()) == "CV_ENTRY")
            add({}, validUtf8(entry.text().get()));
        if (std::string_view(entry.name()) != "CV_ENTRY_ML")
            continue;
        for (const pugi::xml_node value : entry.children("CVE_VALUE"))
            add(value.attribute("LANG_REF").value(), validUtf8(value.text().get()));
    }
    for (auto &[language, values] : vocabulary.values) {
        std::set<std::string> seen;
        std::erase_if(values, [&](const std::string &value) { return !seen.insert(value).second; });
    }
    return vocabulary;
}

/** The tier's own, or the one whose values most of its annotations have. */
std::string languageOf(const Vocabulary &vocabulary, const pugi::xml_node &tierNode, const AnnotationTier &tier)
{
    const std::string own = tierNode.attribute("LANG_REF").value();
    if (std::ranges::find(vocabulary.languages, own) != vocabulary.languages.end())
        return own;
    std::string best = vocabulary.languages.front();
    std::ptrdiff_t most = 0;
    for (const std::string &language : vocabulary.languages) {
        const std::vector<std::string> &values = vocabulary.values.at(language);
        const std::set<std::string> known(values.begin(), values.end());
        const auto count = std::ranges::count_if(tier.annotations, [&](const Annotation &each) { return known.contains(each.label); });
        if (count > most) {
            most = count;
            best = language;
        }
    }
    return best;
}

} // namespace

TierVocabularies readVocabularies(const pugi::xml_node &root, const std::vector<AnnotationTier> &tiers, const std::vector<pugi::xml_node> &nodes)
{
    std::map<std::string, std::string> vocabularyOfType;
    for (const pugi::xml_node type : root.children("LINGUISTIC_TYPE"))
        vocabularyOfType.emplace(type.attribute("LINGUISTIC_TYPE_ID").value(), type.attribute("CONTROLLED_VOCABULARY_REF").value());
    std::map<std::string, Vocabulary> known;
    for (const pugi::xml_node node : root.children("CONTROLLED_VOCABULARY"))
        known.emplace(node.attribute("CV_ID").value(), readVocabulary(node));
    std::map<std::string, std::string> languageNames;
    for (const pugi::xml_node node : root.children("LANGUAGE"))
        languageNames.emplace(node.attribute("LANG_ID").value(), node.attribute("LANG_LABEL").value());

    TierVocabularies result;
    std::map<std::pair<std::string, std::string>, std::size_t> places; // by name and language
    for (std::size_t tier = 0; tier < tiers.size(); ++tier) {
        result.ofTier.emplace_back();
        const auto type = vocabularyOfType.find(nodes[tier].attribute("LINGUISTIC_TYPE_REF").value());
        const auto found = type == vocabularyOfType.end() ? known.end() : known.find(type->second);
        if (found == known.end() || found->second.languages.empty())
            continue;
        const std::string language = languageOf(found->second, nodes[tier], tiers[tier]);
        const auto [place, isNew] = places.try_emplace({found->first, language}, result.labelSets.size());
        result.ofTier.back() = place->second;
        if (!isNew)
            continue;
        LabelSet set{static_cast<LabelSetId>(result.labelSets.size() + 1), validUtf8(found->first), {}};
        for (const std::string &value : found->second.values.at(language))
            set.labels.push_back({value, {}, {}});
        result.labelSets.push_back(std::move(set));
    }
    // One vocabulary in two languages: their names tell them apart.
    for (const auto &[name, place] : places) {
        const bool isOneOfSeveral = std::ranges::count(places, name.first, [](const auto &each) { return each.first.first; }) > 1;
        const auto label = languageNames.find(name.second);
        if (isOneOfSeveral)
            result.labelSets[place].name += " (" + (label == languageNames.end() || label->second.empty() ? name.second : label->second) + ")";
        if (result.labelSets[place].name.empty())
            result.labelSets[place].name = "labels";
    }
    return result;
}

} // namespace kino::elan
