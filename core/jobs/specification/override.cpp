#include "core/base/error.h"
#include "core/jobs/specification/specification.h"

#include <algorithm>
#include <charconv>

namespace kino {
namespace {

using Json = nlohmann::json;

[[noreturn]] void fail(const std::string &path, const std::string &reason)
{
    throw Error("--set " + path + ": " + reason);
}

/** In a list: the place, at most the one behind the last. */
std::size_t placeIn(const Json &list, const std::string &key, const std::string &path)
{
    std::size_t place = 0;
    const auto [end, failure] = std::from_chars(key.data(), key.data() + key.size(), place);
    if (failure != std::errc() || end != key.data() + key.size() || place > list.size())
        fail(path, "\"" + key + "\" is no place of a list of " + std::to_string(list.size()) + "; allowed: 0 to " + std::to_string(list.size()));
    return place;
}

/** A list where the schema has one, or else an object. */
Json emptyAt(const std::string &path)
{
    const Parameter *parameter = schemaOf(SpecificationKind::train).find(path);
    const auto isA = [parameter](ParameterType type) { return parameter && parameter->type == type; };
    const bool isList = isA(ParameterType::namedList) || isA(ParameterType::globs) || isA(ParameterType::recordings) || isA(ParameterType::choices);
    return isList ? Json::array() : Json::object();
}

} // namespace

void setAt(Json &specification, const std::string &path, Json value)
{
    constexpr std::size_t kMostParts = 32;
    if (static_cast<std::size_t>(std::ranges::count(path, '.')) >= kMostParts)
        fail(path, "has more parts than any path of a specification");
    Json *target = &specification;
    for (std::size_t from = 0; from <= path.size();) {
        const std::size_t to = std::min(path.find('.', from), path.size());
        const std::string key = path.substr(from, to - from);
        const std::string before = from == 0 ? std::string() : path.substr(0, from - 1);
        if (key.empty())
            fail(path, "is no path; write names with dots between, such as train.batch");
        if (target->is_null())
            *target = emptyAt(before);
        if (target->is_array()) {
            const std::size_t place = placeIn(*target, key, path);
            if (place == target->size())
                target->push_back(nullptr);
            target = &(*target)[place];
        } else if (target->is_object()) {
            target = &(*target)[key];
        } else {
            fail(path, before + " is " + valueWords(*target) + ", in which there is no \"" + key + "\"");
        }
        from = to + 1;
    }
    *target = std::move(value);
}

void applyOverride(Json &specification, const std::string &assignment)
{
    const std::size_t equals = assignment.find('=');
    if (equals == std::string::npos || equals == 0)
        throw Error("--set takes path=value, such as --set train.batch=32, not \"" + assignment + "\"");
    const std::string text = assignment.substr(equals + 1);
    Json value = Json::parse(text, nullptr, /*allow_exceptions=*/false);
    setAt(specification, assignment.substr(0, equals), value.is_discarded() ? Json(text) : std::move(value));
}

} // namespace kino
