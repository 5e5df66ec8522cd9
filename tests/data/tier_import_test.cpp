#include "core/data/annotations/tier_import.h"

#include <QTest>

using namespace kino;

namespace {

constexpr Nanos kS = kNanosPerSecond;

AnnotationSet recorded()
{
    StoredTier gait{{1, 0, "gait", TierKind::label, LabelSetId{4}}, {{1, {{0}, {kS}, "walk"}}, {2, {{kS}, {2 * kS}, "run"}}}};
    StoredTier notes{{2, 1, "notes", TierKind::text, std::nullopt}, {}};
    return AnnotationSet({gait, notes});
}

AnnotationIds freshIds() { return {RowIds(100, 1000), RowIds(50, 100)}; }

} // namespace

class TierImportTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void whatIsThereAlreadyIsLeftOut()
    {
        const AnnotationSet now = recorded();
        const NewTiers fresh = newTiersOf({{{"gait", TierKind::label, {{{0}, {kS}, "walk"}, {{kS}, {2 * kS}, "run"}}}, {"place", TierKind::label, {}}}, {{{1, "p", {}}}, {std::nullopt, 0}}, true}, now);
        QCOMPARE(fresh.same, std::size_t{1});
        QVERIFY(fresh.known.empty());
        QCOMPARE(fresh.tiers.tiers.size(), std::size_t{1});
        QCOMPARE(fresh.tiers.vocabularies.of(0)->name, std::string("p")); // it stays with its tier
        // A table says nothing of kinds: remarks stay remarks.
        const NewTiers table = newTiersOf({{{"notes", TierKind::label, {{{0}, {0}, "here"}}}}, {}, false}, now);
        QCOMPARE(table.tiers.tiers[0].kind, TierKind::text);
        QVERIFY(table.known == std::vector<std::string>{"notes"});
    }

    // ELAN counts whole milliseconds: half of one is no other border, two are.
    void whatAFormatRoundedIsNotNew()
    {
        constexpr Nanos kMs = kNanosPerMillisecond;
        StoredTier there{{1, 0, "gait", TierKind::label, std::nullopt}, {{1, {{1'234'567}, {kS + 499'999}, "walk"}}, {2, {{kS + 499'999}, {2 * kS + 500'000}, "run"}}, {3, {{5 * kS + 1}, {6 * kS + 1}, "sit"}}}};
        const AnnotationSet now({there});
        const std::vector<Annotation> rounded{{{1 * kMs}, {kS}, "walk"}, {{kS}, {2 * kS + 1 * kMs}, "run"}, {{5 * kS}, {6 * kS}, "sit"}};
        QCOMPARE(newTiersOf({{{"gait", TierKind::label, rounded}}, {}, true, kMs}, now).same, std::size_t{1});
        // A table writes nanoseconds: there they are others.
        QCOMPARE(newTiersOf({{{"gait", TierKind::label, rounded}}, {}, true}, now).same, std::size_t{0});
        // Of a tier that differs, what was only rounded keeps its exact borders.
        std::vector<Annotation> other = rounded;
        other[1].end = {2 * kS + 3 * kMs};
        const NewTiers fresh = newTiersOf({{{"gait", TierKind::label, other}}, {}, true, kMs}, now);
        QCOMPARE(fresh.known.size(), std::size_t{1});
        QVERIFY(fresh.tiers.tiers[0].annotations[0] == there.annotations[0].annotation);
        QVERIFY(fresh.tiers.tiers[0].annotations[1] == other[1]);
        QVERIFY(fresh.tiers.tiers[0].annotations[2] == there.annotations[2].annotation);
    }

    // ELAN knows no instants: they are written a millisecond long.
    void instantsComeBackAsInstants()
    {
        constexpr Nanos kMs = kNanosPerMillisecond;
        const AnnotationSet now({StoredTier{{1, 0, "narration", TierKind::text, std::nullopt}, {{1, {{kS + 600'000}, {kS + 600'000}, "jumps"}}, {2, {{2 * kS}, {2 * kS}, "sits"}}}}});
        const std::vector<Annotation> written{{{kS + kMs}, {kS + 2 * kMs}, "jumps"}, {{2 * kS}, {2 * kS + kMs}, "sits"}};
        QCOMPARE(newTiersOf({{{"narration", TierKind::text, written}}, {}, true, kMs}, now).same, std::size_t{1});
    }

    void keptBothOrReplacedIsOneEditThatUndoes()
    {
        const AnnotationSet before = recorded();
        const ImportedTiers imported{{{"gait", TierKind::label, {{{0}, {3 * kS}, "limp"}}}, {"", TierKind::text, {}}}, {}, true};
        for (const ImportedTier how : {ImportedTier::keepBoth, ImportedTier::replace}) {
            AnnotationIds ids = freshIds();
            const AnnotationEdit edit = importTiers(before, ids, imported, {}, how, "import");
            AnnotationSet after = before;
            after.apply(edit);
            const StoredTier *taken = after.findTier(how == ImportedTier::replace ? "gait" : "gait (2)");
            QVERIFY(taken);
            QCOMPARE(taken->annotations.size(), std::size_t{1});
            QCOMPARE(taken->annotations[0].annotation.label, std::string("limp"));
            QVERIFY(after.findTier("activity")); // what has no name
            QCOMPARE(after.findTier("gait")->annotations.size(), how == ImportedTier::replace ? std::size_t{1} : std::size_t{2});
            QVERIFY(after.findTier("gait")->labelSet == std::optional(LabelSetId{4}));
            after.apply(inverseOf(edit));
            QVERIFY(after.tiers() == before.tiers());
        }
    }

    void twoTiersOfANameReplaceOnlyOnce()
    {
        AnnotationIds ids = freshIds();
        AnnotationSet set = recorded();
        set.apply(importTiers(set, ids, {{{"gait", TierKind::label, {{{0}, {kS}, "a"}}}, {"gait", TierKind::label, {{{0}, {kS}, "b"}}}}, {}, true}, {}, ImportedTier::replace, "import"));
        QCOMPARE(set.findTier("gait")->annotations.at(0).annotation.label, std::string("a"));
        QCOMPARE(set.findTier("gait (2)")->annotations.at(0).annotation.label, std::string("b"));
    }

    void labelSetsAreFoundByNameOrAdded()
    {
        const std::vector<LabelSet> there{{4, "gait", {{"walk", "#112233", "w"}, {"run", {}, {}}}}, {5, "gait (2)", {}}};
        LabelSetId next = 60;
        const TierVocabularies file{{{1, "gait", {{"run", {}, {}}}}, {2, "unused", {}}, {3, "gait", {{"limp", {}, {}}}}}, {0, 2}};
        const ImportedLabelSets placed = placeLabelSets(file, there, [&] { return next++; });
        QVERIFY(placed.ids == (std::vector<LabelSetId>{4, 0, 60}));
        QCOMPARE(placed.added.size(), std::size_t{1});
        QCOMPARE(placed.added[0].name, std::string("gait (3)"));
        QVERIFY(placed.added[0].labels == (std::vector<LabelDefinition>{{"limp", {}, "1"}}));
        QVERIFY(problemsOf(placed.added[0]).empty());
        // Both of the file's tiers get theirs.
        AnnotationIds ids = freshIds();
        AnnotationSet set = recorded();
        set.apply(importTiers(set, ids, {{{"one", TierKind::label, {}}, {"two", TierKind::label, {}}}, file, true}, placed, ImportedTier::keepBoth, "import"));
        QVERIFY(set.findTier("one")->labelSet == std::optional(LabelSetId{4}));
        QVERIFY(set.findTier("two")->labelSet == std::optional(LabelSetId{60}));
    }
};

QTEST_GUILESS_MAIN(TierImportTest)
#include "tier_import_test.moc"
