// What the spectrogram panel draws: power over time and frequency, kept as power, or a picture that a model would be
// given. Computed on a worker, then immutable.
#pragma once

#include "core/signal/colour_map.h"
#include "widgets/timeline/time_axis.h"

#include <QImage>

#include <array>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace kino {

/** Columns of equal length that fill [start, end): one gap-free stretch of the stream. */
struct SpectrogramStretch {
    TimeRange range;
    std::size_t columns = 0;
    /** [columns, bins], power in unit²/Hz; the strongest frame where a column holds several. */
    std::vector<float> power;
    /** Frames of the transform that these columns stand for: as many, or more. */
    std::size_t frames = 0;
};

enum class FrequencyScale { linear, logarithmic };

struct SpectrogramData {
    std::size_t bins = 0;
    double topHz = 0; // of the highest bin
    /** The lowest frequency of a logarithmic axis: the first bin above 0 Hz of an unpadded transform. */
    double lowestLogHz = 0;
    std::vector<SpectrogramStretch> stretches;
    /** suggestDecibelRange() of the power, rounded outwards to 5 dB. */
    DecibelRange suggestedDecibels;

    /** Instead of power: the triaxial image, one pixel a cell, low frequencies at the bottom. */
    QImage image;
    TimeRange imageRange;
    /** What red, green and blue of the image stand for. */
    std::array<QString, 3> imageAxes;
    /**
     * Windows of the same grid that reach beyond the shown samples, in the image's own scale, so that a view of few windows is not blank
     * beside them; no part of the tensor. Null where nothing lies there.
     */
    struct Surroundings {
        QImage image;
        TimeRange range;
    };
    Surroundings before, after;
    /** True only where `image` is the tensor, cell for cell, of exactly the shown samples. */
    bool isModelInput = false;
    /** Else why not, as a sentence; empty without an image. */
    std::string whyNoModelInput;

    /** Power at a time and a frequency; nothing where no frame lies. */
    std::optional<float> powerAt(RecordingTime time, double hz) const;
};

} // namespace kino
