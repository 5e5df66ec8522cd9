// The encoders by name: what each takes and gives, and how one is made from a specification. Any thread.
#pragma once

#include "core/nn/encoder.h"

#include <nlohmann/json.hpp>

#include <memory>
#include <string>
#include <vector>

namespace kino {

/** One option of an encoder, as a specification gives it. */
struct EncoderOption {
    std::string name;
    nlohmann::json usual;
    /** Names that are allowed; empty for numbers. */
    std::vector<std::string> allowed;
    /** Of numbers. */
    std::int64_t least = 1;
    std::int64_t most = 8192;
    std::string help;
};

struct EncoderInfo {
    std::string name;  // "mw2"
    std::string title; // "MW2StackRNNPooling"
    /** Paper or reference implementation. */
    std::string source;
    std::vector<EncoderOption> options;
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
