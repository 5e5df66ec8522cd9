// How well labels are predicted: confusion, accuracy, precision, recall and F1 of each class and their mean. Pure; any thread.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace kino {

struct Classification {
    /** Rows are the true labels, columns what was predicted. */
    std::vector<std::vector<std::size_t>> confusion;
    std::size_t count = 0;
    /** Share of right ones (micro accuracy). NaN where there are none. */
    double accuracy = 0;
    /** By class: how often it is the true label, and how often it was predicted. */
    std::vector<std::size_t> support, predictions;
    /** By class: TP / support, NaN for a class that is not there; TP / predictions, NaN for one that is never predicted. */
    std::vector<double> recall, precision;
    /** By class: 2 TP / (2 TP + FP + FN). NaN for a class that is neither there nor predicted. */
    std::vector<double> f1;
    /** Mean over the classes that occur in the true labels; one that is never predicted counts 0. NaN where there are none. */
    double macroF1 = 0;
    /** Mean recall over the same classes (balanced accuracy). */
    double balancedAccuracy = 0;
};

using ConfusionMatrix = std::vector<std::vector<std::size_t>>;

/** From counts alone. Throws Error for a matrix that is not square. */
Classification classificationOf(ConfusionMatrix confusion);

/** Labels from 0 to `classes` - 1. Throws Error for lists of unequal length and labels outside. */
Classification classify(std::span<const std::int64_t> labels, std::span<const std::int64_t> predicted, std::size_t classes);

} // namespace kino
