// Design of the sections; running them is filter.cpp.
#include "core/base/error.h"
#include "core/signal/filter.h"

#include <algorithm>
#include <cmath>
#include <complex>
#include <limits>
#include <numbers>
#include <string>
#include <utility>

namespace kino {
namespace {

using Complex = std::complex<double>;
using Roots = std::vector<Complex>;

constexpr int kHighestOrder = 20;
/** Twice the rate that edges are prewarped for. */
constexpr double kTwiceRate = 4;
constexpr std::array<std::pair<FilterBand, std::string_view>, 4> kBands{{
    {FilterBand::lowPass, "low-pass"},
    {FilterBand::highPass, "high-pass"},
    {FilterBand::bandPass, "band-pass"},
    {FilterBand::bandStop, "band-stop"},
}};

bool hasTwoEdges(FilterBand band) { return band == FilterBand::bandPass || band == FilterBand::bandStop; }

std::string hertz(double value)
{
    std::string text = std::to_string(value);
    text.erase(text.find_last_not_of('0') + 1);
    if (text.ends_with('.') || text.ends_with(','))
        text.pop_back();
    return text + " Hz";
}

void check(const ButterworthOptions &options)
{
    if (options.order < 1 || options.order > kHighestOrder)
        throw Error("A filter's order must be from 1 to 20; " + std::to_string(options.order) + " was asked for.");
    if (!(options.rateHz > 0) || !std::isfinite(options.rateHz))
        throw Error("A filter needs the rate of its samples, a number above zero in Hz.");
    const double nyquist = options.rateHz / 2;
    const auto checkEdge = [&](double edge) {
        if (!(edge > 0 && edge < nyquist))
            throw Error("A filter's edge of " + hertz(edge) + " does not lie between 0 and " + hertz(nyquist) +
                        ", half the rate of the samples.");
    };
    checkEdge(options.edgeHz);
    if (!hasTwoEdges(options.band))
        return;
    checkEdge(options.upperEdgeHz);
    if (options.upperEdgeHz <= options.edgeHz)
        throw Error("The upper edge of a " + std::string(filterBandName(options.band)) + ", " +
                    hertz(options.upperEdgeHz) + ", must lie above the lower one, " + hertz(options.edgeHz) + ".");
}

/** A filter by its zeros, poles and gain. */
struct Zpk {
    Roots zeros;
    Roots poles;
    double gain = 1;
};

Complex product(const Roots &roots, auto &&factor)
{
    Complex result = 1;
    for (const Complex &root : roots)
        result *= factor(root);
    return result;
}

/** Butterworth's analog low pass with its edge at 1 rad/s. */
Zpk prototype(int order)
{
    Zpk filter;
    for (int m = -order + 1; m < order; m += 2)
        filter.poles.push_back(-std::polar(1.0, std::numbers::pi * m / (2.0 * order)));
    return filter;
}

Zpk toLowPass(const Zpk &low, double edge)
{
    Zpk filter = low;
    for (Complex &pole : filter.poles)
        pole *= edge;
    filter.gain = std::pow(edge, static_cast<double>(low.poles.size()));
    return filter;
}

Zpk toHighPass(const Zpk &low, double edge)
{
    Zpk filter;
    filter.zeros.assign(low.poles.size(), 0.0);
    for (const Complex &pole : low.poles)
        filter.poles.push_back(edge / pole);
    filter.gain = (1.0 / product(low.poles, [](Complex pole) { return -pole; })).real();
    return filter;
}

/** The two solutions of s² − 2·half·s + square = 0. */
void addBandRoots(Roots &roots, const Roots &halves, double square)
{
    for (const Complex &half : halves)
        roots.push_back(half + std::sqrt(half * half - square));
    for (const Complex &half : halves)
        roots.push_back(half - std::sqrt(half * half - square));
}

Zpk toBandPass(const Zpk &low, double centre, double width)
{
    Zpk filter;
    Roots halves;
    for (const Complex &pole : low.poles)
        halves.push_back(pole * width / 2.0);
    addBandRoots(filter.poles, halves, centre * centre);
    filter.zeros.assign(low.poles.size(), 0.0);
    filter.gain = std::pow(width, static_cast<double>(low.poles.size()));
    return filter;
}

Zpk toBandStop(const Zpk &low, double centre, double width)
{
    Zpk filter;
    Roots halves;
    for (const Complex &pole : low.poles)
        halves.push_back(width / 2.0 / pole);
    addBandRoots(filter.poles, halves, centre * centre);
    filter.zeros.assign(low.poles.size(), Complex(0, centre));
    filter.zeros.insert(filter.zeros.end(), low.poles.size(), Complex(0, -centre));
    filter.gain = (1.0 / product(low.poles, [](Complex pole) { return -pole; })).real();
    return filter;
}

/** s = 4 (z − 1) / (z + 1): the bilinear transform for edges prewarped at a rate of 2. */
Zpk toDigital(const Zpk &analog)
{
    const auto below = [](Complex root) { return kTwiceRate - root; };
    Zpk filter;
    const auto map = [](Complex root) { return (kTwiceRate + root) / (kTwiceRate - root); };
    std::transform(analog.zeros.begin(), analog.zeros.end(), std::back_inserter(filter.zeros), map);
    std::transform(analog.poles.begin(), analog.poles.end(), std::back_inserter(filter.poles), map);
    filter.zeros.resize(filter.poles.size(), -1.0);
    filter.gain = analog.gain * (product(analog.zeros, below) / product(analog.poles, below)).real();
    return filter;
}

bool isReal(Complex root) { return std::abs(root.imag()) <= 1e-10 * std::max(std::abs(root), 1.0); }

/** Of each conjugate pair the one above the real axis, and the real roots: one entry a pair, pairs before reals. */
Roots withoutConjugates(const Roots &roots)
{
    Roots kept;
    for (const Complex &root : roots) {
        if (!isReal(root) && root.imag() > 0)
            kept.push_back(root);
    }
    for (const Complex &root : roots) {
        if (isReal(root))
            kept.push_back(root.real());
    }
    return kept;
}

template <class Distance>
Complex takeNearest(Roots &roots, const Distance &distance)
{
    const auto nearest = std::min_element(roots.begin(), roots.end(), [&](Complex a, Complex b) {
        return distance(a) < distance(b);
    });
    const Complex found = *nearest;
    roots.erase(nearest);
    return found;
}

Complex takeNearestReal(Roots &roots, auto &&distance)
{
    return takeNearest(roots, [&](Complex root) {
        return isReal(root) ? distance(root) : std::numeric_limits<double>::infinity();
    });
}

/** z² + c1 z + c2 of a pair of roots. */
std::array<double, 3> quadratic(Complex first, Complex second)
{
    return {1, -(first + second).real(), (first * second).real()};
}

/**
 * Pairs poles nearest to the unit circle with the zeros nearest to them, from the last section to the first: what keeps
 * the numbers between sections small.
 */
std::vector<FilterSection> toSections(const Zpk &filter)
{
    Roots zeros = filter.zeros;
    Roots poles = filter.poles;
    if (poles.size() % 2 == 1) {
        zeros.push_back(0);
        poles.push_back(0);
    }
    std::vector<FilterSection> sections(poles.size() / 2);
    zeros = withoutConjugates(zeros);
    poles = withoutConjugates(poles);
    const auto fromCircle = [](Complex root) { return std::abs(1 - std::abs(root)); };

    for (auto section = sections.rbegin(); section != sections.rend(); ++section) {
        const Complex pole = takeNearest(poles, fromCircle);
        const Complex other = isReal(pole) ? takeNearestReal(poles, fromCircle) : std::conj(pole);
        const auto fromPole = [pole](Complex root) { return std::abs(root - pole); };
        const Complex zero = takeNearest(zeros, fromPole);
        const Complex otherZero = isReal(zero) ? takeNearestReal(zeros, fromPole) : std::conj(zero);
        const std::array<double, 3> b = quadratic(zero, otherZero);
        const std::array<double, 3> a = quadratic(pole, other);
        *section = {b[0], b[1], b[2], a[0], a[1], a[2]};
    }
    for (std::size_t i = 0; i < 3; ++i)
        sections.front()[i] *= filter.gain;
    return sections;
}

} // namespace

FilterBand filterBandFromName(std::string_view name)
{
    std::string allowed;
    for (const auto &[band, spelled] : kBands) {
        if (spelled == name)
            return band;
        allowed += (allowed.empty() ? "" : ", ") + std::string(spelled);
    }
    throw Error("There is no filter \"" + std::string(name) + "\"; choose one of " + allowed + ".");
}

std::string_view filterBandName(FilterBand band) { return kBands[static_cast<std::size_t>(band)].second; }

std::vector<FilterSection> designButterworth(const ButterworthOptions &options)
{
    check(options);
    const auto prewarped = [&](double edgeHz) { return kTwiceRate * std::tan(std::numbers::pi * edgeHz / options.rateHz); };
    const double edge = prewarped(options.edgeHz);
    const Zpk low = prototype(options.order);
    if (!hasTwoEdges(options.band))
        return toSections(toDigital(options.band == FilterBand::lowPass ? toLowPass(low, edge) : toHighPass(low, edge)));
    const double upper = prewarped(options.upperEdgeHz);
    const double centre = std::sqrt(edge * upper);
    const double width = upper - edge;
    return toSections(toDigital(options.band == FilterBand::bandPass ? toBandPass(low, centre, width)
                                                                     : toBandStop(low, centre, width)));
}

} // namespace kino
