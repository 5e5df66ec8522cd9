#include "core/data/table/column_names.h"

#include <algorithm>
#include <vector>

namespace kino {
namespace {

bool isLetter(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); }
bool isUpper(char c) { return c >= 'A' && c <= 'Z'; }
char lower(char c) { return isUpper(c) ? static_cast<char>(c | 0x20) : c; }

/** Words of a name: cut at anything but letters and digits, and before a capital after a small letter. */
std::vector<std::string> wordsOf(std::string_view name)
{
    std::vector<std::string> words;
    std::string word;
    for (std::size_t i = 0; i < name.size(); ++i) {
        const char c = name[i];
        const bool isPart = isLetter(c) || (c >= '0' && c <= '9');
        const bool isHump = isPart && i > 0 && isUpper(c) && isLetter(name[i - 1]) && !isUpper(name[i - 1]);
        if (!word.empty() && (!isPart || isHump)) {
            words.push_back(word);
            word.clear();
        }
        if (isPart)
            word += lower(c);
    }
    if (!word.empty())
        words.push_back(word);
    return words;
}

struct KindWord {
    std::string_view word;
    StreamKind kind;
    bool whole; // only as a whole word
};

constexpr KindWord kKindWords[] = {
    {"useracceleration", StreamKind::linearAcceleration, false},
    {"linearacceleration", StreamKind::linearAcceleration, false},
    {"linacc", StreamKind::linearAcceleration, false},
    {"linear", StreamKind::linearAcceleration, true},
    {"gravity", StreamKind::gravity, false},
    {"grav", StreamKind::gravity, true},
    {"rotationrate", StreamKind::gyroscope, false},
    {"angularvelocity", StreamKind::gyroscope, false},
    {"angular", StreamKind::gyroscope, false},
    {"gyro", StreamKind::gyroscope, false},
    {"gyr", StreamKind::gyroscope, false},
    {"giroscopio", StreamKind::gyroscope, false},
    {"omega", StreamKind::gyroscope, true},
    {"gy", StreamKind::gyroscope, true},
    {"accelerat", StreamKind::accelerometer, false},
    {"acelera", StreamKind::accelerometer, false},
    {"acelero", StreamKind::accelerometer, false},
    {"accel", StreamKind::accelerometer, false},
    {"accl", StreamKind::accelerometer, false},
    {"acc", StreamKind::accelerometer, false},
    {"beschleunigung", StreamKind::accelerometer, false},
    {"magnet", StreamKind::magnetometer, false},
    {"mag", StreamKind::magnetometer, true},
    {"compass", StreamKind::magnetometer, false},
    {"quat", StreamKind::orientation, false},
    {"orientation", StreamKind::orientation, false},
};

/** Short names of one sensor and one axis. */
constexpr struct ShortName {
    std::string_view word;
    StreamKind kind;
    std::string_view axis;
} kShortNames[] = {
    {"ax", StreamKind::accelerometer, "x"}, {"ay", StreamKind::accelerometer, "y"}, {"az", StreamKind::accelerometer, "z"},
    {"gx", StreamKind::gyroscope, "x"},     {"gy", StreamKind::gyroscope, "y"},     {"gz", StreamKind::gyroscope, "z"},
    {"wx", StreamKind::gyroscope, "x"},     {"wy", StreamKind::gyroscope, "y"},     {"wz", StreamKind::gyroscope, "z"},
    {"mx", StreamKind::magnetometer, "x"},  {"my", StreamKind::magnetometer, "y"},  {"mz", StreamKind::magnetometer, "z"},
    {"qw", StreamKind::orientation, "w"},   {"qx", StreamKind::orientation, "x"},   {"qy", StreamKind::orientation, "y"},
    {"qz", StreamKind::orientation, "z"},
};

bool isAxis(std::string_view word) { return word == "x" || word == "y" || word == "z" || word == "w"; }

std::optional<StreamKind> kindOfWord(std::string_view word)
{
    for (const KindWord &entry : kKindWords) {
        if (entry.whole ? word == entry.word : word.starts_with(entry.word))
            return entry.kind;
    }
    return std::nullopt;
}

std::string unitIn(std::string_view name, std::string_view &rest)
{
    const std::size_t open = name.find_last_of("([");
    if (open == std::string_view::npos)
        return {};
    const std::size_t close = name.find_first_of(")]", open);
    if (close == std::string_view::npos)
        return {};
    rest = name.substr(0, open);
    return std::string(name.substr(open + 1, close - open - 1));
}

} // namespace

