#include "core/data/profile/guess.h"

#include "core/base/error.h"
#include "core/base/mapped_file.h"
#include "core/data/profile/guess_time.h"
#include "core/data/profile/schema.h"
#include "core/data/table/column_names.h"
#include "core/data/table/units.h"

namespace kino {
namespace fs = std::filesystem;

namespace {

constexpr std::size_t kHeadBytes = std::size_t{256} << 10;

/** Three columns (or four of a quaternion) that are one sensor. */
struct Sensor {
    StreamKind kind = StreamKind::other;
    bool kindKnown = false; // by name
    std::string device;
    std::string unit;
    double scale = 1;
    std::vector<std::size_t> columns;
    std::vector<std::string> axes;
};

class Guess {
public:
    explicit Guess(const fs::path &path, const std::optional<TableLayout> &layout)
        : m_path(path), m_head(headOf(path)), m_table(sniffTable(path, m_head, layout))
    {
    }

    GuessedProfile make()
    {
        m_used.assign(m_table.columns.size(), false);
        if (m_table.alike < 0.9)
            assume(std::max(m_table.alike, 0.3), "only " + std::to_string(static_cast<int>(100 * m_table.alike))
                                                     + " % of the first rows come apart into "
                                                     + std::to_string(m_table.columns.size()) + " fields; rows that do not "
                                                     + "are left out",
                   {GuessField::cut, {}});
        findTime();
        findSensors();
        findLabels();
        addOthers();
        GuessedProfile guess;
        guess.profile = toJson();
        guess.confidence = std::clamp(m_confidence, 0.05, 0.95);
        guess.assumptions = std::move(m_assumptions);
        guess.concerns = std::move(m_concerns);
        guess.preview = m_table.rows;
        guess.hasInertial = std::ranges::any_of(m_sensors, [](const Sensor &sensor) {
            return sensor.kind == StreamKind::accelerometer || sensor.kind == StreamKind::gyroscope;
        });
        guess.isNamed = std::ranges::any_of(m_sensors, &Sensor::kindKnown);
        for (std::size_t i = 0; i < m_table.columns.size(); ++i)
            guess.columns.push_back(columnTitle(m_table, i));
        return guess;
    }

private:
    static std::string headOf(const fs::path &path)
    {
        // Says why, where it cannot be opened or is empty or binary.
        const TextFile file = TextFile::open(path);
        if (file.text().find_first_not_of(" \t\r\n") == std::string_view::npos)
            throw Error(path, "the file is empty");
        return std::string(file.text().substr(0, kHeadBytes));
    }

    void assume(double factor, const std::string &what, GuessConcern concern)
    {
        m_confidence *= factor;
        m_concerns.push_back(std::move(concern));
        m_assumptions.push_back({factor < 0.9 ? Severity::warning : Severity::info, m_path, 0, "guess", 1, what});
    }

    std::string describeAll(const std::vector<std::size_t> &columns) const
    {
        std::string out;
        for (const std::size_t column : columns)
            out += (out.empty() ? "'" : ", '") + columnTitle(m_table, column) + "'";
        return out;
    }

    void findTime()
    {
        GuessedTime time = guessTime(m_table);
        m_time = std::move(time.json);
        for (const std::size_t column : time.columns)
            m_used[column] = true;
        for (const GuessAssumption &assumption : time.assumptions)
            assume(assumption.factor, assumption.what, {assumption.field, {}});
    }

