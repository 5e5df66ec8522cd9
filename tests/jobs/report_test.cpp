// The report as a reader finds it: parsed by pugixml, its figures compared with what was worked out by hand or with numpy.
#include "core/jobs/report/html_report.h"

#include "core/base/error.h"
#include "core/jobs/report/curve_drawing.h"
#include "core/jobs/report/figures.h"
#include "core/store/project.h"
#include "tests/support/prepared_runs.h"
#include "tests/support/test_data.h"

#include <pugixml.hpp>

using namespace kino;
using test::PreparedRow;

namespace {

/** As in window_results_test: walk 3 of 4, sit 2 of 4, run 1 of 1. */
const std::vector<PreparedRow> kRows = {{"a", "s1", 0, "walk", "walk"}, {"a", "s1", 1, "walk", "walk"}, {"a", "s1", 2, "walk", "sit"}, {"a", "s1", 3, "walk", "walk"}, {"b", "s2", 4, "sit", "walk"},
                                        {"b", "s2", 5, "sit", "sit"},   {"b", "s2", 6, "sit", "walk"},  {"b", "s2", 7, "sit", "sit"},  {"b", "s2", 8, "run", "run"}};

std::string allText(const pugi::xml_node &node)
{
    std::string text;
    for (const pugi::xml_node &child : node.children()) {
        if (child.type() == pugi::node_pcdata)
            text += child.value();
        else
            text += allText(child);
    }
    return text;
}

/** Of the table whose caption begins so: texts of its rows, heads first; those of <small> left out. */
std::vector<std::vector<std::string>> tableOf(const pugi::xml_document &page, const std::string &caption)
{
    std::vector<std::vector<std::string>> rows;
    for (const pugi::xpath_node &found : page.select_nodes("//table")) {
        if (!allText(found.node().child("caption")).starts_with(caption))
            continue;
        for (const pugi::xpath_node &row : found.node().select_nodes(".//tr")) {
            std::vector<std::string> &cells = rows.emplace_back();
            for (const pugi::xml_node &cell : row.node().children())
                cells.push_back(cell.child("small") ? cell.child_value() : allText(cell));
        }
        break;
    }
    return rows;
}

} // namespace

class ReportTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void init();
    void cleanup();

    void itIsWellFormedAndNeedsNothingElse();
    void numbersAreThoseOfTheRows();
    void confusionsAreCounted();
    void studiesHaveBothSpreadsAndDifferences();
    void curvesAreDrawnToScale();
    void hostileTextsAreTexts();
    void failuresAreTold();
    void whatIsNotThereIsRefused();
    void damageOfOneRunLeavesTheOthers();
    void figuresAreThoseOfTheWindow();

private:
    pugi::xml_document pageOf(std::vector<JobId> runs)
    {
        m_html = htmlReport(readReport(*m_store, runs));
        pugi::xml_document page;
        const pugi::xml_parse_result result = page.load_string(m_html.c_str(), pugi::parse_default | pugi::parse_ws_pcdata);
        if (!result)
            qWarning("%s at %td", result.description(), result.offset);
        return page;
    }
    JobId done(const NewJob &job, const nlohmann::json &metrics, const std::vector<PreparedRow> &rows = kRows)
    {
        m_store->submit(job);
        return test::finishNext(*m_work, [&](const JobRow &) { return rows; }, {}, metrics);
    }

    std::unique_ptr<test::TemporaryFolder> m_folder;
    std::filesystem::path m_project;
    std::unique_ptr<JobStore> m_store;
    std::unique_ptr<JobWork> m_work;
    std::string m_html;
};

void ReportTest::init()
{
    m_folder = std::make_unique<test::TemporaryFolder>();
    m_project = Project::create(*m_folder / "Study of walks.kino").folder();
    m_store = std::make_unique<JobStore>(m_project);
    m_work = std::make_unique<JobWork>(m_project);
}

