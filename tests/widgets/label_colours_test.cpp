#include "widgets/timeline/label_colours.h"

using namespace kino;

class LabelColoursTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void writingDoesNotChangeTheColour();
    void commonActivitiesLookDifferent();
    void anyNameHasAPlaceThatStays();
    void colourFollowsTheTheme();
    void dotsDifferWhereBoxesDo();
};

void LabelColoursTest::writingDoesNotChangeTheColour()
{
    QCOMPARE(labelLook(QStringLiteral("WALKING")), labelLook(QStringLiteral("walking")));
    QCOMPARE(labelLook(QStringLiteral("Walk")), labelLook(QStringLiteral("walking")));
    QCOMPARE(labelLook(QStringLiteral("WALKING_UPSTAIRS")), labelLook(QStringLiteral("stairs up")));
}

void LabelColoursTest::commonActivitiesLookDifferent()
{
    // The twelve classes of HAPT in one recording.
    const QStringList labels{"WALKING", "WALKING_UPSTAIRS", "WALKING_DOWNSTAIRS", "SITTING", "STANDING", "LAYING",
                             "STAND_TO_SIT", "SIT_TO_STAND", "SIT_TO_LIE", "LIE_TO_SIT", "STAND_TO_LIE", "LIE_TO_STAND"};
    for (const QString &one : labels) {
        for (const QString &other : labels)
            QVERIFY2(one == other || !(labelLook(one) == labelLook(other)), qPrintable(one + " looks like " + other));
    }
}

void LabelColoursTest::anyNameHasAPlaceThatStays()
{
    // FNV-1a of "pickuptool", in Python: h = (h ^ b) * 16777619 % 2**32 from 2166136261; (h >> 8) % 36 is 26.
    const LabelLook look = labelLook(QStringLiteral("Pick up tool"));
    QCOMPARE(look.colour, 2);
    QCOMPARE(look.fill, LabelLook::Fill::backwardHatch);
    QVERIFY(labelLook(QString()).colour < 12);
}

void LabelColoursTest::colourFollowsTheTheme()
{
    QVERIFY(labelColour(lightTheme(), QStringLiteral("walk")) != labelColour(darkTheme(), QStringLiteral("walk")));
    QCOMPARE(labelColour(lightTheme(), QStringLiteral("walk")), lightTheme().labels[0]);
}

void LabelColoursTest::dotsDifferWhereBoxesDo()
{
    // One colour, of which one is hatched in the timeline.
    const QString plain = QStringLiteral("WALKING"), hatched = QStringLiteral("SIT_TO_LIE");
    QCOMPARE(labelColour(lightTheme(), plain), labelColour(lightTheme(), hatched));
    const auto dot = [](const QString &label, const LabelColours &chosen = {}) { return labelDot(lightTheme(), label, chosen, 2).pixmap(10, 10).toImage(); };
    QVERIFY(dot(plain) != dot(hatched));
    QVERIFY(dot(hatched) != dot(QStringLiteral("LIE_TO_SIT")));
    // A colour of one's own is filled.
    const QColor own = labelColour(lightTheme(), plain);
    QCOMPARE(dot(hatched, {{hatched, own}}), dot(plain));
}

QTEST_MAIN(LabelColoursTest)
#include "label_colours_test.moc"