    void findSensors()
    {
        // By name: columns that say the same sensor and device, with an axis each.
        std::map<std::string, Sensor> bySensor;
        std::vector<std::string> order;
        for (std::size_t i = 0; i < m_table.columns.size(); ++i) {
            if (m_used[i] || !m_table.columns[i].isNumber)
                continue;
            ColumnMeaning meaning = columnMeaning(m_table.columns[i].name);
            if (meaning.axis.empty())
                continue;
            if (!meaning.kind && !meaning.unit.empty())
                meaning.kind = kindOfUnit(meaning.unit);
            const std::string key = meaning.device + "\n" + (meaning.kind ? std::string(streamKindName(*meaning.kind)) : "");
            auto [entry, isNew] = bySensor.try_emplace(key);
            Sensor &sensor = entry->second;
            if (isNew) {
                order.push_back(key);
                sensor.kindKnown = meaning.kind.has_value();
                sensor.kind = meaning.kind.value_or(StreamKind::other);
                sensor.device = meaning.device;
                sensor.unit = meaning.unit;
            }
            if (std::ranges::find(sensor.axes, meaning.axis) != sensor.axes.end())
                continue;
            sensor.columns.push_back(i);
            sensor.axes.push_back(meaning.axis);
        }
        for (auto &[key, sensor] : bySensor) {
            if (sensor.kind != StreamKind::accelerometer)
                continue;
            const auto gravity = bySensor.find(sensor.device + "\n" + std::string(streamKindName(StreamKind::gravity)));
            if (gravity != bySensor.end())
                setApartFromGravity(sensor, gravity->second);
        }
        for (const std::string &key : order) {
            Sensor &sensor = bySensor[key];
            const bool isWhole = sensor.columns.size() == 3
                                 || (sensor.kind == StreamKind::orientation && sensor.columns.size() == 4);
            if (!isWhole)
                continue;
            if (!sensor.kindKnown)
                kindFromFileName(sensor);
            finishSensor(sensor);
        }
        if (m_sensors.empty())
            findUnnamedSensors();
    }

    /**
     * "accelerationX" beside "gravityX" is what is left without gravity, as phones compute both from one sensor (Apple's
     * userAcceleration). What points along gravity for the most part still holds it.
     */
    void setApartFromGravity(Sensor &sensor, const Sensor &gravity)
    {
        if (sensor.columns.size() != 3 || gravity.columns.size() != 3)
            return;
        double along = 0;
        double all = 0;
        for (std::size_t row = 0; row < m_table.rowsSeen; ++row) {
            double dot = 0, square = 0, gravitySquare = 0;
            for (std::size_t i = 0; i < 3; ++i) {
                const auto same = std::ranges::find(gravity.axes, sensor.axes[i]);
                if (same == gravity.axes.end())
                    return;
                const double a = m_table.columns[sensor.columns[i]].values[row];
                const double g
                    = m_table.columns[gravity.columns[static_cast<std::size_t>(same - gravity.axes.begin())]].values[row];
                dot += a * g;
                square += a * a;
                gravitySquare += g * g;
            }
            if (!std::isfinite(dot) || !(gravitySquare > 0))
                continue;
            along += dot / std::sqrt(gravitySquare);
            all += std::sqrt(square);
        }
        if (std::abs(along) > 0.5 * all)
            return;
        sensor.kind = StreamKind::linearAcceleration;
        if (sensor.unit.empty())
            sensor.unit = quantileOfFinite(magnitudes(gravity), 0.5) < 4 ? "g" : "m/s^2";
        assume(0.9, describeAll(sensor.columns) + " stand beside gravity and do not hold it, so they are taken for the "
                        + "acceleration without gravity, in " + sensor.unit, {GuessField::kind, sensor.columns});
    }

    void kindFromFileName(Sensor &sensor)
    {
        if (const auto kind = kindInText(m_path.stem().string())) {
            sensor.kind = *kind;
            sensor.kindKnown = true;
            assume(0.95, "the file's name says that " + describeAll(sensor.columns) + " are a "
                             + std::string(streamKindName(*kind)), {GuessField::kind, sensor.columns});
        }
    }

    /** Without names: neighbouring columns by threes. */
    void findUnnamedSensors()
    {
        std::vector<std::size_t> numbers;
        for (std::size_t i = 0; i < m_table.columns.size(); ++i) {
            if (!m_used[i] && m_table.columns[i].isNumber)
                numbers.push_back(i);
        }
        if (numbers.size() < 3 || (numbers.size() % 3 != 0 && numbers.size() > 4) || numbers.size() > 9)
            return;
        for (std::size_t i = 0; i + 3 <= numbers.size(); i += 3) {
            Sensor sensor;
            sensor.columns = {numbers[i], numbers[i + 1], numbers[i + 2]};
            sensor.axes = {"x", "y", "z"};
            if (i == 0 && numbers.size() <= 4)
                kindFromFileName(sensor);
            finishSensor(sensor);
        }
    }

    std::vector<double> magnitudes(const Sensor &sensor) const
    {
        std::vector<double> all;
        for (std::size_t row = 0; row < m_table.rowsSeen; ++row) {
            double sum = 0;
            for (const std::size_t column : sensor.columns)
                sum += m_table.columns[column].values[row] * m_table.columns[column].values[row];
            all.push_back(std::sqrt(sum));
        }
        return all;
    }

