#include "widgets/style/icons.h"
#include "widgets/style/theme.h"

#include <QAbstractButton>
#include <QApplication>
#include <QCheckBox>
#include <QComboBox>
#include <QDir>
#include <QLineEdit>
#include <QPainter>
#include <QRadioButton>
#include <QSlider>
#include <QSpinBox>
#include <QStyledItemDelegate>
#include <QTreeWidget>

#include <cmath>
#include <functional>

using namespace kino;

class ThemeTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void textIsReadable_data();
    void textIsReadable();
    void controlsAreSeen_data() { textIsReadable_data(); }
    void controlsAreSeen();
    void listsShowTheirFocus_data() { textIsReadable_data(); }
    void listsShowTheirFocus();
    void paletteTellsTheTheme();
    void everyIconDrawsInThePalettesInk();
};

/** Relative luminance and contrast as WCAG 2.1 defines them. */
static double luminance(const QColor &colour)
{
    const auto linear = [](double channel) { return channel <= 0.04045 ? channel / 12.92 : std::pow((channel + 0.055) / 1.055, 2.4); };
    return 0.2126 * linear(colour.redF()) + 0.7152 * linear(colour.greenF()) + 0.0722 * linear(colour.blueF());
}

static double contrast(const QColor &one, const QColor &other)
{
    const double a = luminance(one);
    const double b = luminance(other);
    return (std::max(a, b) + 0.05) / (std::min(a, b) + 0.05);
}

void ThemeTest::textIsReadable_data()
{
    QTest::addColumn<bool>("dark");
    QTest::newRow("light") << false;
    QTest::newRow("dark") << true;
}

void ThemeTest::textIsReadable()
{
    QFETCH(bool, dark);
    const Theme &theme = dark ? darkTheme() : lightTheme();
    for (const QColor &ground : {theme.surface, theme.raised, theme.plot}) {
        QVERIFY(contrast(theme.text, ground) >= 4.5);
        QVERIFY(contrast(theme.dim, ground) >= 4.5);
        // Curves and marks carry meaning: 3:1.
        for (const QColor &line : {theme.axes[0], theme.axes[1], theme.axes[2], theme.accent, theme.good, theme.warning, theme.bad})
            QVERIFY2(contrast(line, ground) >= 3, qPrintable(line.name() + " on " + ground.name()));
    }
    QVERIFY(contrast(theme.onAccent, theme.accent) >= 4.5);
    QVERIFY(contrast(theme.text, theme.selection) >= 4.5);
}

/** What is filled in, ticked or dragged shows where it is by an outline or a line of 3:1 (WCAG 2.1, 1.4.11); pixels tell. */
void ThemeTest::controlsAreSeen()
{
    QFETCH(bool, dark);
    applyTheme(*qApp, dark ? ThemeKind::dark : ThemeKind::light);
    const Theme &theme = themeOf(qApp->palette());
    const std::function<QWidget *()> controls[] = {[] { return new QCheckBox; }, [] { return new QRadioButton; }, [] { return new QSlider(Qt::Horizontal); },
                                                  [] { return new QLineEdit; },  [] { return new QSpinBox; },     [] { return new QComboBox; }};
    for (const QColor &ground : {theme.surface, theme.raised}) {
        for (const auto &make : controls) {
            QWidget page;
            page.resize(120, 60);
            page.setStyleSheet(QStringLiteral("QWidget#ground { background: %1; }").arg(ground.name()));
            page.setObjectName(QStringLiteral("ground"));
            page.setAttribute(Qt::WA_StyledBackground);
            QWidget *control = make();
            control->setParent(&page);
            control->setGeometry(10, 15, 100, 28);
            const QImage image = page.grab().toImage().convertToFormat(QImage::Format_RGB32);
            QCOMPARE(image.pixelColor(2, 2), ground);
            // Columns in which something is seen: an edge all around, a groove, or the small square of a box.
            int seen = 0;
            for (int x = 10; x < 110; ++x) {
                bool isSeen = false;
                for (int y = 15; y < 43; ++y)
                    isSeen = isSeen || contrast(image.pixelColor(x, y), ground) >= 3;
                seen += isSeen;
            }
            const bool isSmall = qobject_cast<QAbstractButton *>(control);
            QVERIFY2(seen >= (isSmall ? 10 : 90), qPrintable(QStringLiteral("%1 on %2: %3 columns").arg(QLatin1String(control->metaObject()->className()), ground.name()).arg(seen)));
        }
    }
    applyTheme(*qApp, ThemeKind::light);
}

