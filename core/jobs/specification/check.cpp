#include "core/jobs/specification/check.h"

#include "core/base/nearest_word.h"
#include "core/jobs/specification/completion.h"

#include <algorithm>
#include <cmath>

namespace kino::specification {
namespace {

using Json = nlohmann::json;

std::string keyOf(const Parameter &parameter) { return parameter.path.substr(parameter.path.rfind('.') + 1); }

std::string joined(const std::string &path, const std::string &key) { return path.empty() ? key : path + "." + key; }

std::string meant(const std::string &typed, const std::vector<std::string> &known)
{
    const std::string nearest = nearestWord(typed, known);
    return nearest.empty() ? std::string() : "; did you mean \"" + nearest + "\"?";
}

/** "is unknown; did you mean …? allowed: …" */
std::string unknownSentence(const std::string &typed, const std::vector<std::string> &known)
{
    const std::string near = meant(typed, known);
    return "is unknown" + (near.empty() ? "; " : near + " ") + (known.empty() ? "nothing is allowed here" : "allowed: " + listOfWords(known));
}

bool isInRange(const Parameter &parameter, double number)
{
    return (parameter.isAboveLeast ? number > parameter.least : number >= parameter.least) && number <= parameter.most;
}

bool isNumberOf(const Parameter &parameter, const Json &value)
{
    const bool isWhole = parameter.type == ParameterType::whole || parameter.type == ParameterType::wholes;
    return (isWhole ? value.is_number_integer() : value.is_number()) && isInRange(parameter, value.get<double>());
}

bool isTextIn(const std::vector<std::string> &allowed, const Json &value)
{
    return value.is_string() && std::ranges::find(allowed, value.get_ref<const std::string &>()) != allowed.end();
}

/** Of paths, patterns and names in lists: an empty one is somebody's forgotten value. */
bool isFilledText(const Json &value) { return value.is_string() && !value.get_ref<const std::string &>().empty(); }

bool isSoundElement(const Parameter &parameter, const Json &value)
{
    switch (parameter.type) {
    case ParameterType::choices: return isTextIn(parameter.allowed, value);
    case ParameterType::numbers:
    case ParameterType::wholes: return isNumberOf(parameter, value);
    default: return isFilledText(value);
    }
}

/** Each at most once, each above the one before: of a list whose elements are sound. */
bool isInOrder(const Parameter &parameter, const Json &list)
{
    if (parameter.isUnique) {
        std::vector<std::string> words;
        for (const Json &each : list)
            words.push_back(each.is_string() ? each.get<std::string>() : each.dump());
        std::ranges::sort(words);
        if (std::ranges::adjacent_find(words) != words.end())
            return false;
    }
    return !parameter.isAscending || std::ranges::adjacent_find(list, std::greater_equal<>{}, [](const Json &each) { return each.get<double>(); }) == list.end();
}

class Check {
public:
    Check(const Schema &schema, const Json &given, Checked &checked) : m_schema(schema), m_given(given), m_checked(checked) {}

    /** The sound rest of an object, whose path in the schema is `path` and in the specification `place`. */
    Json object(const std::string &path, const std::string &place, const Json &value, const std::vector<std::string> &alsoKnown = {})
    {
        Json sound = Json::object();
        std::vector<std::string> known = alsoKnown;
        for (const Parameter *child : m_schema.childrenOf(path)) {
            const std::string key = keyOf(*child), childPlace = joined(place, key);
            const auto found = value.find(key);
            const ConditionVerdict verdict = judgeConditions(m_schema, *child, m_given);
            if (verdict.fit != Fit::no)
                known.push_back(key);
            if (found == value.end()) {
                if (verdict.fit == Fit::yes && child->absence == Absence::refused)
                    fault(childPlace, "is missing; must be " + allowedWords(*child));
                continue;
            }
            if (verdict.fit != Fit::no) {
                if (std::optional<Json> kept = this->value(*child, childPlace, *found))
                    sound[key] = std::move(*kept);
            } else if (!found->is_null()) { // null is how a form says "not this"
                fault(childPlace, "goes with " + verdict.reason);
            }
        }
        reportUnknown(path, place, value, known);
        return sound;
    }

private:
    void fault(const std::string &place, std::string sentence)
    {
        m_checked.faulty.insert(place);
        m_checked.add(place, std::move(sentence));
    }

