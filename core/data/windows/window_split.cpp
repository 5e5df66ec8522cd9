#include "core/data/windows/window_split.h"

#include "core/base/error.h"
#include "core/base/random.h"

#include <algorithm>
#include <cmath>
#include <set>

namespace kino {
namespace {

std::string listOf(const std::set<std::string> &names)
{
    std::string list;
    for (const std::string &name : names)
        list += (list.empty() ? "" : ", ") + name;
    return list.empty() ? "none" : list;
}

bool hasFractions(const SplitRule &rule)
{
    return std::ranges::any_of(rule.fractions, [](double fraction) { return fraction != 0; });
}

} // namespace

std::string_view splitPartName(SplitPart part)
{
    return part == SplitPart::train ? "train" : part == SplitPart::validation ? "validation" : "test";
}

std::vector<std::string> problemsOf(const SplitRule &rule)
{
    std::vector<std::string> problems;
    const bool hasNames = !rule.validation.empty() || !rule.test.empty();
    const bool isPerSubject = rule.folds == kFoldPerSubject;
    if (rule.folds != 0 && ((!isPerSubject && rule.folds < 2) || rule.fold < 0 || (!isPerSubject && rule.fold >= rule.folds)))
        problems.emplace_back("folds: two or more, or \"subjects\", and fold from 0 to folds - 1");
    if (rule.folds != 0 && rule.by != SplitBy::subject)
        problems.emplace_back("folds: go with \"by\": \"subject\"");
    if (hasFractions(rule)) {
        double sum = 0;
        for (const double fraction : rule.fractions)
            sum += fraction >= 0 ? fraction : 2;
        if (!(std::abs(sum - 1) < 1e-9))
            problems.emplace_back("fractions: three shares of train, validation and test, 0 or more, that add up to 1");
        if (rule.by != SplitBy::recording)
            problems.emplace_back("fractions: go with \"by\": \"recording\"");
    }
    if (hasNames + (rule.folds != 0) + hasFractions(rule) + !rule.file.empty() > 1)
        problems.emplace_back("split: either lists of names, or folds, or fractions, or a file");
    if ((rule.by == SplitBy::file) != !rule.file.empty())
        problems.emplace_back("file: stands alone, without \"by\"");
    for (const std::string &name : rule.validation) {
        if (std::ranges::find(rule.test, name) != rule.test.end())
            problems.push_back("split: " + name + " is in validation and in test");
    }
    return problems;
}

std::map<std::string, SplitPart> assignSplit(const SplitRule &rule, std::span<const std::string> names,
                                             std::uint64_t seed)
{
    const std::set<std::string> unique(names.begin(), names.end());
    std::map<std::string, SplitPart> parts;
    for (const std::string &name : unique)
        parts[name] = SplitPart::train;
    if (rule.by == SplitBy::none)
        return parts;
    if (rule.by == SplitBy::file)
        throw Error("this split is given window by window in " + rule.file + ", not by names");
    const bool needsNames = !rule.validation.empty() || !rule.test.empty() || rule.folds != 0;
    if (rule.by == SplitBy::subject && needsNames && unique.size() == 1 && unique.contains(""))
        throw Error("the recordings name no subjects, by which the split goes; split by recording, or read them with a profile that "
                    "tells the subject");
    for (const auto &[list, part] :
         {std::pair(&rule.validation, SplitPart::validation), std::pair(&rule.test, SplitPart::test)}) {
        for (const std::string &name : *list) {
            if (!unique.contains(name))
                throw Error("the split names " + name + ", which is not among the data; there is: " + listOf(unique));
            parts[name] = part;
        }
    }
    std::vector<std::string> shuffled(unique.begin(), unique.end());
    if (rule.folds != 0 || hasFractions(rule))
        RandomStream(seed).shuffle(std::span(shuffled));
    if (rule.folds != 0) {
        const bool isPerSubject = rule.folds == kFoldPerSubject;
        const std::size_t folds = isPerSubject ? std::max<std::size_t>(2, shuffled.size()) : static_cast<std::size_t>(rule.folds);
        const auto tested = static_cast<std::size_t>(rule.fold);
        if (shuffled.size() < folds || tested >= folds)
            throw Error("there are " + std::to_string(shuffled.size()) + " subjects, too few for "
                        + (isPerSubject ? "fold " + std::to_string(rule.fold) + " of leaving each out once"
                                        : std::to_string(rule.folds) + " folds"));
        for (std::size_t index = 0; index < shuffled.size(); ++index) {
            const std::size_t fold = index % folds;
            parts[shuffled[index]] = fold == tested ? SplitPart::test
                : fold == (tested + 1) % folds      ? SplitPart::validation
                                                    : SplitPart::train;
        }
    }
    if (hasFractions(rule)) {
        const auto count = static_cast<double>(shuffled.size());
        const auto trainEnd = static_cast<std::size_t>(std::round(rule.fractions[0] * count));
        const auto validationEnd
            = static_cast<std::size_t>(std::round((rule.fractions[0] + rule.fractions[1]) * count));
        for (std::size_t index = 0; index < shuffled.size(); ++index)
            parts[shuffled[index]] = index < trainEnd ? SplitPart::train
                : index < validationEnd               ? SplitPart::validation
                                                      : SplitPart::test;
    }
    return parts;
}

} // namespace kino