    bool isRaw(const Sensor &sensor) const
    {
        return std::ranges::all_of(sensor.columns, [&](std::size_t column) { return m_table.columns[column].isWhole; });
    }

    void finishSensor(Sensor sensor)
    {
        const double usual = quantileOfFinite(magnitudes(sensor), 0.5);
        if (!sensor.kindKnown && !guessKind(sensor, usual))
            return;
        if (sensor.unit.empty() || !unitConversion(sensor.kind, sensor.unit))
            guessUnit(sensor, usual);
        for (const std::size_t column : sensor.columns)
            m_used[column] = true;
        m_sensors.push_back(std::move(sensor));
    }

    /** Gravity is what an accelerometer always shows; nothing else is so sure. */
    bool guessKind(Sensor &sensor, double usual)
    {
        const bool hasAccelerometer = std::ranges::any_of(
            m_sensors, [](const Sensor &known) { return known.kind == StreamKind::accelerometer; });
        const bool isGravity = (usual > 8.8 && usual < 11) || (usual > 0.9 && usual < 1.15) || (usual > 900 && usual < 1150)
                               || (isRaw(sensor) && countsPerG(usual) > 0);
        if (!hasAccelerometer && isGravity) {
            sensor.kind = StreamKind::accelerometer;
            assume(0.7, describeAll(sensor.columns) + " have the magnitude of gravity, so they are taken for an accelerometer",
                   {GuessField::kind, sensor.columns});
            return true;
        }
        if (hasAccelerometer) {
            sensor.kind = StreamKind::gyroscope;
            assume(0.6, describeAll(sensor.columns) + " stand beside an accelerometer, so they are taken for a gyroscope",
                   {GuessField::kind, sensor.columns});
            return true;
        }
        return false;
    }

    static double countsPerG(double usual)
    {
        for (const double counts : {16384.0, 8192.0, 4096.0, 2048.0, 1024.0, 512.0, 256.0}) {
            if (usual > 0.88 * counts && usual < 1.15 * counts)
                return counts;
        }
        return 0;
    }

    void guessUnit(Sensor &sensor, double usual)
    {
        const std::string who = describeAll(sensor.columns);
        const auto assume = [&](double factor, const std::string &what) { this->assume(factor, what, {GuessField::unit, sensor.columns}); };
        switch (sensor.kind) {
        case StreamKind::accelerometer:
        case StreamKind::gravity:
            if (isRaw(sensor) && countsPerG(usual) > 0 && usual > 200) {
                sensor.unit = "g";
                sensor.scale = 1 / countsPerG(usual);
                assume(0.6, who + " are whole numbers; " + std::to_string(static_cast<int>(countsPerG(usual)))
                                + " counts are taken as 1 g");
            } else if (usual > 900 && usual < 1150) {
                sensor.unit = "mg";
                assume(0.85, who + " have no unit; their size says mg");
            } else if (usual < 4) {
                sensor.unit = "g";
                assume(0.85, who + " have no unit; their usual size of " + shortText(usual) + " says g");
            } else {
                sensor.unit = "m/s^2";
                assume(usual < 15 ? 0.9 : 0.5, who + " have no unit; their usual size of " + shortText(usual) + " says m/s^2");
            }
            break;
        case StreamKind::linearAcceleration:
            sensor.unit = "m/s^2";
            assume(0.7, who + " have no unit; m/s^2 is assumed");
            break;
        case StreamKind::gyroscope: {
            const double peak = quantileOfFinite(magnitudes(sensor), 0.99);
            if (isRaw(sensor) && peak > 500) {
                sensor.unit = "deg/s";
                sensor.scale = 1 / 16.4;
                assume(0.4, who + " are whole numbers; 16.4 counts are taken as 1 deg/s (a range of 2000 deg/s): check "
                                  "the sensor's data sheet");
            } else if (peak > 35 || usual > 5) {
                sensor.unit = "deg/s";
                assume(0.8, who + " have no unit; they are too large for rad/s, so deg/s is assumed");
            } else {
                sensor.unit = "rad/s";
                assume(0.8, who + " have no unit; their size says rad/s, but slow movement in deg/s looks alike");
            }
            break;
        }
        case StreamKind::magnetometer:
            if (usual < 1.5)
                sensor.unit = "gauss";
            else if (usual > 150 && usual < 1000)
                sensor.unit = "mgauss";
            else
                sensor.unit = "uT";
            assume(0.85, who + " have no unit; their usual size of " + shortText(usual) + " says " + sensor.unit);
            break;
        default: break;
        }
    }

