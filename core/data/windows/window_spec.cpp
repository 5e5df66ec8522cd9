#include "core/data/windows/window_spec.h"

#include "core/base/error.h"

#include <set>

namespace kino {
namespace {

using Json = nlohmann::json;

/** Reads values by their paths and collects what is wrong with them. */
class SpecReader {
public:
    explicit SpecReader(std::vector<std::string> &problems) : m_problems(problems) { }

    void problem(const std::string &path, const std::string &sentence) { m_problems.push_back(path + ": " + sentence); }

    /** Whether it is an object; unknown keys are problems. */
    bool object(const Json &value, const std::string &path, const std::set<std::string> &known)
    {
        if (!value.is_object()) {
            problem(path, "must be an object");
            return false;
        }
        for (const auto &[key, ignored] : value.items()) {
            if (!known.contains(key))
                problem(path + "." + key, "is unknown; allowed: " + listOf(known));
        }
        return true;
    }
    void number(const Json &object, const char *key, const std::string &path, double &target)
    {
        if (const auto found = object.find(key); found != object.end())
            found->is_number() ? target = found->get<double>()
                               : (problem(path + "." + key, "must be a number"), target);
    }
    void integer(const Json &object, const char *key, const std::string &path, int &target)
    {
        const auto found = object.find(key);
        if (found == object.end())
            return;
        if (found->is_number_integer() && std::abs(found->get<double>()) <= 1e9)
            target = found->get<int>();
        else
            problem(path + "." + key, "must be a whole number");
    }
    void flag(const Json &object, const char *key, const std::string &path, bool &target)
    {
        if (const auto found = object.find(key); found != object.end())
            found->is_boolean() ? target = found->get<bool>()
                                : (problem(path + "." + key, "must be true or false"), target);
    }
    void text(const Json &object, const char *key, const std::string &path, std::string &target)
    {
        if (const auto found = object.find(key); found != object.end() && !found->is_null()) {
            if (found->is_string())
                target = found->get<std::string>();
            else
                problem(path + "." + key, "must be a text");
        }
    }
    void texts(const Json &object, const char *key, const std::string &path, std::vector<std::string> &target)
    {
        const auto found = object.find(key);
        if (found == object.end())
            return;
        target.clear();
        const bool isList
            = found->is_array() && std::ranges::all_of(*found, [](const Json &one) { return one.is_string(); });
        if (!isList)
            return problem(path + "." + key, "must be a list of texts");
        target = found->get<std::vector<std::string>>();
    }
    template <class Choice>
    void choice(const Json &object, const char *key, const std::string &path,
                const std::map<std::string, Choice> &choices, Choice &target, const std::set<std::string> &others = {})
    {
        const auto found = object.find(key);
        if (found == object.end())
            return;
        std::set<std::string> names = others;
        for (const auto &[name, ignored] : choices)
            names.insert(name);
        const auto chosen = found->is_string() ? choices.find(found->get<std::string>()) : choices.end();
        if (chosen == choices.end())
            return problem(path + "." + key, "must be one of: " + listOf(names));
        target = chosen->second;
    }

private:
    static std::string listOf(const std::set<std::string> &names)
    {
        std::string list;
        for (const std::string &name : names)
            list += (list.empty() ? "" : ", ") + name;
        return list;
    }
    std::vector<std::string> &m_problems;
};

void readRecordings(SpecReader &reader, const Json &data, WindowSpec &spec)
{
    std::string source = "recordings";
    reader.text(data, "source", "data", source);
    if (source != "recordings")
        return reader.problem("data.source", "windows are cut from recordings; \"" + source + "\" has none");
    const auto found = data.find("recordings");
    if (found == data.end())
        return reader.problem("data.recordings", "is missing: a list of file patterns, relative to the specification");
    if (found->is_object())
        return reader.problem(
            "data.recordings",
            "of a project can only be used by a job of that project; here a list of file patterns is needed");
    reader.texts(data, "recordings", "data", spec.recordings);
    if (found->is_array() && found->empty())
        reader.problem("data.recordings", "is empty; name at least one file pattern");
}

void readLabel(SpecReader &reader, const Json &label, WindowRule &rule)
{
    static const std::string kPath = "data.window.label";
    if (!reader.object(label, kPath, {"tier", "policy", "minimum", "unlabelled"}))
        return;
    reader.text(label, "tier", kPath, rule.tier);
    reader.choice<LabelPolicy>(label, "policy", kPath,
                               {{"none", LabelPolicy::none},
                                {"majority", LabelPolicy::majority},
                                {"full", LabelPolicy::full},
                                {"centre", LabelPolicy::centre},
                                {"annotation", LabelPolicy::annotation}},
                               rule.policy);
    reader.number(label, "minimum", kPath, rule.minimumShare);
    reader.choice<UnlabelledWindows>(label, "unlabelled", kPath,
                                     {{"drop", UnlabelledWindows::drop}, {"keep", UnlabelledWindows::keep}},
                                     rule.unlabelled);
}

void readAround(SpecReader &reader, const Json &around, WindowRule &rule)
{
    static const std::string kPath = "data.window.around";
    if (!reader.object(around, kPath, {"tier", "anchor", "border", "border_margin_seconds", "whole_seconds"}))
        return;
    rule.placement = WindowPlacement::around;
    rule.policy = LabelPolicy::annotation;
    reader.text(around, "tier", kPath, rule.tier);
    reader.choice<AnnotationAnchor>(
        around, "anchor", kPath,
        {{"start", AnnotationAnchor::start}, {"centre", AnnotationAnchor::centre}, {"end", AnnotationAnchor::end}},
        rule.around.anchor);
    reader.choice<BorderRule>(around, "border", kPath, {{"drop", BorderRule::drop}, {"inside", BorderRule::inside}},
                              rule.around.border);
    reader.number(around, "border_margin_seconds", kPath, rule.around.borderMarginSeconds);
    reader.flag(around, "whole_seconds", kPath, rule.around.wholeSeconds);
}

void readWindow(SpecReader &reader, const Json &data, WindowRule &rule)
{
    const auto window = data.find("window");
    if (window == data.end())
        return reader.problem("data.window", "is missing: {\"seconds\": …, \"stride_seconds\": …, \"label\": {…}}");
    if (!reader.object(*window, "data.window", {"seconds", "stride_seconds", "label", "around", "origin"}))
        return;
    reader.number(*window, "seconds", "data.window", rule.seconds);
    rule.strideSeconds = rule.seconds;
    reader.number(*window, "stride_seconds", "data.window", rule.strideSeconds);
    reader.choice<WindowOrigin>(*window, "origin", "data.window",
                                {{"channels", WindowOrigin::channels}, {"video", WindowOrigin::video}}, rule.origin);
    const auto label = window->find("label"), around = window->find("around");
    const bool isAround = around != window->end() && !around->is_null();
    if (isAround)
        readAround(reader, *around, rule);
    if (label != window->end())
        readLabel(reader, *label, rule);
    else if (!isAround)
        rule.policy = LabelPolicy::none;
}

void readLabels(SpecReader &reader, const Json &data, WindowRule &rule)
{
    const auto labels = data.find("labels");
    if (labels == data.end() || labels->is_null())
        return;
    if (!labels->is_object())
        return reader.problem("data.labels", "must be an object: {\"WALKING\": \"walk\", \"TURNING\": null}");
    for (const auto &[label, name] : labels->items()) {
        if (name.is_null())
            rule.labels[label] = std::nullopt;
        else if (name.is_string() && !name.get<std::string>().empty())
            rule.labels[label] = name.get<std::string>();
        else
            reader.problem("data.labels." + label, "must be a name, or null to leave it out");
    }
}

/** "test": "s15" as well as "test": ["s15"]. */
void readNames(SpecReader &reader, const Json &object, const char *key, const std::string &path, std::vector<std::string> &target)
{
    const auto found = object.find(key);
    if (found != object.end() && found->is_string())
        target = {found->get<std::string>()};
    else
        reader.texts(object, key, path, target);
}

void readSplit(SpecReader &reader, const Json &data, SplitRule &split)
{
    static const std::string kPath = "data.split";
    const auto found = data.find("split");
    if (found == data.end() || found->is_null()
        || !reader.object(*found, kPath, {"by", "validation", "test", "folds", "fold", "fractions", "file"}))
        return;
    reader.text(*found, "file", kPath, split.file);
    split.by = split.file.empty() ? SplitBy::subject : SplitBy::file;
    bool leavesOneOut = false;
    if (const auto by = found->find("by"); by != found->end() && *by == "leave-one-subject-out")
        leavesOneOut = true;
    else
        reader.choice<SplitBy>(*found, "by", kPath,
                               {{"subject", SplitBy::subject}, {"recording", SplitBy::recording}}, split.by,
                               {"leave-one-subject-out"});
    readNames(reader, *found, "validation", kPath, split.validation);
    readNames(reader, *found, "test", kPath, split.test);
    if (leavesOneOut && split.test.size() != 1)
        reader.problem(kPath + ".test", "must name the one subject that is left out; for each in turn use \"folds\": \"subjects\"");
    if (const auto folds = found->find("folds"); folds != found->end() && *folds == "subjects")
        split.folds = kFoldPerSubject;
    else if (folds != found->end() && (!folds->is_number_integer() || *folds < 0 || *folds > 1'000'000))
        reader.problem(kPath + ".folds", "must be a whole number, or \"subjects\": as many as there are");
    else
        reader.integer(*found, "folds", kPath, split.folds);
    reader.integer(*found, "fold", kPath, split.fold);
    if (const auto fractions = found->find("fractions"); fractions != found->end()) {
        const bool isSound = fractions->is_array() && fractions->size() == 3
            && std::ranges::all_of(*fractions, [](const Json &one) { return one.is_number(); });
        if (isSound)
            split.fractions = {(*fractions)[0], (*fractions)[1], (*fractions)[2]};
        else
            reader.problem(kPath + ".fractions", "must be three numbers: shares of train, validation and test");
    }
    for (const std::string &problem : problemsOf(split))
        reader.problem(kPath, problem);
}

void readChannels(SpecReader &reader, const Json &data, WindowRule &rule)
{
    reader.texts(data, "devices", "data", rule.devices);
    reader.flag(data, "joined", "data", rule.joined);
    std::vector<std::string> names;
    reader.texts(data, "channels", "data", names);
    if (!data.contains("channels"))
        return;
    rule.channels.clear();
    for (const std::string &name : names) {
        if (const auto kind = streamKindFromName(name))
            rule.channels.push_back(*kind);
        else
            reader.problem("data.channels",
                           "\"" + name + "\" is no kind of stream; for example accelerometer, gyroscope, magnetometer");
    }
}

} // namespace

WindowSpec windowSpecFromJson(const Json &specification)
{
    std::vector<std::string> problems;
    SpecReader reader(problems);
    WindowSpec spec;
    const auto data = specification.is_object() ? specification.find("data") : specification.end();
    if (!specification.is_object() || data == specification.end()) {
        reader.problem("data", "is missing: which recordings, channels and windows");
    } else if (reader.object(*data, "data",
                             {"source", "recordings", "profile", "devices", "joined", "channels", "rate_hz",
                              "representation", "window", "labels", "normalise", "split", "sampler", "shots", "embeddings"})) {
        readRecordings(reader, *data, spec);
        reader.text(*data, "profile", "data", spec.profile);
        readChannels(reader, *data, spec.rule);
        reader.number(*data, "rate_hz", "data", spec.rule.rateHz);
        readWindow(reader, *data, spec.rule);
        readLabels(reader, *data, spec.rule);
        readSplit(reader, *data, spec.split);
        for (const std::string &problem : problemsOf(spec.rule))
            problems.push_back("data." + problem);
        if (const auto seed = specification.find("seed"); seed != specification.end()) {
            if (seed->is_number_unsigned() || (seed->is_number_integer() && seed->get<std::int64_t>() >= 0))
                spec.seed = seed->get<std::uint64_t>();
            else
                reader.problem("seed", "must be a whole number, 0 or more");
        }
    }
    if (problems.empty())
        return spec;
    std::string all;
    for (const std::string &problem : problems)
        all += (all.empty() ? "" : "\n") + problem;
    throw Error(all);
}

} // namespace kino
