#include "tests/support/small_training.h"

namespace kino::test {

nlohmann::json smallTraining()
{
    return {{"kinoscope", 1},
            {"kind", "train"},
            {"seed", 3},
            {"data",
             {{"source", "recordings"},
              {"recordings", {"data/*/s*_*.csv"}},
              {"rate_hz", 50},
              {"window", {{"seconds", 2}, {"stride_seconds", 0.5}, {"label", {{"tier", "activity"}, {"policy", "majority"}}}}},
              {"split", {{"by", "subject"}, {"validation", {"s04"}}, {"test", {"s05"}}}}}},
            {"encoder", {{"name", "har-cnn"}, {"options", {{"channels", 6}}}}},
            {"objective", {{"name", "supervised"}}},
            {"train", {{"epochs", 2}, {"batch", 32}, {"optimizer", {{"name", "adam"}, {"options", {{"lr", 0.001}}}}}}}};
}

} // namespace kino::test
