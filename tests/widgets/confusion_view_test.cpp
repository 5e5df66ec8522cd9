#include "widgets/runs/confusion_view.h"

#include <QApplication>
#include <QSignalSpy>
#include <QToolTip>

#include <cmath>

using namespace kino;

/** The drawing of a confusion matrix: where cells lie, what they say, that everything on them can be read. Its numbers are core/insight's. */
class ConfusionViewTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void initTestCase() { applyTheme(*qApp, ThemeKind::light); }

    void figuresAreReadableOnEveryShare();
    void aClickIsTheCellUnderIt();
    void manyClassesFitOrScroll();
    void sharesAreColours();
    void csvQuotesNames();

private:
    static std::shared_ptr<const ConfusionData> data(const QStringList &classes, ConfusionMatrix confusion)
    {
        auto made = std::make_shared<ConfusionData>();
        made->classes = classes;
        made->classification = classificationOf(std::move(confusion));
        return made;
    }
};

/** The contrast of two colours as WCAG 2.1 defines it, written down once more. */
static double contrast(const QColor &one, const QColor &other)
{
    const auto luminance = [](const QColor &colour) {
        double sum = 0;
        const double parts[] = {colour.red() / 255.0, colour.green() / 255.0, colour.blue() / 255.0}, weights[] = {0.2126, 0.7152, 0.0722};
        for (int part = 0; part < 3; ++part)
            sum += weights[part] * (parts[part] <= 0.03928 ? parts[part] / 12.92 : std::pow((parts[part] + 0.055) / 1.055, 2.4));
        return sum;
    };
    const double a = luminance(one), b = luminance(other);
    return (std::max(a, b) + 0.05) / (std::min(a, b) + 0.05);
}

void ConfusionViewTest::figuresAreReadableOnEveryShare()
{
    for (const Theme *theme : {&lightTheme(), &darkTheme()}) {
        for (const bool isRight : {true, false}) {
            for (int percent = 0; percent <= 100; ++percent) {
                const QColor fill = confusionFill(*theme, isRight, percent / 100.0);
                QVERIFY2(contrast(fill, readableOn(fill)) >= 4.5, qPrintable(fill.name()));
            }
        }
        QVERIFY(contrast(theme->plot, theme->dim) >= 4.5); // zeros
    }
}

void ConfusionViewTest::aClickIsTheCellUnderIt()
{
    ConfusionView view;
    view.resize(700, 400);
    view.setData(data({"run", "sit", "walk"}, {{5, 0, 1}, {0, 2, 2}, {0, 1, 3}}));
    view.show();
    QVERIFY(QTest::qWaitForWindowExposed(&view));
    qRegisterMetaType<ConfusionCell>();
    QSignalSpy spy(&view, &ConfusionView::cellChosen);
    const auto click = [&](QPointF at) { QTest::mouseClick(&view, Qt::LeftButton, {}, at.toPoint()); };
    for (int label = 0; label < 3; ++label) {
        for (int predicted = 0; predicted < 3; ++predicted) {
            click(view.placeOf({label, predicted}).center());
            QCOMPARE(view.chosen(), (ConfusionCell{label, predicted}));
        }
    }
    QCOMPARE(spy.size(), 9);
    click(view.placeOf({2, 2}).center());
    QCOMPARE(view.chosen(), ConfusionCell{}); // the same again lets go
    click({view.placeOf({1, 0}).left() - 30, view.placeOf({1, 0}).center().y()});
    QCOMPARE(view.chosen(), (ConfusionCell{1, -1}));
    QCOMPARE(confusionSentence(*view.data(), view.chosen()), QStringLiteral("4 windows of sit, recall 0.500"));
    click({view.placeOf({0, 2}).center().x(), view.placeOf({0, 2}).top() - 12});
    QCOMPARE(view.chosen(), (ConfusionCell{-1, 2}));
    QCOMPARE(confusionSentence(*view.data(), view.chosen()), QStringLiteral("6 windows were taken for walk, precision 0.500"));
    QCOMPARE(confusionSentence(*view.data(), {}), QStringLiteral("4 mistakes in 14 windows"));
    QCOMPARE(confusionSentence(*view.data(), {0, 2}), QStringLiteral("1 of 6 windows of run (17 %) were taken for walk."));
    // Beside the matrix is nothing.
    spy.clear();
    click({view.placeOf({2, 2}).right() + 30, view.placeOf({2, 2}).bottom() + 20});
    QCOMPARE(spy.size(), 0);
}

