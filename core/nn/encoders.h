// The encoders by name: what each takes and gives, and how one is made from a specification. Any thread.
#pragma once

#include "core/base/named_option.h"
#include "core/nn/encoder.h"

#include <memory>
#include <string>
#include <vector>

namespace kino {

struct EncoderInfo {
    std::string name;  // "mw2"
    std::string title; // "MW2StackRNNPooling"
    /** Paper or reference implementation. */
    std::string source;
    std::vector<NamedOption> options;
};

/** In the order in which they are listed everywhere. */
const std::vector<EncoderInfo> &encoderInfos();
/** Throws Error, with the nearest names, where there is none. */
const EncoderInfo &encoderInfo(const std::string &name);

/** Everything that is wrong with these options, one sentence each; empty where they are sound. */
std::vector<std::string> encoderOptionProblems(const EncoderInfo &info, const nlohmann::json &options);

/** With torch's current random numbers for weights. Throws Error with all of encoderOptionProblems(). */
std::shared_ptr<Encoder> makeEncoder(const std::string &name, const nlohmann::json &options = nlohmann::json::object());

/** Multiplications with an addition that embedding one window of the usual length takes, counted as it is done. */
std::int64_t countMultiplyAccumulates(Encoder &encoder);

} // namespace kino