void ReportTest::cleanup()
{
    m_store.reset();
    m_work.reset();
    m_folder.reset();
}

void ReportTest::itIsWellFormedAndNeedsNothingElse()
{
    const JobId a = done(test::preparedJob("one", 1), {{"test.macro_f1", 0.5}}), b = done(test::preparedJob("two", 2), {{"test.macro_f1", 0.6}});
    {
        MetricWriter writer(m_project, a);
        for (int step = 0; step < 50; ++step)
            writer.add(step, 0, "train.loss", 1.0 / (1 + step));
    }
    const pugi::xml_document page = pageOf({a, b, a});
    QVERIFY(m_html.starts_with("<!DOCTYPE html>"));
    QCOMPARE(std::string(page.child("html").attribute("lang").value()), std::string("en"));
    QCOMPARE(std::string(page.select_node("//h1").node().child_value()), std::string("2 runs of Study of walks"));
    // Nothing is fetched, nothing runs.
    for (const char *outside : {"http", "://", "url(", "@import", "<script", "<link", "<img", "<iframe", "javascript:"})
        QVERIFY2(m_html.find(outside) == std::string::npos, outside);
    for (const pugi::xpath_node &found : page.select_nodes("//@*")) {
        const std::string name = found.attribute().name(), value = found.attribute().value();
        QVERIFY2(name != "src" && name != "srcset" && !name.starts_with("on"), name.c_str());
        if (name == "href") {
            QVERIFY2(value.starts_with('#'), value.c_str());
            QVERIFY2(page.select_node(("//*[@id='" + value.substr(1) + "']").c_str()), value.c_str());
        }
    }
    // Tables say what they are of, heads whom they head; drawings have words.
    for (const pugi::xpath_node &table : page.select_nodes("//table"))
        QVERIFY(!allText(table.node().child("caption")).empty());
    for (const pugi::xpath_node &head : page.select_nodes("//th"))
        QVERIFY(head.node().attribute("scope"));
    QVERIFY(page.select_nodes("//svg[@role='img']").size() == 1);
    QVERIFY(std::string(page.select_node("//svg[@role='img']").node().attribute("aria-label").value()).starts_with("train.loss of one: from 0.02"));
}

void ReportTest::numbersAreThoseOfTheRows()
{
    const JobId a = done(test::preparedJob("primus", 1, "primus"), {{"test.macro_f1", 0.5}}), b = done(test::preparedJob("primus", 2, "primus"), {{"test.macro_f1", 0.54}});
    const JobId c = done(test::preparedJob("mw2", 1, "mw2"), {{"test.macro_f1", 0.4}, {"test.accuracy", 0.75}});
    const pugi::xml_document page = pageOf({c, a, b});
    const auto runs = tableOf(page, "Each run's final numbers");
    QCOMPARE(runs.size(), std::size_t{4});
    QCOMPARE(runs[0], (std::vector<std::string>{"Run", "Kind", "State", "Number", "Seed", "Time", "test.macro_f1", "test.accuracy"}));
    QCOMPARE(runs[1], (std::vector<std::string>{"mw2", "train", "done", std::to_string(c), "1", "12 s", "0.4000", "0.7500"}));
    QCOMPARE(runs[3], (std::vector<std::string>{"primus (" + std::to_string(b) + ")", "train", "done", std::to_string(b), "2", "12 s", "0.5400", "\u2013"}));
    // What differs stands above what does not.
    const auto differing = tableOf(page, "Parameters that are not the same");
    std::vector<std::string> paths;
    for (std::size_t row = 1; row < differing.size(); ++row)
        paths.push_back(differing[row].front());
    std::ranges::sort(paths);
    QCOMPARE(paths, (std::vector<std::string>{"encoder.name", "name", "seed"}));
    const auto same = tableOf(page, "Parameters that all runs share");
    QVERIFY(std::ranges::any_of(same, [](const auto &row) { return row == std::vector<std::string>{"train.batch", "64"}; }));
    // numpy: mean and std(ddof=1)/sqrt(2) of 0.5 and 0.54 are 0.52 and 0.02.
    const auto numbers = tableOf(page, "Mean \u00b1 standard error");
    QCOMPARE(numbers, (std::vector<std::vector<std::string>>{
                          {"Metric", "mw2 (n = 1)", "primus (n = 2)"}, {"test.accuracy", "0.7500", "\u2013"}, {"test.macro_f1", "0.4000", "0.520 \u00b1 0.020"}}));
}

