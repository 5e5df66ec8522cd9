// A specification whose values are sound, asked by path, and what several relations derive from it. Internal to the
// specification.
#pragma once

#include "core/jobs/specification/check.h"

#include <algorithm>

namespace kino::specification {

/** A specification whose values are sound, asked by path. */
class SoundValues {
public:
    explicit SoundValues(const nlohmann::json &specification) : m_specification(specification) {}

    /** "" where there is none. */
    std::string text(const char *path) const
    {
        const nlohmann::json *value = valueAt(m_specification, path);
        return value && value->is_string() ? value->get<std::string>() : std::string();
    }
    double number(const char *path) const
    {
        const nlohmann::json *value = valueAt(m_specification, path);
        return value && value->is_number() ? value->get<double>() : 0;
    }
    std::int64_t whole(const char *path) const
    {
        const nlohmann::json *value = valueAt(m_specification, path);
        return value && value->is_number_integer() ? value->get<std::int64_t>() : 0;
    }
    bool flag(const char *path) const
    {
        const nlohmann::json *value = valueAt(m_specification, path);
        return value && value->is_boolean() && value->get<bool>();
    }
    bool has(const char *path) const
    {
        const nlohmann::json *value = valueAt(m_specification, path);
        return value && !value->is_null();
    }
    /** An empty list where there is none. */
    nlohmann::json list(const char *path) const
    {
        const nlohmann::json *value = valueAt(m_specification, path);
        return value && value->is_array() ? *value : nlohmann::json::array();
    }
    nlohmann::json object(const char *path) const
    {
        const nlohmann::json *value = valueAt(m_specification, path);
        return value && value->is_object() ? *value : nlohmann::json::object();
    }
    bool isFrom(const char *source) const { return text("data.source") == source; }

private:
    const nlohmann::json &m_specification;
};

/** nullptr where there is none of that name. */
template <class Info>
const Info *infoOf(const std::vector<Info> &infos, const std::string &name)
{
    const auto found = std::ranges::find(infos, name, &Info::name);
    return found == infos.end() ? nullptr : &*found;
}

/** Axes of the channels that are asked for, together; 0 where a kind's differ from sensor to sensor. */
std::int64_t channelsOf(const SoundValues &spec);
/** Of a window; 0 where that is not possible. */
std::int64_t samplesOf(const SoundValues &spec);
/** What the encoder sees. */
bool givesPictures(const SoundValues &spec);

enum class Rounding { up, down };
/** Seconds to four digits, rounded so that they hold no fewer (up) or no more (down) samples than is meant. */
std::string secondsWords(double seconds, Rounding rounding);
/** "2.5 s at 50 Hz are 125 samples" */
std::string samplesWords(const SoundValues &spec);

/** How windows are cut, represented and labelled. */
void addWindowProblems(const SoundValues &spec, Checked &checked);

} // namespace kino::specification
