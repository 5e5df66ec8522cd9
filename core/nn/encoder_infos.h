// The encoders by name: where each comes from, its options, what it takes. Free of LibTorch, for forms and for the validation
// of specifications. Any thread.
#pragma once

#include "core/base/named_option.h"
#include "core/nn/encoder_input.h"

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

/** What it takes with these options, which must be sound; what is not given is as usual. */
EncoderInput encoderInput(const EncoderInfo &info, const nlohmann::json &options = nlohmann::json::object());

} // namespace kino
