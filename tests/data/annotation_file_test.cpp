#include "core/base/error.h"
#include "core/base/random.h"
#include "core/data/formats/annotation_file.h"
#include "core/data/recording.h"
#include "tests/support/eaf_rules.h"
#include "tests/support/elan_example.h"
#include "tests/support/test_data.h"

#include <fstream>
#include <pugixml.hpp>

using namespace kino;
namespace fs = std::filesystem;

namespace {

std::string readBytes(const fs::path &path)
{
    std::ifstream file(path, std::ios::binary);
    return {std::istreambuf_iterator<char>(file), {}};
}

std::vector<AnnotationTier> exampleTiers()
{
    return {{"activity", TierKind::label, {{{-1'500'000'000}, {0}, "WALKING"}, {{0}, {2'500'000'000}, "a, \"b\"\nc"}}},
            {"narration", TierKind::text, {{{1'000'000}, {4'002'000'000}, "C öffnet die Tür <&>"}}}};
}

void compareTiers(const std::vector<AnnotationTier> &actual, const std::vector<AnnotationTier> &expected)
{
    QCOMPARE(actual.size(), expected.size());
    for (std::size_t index = 0; index < actual.size(); ++index) {
        QCOMPARE(actual[index].name, expected[index].name);
        QVERIFY(actual[index].annotations == expected[index].annotations);
    }
}

} // namespace

class AnnotationFileTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void csvIsReadBackEqualToTheNanosecond()
    {
        const test::TemporaryFolder folder;
        std::vector<AnnotationTier> tiers = exampleTiers();
        tiers[0].annotations[0].start.ns = 1'700'000'000'123'456'789; // beyond what a double holds
        tiers[0].annotations[0].end.ns = 1'700'000'000'123'456'790;
        std::swap(tiers[0].annotations[0], tiers[0].annotations[1]);
        writeAnnotationCsv(folder / "a.csv", tiers);
        compareTiers(readAnnotationCsv(folder / "a.csv"), tiers);
    }

    void csvHasTheDocumentedForm()
    {
        const test::TemporaryFolder folder;
        writeAnnotationCsv(folder / "a.csv", {{"activity", TierKind::label, {{{-5}, {7}, "sit, then stand"}}}});
        QCOMPARE(readBytes(folder / "a.csv"), std::string("tier,start_ns,end_ns,label\nactivity,-5,7,\"sit, then stand\"\n"));
    }

    void csvFromASpreadsheetIsRead()
    {
        const test::TemporaryFolder folder;
        const fs::path path = folder.write("a.csv", "\xef\xbb\xbf" "label,who,tier,start_s,end_s\r\nwalk,x,activity,0.5,1.25\r\n\r\n"
                                                    "run,x,activity,0.1,0.5\r\n");
        compareTiers(readAnnotationCsv(path), {{"activity", TierKind::label, {{{100'000'000}, {500'000'000}, "run"},
                                                                             {{500'000'000}, {1'250'000'000}, "walk"}}}});
    }

    void unsoundCsvNamesItsLine_data()
    {
        QTest::addColumn<QByteArray>("content");
        QTest::addColumn<qint64>("line");
        QTest::newRow("empty") << QByteArray() << qint64{0};
        QTest::newRow("other header") << QByteArray("a,b,c\n1,2,3\n") << qint64{1};
        QTest::newRow("not a number") << QByteArray("tier,start_ns,end_ns,label\na,0,1,x\na,1.5,2,x\n") << qint64{3};
        QTest::newRow("too large") << QByteArray("tier,start_ns,end_ns,label\na,0,99999999999999999999,x\n") << qint64{2};
        QTest::newRow("backwards") << QByteArray("tier,start_ns,end_ns,label\na,2,1,x\n") << qint64{2};
        QTest::newRow("short row") << QByteArray("tier,start_ns,end_ns,label\n\"a\nb\",0,1,x\na,1\n") << qint64{4};
        QTest::newRow("no tier") << QByteArray("tier,start_ns,end_ns,label\n,0,1,x\n") << qint64{2};
        QTest::newRow("huge seconds") << QByteArray("tier,start_s,end_s,label\na,0,1e300,x\n") << qint64{2};
        QTest::newRow("nan") << QByteArray("tier,start_s,end_s,label\na,nan,1,x\n") << qint64{2};
    }
    void unsoundCsvNamesItsLine()
    {
        QFETCH(QByteArray, content);
        QFETCH(qint64, line);
        const test::TemporaryFolder folder;
        try {
            readAnnotationCsv(folder.write("a.csv", content.toStdString()));
            QFAIL("nothing was thrown");
        } catch (const Error &error) {
            QCOMPARE(error.line(), line);
        }
    }

    void eafOnWholeMillisecondsIsReadBackEqual()
    {
        const test::TemporaryFolder folder;
        const EafWritten written = writeEaf(folder / "a.eaf", exampleTiers());
        QCOMPARE(written.roundedBorders, std::size_t{0});
        QCOMPARE(written.shiftNs, Nanos{1'500'000'000}); // the earliest annotation begins 1.5 s before zero
        const auto tiers = readEaf(folder / "a.eaf");
        compareTiers(tiers, exampleTiers());
        QCOMPARE(tiers[1].kind, TierKind::text);
        QCOMPARE(tiers[0].kind, TierKind::label);
    }

    void eafRoundsToTheNearestMillisecondAndSaysSo()
    {
        const test::TemporaryFolder folder;
        const EafWritten written =
            writeEaf(folder / "a.eaf", {{"t", TierKind::label, {{{1'499'999}, {2'500'000}, "x"}, {{7'000'000}, {7'000'001}, "y"}}}});
        QCOMPARE(written.roundedBorders, std::size_t{3});
        const auto tiers = readEaf(folder / "a.eaf");
        QVERIFY(tiers.at(0).annotations ==
                (std::vector<Annotation>{{{1'000'000}, {3'000'000}, "x"}, {{7'000'000}, {8'000'000}, "y"}}));
    }

    // ELAN's clock is its video's: with a video that starts 350 ms late, 1 s on our clock is 650 ms on ELAN's.
    void eafCountsFromTheStartOfItsVideo()
    {
        const test::TemporaryFolder folder;
        const std::vector<AnnotationTier> tiers{{"t", TierKind::label, {{{1'000'000'000}, {2'000'000'000}, "x"}}}};
        const EafWritten written = writeEaf(folder / "a.eaf", tiers, EafMedia{"/data/my clip.mp4", {350'000'000}});
        QVERIFY(written.isMediaLinked);
        pugi::xml_document document;
        QVERIFY(document.load_file((folder / "a.eaf").c_str()));
        const auto root = document.child("ANNOTATION_DOCUMENT");
        QCOMPARE(root.child("TIME_ORDER").first_child().attribute("TIME_VALUE").as_int(), 650);
        QCOMPARE(QString(root.child("HEADER").child("MEDIA_DESCRIPTOR").attribute("MEDIA_URL").value()),
                 QString("file:///data/my%20clip.mp4"));
        compareTiers(readEaf(folder / "a.eaf"), tiers);
    }

    void eafWithAnnotationsBeforeItsVideoLinksNone()
    {
        const test::TemporaryFolder folder;
        const std::vector<AnnotationTier> tiers{{"t", TierKind::label, {{{-1'000'000'000}, {2'000'000'000}, "x"}}}};
        QVERIFY(!writeEaf(folder / "a.eaf", tiers, EafMedia{"/data/clip.mp4", {0}}).isMediaLinked);
        compareTiers(readEaf(folder / "a.eaf"), tiers);
    }

    // As ELAN itself writes: a symbolic subdivision shares its parent's time, a slot without a time lies between others.
    void eafOfElanWithReferencesAndOpenSlotsIsRead()
    {
        const test::TemporaryFolder folder;
        const fs::path path = folder.write("a.eaf", R"(<?xml version="1.0" encoding="UTF-8"?>
<ANNOTATION_DOCUMENT AUTHOR="" DATE="2020-01-01T00:00:00+01:00" FORMAT="3.0" VERSION="3.0">
<HEADER MEDIA_FILE="" TIME_UNITS="milliseconds"><PROPERTY NAME="lastUsedAnnotationId">5</PROPERTY></HEADER>
<TIME_ORDER><TIME_SLOT TIME_SLOT_ID="ts1" TIME_VALUE="1000"/><TIME_SLOT TIME_SLOT_ID="ts2"/>
<TIME_SLOT TIME_SLOT_ID="ts3" TIME_VALUE="3000"/></TIME_ORDER>
<TIER LINGUISTIC_TYPE_REF="words" PARENT_REF="phrase" TIER_ID="word">
<ANNOTATION><REF_ANNOTATION ANNOTATION_ID="a4" ANNOTATION_REF="a1"><ANNOTATION_VALUE>pick</ANNOTATION_VALUE></REF_ANNOTATION></ANNOTATION>
<ANNOTATION><REF_ANNOTATION ANNOTATION_ID="a5" ANNOTATION_REF="a1" PREVIOUS_ANNOTATION="a4"><ANNOTATION_VALUE>up</ANNOTATION_VALUE></REF_ANNOTATION></ANNOTATION>
</TIER>
<TIER LINGUISTIC_TYPE_REF="default-lt" TIER_ID="phrase">
<ANNOTATION><ALIGNABLE_ANNOTATION ANNOTATION_ID="a1" TIME_SLOT_REF1="ts1" TIME_SLOT_REF2="ts2"><ANNOTATION_VALUE>pick up</ANNOTATION_VALUE></ALIGNABLE_ANNOTATION></ANNOTATION>
<ANNOTATION><ALIGNABLE_ANNOTATION ANNOTATION_ID="a2" TIME_SLOT_REF1="ts2" TIME_SLOT_REF2="ts3"><ANNOTATION_VALUE/></ALIGNABLE_ANNOTATION></ANNOTATION>
</TIER></ANNOTATION_DOCUMENT>)");
        constexpr Nanos kMs = 1'000'000;
        compareTiers(readEaf(path), {{"word", TierKind::label, {{{1000 * kMs}, {1500 * kMs}, "pick"}, {{1500 * kMs}, {2000 * kMs}, "up"}}},
                                     {"phrase", TierKind::label, {{{1000 * kMs}, {2000 * kMs}, "pick up"}, {{2000 * kMs}, {3000 * kMs}, ""}}}});
    }

    // A video of an hour whose seconds are 100 ppm longer: ELAN, which counts the video's, is 360 ms behind at its end.
    void eafFollowsTheDriftOfItsVideo()
    {
        const test::TemporaryFolder folder;
        const std::vector<AnnotationTier> tiers{{"t", TierKind::label, {{{350'000'000}, {3'600'710'000'000}, "x"}}}};
        const EafWritten written = writeEaf(folder / "a.eaf", tiers, EafMedia{"/data/clip.mp4", {350'000'000}, 100});
        QVERIFY(written.isMediaLinked);
        pugi::xml_document document;
        QVERIFY(document.load_file((folder / "a.eaf").c_str()));
        const auto last = document.child("ANNOTATION_DOCUMENT").child("TIME_ORDER").last_child();
        QCOMPARE(last.attribute("TIME_VALUE").as_llong(), 3'600'000LL); // 3600.36 s / 1.0001
        const Annotation back = readEaf(folder / "a.eaf").at(0).annotations.at(0);
        QCOMPARE(back.start.ns, 350'000'000);
        QVERIFY(std::abs(back.end.ns - 3'600'710'000'000) <= 500'000); // half a millisecond of rounding
    }

    void eafPutsOverlapsOnTiersOfTheirOwn()
    {
        const test::TemporaryFolder folder;
        constexpr Nanos kMs = 1'000'000;
        const std::vector<AnnotationTier> tiers{
            {"t",
             TierKind::label,
             {{{0}, {10 * kMs}, "a"},
              {{5 * kMs}, {15 * kMs}, "b"},
              {{6 * kMs}, {8 * kMs}, "c"},
              {{10 * kMs}, {12 * kMs}, "d"}}},
            {"t (overlap 2)", TierKind::text, {{{0}, {1 * kMs}, "a tier of this name"}}}};
        writeEaf(folder / "a.eaf", tiers);
        pugi::xml_document document;
        QVERIFY(document.load_file((folder / "a.eaf").c_str()));
        QStringList names;
        for (const auto tier : document.child("ANNOTATION_DOCUMENT").children("TIER"))
            names.push_back(tier.attribute("TIER_ID").value());
        QCOMPARE(names, (QStringList{"t", "t (overlap 3)", "t (overlap 4)", "t (overlap 2)"}));
        compareTiers(readEaf(folder / "a.eaf"), tiers);
    }

    void everyTextSurvives_data()
    {
        QTest::addColumn<QByteArray>("text");
        for (const char *text : {"walk", "Straße \"ü\"", "走る", "🏃 <&>'", "a,b\nc", " blanks ", "\ttab",
                                 "ends with ]]>", "return\rreturn", "line\r\nline", "\n", " "})
            QTest::newRow(text) << QByteArray(text);
    }
    void everyTextSurvives()
    {
        QFETCH(QByteArray, text);
        const test::TemporaryFolder folder;
        const std::vector<AnnotationTier> tiers{
            {"Tür & <Tor> \"1\"", TierKind::text, {{{0}, {5'000'000}, text.toStdString()}}}};
        writeAnnotationCsv(folder / "a.csv", tiers);
        QCOMPARE(readAnnotationCsv(folder / "a.csv").at(0).annotations.at(0).label, text.toStdString());
        writeEaf(folder / "a.eaf", tiers);
        // XML knows one line end.
        const QByteArray inXml = text.replace("\r\n", "\n").replace("\r", "\n");
        QCOMPARE(readEaf(folder / "a.eaf").at(0).annotations.at(0).label, inXml.toStdString());
        QCOMPARE(readEaf(folder / "a.eaf").at(0).name, tiers[0].name);
    }

    // Several tiers of any text, in any order of time, with and without a video: CSV to the nanosecond, .eaf to the
    // millisecond.
    void filesAreReadBackAsTheyWereWritten()
    {
        const test::TemporaryFolder folder;
        const std::vector<std::string> texts{"walk",     "Straße \"ü\"", "走る",          "🏃 <&>'", "a,b\nc",
                                             " blanks ", "\ttab",        "ends with ]]>"};
        for (std::uint64_t seed = 1; seed <= 60; ++seed) {
            RandomStream random(seed);
            std::vector<AnnotationTier> tiers;
            for (std::uint64_t t = 0; t < 1 + random.below(4); ++t) {
                AnnotationTier tier{texts.at(random.below(4)) + std::to_string(t),
                                    random.below(2) ? TierKind::label : TierKind::text,
                                    {}};
                for (std::uint64_t i = 0; i < 1 + random.below(30); ++i) {
                    const Nanos from = (static_cast<Nanos>(random.below(7'200'000)) - 60'000) * kNanosPerMillisecond;
                    tier.annotations.push_back(
                        {{from},
                         {from + static_cast<Nanos>(1 + random.below(5000)) * kNanosPerMillisecond},
                         texts.at(random.below(texts.size()))});
                }
                std::ranges::stable_sort(tier.annotations, {}, [](const Annotation &one) {
                    return std::tuple(one.start, one.end, one.label);
                });
                tiers.push_back(std::move(tier));
            }
            writeAnnotationCsv(folder / "a.csv", tiers);
            compareTiers(readAnnotationCsv(folder / "a.csv"), tiers);
            std::optional<EafMedia> media;
            if (random.below(2))
                media = EafMedia{"/data/c l i p.mp4",
                                 {(static_cast<Nanos>(random.below(20'000)) - 10'000) * kNanosPerMillisecond},
                                 0};
            writeEaf(folder / "a.eaf", tiers, media);
            QCOMPARE(test::eafProblems(folder / "a.eaf"), QStringList());
            auto back = readEaf(folder / "a.eaf");
            for (std::size_t index = 0; index < back.size(); ++index) {
                QCOMPARE(back[index].kind, tiers.at(index).kind);
                std::ranges::stable_sort(back[index].annotations, {}, [](const Annotation &one) {
                    return std::tuple(one.start, one.end, one.label);
                });
            }
            compareTiers(back, tiers);
            // As ELAN wants it: time slots in the order of time, no two annotations of a tier over one another.
            pugi::xml_document document;
            QVERIFY(document.load_file((folder / "a.eaf").c_str()));
            const auto root = document.child("ANNOTATION_DOCUMENT");
            std::map<std::string, long long> slots;
            long long lastSlot = 0;
            for (const auto slot : root.child("TIME_ORDER").children()) {
                const long long value = slot.attribute("TIME_VALUE").as_llong(-1);
                QVERIFY(value >= lastSlot);
                lastSlot = slots[slot.attribute("TIME_SLOT_ID").value()] = value;
            }
            for (const auto tier : root.children("TIER")) {
                long long last = 0;
                for (const auto annotation : tier.children("ANNOTATION")) {
                    const auto inner = annotation.child("ALIGNABLE_ANNOTATION");
                    QVERIFY(slots.at(inner.attribute("TIME_SLOT_REF1").value()) >= last);
                    last = slots.at(inner.attribute("TIME_SLOT_REF2").value());
                }
            }
        }
    }

    // ELAN's own: words whose order is PREVIOUS_ANNOTATION's, a time subdivision whose open borders stand among another
    // tier's, media with a TIME_ORIGIN.
    void eafOfElanIsPlacedByItsVideo()
    {
        const test::TemporaryFolder folder;
        const fs::path path = folder.write("a.eaf", test::elanExample());
        constexpr Nanos kMs = 1'000'000;
        const EafDocument document = readEafDocument(path);
        QVERIFY(!document.written);
        QCOMPARE(document.media.size(), std::size_t{2});
        QCOMPARE(document.media[1].fileName, std::string("my clip.mp4"));
        QCOMPARE(document.media[1].originNs, 2500 * kMs);
        const auto label
            = [&](std::size_t tier, std::size_t index) { return document.tiers.at(tier).annotations.at(index); };
        QVERIFY(label(0, 0) == (Annotation{{1000 * kMs}, {2000 * kMs}, "reach"}));
        QVERIFY(label(0, 1) == (Annotation{{2000 * kMs}, {3000 * kMs}, "grasp"}));
        QVERIFY(label(0, 2) == (Annotation{{3000 * kMs}, {4000 * kMs}, "lift"}));
        QCOMPARE(label(3, 0).label + label(3, 1).label + label(3, 2).label, std::string("pickitup"));
        QCOMPARE(label(3, 1).start.ns, 2000 * kMs);

        // ELAN's 1.5 s is 4 s of the clip, whose clock is 350 ms late and 1000 ppm slow: 4 s * 1.001 + 0.35 s.
        Recording recording;
        VideoTrack &video = recording.videos.emplace_back();
        video.name = "clip";
        video.path = "/elsewhere/my clip.mp4";
        video.clock = {350 * kMs, 1000};
        const PlacedTiers placed = placeOnRecording(document, recording);
        QVERIFY(placed.how == EafPlacement::byVideo);
        QCOMPARE(placed.video, std::string("clip"));
        QCOMPARE(placed.tiers.at(2).annotations.at(0).start.ns, 4354 * kMs);
        recording.videos[0].path = "/elsewhere/another.mp4";
        const PlacedTiers unplaced = placeOnRecording(document, recording);
        QVERIFY(unplaced.how == EafPlacement::asItIs);
        QCOMPARE(unplaced.tiers.at(2).annotations.at(0).start.ns, 1500 * kMs);
    }

    // Everything that can be in a file, against the schema's rules: with and without a video, a vocabulary, what overlaps, texts
    // that XML must escape or cannot hold.
    void writtenEafKeepsTheSchemasRules()
    {
        const test::TemporaryFolder folder;
        const fs::path file = folder / "a.eaf";
        writeEaf(file, {});
        QCOMPARE(test::eafProblems(file), QStringList());
        writeEaf(file, exampleTiers(), EafMedia{"/data/my clip.mp4", {-2'000'000'000}, 12.5});
        QCOMPARE(test::eafProblems(file), QStringList());
        std::vector<AnnotationTier> tiers{{"mine", TierKind::label, {{{0}, {10'000'000}, "walk"}, {{5'000'000}, {15'000'000}, "sit"}, {{6'000'000}, {6'000'000}, "a <b> & \"c\" ]]>"}}},
                                          {"mine", TierKind::label, {{{0}, {10'000'000}, "walk"}}},
                                          {"con\x01trol \xff\xfe & <t>", TierKind::text, {{{0}, {1'000'000}, "bad \xc3 byte \x02 \xef\xbf\xbf"}}},
                                          {"mine (overlap 2)", TierKind::label, {}}};
        const TierVocabularies vocabularies{{{3, "gait & co", {{"walk", "#112233", "w"}, {"sit", {}, {}}, {"run", {}, {}}}}, {4, "unused", {{"x", {}, {}}}}, {5, "gait & co", {{"walk", {}, {}}}}}, {0, 2, std::nullopt, 0}};
        writeEaf(file, tiers, std::nullopt, vocabularies);
        QCOMPARE(test::eafProblems(file), QStringList());
        const EafDocument back = readEafDocument(file);
        QCOMPARE(back.tiers.size(), tiers.size());
        QCOMPARE(back.tiers[1].name, std::string("mine (2)"));
        QCOMPARE(back.tiers[2].annotations.at(0).label, std::string("bad \xef\xbf\xbd byte  "));
    }

    void rulesOfTheSchemaFindWhatIsWrong_data()
    {
        QTest::addColumn<QByteArray>("what");
        QTest::addColumn<QByteArray>("instead");
        QTest::newRow("an attribute is missing") << QByteArray(" TIME_SLOT_REF1=") << QByteArray(" SVG_REF=");
        QTest::newRow("an ID is there twice") << QByteArray("ANNOTATION_ID=\"a2\"") << QByteArray("ANNOTATION_ID=\"a1\"");
        QTest::newRow("a slot is not there") << QByteArray("TIME_SLOT_REF2=\"ts2\"") << QByteArray("TIME_SLOT_REF2=\"ts9\"");
        QTest::newRow("a type is not there") << QByteArray("LINGUISTIC_TYPE_REF=\"kinoscope-label\"") << QByteArray("LINGUISTIC_TYPE_REF=\"else\"");
        QTest::newRow("a number below zero") << QByteArray("TIME_VALUE=\"0\"") << QByteArray("TIME_VALUE=\"-1\"");
        QTest::newRow("an unknown attribute") << QByteArray("AUTHOR=") << QByteArray("WRITER=\"\" AUTHOR=");
        QTest::newRow("another order") << QByteArray("</HEADER>") << QByteArray("</HEADER><CONSTRAINT STEREOTYPE=\"C\"/>");
        QTest::newRow("text where none is") << QByteArray("<TIME_ORDER>") << QByteArray("<TIME_ORDER>x");
        QTest::newRow("slots out of order") << QByteArray("TIME_VALUE=\"0\"") << QByteArray("TIME_VALUE=\"99999\"");
    }
    void rulesOfTheSchemaFindWhatIsWrong()
    {
        QFETCH(QByteArray, what);
        QFETCH(QByteArray, instead);
        const test::TemporaryFolder folder;
        writeEaf(folder / "a.eaf", exampleTiers());
        QByteArray text = QByteArray::fromStdString(readBytes(folder / "a.eaf"));
        QVERIFY(text.contains(what));
        text.replace(text.indexOf(what), what.size(), instead);
        QVERIFY(!test::eafProblems(folder.write("b.eaf", text.toStdString())).isEmpty());
    }

    void labelSetsAreVocabulariesAndComeBack()
    {
        const test::TemporaryFolder folder;
        const std::vector<AnnotationTier> tiers{{"gait", TierKind::label, {{{0}, {10'000'000}, "walk"}, {{10'000'000}, {15'000'000}, "something else"}}},
                                                {"place", TierKind::label, {{{0}, {10'000'000}, "in \"the\" room"}}},
                                                {"again", TierKind::label, {}},
                                                {"none", TierKind::label, {{{0}, {10'000'000}, "walk"}}},
                                                {"remarks", TierKind::text, {}}};
        // The name of the second ends as that of a type of remarks does.
        const TierVocabularies vocabularies{{{7, "gait", {{"walk", "#112233", "w"}, {"run", {}, "r"}}}, {9, "context", {{"in \"the\" room", {}, {}}, {"outside", {}, {}}}}}, {0, 1, 0, std::nullopt, std::nullopt}};
        writeEaf(folder / "a.eaf", tiers, std::nullopt, vocabularies);
        pugi::xml_document document;
        QVERIFY(document.load_file((folder / "a.eaf").c_str()));
        const auto root = document.child("ANNOTATION_DOCUMENT");
        const auto type = root.find_child_by_attribute("LINGUISTIC_TYPE", "CONTROLLED_VOCABULARY_REF", "gait");
        QCOMPARE(QString(root.child("TIER").attribute("LINGUISTIC_TYPE_REF").value()), QString(type.attribute("LINGUISTIC_TYPE_ID").value()));
        const auto first = root.child("TIER").child("ANNOTATION").child("ALIGNABLE_ANNOTATION");
        const auto entry = root.child("CONTROLLED_VOCABULARY").child("CV_ENTRY_ML");
        QCOMPARE(QString(first.attribute("CVE_REF").value()), QString(entry.attribute("CVE_ID").value()));
        QCOMPARE(QString(entry.child("CVE_VALUE").text().get()), QString("walk"));
        QVERIFY(!root.child("TIER").last_child().child("ALIGNABLE_ANNOTATION").attribute("CVE_REF"));

        const EafDocument back = readEafDocument(folder / "a.eaf");
        compareTiers(back.tiers, tiers);
        for (std::size_t tier = 0; tier < tiers.size(); ++tier)
            QCOMPARE(back.tiers[tier].kind, tiers[tier].kind);
        QVERIFY(back.vocabularies.ofTier == vocabularies.ofTier);
        // Neither colours nor keys have a place in the format.
        QCOMPARE(back.vocabularies.labelSets.size(), std::size_t{2});
        QCOMPARE(back.vocabularies.labelSets[0].name, std::string("gait"));
        QVERIFY(back.vocabularies.labelSets[0].labels == (std::vector<LabelDefinition>{{"walk", {}, {}}, {"run", {}, {}}}));
        QCOMPARE(back.vocabularies.labelSets[1].name, std::string("context"));
        QVERIFY(back.vocabularies.labelSets[1].labels == (std::vector<LabelDefinition>{{"in \"the\" room", {}, {}}, {"outside", {}, {}}}));
    }

    void vocabulariesInSeveralLanguagesAreReadInTheTiers()
    {
        const test::TemporaryFolder folder;
        const fs::path file = folder.write("a.eaf", test::elanLanguagesExample());
        QCOMPARE(test::eafProblems(file), QStringList());
        const TierVocabularies found = readEafDocument(file).vocabularies;
        const auto labelsOf = [&](std::size_t tier) {
            QStringList labels;
            for (const LabelDefinition &each : found.of(tier) ? found.of(tier)->labels : std::vector<LabelDefinition>())
                labels += QString::fromStdString(each.label);
            return labels;
        };
        QCOMPARE(labelsOf(0), (QStringList{"nehmen", "legen"})); // its own language
        QCOMPARE(labelsOf(1), (QStringList{"oben", "unten"})); // that of its annotations
        QCOMPARE(labelsOf(2), (QStringList{"take", "grasp", "drop", "put"})); // the first
        QVERIFY(!found.of(3));
        QCOMPARE(found.of(0)->name, std::string("actions cv (German (deu))"));
        QCOMPARE(found.of(2)->name, std::string("actions cv (English (eng))"));
        QCOMPARE(found.of(1)->name, std::string("looks cv"));
        for (const LabelSet &set : found.labelSets)
            QVERIFY(problemsOf(set).empty());
    }

    void vocabulariesOfOldFilesAreRead()
    {
        const test::TemporaryFolder folder;
        const EafDocument document = readEafDocument(folder.write("a.eaf", test::elanOldVocabularyExample()));
        QVERIFY(document.vocabularies.of(0));
        QVERIFY(document.vocabularies.of(0)->labels == (std::vector<LabelDefinition>{{"sit", {}, {}}, {"stand", {}, {}}}));
        // A tier with a vocabulary is one of labels, whatever its type is called.
        QCOMPARE(document.tiers.at(0).kind, TierKind::label);
        QCOMPARE(document.tiers.at(1).kind, TierKind::text);
        QVERIFY(!document.vocabularies.of(1));
    }

    void timesThatElanCannotSayAreRefused()
    {
        const test::TemporaryFolder folder;
        constexpr Nanos kDay = 86'400 * kNanosPerSecond;
        QVERIFY_THROWS_EXCEPTION(Error, writeEaf(folder / "a.eaf", {{"t", TierKind::label, {{{0}, {50 * kDay}, "x"}}}}));
        QVERIFY(!fs::exists(folder / "a.eaf"));
        writeEaf(folder / "a.eaf", {{"t", TierKind::label, {{{0}, {49 * kDay}, "x"}}}});
        QCOMPARE(test::eafProblems(folder / "a.eaf"), QStringList());
    }

    void unsoundEafGivesASentence_data()
    {
        QTest::addColumn<QByteArray>("content");
        const QByteArray head = "<ANNOTATION_DOCUMENT><HEADER/><TIME_ORDER>";
        QTest::newRow("empty") << QByteArray();
        QTest::newRow("no xml") << QByteArray("tier,start_ns");
        QTest::newRow("other xml") << QByteArray("<svg/>");
        QTest::newRow("cut short") << head;
        QTest::newRow("slot without number") << head + "<TIME_SLOT TIME_SLOT_ID='t' TIME_VALUE='x'/></TIME_ORDER></ANNOTATION_DOCUMENT>";
        QTest::newRow("huge slot") << head + "<TIME_SLOT TIME_SLOT_ID='t' TIME_VALUE='9223372036854775807'/></TIME_ORDER></ANNOTATION_DOCUMENT>";
        QTest::newRow("unsound shift") << QByteArray(
            "<ANNOTATION_DOCUMENT><HEADER><PROPERTY "
            "NAME='kinoscope:shift_ns'>7</PROPERTY></HEADER></ANNOTATION_DOCUMENT>");
        QTest::newRow("unsound drift") << QByteArray(
            "<ANNOTATION_DOCUMENT><HEADER><PROPERTY "
            "NAME='kinoscope:drift_ppm'>nan</PROPERTY></HEADER></ANNOTATION_DOCUMENT>");
        QTest::newRow("huge origin") << QByteArray(
            "<ANNOTATION_DOCUMENT><HEADER><MEDIA_DESCRIPTOR MEDIA_URL='a' "
            "TIME_ORIGIN='9223372036854775807'/></HEADER></ANNOTATION_DOCUMENT>");
        QTest::newRow("no such slot") << head + "</TIME_ORDER><TIER TIER_ID='a'><ANNOTATION><ALIGNABLE_ANNOTATION ANNOTATION_ID='a1' "
                                                "TIME_SLOT_REF1='x' TIME_SLOT_REF2='y'/></ANNOTATION></TIER></ANNOTATION_DOCUMENT>";
    }
    void unsoundEafGivesASentence()
    {
        QFETCH(QByteArray, content);
        const test::TemporaryFolder folder;
        QVERIFY_THROWS_EXCEPTION(Error, readEaf(folder.write("a.eaf", content.toStdString())));
    }

    void annotationsThatReferInACircleEnd()
    {
        const test::TemporaryFolder folder;
        const auto tiers = readEaf(folder.write("a.eaf", "<ANNOTATION_DOCUMENT><TIER TIER_ID='t'>"
                                                         "<ANNOTATION><REF_ANNOTATION ANNOTATION_ID='a' ANNOTATION_REF='b'/></ANNOTATION>"
                                                         "<ANNOTATION><REF_ANNOTATION ANNOTATION_ID='b' ANNOTATION_REF='a'/></ANNOTATION>"
                                                         "</TIER></ANNOTATION_DOCUMENT>"));
        QVERIFY(tiers.at(0).annotations.empty());
    }
};

QTEST_GUILESS_MAIN(AnnotationFileTest)
#include "annotation_file_test.moc"