void ConfusionViewTest::manyClassesFitOrScroll()
{
    QStringList classes;
    ConfusionMatrix confusion(40, std::vector<std::size_t>(40, 0));
    for (int each = 0; each < 40; ++each) {
        classes += QStringLiteral("activity number %1 with a long name").arg(each);
        confusion[static_cast<std::size_t>(each)][static_cast<std::size_t>((each + 1) % 40)] = 123'456;
    }
    const auto large = data(classes, confusion);
    const ConfusionLayout least(*large, qApp->font(), {100, 100}), wide(*large, qApp->font(), {8000, 4000});
    // Six digits have room in the narrowest cell.
    QVERIFY(least.cellWidth >= QFontMetricsF(smallFont(qApp->font())).horizontalAdvance(QStringLiteral("123,456")));
    QVERIFY(least.areNamesUpright);
    QVERIFY(wide.cellWidth > least.cellWidth && wide.cellHeight > least.cellHeight);
    // No cell lies outside of what the layout says it needs, none on another.
    QVERIFY(QRectF(QPointF(), least.size()).contains(least.cell(39, 39)));
    QVERIFY(!least.cell(0, 0).intersects(least.cell(0, 1)) && !least.cell(0, 0).intersects(least.cell(1, 0)));
    QCOMPARE(least.cellAt(least.cell(17, 23).center()), std::optional(ConfusionCell{17, 23}));
    QCOMPARE(ConfusionLayout(ConfusionData{}, qApp->font(), {100, 100}).cellAt({50, 50}), std::nullopt);
}

void ConfusionViewTest::sharesAreColours()
{
    ConfusionView view;
    view.resize(700, 400);
    view.setData(data({"a", "b"}, {{3, 1}, {0, 0}}));
    const QImage image = view.grab().toImage();
    const auto colourAt = [&](int label, int predicted) { return image.pixelColor((view.placeOf({label, predicted}).topLeft() + QPointF(4, 4)).toPoint()); };
    // A quarter and three quarters of the way from the plot's ground to the theme's colour, worked out here.
    const Theme &theme = lightTheme();
    const auto between = [](const QColor &from, const QColor &to, double share) {
        return QColor(qRound(from.red() + (to.red() - from.red()) * share), qRound(from.green() + (to.green() - from.green()) * share), qRound(from.blue() + (to.blue() - from.blue()) * share));
    };
    QCOMPARE(colourAt(0, 0), between(theme.plot, theme.accent, 0.75));
    QCOMPARE(colourAt(0, 1), between(theme.plot, theme.bad, 0.25));
    QCOMPARE(colourAt(1, 0), theme.plot); // a class without windows
}

void ConfusionViewTest::csvQuotesNames()
{
    const auto made = data({"a,b", "say \"c\""}, {{1, 2}, {0, 0}});
    QCOMPARE(confusionCsv(*made), std::string("label,\"a,b\",\"say \"\"c\"\"\"\n\"a,b\",1,2\n\"say \"\"c\"\"\",0,0\n"));
    QCOMPARE(confusionClassesCsv(*made), std::string("class,precision,recall,f1,windows,predictions\n\"a,b\",1,0.3333333333333333,0.5,3,1\n\"say \"\"c\"\"\",0,,0,0,2\n"));
}

int main(int argc, char *argv[])
{
    QApplication application(argc, argv);
    ConfusionViewTest test;
    return QTest::qExec(&test, argc, argv);
}

#include "confusion_view_test.moc"
