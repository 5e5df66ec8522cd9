// Precompiled once for everything that includes torch: its headers take 19 seconds, every time.
#pragma once

#include <torch/torch.h>

#include "core/base/error.h"

#include <nlohmann/json.hpp>

#include <memory>
#include <optional>
#include <string>
#include <vector>
