#include "core/insight/classification.h"

#include "core/base/error.h"

#include <limits>
#include <string>

namespace kino {

Classification classificationOf(ConfusionMatrix confusion)
{
    constexpr double kNone = std::numeric_limits<double>::quiet_NaN();
    const std::size_t classes = confusion.size();
    for (const std::vector<std::size_t> &row : confusion) {
        if (row.size() != classes)
            throw Error("A confusion has as many columns as rows; here " + std::to_string(row.size()) + " of " + std::to_string(classes) + ".");
    }
    Classification result;
    result.confusion = std::move(confusion);
    std::size_t right = 0, present = 0;
    double f1Sum = 0, recallSum = 0;
    for (std::size_t each = 0; each < classes; ++each) {
        std::size_t ofClass = 0, asClass = 0;
        for (std::size_t other = 0; other < classes; ++other) {
            ofClass += result.confusion[each][other];
            asClass += result.confusion[other][each];
        }
        const std::size_t hits = result.confusion[each][each];
        right += hits;
        result.count += ofClass;
        const auto shareOf = [hits](std::size_t all) { return all > 0 ? static_cast<double>(hits) / static_cast<double>(all) : kNone; };
        result.support.push_back(ofClass);
        result.predictions.push_back(asClass);
        result.recall.push_back(shareOf(ofClass));
        result.precision.push_back(shareOf(asClass));
        result.f1.push_back(2 * shareOf(ofClass + asClass));
        if (ofClass == 0)
            continue;
        ++present;
        f1Sum += result.f1.back();
        recallSum += result.recall.back();
    }
    result.accuracy = result.count > 0 ? static_cast<double>(right) / static_cast<double>(result.count) : kNone;
    result.macroF1 = present > 0 ? f1Sum / static_cast<double>(present) : kNone;
    result.balancedAccuracy = present > 0 ? recallSum / static_cast<double>(present) : kNone;
    return result;
}

Classification classify(std::span<const std::int64_t> labels, std::span<const std::int64_t> predicted, std::size_t classes)
{
    if (labels.size() != predicted.size())
        throw Error("There are " + std::to_string(labels.size()) + " labels and " + std::to_string(predicted.size()) + " predictions; each window has one of both.");
    ConfusionMatrix confusion(classes, std::vector<std::size_t>(classes, 0));
    const auto place = [classes](std::int64_t label) {
        if (label < 0 || static_cast<std::size_t>(label) >= classes)
            throw Error("The label " + std::to_string(label) + " is none of " + std::to_string(classes) + " classes.");
        return static_cast<std::size_t>(label);
    };
    for (std::size_t i = 0; i < labels.size(); ++i)
        ++confusion[place(labels[i])][place(predicted[i])];
    return classificationOf(std::move(confusion));
}

} // namespace kino