    /** Nothing, and a problem, where it is faulty. */
    std::optional<Json> value(const Parameter &parameter, const std::string &place, const Json &value)
    {
        if (value.is_null() && parameter.mayBeNull)
            return value;
        if (parameter.type == ParameterType::whole && isTextIn(parameter.allowed, value))
            return value;
        switch (parameter.type) {
        case ParameterType::object:
            if (value.is_object())
                return object(parameter.path, place, value);
            break;
        case ParameterType::named:
            if (value.is_object())
                return named(parameter, place, value);
            break;
        case ParameterType::namedList:
            if (value.is_array() && isCount(parameter, value))
                return namedList(parameter, place, value);
            break;
        case ParameterType::choice:
            if (value.is_string() && !isTextIn(parameter.allowed, value)) {
                fault(place, "is unknown" + nearOrBlank(value.get<std::string>(), parameter.allowed) + "must be " + allowedWords(parameter) + ", not "
                                 + valueWords(value));
                return std::nullopt;
            }
            [[fallthrough]];
        default:
            if (isSoundPlain(parameter, value))
                return value;
        }
        fault(place, "must be " + allowedWords(parameter) + ", not " + valueWords(value));
        return std::nullopt;
    }

    static std::string nearOrBlank(const std::string &typed, const std::vector<std::string> &known)
    {
        const std::string near = meant(typed, known);
        return near.empty() ? "; " : near + " ";
    }

    static bool isCount(const Parameter &parameter, const Json &list) { return list.size() >= parameter.leastCount && list.size() <= parameter.mostCount; }

    static bool isSoundPlain(const Parameter &parameter, const Json &value)
    {
        switch (parameter.type) {
        case ParameterType::flag: return value.is_boolean();
        case ParameterType::whole:
        case ParameterType::number: return isNumberOf(parameter, value);
        case ParameterType::text: return value.is_string();
        case ParameterType::path: return isFilledText(value);
        case ParameterType::choice: return isTextIn(parameter.allowed, value);
        case ParameterType::names:
            if (value.is_string())
                return isFilledText(value);
            [[fallthrough]];
        case ParameterType::texts:
        case ParameterType::choices:
        case ParameterType::numbers:
        case ParameterType::wholes:
        case ParameterType::globs:
            return value.is_array() && isCount(parameter, value) && std::ranges::all_of(value, [&](const Json &each) { return isSoundElement(parameter, each); })
                && isInOrder(parameter, value);
        case ParameterType::recordings:
            if (value.is_object())
                return value.size() == 1 && (value.contains("project") ? value["project"] == "all" : value.contains("tag") && isFilledText(value["tag"]));
            return value.is_array() && isCount(parameter, value) && std::ranges::all_of(value, isFilledText);
        case ParameterType::weights:
            if (value.is_object())
                return value.size() == 1 && value.contains("run") && value["run"].is_number_integer() && value["run"].get<double>() >= 1;
            return isFilledText(value);
        case ParameterType::labels:
            return value.is_object() && std::ranges::all_of(value, [](const Json &each) { return each.is_null() || isFilledText(each); });
        case ParameterType::paths: return value.is_object() && std::ranges::all_of(value, isFilledText);
        default: return value.is_object();
        }
    }

