#include "widgets/form/json_text.h"

#include "core/base/error.h"
#include "tests/support/test_data.h"

using namespace kino;
using Json = nlohmann::json;

/** Every change is judged by what nlohmann's own parser and JSON pointers make of it, and by what stays of the text. */
class JsonTextTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void valuesAreReplacedInTheirPlace();
    void newKeysStandInOrder();
    void objectsOnTheWayAreMade();
    void listsGrowAtTheirEnd();
    void keysGoAndCommentsStay();
    void everyKeyOfThePresetsCanBeChanged_data();
    void everyKeyOfThePresetsCanBeChanged();
    void faultsHaveAPlace();
    void deepTextsAreRefused();
};

static Json parsed(const std::string &text) { return Json::parse(text, nullptr, true, true); }

static const std::string kText = "// What it is for.\n"
                                 "{\n"
                                 "  \"name\": \"SimCLR\", // as in the paper\n"
                                 "  \"train\": {\n"
                                 "    \"epochs\": 20, /* enough */\n"
                                 "    \"batch\": 64 // windows\n"
                                 "  },\n"
                                 "  \"augment\": [{\"name\": \"scaling\", \"options\": {\"sigma\": 0.1}}]\n"
                                 "}\n";

void JsonTextTest::valuesAreReplacedInTheirPlace()
{
    QCOMPARE(withJsonValueAt(kText, "train.batch", 128), std::string(kText).replace(kText.find("64"), 2, "128"));
    QCOMPARE(withJsonValueAt(kText, "augment.0.options.sigma", 0.25), std::string(kText).replace(kText.find("0.1"), 3, "0.25"));
    const std::string named = withJsonValueAt(kText, "name", "a \"quoted\" // name");
    QCOMPARE(parsed(named)["name"].get<std::string>(), std::string("a \"quoted\" // name"));
    QVERIFY(named.find("// as in the paper") != std::string::npos);
}

void JsonTextTest::newKeysStandInOrder()
{
    const std::vector<std::string> order{"kinoscope", "name", "seed", "train", "train.epochs", "train.batch", "train.precision", "augment"};
    QCOMPARE(withJsonValueAt(kText, "seed", 7, order), std::string(kText).insert(kText.find("\n  \"train\""), "\n  \"seed\": 7,"));
    QCOMPARE(withJsonValueAt(kText, "kinoscope", 1, order), std::string(kText).insert(kText.find("\"name\": \"SimCLR\""), "\"kinoscope\": 1,\n  "));
    const std::string precise = withJsonValueAt(kText, "train.precision", "float32", order);
    QCOMPARE(precise, std::string(kText).replace(kText.find("64 // windows"), 13, "64, // windows\n    \"precision\": \"float32\""));
    // What no order names goes to the end, on a line of its own as its neighbours do.
    QCOMPARE(withJsonValueAt(kText, "about", "x", order), std::string(kText).replace(kText.find("]\n}"), 2, "],\n  \"about\": \"x\"\n"));
}

void JsonTextTest::objectsOnTheWayAreMade()
{
    QCOMPARE(parsed(withJsonValueAt("", "train.epochs", 3)), parsed("{\"train\": {\"epochs\": 3}}"));
    QCOMPARE(withJsonValueAt("{}", "seed", 1), std::string("{\n  \"seed\": 1\n}"));
    const std::string shots = withJsonValueAt(kText, "data.shots.per_class", 5);
    QCOMPARE(parsed(shots)["data"], parsed("{\"shots\": {\"per_class\": 5}}"));
    // null is no place for a key: it gives way.
    QCOMPARE(parsed(withJsonValueAt("{\"split\": null}", "split.by", "subject")), parsed("{\"split\": {\"by\": \"subject\"}}"));
    QCOMPARE(withJsonValueAt("{\n  // nothing yet\n}", "seed", 1), std::string("{\n  // nothing yet\n  \"seed\": 1\n}"));
}

void JsonTextTest::listsGrowAtTheirEnd()
{
    const std::string two = withJsonValueAt(kText, "augment.1", Json{{"name", "rotation"}});
    QCOMPARE(parsed(two)["augment"], parsed("[{\"name\": \"scaling\", \"options\": {\"sigma\": 0.1}}, {\"name\": \"rotation\"}]"));
    QVERIFY_EXCEPTION_THROWN(withJsonValueAt(kText, "augment.5", 1), Error);
    QCOMPARE(parsed(withJsonValueAt("{\"augment\": []}", "augment.0", 1)), parsed("{\"augment\": [1]}"));
}