void ReportTest::confusionsAreCounted()
{
    const pugi::xml_document page = pageOf({done(test::preparedJob("one", 1), {})});
    const auto table = tableOf(page, "one: accuracy 0.667, macro-F1 0.746, 9 windows"); // (1 + 4/7 + 2/3) / 3
    QCOMPARE(table.size(), std::size_t{6});
    QCOMPARE(table[0], (std::vector<std::string>{"true, taken for", "run", "sit", "walk", "recall", "F1", "windows"}));
    QCOMPARE(table[2], (std::vector<std::string>{"sit", "0", "2", "2", "0.500", "0.571", "4"}));
    QCOMPARE(table[3], (std::vector<std::string>{"walk", "0", "1", "3", "0.750", "0.667", "4"}));
    QCOMPARE(table[4], (std::vector<std::string>{"precision", "1.000", "0.667", "0.600", ""}));
    QCOMPARE(table[5], (std::vector<std::string>{"predicted", "1", "3", "5", ""}));
    QCOMPARE(std::string(page.select_node("//table[@class='confusion']/tbody/tr[2]/td[2]").node().attribute("style").value()), std::string("background:rgba(47,111,222,0.250)"));
    QCOMPARE(tableOf(page, "Windows by subject"), (std::vector<std::vector<std::string>>{{"subject", "train", "validation", "test"}, {"s1", "0", "0", "4"}, {"s2", "0", "0", "5"}}));
    QCOMPARE(tableOf(page, "Windows by label").at(2), (std::vector<std::string>{"sit", "0", "0", "4"}));
}

void ReportTest::studiesHaveBothSpreadsAndDifferences()
{
    const JobId id = test::submitPreparedStudy(*m_store, "encoders");
    for (int run = 0; run < 8; ++run)
        test::finishNext(*m_work, [](const JobRow &of) { return test::rowsOfPreparedStudy(kRows, of); }, {}, {});
    const pugi::xml_document page = pageOf({id});
    const auto cells = tableOf(page, "Scores of the test predictions");
    QCOMPARE(cells.size(), std::size_t{3});
    QCOMPARE(cells[1].at(1), std::string("4 of 4"));
    QCOMPARE(cells[1].at(5), std::string("0.6667")); // 6 of 9 with each seed
    QCOMPARE(cells[1].at(6), std::string("\u00b1 0"));
    // Seed 2 of the second cell has 4 of 9. numpy: mean of 6/9 and 4/9, std(ddof=1).
    QCOMPARE(cells[2].at(0), std::string("primus"));
    QCOMPARE(cells[2].at(5), std::string("0.5556"));
    QCOMPARE(cells[2].at(6), std::string("\u00b1 0.1571"));
    // Accuracy by subject, second less first: s1 (0 + (0 - 3/4)) / 2, s2 (0 + (4/5 - 3/5)) / 2. scipy: mean -0.1375, t.interval(0.95, 1, loc, sem).
    const auto differences = tableOf(page, "Differences, paired");
    const auto accuracy = std::ranges::find_if(differences, [](const auto &row) { return row.at(1) == "accuracy"; });
    QVERIFY(accuracy != differences.end());
    QCOMPARE(*accuracy, (std::vector<std::string>{"primus less mw2", "accuracy", "\u22120.1375", "[\u22123.155, 2.88]", "2", "2"}));
    // Both cells' confusions, of all folds and seeds.
    QCOMPARE(tableOf(page, "encoders, mw2").at(3), (std::vector<std::string>{"walk", "0", "2", "6", "0.750", "0.667", "8"}));
    QCOMPARE(tableOf(page, "encoders, primus").at(1).at(2), std::string("1"));
}

