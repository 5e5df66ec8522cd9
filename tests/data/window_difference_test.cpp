// What became of a run's windows, on tables that were written by hand.
#include "core/data/dataset/window_difference.h"

#include <QtTest>

using namespace kino;

namespace {

WindowLine line(const std::string &recording, double seconds, const std::string &label, SplitPart part = SplitPart::train, const std::string &device = "phone")
{
    return {.recording = recording, .startNs = static_cast<Nanos>(seconds * 1e9), .label = label, .subject = "s", .part = part, .device = device};
}

using Count = WindowDifference::Count;

} // namespace

class WindowDifferenceTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void everyWindowHasOneFate()
    {
        const std::vector<WindowLine> before{line("a", 0, "walk"), line("a", 1, "walk"), line("a", 2, "sit"), line("b", 0, "sit", SplitPart::test), line("b", 1, "", SplitPart::test)};
        // In another order: a/1 is relabelled, a/2 gone, b/0 in another part, b/1 has a label now and another part, a/3 and the watch's a/0 are new.
        const std::vector<WindowLine> after{line("b", 1, "run", SplitPart::validation), line("a", 3, "sit"), line("a", 1, "run"), line("a", 0, "walk"),
                                            line("b", 0, "sit", SplitPart::validation), line("a", 0, "walk", SplitPart::train, "watch")};
        const WindowDifference difference = compareWindows(before, after);
        QCOMPARE(difference.unchanged, std::size_t{1});
        QCOMPARE(difference.added, (std::vector<WindowLine>{after[1], after[5]})); // phone before watch
        QCOMPARE(difference.removed, (std::vector<WindowLine>{before[2]}));
        QCOMPARE(difference.relabelled.size(), std::size_t{2});
        QCOMPARE(difference.relabelled[0].before, before[1]);
        QCOMPARE(difference.relabelled[0].after, after[2]);
        QCOMPARE(difference.relabelled[1].before, before[4]);
        QCOMPARE(difference.moved.size(), std::size_t{1});
        QCOMPARE(difference.moved[0].before, before[3]);
        QCOMPARE(difference.before, (std::array<std::size_t, 3>{3, 0, 2}));
        QCOMPARE(difference.after, (std::array<std::size_t, 3>{4, 2, 0}));
        QCOMPARE(difference.byClass, (std::map<std::string, Count>{{"", {.relabelledFrom = 1}},
                                                                  {"run", {.relabelledTo = 2}},
                                                                  {"sit", {.added = 1, .removed = 1, .moved = 1}},
                                                                  {"walk", {.added = 1, .relabelledFrom = 1}}}));
        QCOMPARE(difference.byRecording, (std::map<std::string, Count>{{"a", {.added = 2, .removed = 1, .relabelledTo = 1}}, {"b", {.relabelledTo = 1, .moved = 1}}}));
        QCOMPARE(differenceSentence(difference), std::string("2 windows added, 1 removed, 2 relabelled, 1 in another part; 1 as they were"));
    }

    void nothingChanged()
    {
        const std::vector<WindowLine> lines{line("a", 0, "walk"), line("a", 1, "sit")};
        const WindowDifference difference = compareWindows(lines, lines);
        QVERIFY(difference.isEmpty() && difference.byClass.empty() && difference.byRecording.empty());
        QCOMPARE(difference.unchanged, std::size_t{2});
        QCOMPARE(compareWindows({}, lines).added.size(), std::size_t{2});
        QCOMPARE(compareWindows(lines, {}).removed.size(), std::size_t{2});
    }
};

QTEST_GUILESS_MAIN(WindowDifferenceTest)
#include "window_difference_test.moc"