    std::optional<Json> named(const Parameter &parameter, const std::string &place, const Json &value)
    {
        Json sound = m_schema.childrenOf(parameter.path).empty() ? Json::object() : object(parameter.path, place, value, {"name", "options"});
        if (m_schema.childrenOf(parameter.path).empty())
            reportUnknown(parameter.path, place, value, {"name", "options"});
        std::vector<std::string> names;
        for (const NamedChoice &choice : parameter.named)
            names.push_back(choice.name);
        const auto name = value.find("name"), options = value.find("options");
        const bool isText = name != value.end() && name->is_string();
        const NamedChoice *choice = isText ? findChoice(parameter.named, name->get<std::string>()) : nullptr;
        const std::string unknown = isText ? "is unknown" + nearOrBlank(name->get<std::string>(), names) : std::string();
        if (name == value.end())
            fault(place + ".name", "is missing; must be one of: " + listOfWords(names));
        else if (!choice)
            fault(place + ".name", unknown + "must be one of: " + listOfWords(names) + ", not " + valueWords(*name));
        else
            sound["name"] = *name;
        if (options == value.end())
            return sound;
        if (!options->is_object())
            fault(place + ".options", "must be an object, {…}, not " + valueWords(*options));
        else if (choice)
            sound["options"] = optionsOf(*choice, place + ".options", *options);
        return sound;
    }

    Json optionsOf(const NamedChoice &choice, const std::string &place, const Json &options)
    {
        Json sound = Json::object();
        std::vector<std::string> known;
        for (const Parameter &option : choice.options) {
            known.push_back(option.path);
            if (const auto found = options.find(option.path); found != options.end()) {
                if (std::optional<Json> kept = value(option, joined(place, option.path), *found))
                    sound[option.path] = std::move(*kept);
            }
        }
        for (const auto &[key, ignored] : options.items()) {
            if (std::ranges::find(known, key) != known.end())
                continue;
            const std::string near = meant(key, known);
            fault(joined(place, key), "is no option of " + choice.name + (near.empty() ? "; " : near + " ")
                                          + (known.empty() ? "it has none" : "allowed: " + listOfWords(known)));
        }
        return sound;
    }

    std::optional<Json> namedList(const Parameter &parameter, const std::string &place, const Json &list)
    {
        Json sound = Json::array();
        for (std::size_t index = 0; index < list.size(); ++index) {
            const std::string each = joined(place, std::to_string(index));
            std::optional<Json> kept;
            if (list[index].is_object())
                kept = named(parameter, each, list[index]);
            else
                fault(each, "must be an object, {\"name\": …, \"options\": {…}}, not " + valueWords(list[index]));
            sound.push_back(kept ? std::move(*kept) : Json::object()); // places stay
        }
        return sound;
    }

    void reportUnknown(const std::string &path, const std::string &place, const Json &value, const std::vector<std::string> &known)
    {
        for (const auto &[key, ignored] : value.items()) {
            const auto isKey = [&key = key](const Parameter *child) { return keyOf(*child) == key; };
            if (std::ranges::find(known, key) != known.end() || std::ranges::any_of(m_schema.childrenOf(path), isKey))
                continue;
            if (m_checked.problems.size() > kMostTold) { // a file of millions of them need not be compared with all that is known
                m_checked.add(joined(place, key), "is unknown");
                continue;
            }
            const auto elsewhere = std::ranges::find_if(m_schema.parameters(), [&](const Parameter &each) { return keyOf(each) == key; });
            if (meant(key, known).empty() && elsewhere != m_schema.parameters().end())
                m_checked.add(joined(place, key), "is unknown here; did you mean \"" + elsewhere->path + "\"? allowed: " + listOfWords(known));
            else
                m_checked.add(joined(place, key), unknownSentence(key, known));
        }
    }

    static constexpr std::size_t kMostTold = 1000;

    const Schema &m_schema;
    const Json &m_given;
    Checked &m_checked;
};

} // namespace

bool Checked::areSound(std::initializer_list<std::string_view> paths) const
{
    const auto isWithin = [](std::string_view inner, std::string_view outer) {
        return inner == outer || (inner.size() > outer.size() && inner.starts_with(outer) && inner[outer.size()] == '.');
    };
    return std::ranges::none_of(paths, [&](std::string_view path) {
        return std::ranges::any_of(faulty, [&](const std::string &each) { return isWithin(each, path) || isWithin(path, each); });
    });
}

Checked checkAgainst(const Schema &schema, const Json &specification)
{
    Checked checked;
    checked.sound = Check(schema, specification, checked).object("", "", specification);
    checked.sound = filledWithDefaults(schema, checked.sound);
    return checked;
}

} // namespace kino::specification
