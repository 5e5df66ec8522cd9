// The example of the contract of the command line (cli.md), for tests to make mistakes in.
#pragma once

#include <nlohmann/json.hpp>

namespace kino::test {

inline nlohmann::json contractExample()
{
    using Json = nlohmann::json;
    Json data;
    data["source"] = "recordings";
    data["recordings"] = {"relative/or/absolute/**/*.csv"};
    data["profile"] = "sp-sw-har";
    data["devices"] = {"phone"};
    data["channels"] = {"accelerometer", "gyroscope"};
    data["rate_hz"] = 50;
    data["representation"] = {{"name", "signal"}, {"options", Json::object()}};
    data["window"] = {{"seconds", 2.5}, {"stride_seconds", 0.625}, {"label", {{"tier", "activity"}, {"policy", "majority"}, {"minimum", 0.5}}}};
    data["labels"] = {{"WALKING", "walk"}, {"TURNING", nullptr}};
    data["normalise"] = "none";
    data["split"] = {{"by", "subject"}, {"validation", {"s14"}}, {"test", {"s15", "s16"}}};
    Json augment = Json::array();
    augment.push_back({{"name", "scaling"}, {"options", {{"per", "step"}, {"sigma", 0.25}}}});
    augment.push_back({{"name", "segment-permutation"}, {"options", {{"segments", 5}}}});
    return {{"kinoscope", 1},
            {"kind", "train"},
            {"name", "SimCLR on phone and watch"},
            {"about", "what it reproduces; source"},
            {"seed", 7},
            {"data", data},
            {"encoder", {{"name", "primus"}, {"options", Json::object()}, {"weights", nullptr}, {"freeze", false}}},
            {"objective", {{"name", "supervised"}, {"options", Json::object()}}},
            {"augment", augment},
            {"train",
             {{"epochs", 20},
              {"batch", 64},
              {"optimizer", {{"name", "adam"}, {"options", {{"lr", 2e-4}}}}},
              {"schedule", {{"name", "cosine"}, {"options", {{"warmup_steps", 0}}}}},
              {"clip_norm", nullptr},
              {"precision", "float32"},
              {"early_stop", nullptr},
              {"checkpoint_seconds", 30},
              {"checkpoint_steps", nullptr}}}};
}

} // namespace kino::test
