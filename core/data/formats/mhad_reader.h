// UTD-MHAD: one trial of one action, spread over MATLAB files named a<action>_s<subject>_t<trial>_<kind>.mat.
#pragma once

#include "core/data/import.h"

namespace kino {

/**
 * Reads `…_inertial.mat` (N x 6: g with gravity, deg/s; 50 Hz, without times) and, beside it or in the sibling folders
 * Inertial, Depth and Skeleton, `…_depth.mat` as a video over the same span: sample i of N at i/N, frame j of F at j/F
 * of it. The action's phrase becomes one annotation over the whole. Poses are not read, and the report says so.
 */
std::unique_ptr<Reader> makeMhadReader();

/** The phrase of action 1 to 27 in the dataset's description; empty for others. */
std::string_view mhadActionPhrase(int action);

} // namespace kino
