// Encoders made by name and options, as a specification gives them. Any thread.
#pragma once

#include "core/nn/encoder.h"
#include "core/nn/encoder_infos.h"

#include <memory>
#include <string>

namespace kino {

/** With torch's current random numbers for weights. Throws Error with all of encoderOptionProblems(). */
std::shared_ptr<Encoder> makeEncoder(const std::string &name, const nlohmann::json &options = nlohmann::json::object());

/** Multiplications with an addition that embedding one window of the usual length takes, counted as it is done. */
std::int64_t countMultiplyAccumulates(Encoder &encoder);

} // namespace kino
