// What a study's cell reached, on predictions pooled over folds, with two spreads that must not be mixed: over seeds (would the same
// training give the same again) and over subjects (would other people give the same). Pure; any thread.
#pragma once

#include "core/insight/classification.h"
#include "core/insight/spread.h"

#include <cstdint>
#include <map>
#include <string>
#include <string_view>

namespace kino {

enum class Score { macroF1, accuracy, balancedAccuracy };
std::string_view scoreName(Score score);
double scoreOf(const Classification &classification, Score score);

/** Of one cell: for each seed, for each subject, the counts of all folds together. All matrices are of the same classes. */
struct PooledPredictions {
    std::size_t classes = 0;
    std::map<std::int64_t, std::map<std::string, ConfusionMatrix>> bySeed;

    void add(std::int64_t seed, const std::string &subject, std::size_t label, std::size_t predicted);
    std::vector<std::string> subjects() const;
    /** Of all seeds and subjects together. */
    ConfusionMatrix total() const;
};

struct PooledScore {
    /** Each seed's score over all subjects' predictions together. */
    std::map<std::int64_t, double> bySeed;
    /** Of bySeed: its mean is the cell's score. */
    Spread overSeeds;
    /**
     * The 95 % percentile interval of the mean over seeds, when subjects are drawn with replacement as often as there are and all their
     * predictions come with them. Nothing for fewer than two subjects.
     */
    std::optional<Interval> overSubjects;
    std::size_t subjects = 0;
};

inline constexpr std::size_t kResamples = 2000;

/** Nothing where there are no predictions. The same numbers every time: the draws are of a seed of its own. */
std::optional<PooledScore> pooledScore(const PooledPredictions &predictions, Score score, std::size_t resamples = kResamples);

/** One cell against another: mean of the differences of the score of each subject with each seed that both have. */
struct PairedDifference {
    double mean = 0;
    /** Student's 95 % interval over subjects, whose differences are means over seeds. Nothing for fewer than two subjects. */
    std::optional<Interval> interval;
    std::size_t subjects = 0;
    std::size_t seeds = 0;
    /** Of each subject, over seeds. */
    std::map<std::string, double> bySubject;
};
/** `a` minus `b`; nothing where no subject and seed is in both. */
std::optional<PairedDifference> pairedDifference(const PooledPredictions &a, const PooledPredictions &b, Score score);

} // namespace kino
