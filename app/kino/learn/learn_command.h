// What the commands that learn share.
#pragma once

#include "app/kino/command.h"
#include "core/base/named_option.h"

#include <torch/torch.h>

namespace kino::cli {

/** --set option=JSON, as often as wanted; a bare word is a string. Throws Error for what has no "=". */
nlohmann::json optionsFrom(const std::vector<std::string> &settings);

/** By name: default, what is allowed, help. */
nlohmann::ordered_json optionsJson(std::span<const NamedOption> options);

/** Numbers of any type as a tensor of the type `as`. Throws Error for what is not one. */
torch::Tensor readArray(const std::string &path, torch::ScalarType as);

void addEncoderCommands(Program &program);
void addLossCommands(Program &program);
void addEstimateCommand(Program &program);
void addTrainCommand(Program &program);
void addWorkCommand(Program &program);

} // namespace kino::cli
