#include "core/base/json_path.h"

#include <algorithm>
#include <charconv>

namespace kino {

const nlohmann::json *valueAt(const nlohmann::json &json, const std::string &path)
{
    const nlohmann::json *value = &json;
    for (std::size_t from = 0; from <= path.size();) {
        const std::size_t to = std::min(path.find('.', from), path.size());
        const std::string key = path.substr(from, to - from);
        from = to + 1;
        if (value->is_object()) {
            const auto found = value->find(key);
            if (found == value->end())
                return nullptr;
            value = &*found;
        } else if (value->is_array()) {
            std::size_t place = 0;
            const auto [end, failure] = std::from_chars(key.data(), key.data() + key.size(), place);
            if (failure != std::errc() || end != key.data() + key.size() || place >= value->size())
                return nullptr;
            value = &(*value)[place];
        } else {
            return nullptr;
        }
    }
    return value;
}

} // namespace kino
