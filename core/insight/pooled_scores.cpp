#include "core/insight/pooled_scores.h"

#include "core/base/error.h"
#include "core/base/random.h"

#include <cmath>
#include <set>

namespace kino {
namespace {

constexpr std::uint64_t kResampleSeed = 20261121;
constexpr double kConfidence = 0.95;

ConfusionMatrix emptyMatrix(std::size_t classes) { return ConfusionMatrix(classes, std::vector<std::size_t>(classes, 0)); }

void addTo(ConfusionMatrix &sum, const ConfusionMatrix &other, std::size_t times = 1)
{
    for (std::size_t row = 0; row < sum.size(); ++row) {
        for (std::size_t column = 0; column < sum.size(); ++column)
            sum[row][column] += times * other.at(row).at(column);
    }
}

/** The mean over seeds of the score of subjects taken so many times each. NaN where a draw holds no prediction of a seed. */
double scoreOfDraw(const PooledPredictions &predictions, const std::map<std::string, std::size_t> &times, Score score)
{
    double sum = 0;
    for (const auto &[seed, bySubject] : predictions.bySeed) {
        ConfusionMatrix pooled = emptyMatrix(predictions.classes);
        for (const auto &[subject, confusion] : bySubject) {
            if (const auto found = times.find(subject); found != times.end())
                addTo(pooled, confusion, found->second);
        }
        sum += scoreOf(classificationOf(std::move(pooled)), score);
    }
    return sum / static_cast<double>(predictions.bySeed.size());
}

} // namespace

std::string_view scoreName(Score score)
{
    switch (score) {
    case Score::macroF1: return "macro_f1";
    case Score::accuracy: return "accuracy";
    case Score::balancedAccuracy: return "balanced_accuracy";
    }
    return "macro_f1";
}

double scoreOf(const Classification &classification, Score score)
{
    switch (score) {
    case Score::macroF1: return classification.macroF1;
    case Score::accuracy: return classification.accuracy;
    case Score::balancedAccuracy: return classification.balancedAccuracy;
    }
    return classification.macroF1;
}

void PooledPredictions::add(std::int64_t seed, const std::string &subject, std::size_t label, std::size_t predicted)
{
    if (label >= classes || predicted >= classes)
        throw Error("A prediction is of a class beyond the " + std::to_string(classes) + " that there are.");
    ConfusionMatrix &confusion = bySeed[seed][subject];
    if (confusion.empty())
        confusion = emptyMatrix(classes);
    ++confusion[label][predicted];
}

std::vector<std::string> PooledPredictions::subjects() const
{
    std::set<std::string> names;
    for (const auto &[seed, bySubject] : bySeed) {
        for (const auto &[subject, confusion] : bySubject)
            names.insert(subject);
    }
    return {names.begin(), names.end()};
}

ConfusionMatrix PooledPredictions::total() const
{
    ConfusionMatrix sum = emptyMatrix(classes);
    for (const auto &[seed, bySubject] : bySeed) {
        for (const auto &[subject, confusion] : bySubject)
            addTo(sum, confusion);
    }
    return sum;
}

std::optional<PooledScore> pooledScore(const PooledPredictions &predictions, Score score, std::size_t resamples)
{
    PooledScore result;
    std::vector<double> scores;
    for (const auto &[seed, bySubject] : predictions.bySeed) {
        ConfusionMatrix pooled = emptyMatrix(predictions.classes);
        for (const auto &[subject, confusion] : bySubject)
            addTo(pooled, confusion);
        scores.push_back(scoreOf(classificationOf(std::move(pooled)), score));
        result.bySeed[seed] = scores.back();
    }
    const std::optional<Spread> spread = spreadOf(scores);
    if (!spread)
        return std::nullopt;
    result.overSeeds = *spread;
    const std::vector<std::string> subjects = predictions.subjects();
    result.subjects = subjects.size();
    if (subjects.size() < 2)
        return result;
    const RandomStream stream(kResampleSeed);
    std::vector<double> draws;
    for (std::size_t number = 0; number < resamples; ++number) {
        RandomStream own = stream.split(number);
        std::map<std::string, std::size_t> times;
        for (std::size_t drawn = 0; drawn < subjects.size(); ++drawn)
            ++times[subjects[own.below(subjects.size())]];
        if (const double value = scoreOfDraw(predictions, times, score); std::isfinite(value))
            draws.push_back(value);
    }
    if (!draws.empty())
        result.overSubjects = Interval{percentile(draws, 0.5 - kConfidence / 2), percentile(draws, 0.5 + kConfidence / 2)};
    return result;
}

std::optional<PairedDifference> pairedDifference(const PooledPredictions &a, const PooledPredictions &b, Score score)
{
    std::map<std::string, std::vector<double>> differences;
    std::set<std::int64_t> seeds;
    for (const auto &[seed, bySubject] : a.bySeed) {
        const auto other = b.bySeed.find(seed);
        if (other == b.bySeed.end())
            continue;
        for (const auto &[subject, confusion] : bySubject) {
            const auto counterpart = other->second.find(subject);
            if (counterpart == other->second.end())
                continue;
            const double difference = scoreOf(classificationOf(confusion), score) - scoreOf(classificationOf(counterpart->second), score);
            if (!std::isfinite(difference))
                continue;
            differences[subject].push_back(difference);
            seeds.insert(seed);
        }
    }
    if (differences.empty())
        return std::nullopt;
    PairedDifference result;
    std::vector<double> means;
    for (const auto &[subject, own] : differences) {
        means.push_back(spreadOf(own)->mean);
        result.bySubject[subject] = means.back();
    }
    result.mean = spreadOf(means)->mean;
    result.interval = studentInterval(means, kConfidence);
    result.subjects = means.size();
    result.seeds = seeds.size();
    return result;
}

} // namespace kino
