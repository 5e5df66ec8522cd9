// Changes single values of a JSON text and leaves everything else as somebody wrote it: comments, order, spacing. UTF-8. Any thread.
#pragma once

#include <nlohmann/json.hpp>

#include <optional>
#include <span>
#include <string>

namespace kino {

/** Where a text stops being JSON, counted from 1, and why. */
struct JsonFault {
    int line = 1;
    int column = 1;
    std::string reason;
};

/** A text of JSON with comments; an empty one is {}. */
struct JsonReading {
    std::optional<nlohmann::json> value;
    JsonFault fault; // where there is no value
};
JsonReading readJsonText(const std::string &text);

/** As a person writes it on one line: {"name": "adam", "options": {"lr": 0.0002}}. */
std::string jsonLine(const nlohmann::json &value);

/**
 * Names and places with dots between them, "augment.0.options.sigma"; the place behind the last of a list appends. Objects on the
 * way are made, and what is null or no object there is replaced. A new key stands after those that are before it in `order` (paths),
 * else at the end. Throws Error for a text that is no JSON, and for a place that a list does not have.
 */
std::string withJsonValueAt(const std::string &text, const std::string &path, const nlohmann::json &value, std::span<const std::string> order = {});
/** The key or element taken away, its comments left; the same text where there is none. Throws Error for a text that is no JSON. */
std::string withoutJsonValueAt(const std::string &text, const std::string &path);

} // namespace kino