    static std::string shortText(double value)
    {
        return nlohmann::json(std::round(value * 100) / 100).dump();
    }

    void findLabels()
    {
        for (std::size_t i = 0; i < m_table.columns.size(); ++i) {
            const SniffedColumn &column = m_table.columns[i];
            if (m_used[i] || !isLabelName(column.name) || column.texts.size() >= 50)
                continue;
            if (!column.isNumber && column.texts.empty())
                continue;
            m_used[i] = true;
            m_label = columnJson(m_table, i);
            return;
        }
    }

    /** Numbers nobody recognised are kept as further channels. */
    void addOthers()
    {
        Sensor other;
        for (std::size_t i = 0; i < m_table.columns.size() && other.columns.size() < 48; ++i) {
            if (m_used[i] || !m_table.columns[i].isNumber)
                continue;
            other.columns.push_back(i);
            std::string axis = m_table.columns[i].name.empty() ? "column " + std::to_string(i + 1) : m_table.columns[i].name;
            while (std::ranges::find(other.axes, axis) != other.axes.end())
                axis += "'";
            other.axes.push_back(axis);
        }
        std::vector<std::size_t> texts;
        for (std::size_t i = 0; i < m_table.columns.size(); ++i) {
            if (!m_used[i] && !m_table.columns[i].isNumber && !m_table.columns[i].texts.empty())
                texts.push_back(i);
        }
        if (!texts.empty())
            assume(1, describeAll(texts) + (texts.size() == 1 ? " holds" : " hold") + " texts such as '"
                          + m_table.columns[texts.front()].texts.front() + "' and no numbers that could be read, so "
                          + (texts.size() == 1 ? "it was" : "they were") + " left out", {GuessField::kind, texts});
        if (m_sensors.empty())
            assume(0.3, "no accelerometer and no gyroscope could be recognised; all numbers are kept as other channels",
                   {GuessField::noSensor, other.columns});
        else if (!other.columns.empty())
            assume(0.98, describeAll(other.columns) + " were not recognised and are kept as other channels", {GuessField::kind, other.columns});
        if (!other.columns.empty())
            m_sensors.push_back(std::move(other));
        if (m_sensors.empty())
            throw Error(m_path, "it holds no column of numbers but the time");
    }

    nlohmann::json toJson() const
    {
        nlohmann::json table = tableLayoutJson(m_table.layout);
        nlohmann::json streams = nlohmann::json::array();
        for (const Sensor &sensor : m_sensors) {
            nlohmann::json stream;
            stream["kind"] = streamKindName(sensor.kind);
            stream["columns"] = nlohmann::json::array();
            for (const std::size_t column : sensor.columns)
                stream["columns"].push_back(columnJson(m_table, column));
            stream["axes"] = sensor.axes;
            if (!sensor.unit.empty())
                stream["unit"] = sensor.unit;
            if (sensor.scale != 1)
                stream["scale"] = sensor.scale;
            if (!sensor.device.empty())
                stream["device"] = sensor.device;
            streams.push_back(std::move(stream));
        }
        const std::string extension = m_path.extension().string();
        nlohmann::json file{{"match", "*" + (extension.find_first_of("{}*?") == std::string::npos ? extension : "")},
                            {"table", table},
                            {"time", m_time},
                            {"streams", streams}};
        if (!m_label.is_null())
            file["labels"] = {{"column", m_label}, {"tier", "activity"}};
        return {{"kinoscope_profile", 1},
                {"name", "guess"},
                {"title", "A guess from " + m_path.filename().string()},
                {"files", nlohmann::json::array({file})}};
    }

    fs::path m_path;
    std::string m_head;
    SniffedTable m_table;
    std::vector<bool> m_used;
    nlohmann::json m_time = nlohmann::json::object();
    nlohmann::json m_label;
    std::vector<Sensor> m_sensors;
    double m_confidence = 0.95;
    ImportReport m_assumptions;
    std::vector<GuessConcern> m_concerns; // one of each
};

} // namespace

GuessedProfile guessProfile(const fs::path &path, const std::optional<TableLayout> &layout) { return Guess(path, layout).make(); }

} // namespace kino
