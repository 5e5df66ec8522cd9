#include "widgets/controls/choice_box.h"
#include "widgets/controls/elided_label.h"
#include "widgets/style/theme.h"

using namespace kino;

class ChoiceBoxTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void initTestCase() { applyTheme(*qApp, ThemeKind::light); }
    void narrowBoxesEndInAnEllipsis();
    void labelDropsWholeParts();
};

void ChoiceBoxTest::narrowBoxesEndInAnEllipsis()
{
    ChoiceBox box(QStringLiteral("Stream"));
    box.addItem(QStringLiteral("right wrist / Linear acceleration"));
    for (int width = box.minimumSizeHint().width(); width < box.sizeHint().width() + 20; width += 7) {
        box.resize(width, 28);
        const QString shown = box.shownText();
        // What is drawn has room between the frame and the arrow, 18 pixels wide, and padding of 12.
        QVERIFY2(box.fontMetrics().horizontalAdvance(shown) <= width - 28, qPrintable(shown));
        QVERIFY(shown == box.currentText() || shown.endsWith(QChar(0x2026)));
    }
    box.resize(box.sizeHint());
    QCOMPARE(box.shownText(), box.currentText());
    QCOMPARE(box.accessibleName(), QStringLiteral("Stream"));
    QVERIFY(box.minimumSizeHint().width() <= 64);
}

void ChoiceBoxTest::labelDropsWholeParts()
{
    ElidedLabel label;
    label.setText(QStringLiteral("frame 159   x 9.81   y 1.44"));
    const auto ink = [&label] {
        label.resize(label.width(), 20);
        QImage image = label.grab().toImage();
        int rightmost = 0;
        for (int x = 0; x < image.width(); ++x) {
            for (int y = 0; y < image.height(); ++y) {
                if (qGray(image.pixel(x, y)) < 160)
                    rightmost = x;
            }
        }
        return rightmost;
    };
    label.resize(label.sizeHint().width() + 10, 20);
    QVERIFY(ink() > label.sizeHint().width() - 12);
    // A pixel short: the last value goes as a whole, and nothing is cut at the edge.
    label.resize(label.sizeHint().width() - 3, 20);
    QVERIFY(ink() < label.fontMetrics().horizontalAdvance(QStringLiteral("frame 159   x 9.81 \u2026")) + 12);
    label.resize(20, 20);
    QCOMPARE(ink(), 0); // not even the first part fits
}

QTEST_MAIN(ChoiceBoxTest)
#include "choice_box_test.moc"
