#include "core/data/table/reader.h"

#include "core/base/error.h"
#include "core/base/random.h"
#include "core/data/table/number_text.h"
#include "core/data/table/wall_time.h"
#include "tests/support/test_data.h"

#include <charconv>

using namespace kino;

namespace {

CellRequest numberCell(std::size_t column, double scale = 1, double offset = 0)
{
    CellRequest cell;
    cell.column = column;
    cell.scale = scale;
    cell.offset = offset;
    return cell;
}

CellRequest wholeCell(std::size_t column, int exponent)
{
    CellRequest cell;
    cell.column = column;
    cell.kind = CellKind::whole;
    cell.exponent = exponent;
    return cell;
}

CellRequest textCell(std::size_t column)
{
    CellRequest cell;
    cell.column = column;
    cell.kind = CellKind::text;
    return cell;
}

Table read(std::string_view text, const TableLayout &layout, std::vector<CellRequest> cells, std::size_t threads = 1)
{
    TableRequest request;
    request.layout = layout;
    request.cells = std::move(cells);
    request.threads = threads;
    return readTable(text, readTableHeader("test.csv", text, layout), request);
}

TableLayout withoutHeader(char separator = ',')
{
    TableLayout layout;
    layout.separator = separator;
    layout.headerRows = 0;
    return layout;
}

} // namespace

class TableReaderTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void numbersAgreeWithTheStandardLibrary()
    {
        RandomStream random(1);
        for (int i = 0; i < 200'000; ++i) {
            // As loggers print them: fixed with 0 to 17 decimals, scientific, the shortest that reads back.
            char text[400];
            const double value = (random.uniform() - 0.5) * std::pow(10.0, random.uniform(-12, 12));
            std::to_chars_result end{};
            switch (i % 3) {
            case 0: end = std::to_chars(text, text + sizeof text, value, std::chars_format::fixed, static_cast<int>(random.below(18))); break;
            case 1: end = std::to_chars(text, text + sizeof text, value, std::chars_format::scientific, static_cast<int>(random.below(20))); break;
            default: end = std::to_chars(text, text + sizeof text, value); break;
            }
            double expected = 0;
            std::from_chars(text, end.ptr, expected);
            const DecimalText number = scanDecimal(text, end.ptr, '.');
            QVERIFY(number.end == end.ptr);
            const double found = toDouble(number);
            QVERIFY2(std::abs(found - expected) <= std::abs(expected) * 4.5e-16, std::string(text, end.ptr).c_str());
        }
        for (const char *text : {"1e400", "1e-400", "0e999999999", "123456789012345678901234567890", ".5", "5.", "+3", "-0", "1e+05"}) {
            const std::string_view view(text);
            QVERIFY(scanDecimal(view.data(), view.data() + view.size(), '.').end == view.data() + view.size());
        }
        for (const char *text : {"", "-", "+", ".", "e5", "abc", "--1", "+-1"})
            QVERIFY2(!scanDecimal(text, text + std::strlen(text), '.').end, text);
    }

    void timesAreExactToTheLastDigit()
    {
        const auto nanos = [](std::string_view text, int exponent) {
            bool fits = true;
            const Nanos ns = toWhole(scanDecimal(text.data(), text.data() + text.size(), '.'), exponent, fits);
            return fits ? ns : Nanos{-1};
        };
        QCOMPARE(nanos("1403715273262142976", 0), Nanos{1403715273262142976});
        QCOMPARE(nanos("1403715273.262142976", 9), Nanos{1403715273262142976});
        QCOMPARE(nanos("4.328040426741000265e+06", 9), Nanos{4328040426741000});
        QCOMPARE(nanos("1.750383375135371E9", 9), Nanos{1750383375135371000});
        QCOMPARE(nanos("3.446083327E-3", 9), Nanos{3446083});
        QCOMPARE(nanos("-0.0000000015", 9), Nanos{-2}); // half away from zero
        QCOMPARE(nanos("1657533977813", 6), Nanos{1657533977813000000});
        QCOMPARE(nanos("99999999999999999999", 0), Nanos{-1});
        QCOMPARE(nanos("9e18", 9), Nanos{-1});
        QCOMPARE(nanos("0.00000000000000000000000000001", 9), Nanos{0});
    }

    void badRowsAreCountedWithTheFirstLine()
    {
        const Table table = read("t,x\n0,1\n# no\n1,oops\n\n2,3\n3\n4,5\n", [] {
            TableLayout layout;
            layout.comment = "#";
            return layout;
        }(), {wholeCell(0, 9), numberCell(1)});
        QCOMPARE(table.rows, std::size_t{3});
        QCOMPARE(table.badRows.count, std::size_t{2});
        QCOMPARE(table.badRows.firstLine, std::int64_t{4});
        QVERIFY(table.badRows.example.find("column 2") != std::string::npos);
        QCOMPARE(table.numbers[1][2], 5.0f);
        // "2,3" stands in line 6; the bad rows before and after it were samples, the comment and the blank line not.
        QCOMPARE(table.lineOf(1), std::int64_t{6});
        QCOMPARE(table.sampleOf(1), std::size_t{2});
        QCOMPARE(table.lineOf(2), std::int64_t{8});
        QCOMPARE(table.sampleOf(2), std::size_t{4});
    }

    void everyWayToWriteARowGivesTheSameNumbers_data()
    {
        QTest::addColumn<QString>("text");
        QTest::addColumn<QString>("separator");
        QTest::addColumn<QString>("decimal");
        QTest::addColumn<QString>("rowEnd");
        QTest::newRow("comma") << "1.5,-2.25,3\n4,5e0,-6E-1\n" << "," << "." << "";
        QTest::newRow("carriage returns") << "1.5,-2.25,3\r\n4,5e0,-6E-1\r\n" << "," << "." << "";
        QTest::newRow("no last line end") << "1.5,-2.25,3\n4,5e0,-6E-1" << "," << "." << "";
        QTest::newRow("semicolon and decimal comma") << "1,5;-2,25;3\n4;5e0;-6E-1\n" << ";" << "," << "";
        QTest::newRow("trailing separator") << "1.5;-2.25;3;\n4;5e0;-6E-1;\n" << ";" << "." << "";
        QTest::newRow("closed by a semicolon") << "1.5,-2.25,3;\n4,5e0,-6E-1;\r\n" << "," << "." << ";";
        QTest::newRow("blanks") << "  1.5   -2.25 \t 3  \n4 5e0 -6E-1\n" << " " << "." << "";
        QTest::newRow("tabs") << "1.5\t-2.25\t3\n4\t5e0\t-6E-1\n" << "\t" << "." << "";
        QTest::newRow("quoted") << "\"1.5\",\"-2.25\",\"3\"\n\"4\",5e0,\"-6E-1\"\n" << "," << "." << "";
        QTest::newRow("padded") << " 1.5 , -2.25 , 3 \n+4, 5e0 ,-6E-1\n" << "," << "." << "";
        QTest::newRow("further fields") << "1.5,-2.25,3,word,9\n4,5e0,-6E-1,\"a,b\",8\n" << "," << "." << "";
    }
    void everyWayToWriteARowGivesTheSameNumbers()
    {
        QFETCH(QString, text);
        QFETCH(QString, separator);
        QFETCH(QString, decimal);
        QFETCH(QString, rowEnd);
        TableLayout layout = withoutHeader(separator.at(0).toLatin1());
        layout.decimal = decimal.at(0).toLatin1();
        layout.rowEnd = rowEnd.isEmpty() ? '\0' : rowEnd.at(0).toLatin1();
        const Table table = read(text.toStdString(), layout, {numberCell(0), numberCell(1, 2, 1), numberCell(2)});
        QCOMPARE(table.rows, std::size_t{2});
        QCOMPARE(table.numbers[0][0], 1.5f);
        QCOMPARE(table.numbers[1][0], -3.5f);
        QCOMPARE(table.numbers[2][0], 3.0f);
        QCOMPARE(table.numbers[0][1], 4.0f);
        QCOMPARE(table.numbers[1][1], 11.0f);
        QCOMPARE(table.numbers[2][1], -0.6f);
    }

    void missingFieldsAreNotNumbersAndNotBad()
    {
        const Table table = read("0,,NaN\n1,null,2\n,3,4\n2,N/A,inf\n", withoutHeader(),
                                 {wholeCell(0, 0), numberCell(1), numberCell(2)});
        QCOMPARE(table.rows, std::size_t{3});
        QCOMPARE(table.badRows.count, std::size_t{0});
        QCOMPARE(table.missingTime.count, std::size_t{1});
        QCOMPARE(table.missingTime.firstLine, std::int64_t{3});
        QCOMPARE(table.missing[1], std::size_t{3});
        QCOMPARE(table.missing[2], std::size_t{2});
        QVERIFY(std::isnan(table.numbers[1][0]));
        QCOMPARE(table.numbers[2][1], 2.0f);
    }

    void threadsAndChunksDoNotChangeAnything()
    {
        // Over several chunks, with a bad row, a comment or a quoted word now and then.
        std::string text = "t,x,label\n";
        std::vector<double> expected;
        std::vector<std::string> labels;
        std::size_t bad = 0;
        for (int i = 0; i < 150'000; ++i) {
            if (i % 1000 == 17) {
                text += "broken row\n";
                ++bad;
            }
            const std::string label = i % 5000 < 2500 ? "walk" : (i % 3 ? "run" : "\"sit, still\"");
            const double x = 0.001 * (i % 7919) - 3;
            text += std::to_string(i) + "," + nlohmann::json(x).dump() + "," + label + "\n";
            expected.push_back(x);
            labels.push_back(label == "\"sit, still\"" ? "sit, still" : label);
        }
        for (const std::size_t threads : {std::size_t{1}, std::size_t{2}, std::size_t{7}}) {
            const Table table = read(text, {}, {wholeCell(0, 3), numberCell(1), textCell(2)}, threads);
            QCOMPARE(table.rows, expected.size());
            QCOMPARE(table.badRows.count, bad);
            QCOMPARE(table.badRows.firstLine, std::int64_t{19});
            QCOMPARE(table.words[2].size(), std::size_t{3});
            for (std::size_t i = 0; i < expected.size(); ++i) {
                if (table.wholes[0][i] != static_cast<std::int64_t>(i) * 1000
                    || table.numbers[1][i] != static_cast<float>(expected[i])
                    || table.words[2][static_cast<std::size_t>(table.codes[2][i])] != labels[i])
                    QFAIL(qPrintable(QString("row %1 differs").arg(i)));
            }
            QCOMPARE(table.lineOf(149'999), std::int64_t{1 + 150'000 + 150});
        }
    }

    void headerRowsAreJoinedAndMergedCellsRepeat()
    {
        TableLayout layout;
        layout.headerRows = 2;
        const std::string text = ",left,,right,\n,acc_x,acc_y,acc_x,acc_y\n0,1,2,3,4\n";
        const TableHeader header = readTableHeader("test.csv", text, layout);
        QCOMPARE(header.names, (std::vector<std::string>{"", "left/acc_x", "left/acc_y", "right/acc_x", "right/acc_y"}));
        QCOMPARE(header.dataLine, std::int64_t{3});
    }

    void aHeaderOfTenMillionColumnsIsRefusedInASentence()
    {
        std::string text;
        for (int i = 0; i < 10'000'000; ++i)
            text += "c,";
        text += "\n1,2\n";
        QVERIFY_THROWS_EXCEPTION(Error, readTableHeader("test.csv", text, {}));
    }

    void quotedFieldsOfSmallTablesMayHoldLineEnds()
    {
        const std::string text = "a,b\n\"two\nlines\",\"say \"\"yes\"\"\"\n3,4\n";
        std::vector<std::vector<std::string>> rows;
        std::vector<std::int64_t> lines;
        forEachRow("test.csv", text, {}, readTableHeader("test.csv", text, {}),
                   [&](std::int64_t line, std::span<const std::string> fields) {
                       rows.emplace_back(fields.begin(), fields.end());
                       lines.push_back(line);
                   });
        QCOMPARE(rows, (std::vector<std::vector<std::string>>{{"two\nlines", "say \"yes\""}, {"3", "4"}}));
        QCOMPARE(lines, (std::vector<std::int64_t>{2, 4}));
    }

    void wallTimesAreReadInTheirManyForms()
    {
        // date -u -d '2022-03-29T05:25:22Z' +%s gives 1648531522.
        const Nanos expected = Nanos{1648531522143} * 1'000'000;
        QCOMPARE(parseIsoTime("2022-03-29 14:25:22.143000+09:00")->ns, expected);
        QCOMPARE(parseIsoTime("2022-03-29T05:25:22.143Z")->ns, expected);
        QCOMPARE(parseIsoTime("2022-03-29T01:25:22,143-0400")->ns, expected);
        QCOMPARE(parseIsoTime("2022-03-29 05:25:22.143 UTC")->ns, expected);
        QVERIFY(!parseIsoTime("2022-03-29 05:25:22.143")->zoned);
        QCOMPARE(parseIsoTime("1970-01-01")->ns, Nanos{0});
        QCOMPARE(parseIsoTime("1969-12-31T23:59:59.999999999Z")->ns, Nanos{-1});
        for (const char *text : {"", "2022", "2022-13-01", "2022-02-30", "2022-03-29 25:00", "29/03/2022", "2022-03-29T", "2022-03-29 05:25:22.+1"})
            QVERIFY2(!parseIsoTime(text), text);
        QCOMPARE(parseWallTime("29/03/2022 05:25:22.143", "%d/%m/%Y %H:%M:%S.%f")->ns, expected);
        QCOMPARE(parseWallTime("03-29-22 5:25:22.143 AM", "%m-%d-%y %I:%M:%S.%f %p")->ns, expected);
        QCOMPARE(parseWallTime("29.03.2022 14:25:22.143 +09:00", "%d.%m.%Y %H:%M:%S.%f %z")->ns, expected);
        QVERIFY(!parseWallTime("29/03/2022", "%d/%m/%Y %H"));
        QCOMPARE(QString::fromStdString(isoText(expected)), QString("2022-03-29T05:25:22.143Z"));
    }
};

QTEST_GUILESS_MAIN(TableReaderTest)
#include "table_reader_test.moc"
