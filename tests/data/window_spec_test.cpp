#include "core/base/error.h"
#include "core/data/windows/window_spec.h"

#include <QTest>
#include <set>

using namespace kino;
using Json = nlohmann::json;

namespace {

/** The example of the contract of the command line. */
Json example()
{
    Json data;
    data["source"] = "recordings";
    data["recordings"] = {"relative/or/absolute/**/*.csv"};
    data["profile"] = "sp-sw-har";
    data["devices"] = {"phone"};
    data["channels"] = {"accelerometer", "gyroscope"};
    data["rate_hz"] = 50;
    data["representation"] = {{"name", "signal"}, {"options", Json::object()}};
    data["window"] = {{"seconds", 2.5},
                      {"stride_seconds", 0.625},
                      {"label", {{"tier", "activity"}, {"policy", "majority"}, {"minimum", 0.5}}}};
    data["labels"] = {{"WALKING", "walk"}, {"TURNING", nullptr}};
    data["normalise"] = "none";
    data["split"] = {{"by", "subject"}, {"validation", {"s14"}}, {"test", {"s15", "s16"}}};
    return {{"kinoscope", 1}, {"kind", "train"}, {"seed", 7}, {"data", data}, {"encoder", {{"name", "primus"}}}};
}

QStringList problemsIn(const Json &specification)
{
    try {
        windowSpecFromJson(specification);
    } catch (const Error &error) {
        return QString::fromStdString(error.what()).split('\n');
    }
    return {};
}

std::vector<std::string> namesOf(const std::map<std::string, SplitPart> &parts, SplitPart part)
{
    std::vector<std::string> names;
    for (const auto &[name, one] : parts) {
        if (one == part)
            names.push_back(name);
    }
    return names;
}

} // namespace

class WindowSpecTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void exampleIsUnderstood()
    {
        const WindowSpec spec = windowSpecFromJson(example());
        QCOMPARE(spec.seed, std::uint64_t{7});
        QCOMPARE(spec.profile, std::string("sp-sw-har"));
        WindowRule rule;
        rule.devices = {"phone"};
        rule.seconds = 2.5;
        rule.strideSeconds = 0.625;
        rule.rateHz = 50;
        rule.tier = "activity";
        rule.labels = {{"WALKING", "walk"}, {"TURNING", std::nullopt}};
        QVERIFY(spec.rule == rule);
        QVERIFY(spec.split.by == SplitBy::subject);
        QCOMPARE(spec.split.test, (std::vector<std::string>{"s15", "s16"}));
    }

    void narrationWindowsAreUnderstood()
    {
        Json specification = example();
        specification["data"]["window"] = {{"seconds", 5},
                                           {"origin", "video"},
                                           {"around",
                                            {{"tier", "narration"},
                                             {"anchor", "start"},
                                             {"border", "inside"},
                                             {"border_margin_seconds", 5},
                                             {"whole_seconds", true}}}};
        const WindowRule rule = windowSpecFromJson(specification).rule;
        QVERIFY(rule.placement == WindowPlacement::around && rule.policy == LabelPolicy::annotation
                && rule.origin == WindowOrigin::video);
        QVERIFY((rule.around == AroundRule{AnnotationAnchor::start, BorderRule::inside, 5, true}));
        specification["data"]["window"] = {{"seconds", 5}};
        QVERIFY(windowSpecFromJson(specification).rule.policy == LabelPolicy::none);
        QCOMPARE(windowSpecFromJson(specification).rule.strideSeconds, 5.0);
    }

    // What is read back from what was written is the same value, option by option.
    void specificationsAreWrittenAsTheyAreRead()
    {
        std::vector<WindowSpec> specs{windowSpecFromJson(example())};
        WindowSpec around = specs.front();
        around.profile.clear();
        around.seed = 0xffff'ffff'ffffULL;
        around.rule.devices = {"phone", "watch"};
        around.rule.joined = true;
        around.rule.channels = {StreamKind::linearAcceleration, StreamKind::magnetometer};
        around.rule.seconds = 5;
        around.rule.strideSeconds = 1.0 / 3;
        around.rule.rateHz = 52.1;
        around.rule.placement = WindowPlacement::around;
        around.rule.origin = WindowOrigin::video;
        around.rule.around = {AnnotationAnchor::end, BorderRule::inside, 2.25, true};
        around.rule.policy = LabelPolicy::annotation;
        around.rule.minimumShare = 0.9;
        around.rule.unlabelled = UnlabelledWindows::keep;
        around.rule.tier = "narration";
        around.split = {SplitBy::subject, {}, {}, 5, 2, {}};
        specs.push_back(around);
        WindowSpec plain;
        plain.recordings = {"/data/a b.csv"};
        plain.rule.policy = LabelPolicy::none;
        specs.push_back(plain);
        plain.rule.policy = LabelPolicy::full;
        plain.split = {SplitBy::recording, {}, {}, 0, 0, {0.8, 0.1, 0.1}};
        specs.push_back(plain);
        plain.split = {.by = SplitBy::subject, .folds = kFoldPerSubject, .fold = 3};
        specs.push_back(plain);
        plain.split = {.by = SplitBy::file, .file = "run/windows.csv"};
        specs.push_back(plain);
        for (const WindowSpec &spec : specs)
            QVERIFY(windowSpecFromJson(Json::parse(windowSpecJson(spec).dump())) == spec);
        WindowSpec fixed;
        fixed.rule.placement = WindowPlacement::fixed;
        QVERIFY_THROWS_EXCEPTION(Error, windowSpecJson(fixed));
    }

    void oneSubjectIsLeftOut()
    {
        Json specification = example();
        specification["data"]["split"] = {{"by", "leave-one-subject-out"}, {"test", "s15"}};
        SplitRule split = windowSpecFromJson(specification).split;
        QVERIFY(split.by == SplitBy::subject);
        QCOMPARE(split.test, std::vector<std::string>{"s15"});
        QVERIFY(split.validation.empty());
        specification["data"]["split"]["test"] = {"s15", "s16"};
        QVERIFY(problemsIn(specification).join(' ').contains("data.split.test: must name the one subject"));
        // Or each in turn: every subject tests in one of the folds, and validates in one.
        specification["data"]["split"] = {{"by", "subject"}, {"folds", "subjects"}, {"fold", 2}};
        split = windowSpecFromJson(specification).split;
        const std::vector<std::string> names{"a", "b", "c", "d", "e"};
        std::set<std::string> tested, validated;
        for (split.fold = 0; split.fold < 5; ++split.fold) {
            const auto parts = assignSplit(split, names, 7);
            QCOMPARE(namesOf(parts, SplitPart::test).size(), std::size_t{1});
            QCOMPARE(namesOf(parts, SplitPart::train).size(), std::size_t{3});
            tested.insert(namesOf(parts, SplitPart::test).front());
            validated.insert(namesOf(parts, SplitPart::validation).front());
        }
        QCOMPARE(tested.size(), std::size_t{5});
        QCOMPARE(validated.size(), std::size_t{5});
        QVERIFY_THROWS_EXCEPTION(Error, assignSplit(split, names, 7)); // fold 5 of 5
        split.fold = 0;
        QVERIFY_THROWS_EXCEPTION(Error, assignSplit(split, std::vector<std::string>{"a"}, 7));
        try {
            assignSplit(split, std::vector<std::string>{"", ""}, 7);
            QFAIL("subjects are not known");
        } catch (const Error &error) {
            QVERIFY(QString(error.what()).contains("name no subjects"));
        }
        specification["data"]["split"] = {{"by", "recording"}, {"folds", "subjects"}};
        QVERIFY(!problemsIn(specification).isEmpty());
    }

    // What a specification with all its defaults says, and what only others read.
    void whatIsNullIsLeftOut()
    {
        Json specification = example();
        Json &data = specification["data"];
        data["split"] = nullptr;
        data["profile"] = nullptr;
        data["labels"] = nullptr;
        data["window"]["around"] = nullptr;
        data["shots"] = nullptr;
        data["sampler"] = {{"name", "shuffled"}};
        data["embeddings"] = Json::object();
        const WindowSpec spec = windowSpecFromJson(specification);
        QVERIFY(spec.split == SplitRule{} && spec.profile.empty() && spec.rule.placement == WindowPlacement::grid);
        QVERIFY(spec.rule.policy == LabelPolicy::majority);
    }

    void aTableStandsAlone()
    {
        Json specification = example();
        specification["data"]["split"] = {{"file", "windows.csv"}};
        const SplitRule split = windowSpecFromJson(specification).split;
        QVERIFY(split.by == SplitBy::file && split.file == "windows.csv");
        QVERIFY_THROWS_EXCEPTION(Error, assignSplit(split, std::vector<std::string>{"a"}, 7));
        for (const Json &more : {Json{{"test", {"s15"}}}, Json{{"by", "subject"}}, Json{{"folds", 5}}}) {
            specification["data"]["split"] = {{"file", "windows.csv"}};
            specification["data"]["split"].update(more);
            QVERIFY2(!problemsIn(specification).isEmpty(), more.dump().c_str());
        }
        specification["data"]["split"] = {{"by", "subject"}, {"fold", 1e12}, {"folds", 5}};
        QVERIFY(!problemsIn(specification).isEmpty());
        specification["data"]["split"] = {{"by", "subject"}, {"fold", 4294967296}, {"folds", 5}}; // 0 in 32 bits
        QVERIFY(!problemsIn(specification).isEmpty());
    }

    void everyMistakeIsSaidAtOnce()
    {
        Json specification = example();
        Json &data = specification["data"];
        data["chanels"] = 1;
        data["rate_hz"] = "fast";
        data["channels"] = {"accelerometer", "smell"};
        data["window"]["label"]["policy"] = "loudest";
        data["window"]["label"]["minimum"] = 2;
        data["labels"]["SIT"] = 3;
        data["split"]["folds"] = 1.5;
        data["split"]["test"] = {"s14"};
        specification["seed"] = -1;
        const QStringList problems = problemsIn(specification);
        for (const char *start :
             {"data.chanels: is unknown; allowed: channels, devices", "data.rate_hz: must be a number",
              "data.channels: \"smell\" is no kind",
              "data.window.label.policy: must be one of: annotation, centre, full",
              "data.window.label.minimum: above 0", "data.labels.SIT: must be a name",
              "data.split.folds: must be a whole number", "data.split: split: s14 is in validation and in test",
              "seed: must be a whole number"}) {
            QVERIFY2(std::ranges::any_of(problems, [&](const QString &problem) { return problem.startsWith(start); }),
                     start);
        }
        QCOMPARE(problems.size(), 9);
        QCOMPARE(problemsIn(Json::array()).size(), 1);
        QCOMPARE(problemsIn(Json{{"data", 3}}).size(), 1);
        QCOMPARE(problemsIn(Json{{"data", Json::object()}}).size(), 2); // recordings and window are missing
        data = example()["data"];
        data["recordings"] = {{"project", "all"}};
        QCOMPARE(problemsIn(specification).size(), 2);
    }

    void namedSubjectsAreSplit()
    {
        const std::vector<std::string> names{"s16", "s01", "s14", "s01", "s15"};
        SplitRule rule;
        rule.by = SplitBy::subject;
        rule.validation = {"s14"};
        rule.test = {"s15", "s16"};
        const auto parts = assignSplit(rule, names, 1);
        QCOMPARE(parts.size(), std::size_t{4});
        QCOMPARE(namesOf(parts, SplitPart::train), (std::vector<std::string>{"s01"}));
        QCOMPARE(namesOf(parts, SplitPart::test), (std::vector<std::string>{"s15", "s16"}));
        rule.test = {"s99"};
        QVERIFY_THROWS_EXCEPTION(Error, assignSplit(rule, names, 1));
    }

    // Over all folds every subject tests once and validates once, whatever the seed; equal seeds split alike.
    void foldsTestEverySubjectOnce()
    {
        std::vector<std::string> names;
        for (int i = 0; i < 13; ++i)
            names.push_back("s" + std::to_string(i));
        std::multiset<std::string> tested, validated;
        SplitRule rule;
        rule.by = SplitBy::subject;
        rule.folds = 5;
        for (rule.fold = 0; rule.fold < 5; ++rule.fold) {
            const auto parts = assignSplit(rule, names, 7);
            QVERIFY(parts == assignSplit(rule, names, 7));
            for (const std::string &name : namesOf(parts, SplitPart::test))
                tested.insert(name);
            for (const std::string &name : namesOf(parts, SplitPart::validation))
                validated.insert(name);
        }
        QCOMPARE(tested, std::multiset<std::string>(names.begin(), names.end()));
        QCOMPARE(validated, tested);
        rule.fold = 0;
        QVERIFY(assignSplit(rule, names, 7) != assignSplit(rule, names, 8));
        rule.folds = 14;
        QVERIFY_THROWS_EXCEPTION(Error, assignSplit(rule, names, 7));
    }

    void fractionsCutWholeRecordings()
    {
        std::vector<std::string> names;
        for (int i = 0; i < 10; ++i)
            names.push_back("r" + std::to_string(i));
        SplitRule rule;
        rule.by = SplitBy::recording;
        rule.fractions = {0.7, 0.1, 0.2};
        const auto parts = assignSplit(rule, names, 3);
        QCOMPARE(namesOf(parts, SplitPart::train).size(), std::size_t{7});
        QCOMPARE(namesOf(parts, SplitPart::validation).size(), std::size_t{1});
        QCOMPARE(namesOf(parts, SplitPart::test).size(), std::size_t{2});
        rule.fractions = {0.7, 0.1, 0.1};
        QCOMPARE(problemsOf(rule).size(), std::size_t{1});
    }
};

QTEST_GUILESS_MAIN(WindowSpecTest)
#include "window_spec_test.moc"
