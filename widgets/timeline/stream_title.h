// What a stream is called wherever a person reads it: lanes, lists, details. Pure functions, any thread.
#pragma once

#include "core/data/stream.h"

#include <QString>

namespace kino {

/**
 * "Linear acceleration"; a stream of no known kind is called what its file calls it, and GoPro's four letters are spelt
 * out ("isog": "Image sensor gain", as its GPMF specification says).
 */
QString streamTitle(const ImuStream &stream);

/** Whether a stream says how the device worked (exposure, white balance) rather than how it moved. */
bool isSideStream(const ImuStream &stream);

} // namespace kino
