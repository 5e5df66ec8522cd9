#include "core/jobs/specification/study.h"

#include "core/base/error.h"

#include <algorithm>
#include <map>

namespace kino::specification {
namespace {

using Json = nlohmann::json;

constexpr std::size_t kMostCells = 256;

/** One line of the grid: a path, or any name where its values are objects of paths. */
struct Axis {
    std::string name;
    std::vector<Json> values;
};

/** A value for each axis, by place. */
using Cell = std::vector<std::size_t>;

/** A value of the axis' own path, such as {"name": "mw2"} of "encoder"; not paths that change together. */
bool isOwnValue(const Axis &axis, const Json &value)
{
    const Schema &schema = schemaOf(SpecificationKind::train);
    if (!schema.find(axis.name))
        return false;
    for (const auto &[key, ignored] : value.items()) {
        if (key != "name" && key != "options" && !schema.find(axis.name + '.' + key))
            return false;
    }
    return true;
}

/** An object whose keys look like paths that change together. */
bool changesSeveral(const Axis &axis, const Json &value)
{
    if (!value.is_object() || value.empty() || isOwnValue(axis, value))
        return false;
    for (const auto &[key, ignored] : value.items()) {
        if (key.find('.') == std::string::npos && !schemaOf(SpecificationKind::train).find(key))
            return false;
    }
    return true;
}

Json valueOfCell(const Json &base, const std::vector<Axis> &axes, const Cell &cell)
{
    Json specification = base;
    for (std::size_t axis = 0; axis < axes.size(); ++axis) {
        const Json &value = axes[axis].values[cell[axis]];
        if (!changesSeveral(axes[axis], value)) {
            setAt(specification, axes[axis].name, value);
            continue;
        }
        for (const auto &[path, each] : value.items())
            setAt(specification, path, each);
    }
    return specification;
}

/** {"name": …} that no other value of the axis has. */
std::optional<std::string> ownName(const Axis &axis, const Json &value)
{
    const auto nameOf = [](const Json &each) { return each.is_object() && each.contains("name") && each.at("name").is_string() ? each.at("name").get<std::string>() : std::string(); };
    const std::string name = nameOf(value);
    if (name.empty() || changesSeveral(axis, value) || std::ranges::count(axis.values, name, nameOf) > 1)
        return std::nullopt;
    return name;
}

std::string cellWords(const std::vector<Axis> &axes, const Cell &cell)
{
    std::string words;
    for (std::size_t axis = 0; axis < axes.size(); ++axis) {
        const Json &value = axes[axis].values[cell[axis]];
        std::string shown = valueWords(value);
        if (value.is_structured())
            shown = ownName(axes[axis], value).value_or("number " + std::to_string(cell[axis] + 1));
        words += (words.empty() ? "" : ", ") + axes[axis].name + " " + shown;
    }
    return words;
}

std::vector<Cell> allCells(const std::vector<Axis> &axes)
{
    std::vector<Cell> cells{Cell(axes.size(), 0)};
    for (std::size_t axis = 0; axis < axes.size(); ++axis) {
        std::vector<Cell> more;
        for (const Cell &cell : cells) {
            for (std::size_t value = 0; value < axes[axis].values.size(); ++value) {
                more.push_back(cell);
                more.back()[axis] = value;
            }
        }
        cells = std::move(more);
    }
    return cells;
}

/** All, or of very many those that differ from the first in one value. */
std::vector<Cell> cellsToJudge(const std::vector<Axis> &axes)
{
    double all = 1;
    for (const Axis &axis : axes)
        all *= static_cast<double>(axis.values.size());
    if (all <= kMostCells)
        return allCells(axes);
    std::vector<Cell> cells{Cell(axes.size(), 0)};
    for (std::size_t axis = 0; axis < axes.size(); ++axis) {
        for (std::size_t value = 1; value < std::min(axes[axis].values.size(), kMostCells); ++value) {
            cells.emplace_back(axes.size(), 0);
            cells.back()[axis] = value;
        }
    }
    return cells;
}

std::vector<Axis> axesOf(const Json &grid, Checked &checked)
{
    std::vector<Axis> axes;
    for (const auto &[path, values] : grid.items()) {
        if (!values.is_array() || values.empty()) {
            checked.add("grid." + path, "must be a list of at least one value, not " + valueWords(values));
            continue;
        }
        axes.push_back({path, values.get<std::vector<Json>>()});
    }
    return axes;
}

void judgeBaseOfStudy(const Json &base, const Json &study, Checked &checked)
{
    if (const Json *kind = valueAt(base, "kind"); kind && *kind == "study")
        checked.add("base.kind", "must be train: a study of studies there is not");
    const Json *folds = valueAt(study, "folds");
    if (!folds || folds->is_null())
        return;
    for (const char *key : {"validation", "test", "fractions", "folds", "fold", "file"}) {
        if (const Json *given = valueAt(base, std::string("data.split.") + key); given && !given->is_null())
            checked.add(std::string("base.data.split.") + key, "goes without \"folds\" of the study, which split the subjects themselves");
    }
    if (const Json *by = valueAt(base, "data.split.by"); by && *by != "subject")
        checked.add("base.data.split.by", "must be subject, by which \"folds\" of the study split, not " + valueWords(*by));
}

} // namespace

void addStudyProblems(Checked &checked, const Json &study, const std::filesystem::path &folder)
{
    const Json *base = valueAt(study, "base"), *grid = valueAt(study, "grid");
    if (!base || !base->is_object() || (grid && !grid->is_object()))
        return;
    judgeBaseOfStudy(*base, study, checked);
    const std::vector<Axis> axes = axesOf(grid ? *grid : Json::object(), checked);
    struct Found {
        Problem problem;
        Cell cell;
        std::size_t count = 0;
    };
    std::vector<Found> found;
    std::map<std::string, std::size_t> places;
    std::size_t judged = 0;
    for (const Cell &cell : cellsToJudge(axes)) {
        Json specification;
        try {
            specification = valueOfCell(*base, axes, cell);
        } catch (const Error &error) {
            checked.add("grid", "in the cell " + cellWords(axes, cell) + ": " + error.what());
            return;
        }
        specification["kind"] = "train";
        ++judged;
        for (const Problem &problem : validateSpecification(specification, folder)) {
            const auto [entry, isNew] = places.emplace(problem.text(), found.size());
            if (isNew)
                found.push_back({problem, cell});
            ++found[entry->second].count;
        }
    }
    for (const Found &each : found) {
        if (each.count == judged)
            checked.add("base." + each.problem.path, each.problem.sentence, each.problem.severity);
        else
            checked.add("grid", "in the cell " + cellWords(axes, each.cell) + ": " + each.problem.text(), each.problem.severity);
    }
}

std::vector<StudyCell> studyCells(const Json &study)
{
    std::vector<Axis> axes;
    const Json grid = study.value("grid", Json::object());
    for (const auto &[path, values] : grid.items())
        axes.push_back({path, values.get<std::vector<Json>>()});
    std::vector<StudyCell> cells;
    for (const Cell &cell : allCells(axes)) {
        Json specification = valueOfCell(study.at("base"), axes, cell);
        specification["kind"] = "train";
        cells.push_back({cellWords(axes, cell), std::move(specification)});
    }
    return cells;
}

double countRuns(const Json &study)
{
    double runs = 1;
    for (const Json &values : study.value("grid", Json::object()))
        runs *= static_cast<double>(values.size());
    const Json *folds = valueAt(study, "folds"), *seeds = valueAt(study, "seeds");
    if (folds && folds->is_number())
        runs *= folds->get<double>();
    return seeds && seeds->is_array() ? runs * static_cast<double>(seeds->size()) : runs;
}

} // namespace kino::specification