ColumnMeaning columnMeaning(std::string_view name)
{
    ColumnMeaning meaning;
    std::string_view rest = name;
    meaning.unit = unitIn(name, rest);
    std::vector<std::string> words = wordsOf(rest);
    std::vector<std::string> device;
    bool isLinear = false;
    for (std::size_t i = 0; i < words.size(); ++i) {
        std::string word = words[i];
        const ShortName *shortName = std::ranges::find(kShortNames, word, &ShortName::word);
        if (shortName != std::end(kShortNames)) {
            meaning.kind = shortName->kind;
            meaning.axis = shortName->axis;
            continue;
        }
        if (isAxis(word)) {
            meaning.axis = word;
            continue;
        }
        if (word == "axis" || word == "rate" || word == "velocity" || word == "speed")
            continue;
        if (word == "user" || word == "linear") {
            isLinear = true;
            continue;
        }
        // "accx", "xgyro", "gyroz": an axis grown onto the sensor's name.
        if (word == "rotation") {
            meaning.kind = StreamKind::gyroscope;
            continue;
        }
        if (auto kind = kindOfWord(word)) {
            const char last = word.back();
            if (meaning.axis.empty() && word.size() > 3 && (last == 'x' || last == 'y' || last == 'z' || last == 'w'))
                meaning.axis = std::string(1, last);
            meaning.kind = kind;
            continue;
        }
        if (word.size() > 3 && isAxis(word.substr(0, 1)) && kindOfWord(word.substr(1))) {
            meaning.axis = word.substr(0, 1);
            meaning.kind = kindOfWord(word.substr(1));
            continue;
        }
        device.push_back(word);
    }
    if (isLinear && meaning.kind == StreamKind::accelerometer)
        meaning.kind = StreamKind::linearAcceleration;
    for (const std::string &word : device)
        meaning.device += (meaning.device.empty() ? "" : "_") + word;
    return meaning;
}

std::optional<StreamKind> kindInText(std::string_view text)
{
    bool isLinear = false;
    std::optional<StreamKind> found;
    for (const std::string &word : wordsOf(text)) {
        isLinear = isLinear || word == "linear" || word == "user";
        if (const auto kind = kindOfWord(word); kind && !found)
            found = kind;
    }
    if (isLinear && found == StreamKind::accelerometer)
        return StreamKind::linearAcceleration;
    return found;
}

TimeName timeName(std::string_view name)
{
    TimeName result;
    std::string_view rest = name;
    std::string unit = unitIn(name, rest);
    for (char &c : unit)
        c = lower(c);
    for (const std::string &word : wordsOf(rest)) {
        if (word.starts_with("time") || word == "t" || word.starts_with("stamp") || word == "date" || word == "datetime"
            || word.starts_with("epoch") || word.starts_with("elapsed") || word.starts_with("uptime")
            || word.starts_with("unix") || word == "zeit" || word == "tempo" || word == "clock")
            result.isTime = true;
        static constexpr std::pair<std::string_view, std::string_view> kUnits[] = {
            {"ns", "ns"},     {"nanos", "ns"},  {"nanoseconds", "ns"},  {"us", "us"},      {"micros", "us"},
            {"microseconds", "us"}, {"ms", "ms"},  {"millis", "ms"},  {"milliseconds", "ms"}, {"msec", "ms"},
            {"s", "s"},       {"sec", "s"},     {"secs", "s"},          {"seconds", "s"},  {"second", "s"},
        };
        for (const auto &[spelling, known] : kUnits) {
            if (word != spelling)
                continue;
            result.unit = known;
            result.isTime = result.isTime || spelling.size() > 1;
        }
    }
    for (const std::string_view known : {"s", "ms", "us", "ns"}) {
        if (unit == known || (unit == "\xC2\xB5s" && known == "us") || (unit == "sec" && known == "s"))
            result.unit = known;
    }
    if (!result.isTime)
        result.unit.clear();
    return result;
}

bool isLabelName(std::string_view name)
{
    for (const std::string &word : wordsOf(name)) {
        if (word.starts_with("label") || word.starts_with("activity") || word == "class" || word == "annotation"
            || word == "gesture" || word == "event")
            return true;
    }
    return false;
}

} // namespace kino
