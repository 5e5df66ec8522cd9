// How far two annotators agree on one recording: Cohen's kappa over frames or over time, and seconds by label.
//
// Kappa (Cohen 1960, "A coefficient of agreement for nominal scales", eq. 1): k = (p_o - p_e) / (1 - p_e), where p_o is
// the share of frames on which both say the same and p_e = sum over labels of share_A(label) * share_B(label). Values;
// any thread.
#pragma once

#include "core/data/annotation.h"

#include <optional>
#include <string>
#include <vector>

namespace kino {

/** What becomes of frames on which an annotator said nothing. */
enum class UnlabelledFrames {
    /** "Nothing" is a label like the others (named ""): long silence on both sides then raises kappa. */
    asLabel,
    /** Only frames count on which both said something: missed stretches then do not lower kappa. */
    leaveOut,
    /** Frames on which both said nothing are left out; what only one labelled is a disagreement. */
    leaveOutCommon
};

struct AgreementOptions {
    /** Frame i stands for the instant from + (i + 1/2) / frameRateHz. 0: no frames, exact durations (their limit). */
    double frameRateHz = 100;
    UnlabelledFrames unlabelled = UnlabelledFrames::asLabel;
    /** What is compared; without them from the first start to the last end of either tier. */
    std::optional<RecordingTime> from, to;
};

struct LabelAgreement {
    std::string label;
    /** Exact durations inside the compared time, whatever the frame rate and the treatment of unlabelled frames. */
    double secondsA = 0;
    double secondsB = 0;
    double secondsBoth = 0;
    /** 2 * both / (A + B), the specific agreement (Dice); NaN where neither has it. */
    double specific = 0;
};

struct Agreement {
    RecordingTime from, to;
    /** NaN where nothing was compared or p_e is 1: both said one and the same label throughout. */
    double kappa = 0;
    double observed = 0; // p_o
    double expected = 0; // p_e
    /** Frames that count, or with exact durations seconds. */
    double total = 0;
    /** Bytewise sorted; the first is "" where "nothing" counts as one. */
    std::vector<std::string> labels;
    /** [label of A][label of B], in frames or seconds like `total`. */
    std::vector<std::vector<double>> confusion;
    /** One for each label that either tier has, bytewise sorted, without "". */
    std::vector<LabelAgreement> perLabel;
};

/**
 * Where annotations of one tier overlap the one that started last counts; instants say nothing. Throws Error for a
 * frame rate below 0 or above 10 kHz and for a span that ends before it starts or holds over 10^9 frames.
 */
Agreement computeAgreement(const AnnotationTier &a, const AnnotationTier &b, const AgreementOptions &options = {});

} // namespace kino