void JsonTextTest::keysGoAndCommentsStay()
{
    QCOMPARE(withoutJsonValueAt(kText, "train.nothing"), kText);
    const std::string less = withoutJsonValueAt(kText, "train.batch");
    QCOMPARE(parsed(less)["train"], parsed("{\"epochs\": 20}"));
    QVERIFY(less.find("/* enough */") != std::string::npos && less.find("// windows") != std::string::npos);
    QCOMPARE(withoutJsonValueAt(kText, "augment.0"), std::string(kText).replace(kText.find("[{"), kText.find("]\n") - kText.find("[{") + 1, "[]"));
    QCOMPARE(withoutJsonValueAt("{\n  \"a\": 1,\n  \"b\": 2\n}", "b"), std::string("{\n  \"a\": 1\n}"));
    QCOMPARE(withoutJsonValueAt("{\n  \"a\": 1,\n  \"b\": 2\n}", "a"), std::string("{\n  \"b\": 2\n}"));
    QCOMPARE(withoutJsonValueAt("{\"a\": 1, \"b\": 2}", "b"), std::string("{\"a\": 1}"));
    QCOMPARE(withoutJsonValueAt("{\"a\": 1, \"b\": 2}", "a"), std::string("{\"b\": 2}"));
}

void JsonTextTest::everyKeyOfThePresetsCanBeChanged_data()
{
    QTest::addColumn<QString>("file");
    const QDir folder(QStringLiteral(KINOSCOPE_SOURCE_DIR "/projects"));
    const QStringList files = folder.entryList({QStringLiteral("*.json")});
    QVERIFY(files.size() >= 10);
    for (const QString &file : files)
        QTest::newRow(qPrintable(file)) << folder.filePath(file);
}

/** Comments as a scanner of its own finds them: outside texts in quotes. */
static QStringList commentsOf(const std::string &text)
{
    QStringList comments;
    static const QRegularExpression kParts(QStringLiteral("\"(?:[^\"\\\\]|\\\\.)*\"|//[^\\n]*|/\\*.*?\\*/"), QRegularExpression::DotMatchesEverythingOption);
    for (auto at = kParts.globalMatch(QString::fromStdString(text)); at.hasNext();) {
        const QString part = at.next().captured();
        if (!part.startsWith(QLatin1Char('"')))
            comments += part.trimmed();
    }
    return comments;
}

void JsonTextTest::everyKeyOfThePresetsCanBeChanged()
{
    QFETCH(QString, file);
    QFile source(file);
    QVERIFY(source.open(QIODevice::ReadOnly));
    const std::string text = source.readAll().toStdString();
    const Json whole = parsed(text);
    const QStringList comments = commentsOf(text);
    QVERIFY(!comments.isEmpty());
    const Json leaves = whole.flatten();
    for (const auto &[pointer, ignored] : leaves.items()) {
        const Json::json_pointer place(pointer);
        std::string path = pointer.substr(1);
        std::ranges::replace(path, '/', '.');
        Json expected = whole;
        expected[place] = "new";
        const std::string changed = withJsonValueAt(text, path, "new");
        QCOMPARE(parsed(changed), expected);
        QCOMPARE(commentsOf(changed), comments);

        expected = whole;
        Json &around = expected[place.parent_pointer()];
        if (around.is_array())
            around.erase(std::stoul(place.back()));
        else
            around.erase(place.back());
        const std::string less = withoutJsonValueAt(text, path);
        QCOMPARE(parsed(less), expected);
        QCOMPARE(commentsOf(less), comments);

        expected = whole;
        Json &grown = expected[place.parent_pointer()];
        const std::string parent = path.substr(0, path.rfind('.') == std::string::npos ? 0 : path.rfind('.') + 1);
        const std::string key = grown.is_array() ? std::to_string(grown.size()) : "a_new_key";
        if (grown.is_array())
            grown.push_back(1);
        else
            grown[key] = 1;
        const std::string more = withJsonValueAt(text, parent + key, 1);
        QCOMPARE(parsed(more), expected);
        QCOMPARE(commentsOf(more), comments);
    }
}

void JsonTextTest::faultsHaveAPlace()
{
    const JsonReading reading = readJsonText("{\n  \"a\": 1,\n  \"b\": }\n");
    QVERIFY(!reading.value);
    QCOMPARE(reading.fault.line, 3);
    QCOMPARE(reading.fault.column, 8);
    QVERIFY2(reading.fault.reason.find("unexpected '}'") != std::string::npos, reading.fault.reason.c_str());
    QVERIFY_EXCEPTION_THROWN(withJsonValueAt("{\"a\": ", "a", 1), Error);
}

void JsonTextTest::deepTextsAreRefused()
{
    const std::string deep = "{\"a\": " + std::string(100'000, '[') + std::string(100'000, ']') + "}";
    QVERIFY(readJsonText(deep).value);
    QVERIFY_EXCEPTION_THROWN(withJsonValueAt(deep, "b", 1), Error);
}

QTEST_GUILESS_MAIN(JsonTextTest)
#include "json_text_test.moc"
