#include "widgets/window/fuzzy_match.h"

using namespace kino;

class FuzzyMatchTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void lettersMustComeInTheirOrder();
    void wordStartsAndNeighboursComeFirst();
    void positionsAreThoseOfTheLetters();
    void longNamesEndInTime();
};

void FuzzyMatchTest::lettersMustComeInTheirOrder()
{
    QVERIFY(fuzzyMatch(QStringLiteral("zts"), QStringLiteral("Zoom to selection")));
    QVERIFY(fuzzyMatch(QStringLiteral("ZOOM SEL"), QStringLiteral("Zoom to selection")));
    QVERIFY(!fuzzyMatch(QStringLiteral("stz"), QStringLiteral("Zoom to selection")));
    QVERIFY(!fuzzyMatch(QStringLiteral("zoomx"), QStringLiteral("Zoom to selection")));
    QVERIFY(!fuzzyMatch(QStringLiteral("a"), QString()));
    QCOMPARE(fuzzyMatch(QString(), QStringLiteral("Fit all"))->score, 0);
    QCOMPARE(fuzzyMatch(QStringLiteral("  "), QString())->score, 0);
}

void FuzzyMatchTest::wordStartsAndNeighboursComeFirst()
{
    const auto score = [](const char *typed, const char *name) { return fuzzyMatch(QLatin1String(typed), QLatin1String(name))->score; };
    QVERIFY(score("th", "Light or dark theme") > score("th", "Play with others")); // the beginning of a word
    QVERIFY(score("fit", "Fit all") > score("fit", "Fold it"));                    // next to one another
    QVERIFY(score("fit", "Fit all") > score("fit", "Previous fits"));              // the beginning of the name
    QVERIFY(score("ra", "Repeat A-B") > score("ra", "Reset layout and lanes"));
}

void FuzzyMatchTest::positionsAreThoseOfTheLetters()
{
    const QString name = QStringLiteral("Zoom to selection");
    const auto match = fuzzyMatch(QStringLiteral("zsel"), name);
    QCOMPARE(match->positions, (std::vector<int>{0, 8, 9, 10}));
    for (const QString &typed : {QStringLiteral("oo"), QStringLiteral("zmts"), QStringLiteral("tion")}) {
        const auto found = fuzzyMatch(typed, name);
        QVERIFY(found);
        QString letters;
        for (const int position : found->positions)
            letters += name[position].toLower();
        QCOMPARE(letters, typed);
        QVERIFY(std::ranges::is_sorted(found->positions));
    }
}

void FuzzyMatchTest::longNamesEndInTime()
{
    QElapsedTimer timer;
    timer.start();
    fuzzyMatch(QString(300, QLatin1Char('a')), QString(3000, QLatin1Char('a')));
    QVERIFY(timer.elapsed() < 2000);
}

QTEST_GUILESS_MAIN(FuzzyMatchTest)
#include "fuzzy_match_test.moc"