void ReportTest::curvesAreDrawnToScale()
{
    const JobId id = done(test::preparedJob("one", 1), {});
    {
        MetricWriter writer(m_project, id);
        for (const auto &[step, value] : {std::pair(0, 1.0), std::pair(10, 0.5), std::pair(20, 0.0), std::pair(30, std::nan("")), std::pair(40, 0.5)})
            writer.add(step, 0, "train.loss", value);
        for (int step = 0; step < 100'000; ++step)
            writer.add(step, 0, "train.rate", std::sin(step * 0.01));
    }
    const pugi::xml_document page = pageOf({id});
    // Of 560 x 250 with 62 left, 12 right, 10 above and 30 below: 486 x 210 for steps 0 to 40 and values 0 to 1.
    const pugi::xml_node curve = page.select_node("//svg[starts-with(@aria-label, 'train.loss')]/path").node();
    QCOMPARE(std::string(curve.attribute("d").value()), std::string("M62.0 10.0L183.5 115.0L305.0 220.0M548.0 115.0h0"));
    QCOMPARE(std::string(curve.child_value("title")), std::string("one"));
    // As many points as can be seen.
    const std::string dense = page.select_node("//svg[starts-with(@aria-label, 'train.rate')]/path").node().attribute("d").value();
    QVERIFY(std::ranges::count(dense, 'L') <= static_cast<std::ptrdiff_t>(kReportCurvePoints) && std::ranges::count(dense, 'L') > 300);
    QCOMPARE(report::roundTicks(0, 1, 6), (std::vector<double>{0, 0.2, 0.4, 0.6000000000000001, 0.8, 1}));
    QCOMPARE(report::roundTicks(1, 1, 6), std::vector<double>{});
    QVERIFY(report::roundTicks(0, 1e-300, 6).size() <= 7);
    QVERIFY(report::roundTicks(-1.7e308, 1.7e308, 6).size() <= 7);
}

void ReportTest::hostileTextsAreTexts()
{
    const std::string name = "<script>alert(\"x\")</script> & 'co' ]]> \xff\xfe \x01 \xef\xbf\xbf";
    NewJob job = test::preparedJob("plain", 1);
    job.name = name;
    job.complete["note"] = "</pre><b>bold</b>";
    std::vector<PreparedRow> rows = kRows;
    for (PreparedRow &row : rows) {
        row.label = row.label == "walk" ? "<walk & \"talk\">" : row.label;
        row.subject = "</td>" + row.subject;
    }
    const JobId id = done(job, {{"test.<b>&", 0.5}}, rows);
    m_store->setNotes(id, "--> <!-- \xc3");
    m_store->addTag(std::vector<JobId>{id}, "<tag>");
    m_work->addLog(id, JobLogLevel::warning, "<em>late</em> \xf0\x9f");
    const pugi::xml_document page = pageOf({id});
    QVERIFY(page.child("html"));
    QVERIFY(!page.select_node("//script | //em | //b"));
    const std::string expected = "<script>alert(\"x\")</script> & 'co' ]]> \xef\xbf\xbd\xef\xbf\xbd \xef\xbf\xbd \xef\xbf\xbd";
    QCOMPARE(std::string(page.select_node("//h1").node().child_value()), expected);
    QCOMPARE(std::string(page.select_node("//title").node().child_value()), expected);
    QCOMPARE(tableOf(page, expected).at(0).at(1), std::string("<walk & \"talk\">"));
    QCOMPARE(tableOf(page, "Windows by subject").at(1).at(0), std::string("</td>s1"));
    QVERIFY(allText(page.child("html")).find("warning: <em>late</em> \xef\xbf\xbd") != std::string::npos);
    QVERIFY(allText(page.child("html")).find("</pre><b>bold</b>") != std::string::npos);
}

void ReportTest::failuresAreTold()
{
    const JobId id = m_store->submit(test::preparedJob("broken", 1));
    QCOMPARE(m_work->takeNext(1), std::optional(id));
    for (int line = 0; line < 30; ++line)
        m_work->addLog(id, JobLogLevel::info, "line " + std::to_string(line));
    m_work->addLog(id, JobLogLevel::error, "the contrast term is not finite");
    m_work->end(id, {.end = JobEnd::failed, .error = "stopped: loss not finite, step 812"});
    const pugi::xml_document page = pageOf({id});
    const pugi::xml_node section = page.select_node(("//section[@id='run-" + std::to_string(id) + "']").c_str()).node();
    QCOMPARE(std::string(section.child("p").child_value()), std::string("stopped: loss not finite, step 812"));
    std::string log;
    for (const pugi::xml_node &pre : section.children("pre"))
        log = pre.child_value();
    QVERIFY2(log.find("error: the contrast term is not finite\n") != std::string::npos, log.c_str());
    QVERIFY(log.find("line 29\n") != std::string::npos && log.find("line 5\n") == std::string::npos); // the last ones
    QCOMPARE(tableOf(page, "Each run's").at(1).at(2), std::string("failed"));
}

void ReportTest::whatIsNotThereIsRefused()
{
    const JobId id = done(test::preparedJob("one", 1), {});
    QVERIFY_EXCEPTION_THROWN(readReport(*m_store, std::vector<JobId>{id, 99}), Error);
    QVERIFY_EXCEPTION_THROWN(readReport(*m_store, std::vector<JobId>{}), Error);
    m_store->remove(std::vector<JobId>{id});
    QVERIFY_EXCEPTION_THROWN(readReport(*m_store, std::vector<JobId>{id}), Error);
}

void ReportTest::damageOfOneRunLeavesTheOthers()
{
    const JobId a = done(test::preparedJob("one", 1), {}), b = done(test::preparedJob("two", 2), {});
    writeFileAtomically(m_store->runFolder(a) / "predictions.csv", "x\na,soon,walk,walk,1\n");
    const ReportContent content = readReport(*m_store, std::vector<JobId>{a, b});
    QCOMPARE(content.runs.at(0).troubles.size(), std::size_t{1});
    QVERIFY(content.runs[0].confusions.empty());
    QCOMPARE(content.runs.at(1).confusions.size(), std::size_t{1});
    const pugi::xml_document page = pageOf({a, b});
    QVERIFY(allText(page.child("html")).find("\"soon\" is no number") != std::string::npos);
}

void ReportTest::figuresAreThoseOfTheWindow()
{
    // As numberCellText() and spreadText() of the window have them (run_table_test).
    QCOMPARE(report::figureText(0.53612), std::string("0.5361"));
    QCOMPARE(report::figureText(2884), std::string("2,884"));
    QCOMPARE(report::figureText(-1234567), std::string("\u22121,234,567"));
    QCOMPARE(report::figureText(1.2e-5), std::string("1.2e-05"));
    QCOMPARE(report::figureText(12.3456), std::string("12.35"));
    QCOMPARE(report::figureText(std::nan("")), std::string("\u2013"));
    QCOMPARE(report::spreadText(0.5361, 0.0213), std::string("0.536 \u00b1 0.021"));
    QCOMPARE(report::spreadText(12.3, 4.56), std::string("12.3 \u00b1 4.6"));
    QCOMPARE(report::secondsText(0.44), std::string("0.4 s"));
    QCOMPARE(report::secondsText(3661), std::string("1 h 1 min"));
    QCOMPARE(report::timeText(1'700'000'000LL * kNanosPerSecond), std::string("2023-11-14 22:13 UTC")); // date -u -d @1700000000
}

QTEST_GUILESS_MAIN(ReportTest)
#include "report_test.moc"
