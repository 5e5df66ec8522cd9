#include "core/store/jobs/run_table.h"

#include "core/base/error.h"
#include "core/insight/run_comparison.h"
#include "core/store/jobs/rows.h"

#include <algorithm>
#include <charconv>
#include <limits>
#include <set>

namespace kino {
namespace {

std::string numberText(double value)
{
    char text[32];
    const auto [end, code] = std::to_chars(text, text + sizeof text, value);
    return {text, code == std::errc() ? end : text};
}

/** Where a job's row is: ids run from 1 with few holes, so a list of all is shorter than a map. */
class Places {
public:
    void set(JobId id, std::size_t place)
    {
        if (id >= static_cast<JobId>(m_places.size()))
            m_places.resize(static_cast<std::size_t>(std::max<JobId>(id + 1, 2 * static_cast<JobId>(m_places.size()))), kNone);
        m_places[static_cast<std::size_t>(id)] = place;
    }
    std::optional<std::size_t> find(JobId id) const
    {
        if (id < 0 || id >= static_cast<JobId>(m_places.size()) || m_places[static_cast<std::size_t>(id)] == kNone)
            return std::nullopt;
        return m_places[static_cast<std::size_t>(id)];
    }

private:
    static constexpr std::size_t kNone = std::numeric_limits<std::size_t>::max();
    std::vector<std::size_t> m_places;
};

void readParameters(const Database &database, const std::vector<std::string> &paths, const Places &places, std::vector<std::vector<ParameterValue>> &rows)
{
    Statement values(database, "SELECT job_id, value FROM job_parameters WHERE path_id = (SELECT id FROM parameter_paths WHERE path = ?)");
    for (std::size_t column = 0; column < paths.size(); ++column) {
        values.bind(paths[column]);
        while (values.step()) {
            if (const auto place = places.find(values.integer(0)))
                rows[*place][column] = readParameter(values, 1);
        }
    }
}

const char *figureSql(MetricFigure figure)
{
    switch (figure) {
    case MetricFigure::final: return "SELECT job_id, coalesce(final, last) FROM metric_summaries WHERE key_id = (SELECT id FROM metric_keys WHERE key = ?)";
    case MetricFigure::last: return "SELECT job_id, last FROM metric_summaries WHERE key_id = (SELECT id FROM metric_keys WHERE key = ?)";
    case MetricFigure::least: return "SELECT job_id, least FROM metric_summaries WHERE key_id = (SELECT id FROM metric_keys WHERE key = ?)";
    case MetricFigure::most: return "SELECT job_id, most FROM metric_summaries WHERE key_id = (SELECT id FROM metric_keys WHERE key = ?)";
    }
    return "";
}

void readMetrics(const Database &database, const std::vector<MetricColumn> &columns, const Places &places, std::vector<std::vector<std::optional<double>>> &rows)
{
    for (std::size_t column = 0; column < columns.size(); ++column) {
        Statement values(database, figureSql(columns[column].figure));
        values.bind(columns[column].key);
        while (values.step()) {
            if (const auto place = places.find(values.integer(0)))
                rows[*place][column] = values.optionalReal(1);
        }
    }
}

std::vector<RunParameters> readAllParameters(const Database &database, const Places &places, std::size_t rows)
{
    std::vector<std::string> paths;
    Statement names(database, "SELECT id, path FROM parameter_paths");
    while (names.step()) {
        const auto id = static_cast<std::size_t>(names.integer(0));
        paths.resize(std::max(paths.size(), id + 1));
        paths[id] = names.text(1);
    }
    std::vector<RunParameters> all(rows);
    Statement values(database, "SELECT job_id, path_id, value FROM job_parameters");
    while (values.step()) {
        if (const auto place = places.find(values.integer(0)))
            all[*place].emplace_back(paths.at(static_cast<std::size_t>(values.integer(1))), parameterText(readParameter(values, 2)));
    }
    return all;
}

void findRepetitionsIn(std::vector<RunTableRow> &table, const Database &database, const Places &places, const std::vector<std::string> &asked)
{
    const std::vector<RunParameters> all = readAllParameters(database, places, table.size());
    const std::vector<std::vector<std::size_t>> groups = findRepetitions(all);
    std::map<std::vector<std::string>, std::vector<std::size_t>> looksAlike; // groups, by what the table shows of them
    for (std::size_t group = 0; group < groups.size(); ++group) {
        const RunTableRow &first = table[groups[group].front()];
        std::vector<std::string> shown;
        for (std::size_t column = 0; column < asked.size(); ++column) {
            if (!isOfTheRepetition(asked[column]))
                shown.push_back(parameterText(first.parameters[column]));
        }
        looksAlike[std::move(shown)].push_back(group);
        for (const std::size_t row : groups[group])
            table[row].repetition = group;
    }
    for (const auto &[shown, alike] : looksAlike) {
        if (alike.size() < 2)
            continue;
        std::vector<RunParameters> firsts;
        for (const std::size_t group : alike)
            firsts.push_back(all[groups[group].front()]);
        for (const ComparedParameter &parameter : compareParameters(firsts)) {
            if (!parameter.differs || isOfTheRepetition(parameter.path))
                continue;
            if (table[groups[alike.front()].front()].tellingApart.size() == RunTableRow::kMostToldApart)
                break;
            for (std::size_t place = 0; place < alike.size(); ++place) {
                for (const std::size_t row : groups[alike[place]])
                    table[row].tellingApart.emplace_back(parameter.path, parameter.values[place]);
            }
        }
    }
}

bool isAny(const Database &database, const char *sql, const std::string &value)
{
    Statement statement(database, sql);
    statement.bind(value);
    return statement.step();
}

void requireKnownNames(const Database &database, const RunFilter &filter)
{
    Statement jobs(database, "SELECT 1 FROM jobs LIMIT 1");
    if (!jobs.step())
        return;
    const auto isMetric = [&](const std::string &key) { return isAny(database, "SELECT 1 FROM metric_keys WHERE key = ?", key); };
    const auto mayCome = [&](const std::string &key) {
        const std::string part = key.substr(0, key.find('.') + 1);
        const bool isPart = part == "train." || part == "validation." || part == "test.";
        return isPart && !isAny(database, "SELECT 1 FROM metric_keys WHERE key GLOB ? LIMIT 1", part + "*");
    };
    for (const std::string &name : filter.names()) {
        if (!isMetric(name) && !isAny(database, "SELECT 1 FROM parameter_paths WHERE path = ?", name) && !mayCome(name))
            throw Error("The filter names \"" + name + "\": no run has a parameter or metric of that name.");
    }
    for (const MetricColumn &figure : filter.figures()) {
        if (!isMetric(figure.key) && !mayCome(figure.key))
            throw Error("The filter names \"" + figure.key + "\": no run has a metric of that name.");
    }
}

template <class T>
std::vector<std::vector<T>> tableOf(std::size_t rows, std::size_t columns)
{
    return std::vector<std::vector<T>>(rows, std::vector<T>(columns));
}

} // namespace

std::string parameterText(const ParameterValue &value)
{
    if (const bool *flag = std::get_if<bool>(&value))
        return *flag ? "true" : "false";
    if (const auto *whole = std::get_if<std::int64_t>(&value))
        return std::to_string(*whole);
    if (const double *number = std::get_if<double>(&value))
        return numberText(*number);
    if (const std::string *text = std::get_if<std::string>(&value))
        return *text;
    return {};
}

std::vector<RunTableRow> readRunTable(const JobStore &store, const RunTableQuery &query)
{
    const RunFilter filter(query.where);
    const Database &database = store.database();
    requireKnownNames(database, filter);
    std::string where = query.withDeleted ? "WHERE 1 " : "WHERE j.deleted_at_ns IS NULL ";
    if (query.study)
        where += "AND j.study_id = ?1 ";
    else if (!query.withRunsOfStudies)
        where += "AND j.study_id IS NULL ";
    Statement statement(database, jobSelection() + where + "ORDER BY j.id DESC");
    if (query.study)
        statement.bind(*query.study);
    std::vector<JobRow> jobs = readJobRows(database, statement);
    std::vector<bool> fits(jobs.size(), true);
    if (!query.where.empty()) {
        Places places;
        for (std::size_t place = 0; place < jobs.size(); ++place)
            places.set(jobs[place].id, place);
        auto values = tableOf<ParameterValue>(jobs.size(), filter.names().size());
        auto finals = tableOf<std::optional<double>>(jobs.size(), filter.names().size());
        auto figures = tableOf<std::optional<double>>(jobs.size(), filter.figures().size());
        std::vector<MetricColumn> sameNames;
        for (const std::string &name : filter.names())
            sameNames.push_back({name, MetricFigure::final});
        readParameters(database, filter.names(), places, values);
        readMetrics(database, sameNames, places, finals);
        readMetrics(database, filter.figures(), places, figures);
        for (std::size_t place = 0; place < jobs.size(); ++place)
            fits[place] = filter.matches(jobs[place], values[place], finals[place], figures[place]);
    }
    std::vector<RunTableRow> table;
    table.reserve(jobs.size());
    Places places;
    for (std::size_t place = 0; place < jobs.size(); ++place) {
        if (!fits[place])
            continue;
        places.set(jobs[place].id, table.size());
        table.push_back({std::move(jobs[place]), {}, {}, {}, {}});
    }
    auto parameters = tableOf<ParameterValue>(table.size(), query.parameters.size());
    auto metrics = tableOf<std::optional<double>>(table.size(), query.metrics.size());
    readParameters(database, query.parameters, places, parameters);
    readMetrics(database, query.metrics, places, metrics);
    for (std::size_t place = 0; place < table.size(); ++place) {
        table[place].parameters = std::move(parameters[place]);
        table[place].metrics = std::move(metrics[place]);
    }
    if (query.withRepetitions)
        findRepetitionsIn(table, database, places, query.parameters);
    return table;
}

std::vector<ParameterColumn> parameterColumns(const JobStore &store, std::span<const JobId> runs)
{
    std::vector<ParameterColumn> columns;
    if (runs.empty()) {
        Statement statement(store.database(), "SELECT n.path, count(*), count(DISTINCT p.value) + (count(p.value) < count(*)) FROM job_parameters p "
                                              "JOIN parameter_paths n ON n.id = p.path_id GROUP BY p.path_id");
        while (statement.step())
            columns.push_back({statement.text(0), static_cast<std::size_t>(statement.integer(1)), static_cast<std::size_t>(statement.integer(2))});
    } else {
        std::map<std::string, std::pair<std::size_t, std::set<std::string>>> found;
        for (const JobId run : runs) {
            for (const auto &[path, value] : parametersOf(store, run)) {
                auto &[count, values] = found[path];
                ++count;
                values.insert(std::to_string(value.index()) + parameterText(value));
            }
        }
        for (const auto &[path, each] : found)
            columns.push_back({path, each.first, each.second.size()});
    }
    std::ranges::stable_sort(columns, [](const ParameterColumn &a, const ParameterColumn &b) {
        return a.differentValues != b.differentValues ? a.differentValues > b.differentValues : a.path < b.path;
    });
    return columns;
}

std::vector<std::pair<std::string, ParameterValue>> parametersOf(const JobStore &store, JobId run)
{
    Statement statement(store.database(), "SELECT n.path, p.value FROM job_parameters p JOIN parameter_paths n ON n.id = p.path_id WHERE p.job_id = ? ORDER BY n.path");
    statement.bind(run);
    std::vector<std::pair<std::string, ParameterValue>> values;
    while (statement.step())
        values.emplace_back(statement.text(0), readParameter(statement, 1));
    return values;
}

} // namespace kino