/** Whatever a list's delegate draws: a frame of 3:1 on the row's ground around the current row, only with the keyboard's focus. */
void ThemeTest::listsShowTheirFocus()
{
    QFETCH(bool, dark);
    applyTheme(*qApp, dark ? ThemeKind::dark : ThemeKind::light);
    class Plain : public QStyledItemDelegate {
        void initStyleOption(QStyleOptionViewItem *option, const QModelIndex &index) const override
        {
            QStyledItemDelegate::initStyleOption(option, index);
            option->state &= ~QStyle::State_HasFocus;
        }
    } plain;
    QWidget page;
    page.resize(400, 300);
    auto *tree = new QTreeWidget(&page);
    tree->setGeometry(0, 0, 200, 300);
    tree->setHeaderHidden(true);
    tree->setItemDelegate(&plain);
    for (int row = 0; row < 5; ++row)
        new QTreeWidgetItem(tree, {QString()});
    auto *field = new QLineEdit(&page);
    field->setGeometry(220, 10, 100, 28);
    page.show();
    QVERIFY(QTest::qWaitForWindowActive(&page));
    // Pixels of the frame of row 2 that differ from the ground within the row by 3:1.
    const auto framed = [&](int row) {
        const QRect place = tree->visualItemRect(tree->topLevelItem(row));
        const QImage image = tree->viewport()->grab().toImage().convertToFormat(QImage::Format_RGB32);
        const QColor ground = image.pixelColor(place.right() - 20, place.center().y());
        int seen = 0;
        for (int x = 10; x < tree->viewport()->width() - 10; ++x)
            seen += contrast(image.pixelColor(x, place.top()), ground) >= 3 && contrast(image.pixelColor(x, place.bottom()), ground) >= 3 ? 1 : 0;
        return seen;
    };
    const int most = tree->viewport()->width() - 20;
    for (const bool isSelected : {false, true}) {
        tree->setCurrentItem(tree->topLevelItem(2), 0, isSelected ? QItemSelectionModel::ClearAndSelect : QItemSelectionModel::Clear);
        tree->setFocus();
        QTRY_VERIFY(tree->hasFocus());
        QCOMPARE(framed(2), most);
        QTest::keyClick(tree, Qt::Key_Down);
        QCOMPARE(framed(3), most);
        QCOMPARE(framed(2), 0);
        field->setFocus();
        QTRY_VERIFY(field->hasFocus());
        QCOMPARE(framed(3), 0);
    }
    applyTheme(*qApp, ThemeKind::light);
}

void ThemeTest::paletteTellsTheTheme()
{
    QCOMPARE(themeOf(paletteOf(darkTheme())).kind, ThemeKind::dark);
    QCOMPARE(themeOf(paletteOf(lightTheme())).kind, ThemeKind::light);
    applyTheme(*qApp, ThemeKind::dark);
    QCOMPARE(themeOf(QApplication::palette()).kind, ThemeKind::dark);
    applyTheme(*qApp, ThemeKind::light);
    QCOMPARE(QApplication::palette().color(QPalette::WindowText), lightTheme().text);
}

void ThemeTest::everyIconDrawsInThePalettesInk()
{
    applyTheme(*qApp, ThemeKind::light);
    const QStringList files = QDir(QStringLiteral(KINOSCOPE_SOURCE_DIR "/resources/icons")).entryList({QStringLiteral("*.svg")});
    QVERIFY(files.size() >= 15);
    for (const QString &file : files) {
        const QIcon drawn = icon(QString(file).chopped(4));
        QVERIFY2(!drawn.isNull(), qPrintable(file));
        const QImage image = drawn.pixmap(32, 32).toImage().convertToFormat(QImage::Format_ARGB32);
        int inked = 0;
        for (int y = 0; y < image.height(); ++y) {
            for (int x = 0; x < image.width(); ++x) {
                const QRgb pixel = image.pixel(x, y);
                if (qAlpha(pixel) < 250)
                    continue;
                ++inked;
                QVERIFY(std::abs(qRed(pixel) - lightTheme().text.red()) <= 3);
            }
        }
        QVERIFY2(inked > 10, qPrintable(file));
    }
}

QTEST_MAIN(ThemeTest)
#include "theme_test.moc"
