#include "widgets/annotate/annotation_list_model.h"

#include "core/base/random.h"
#include "widgets/annotate/label_rows_model.h"

#include <QAbstractItemModelTester>
#include <QSignalSpy>
#include <QTest>

using namespace kino;

class AnnotationListModelTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void rowsFollowAnyEdit()
    {
        AnnotationListModel model;
        const QAbstractItemModelTester tester(&model, QAbstractItemModelTester::FailureReportingMode::QtTest);
        RandomStream random(3);
        StoredTier tier{{5, 0, "activity", TierKind::label, {}}, {}};
        AnnotationId next = 1;
        for (int step = 0; step < 300; ++step) {
            const std::size_t size = tier.annotations.size();
            const std::uint64_t kind = random.below(3);
            if (kind == 0 || size == 0) {
                for (std::uint64_t count = 1 + random.below(4); count > 0; --count) {
                    const Nanos start = static_cast<Nanos>(random.below(1'000'000));
                    tier.annotations.push_back({next++, {{start}, {start + 100}, "label"}});
                }
            } else if (kind == 1) {
                const auto first = static_cast<std::ptrdiff_t>(random.below(size));
                const auto count = std::min<std::ptrdiff_t>(std::ssize(tier.annotations) - first, 1 + static_cast<std::ptrdiff_t>(random.below(5)));
                tier.annotations.erase(tier.annotations.begin() + first, tier.annotations.begin() + first + count);
            } else {
                tier.annotations[random.below(size)].annotation.label = "edited " + std::to_string(step);
            }
            model.setTier(buildTier(tier));
            std::ranges::sort(tier.annotations, {}, [](const StoredAnnotation &row) { return std::pair(row.annotation.start, row.id); });
            QCOMPARE(model.rowCount(), static_cast<int>(tier.annotations.size()));
            for (int row = 0; row < model.rowCount(); ++row) {
                const StoredAnnotation &wanted = tier.annotations[static_cast<std::size_t>(row)];
                QCOMPARE(model.idAt(row), wanted.id);
                QCOMPARE(model.index(row, AnnotationListModel::labelColumn).data().toString(), QString::fromStdString(wanted.annotation.label));
            }
        }
    }

    void anEditTouchesItsRowsOnly()
    {
        StoredTier tier{{5, 0, "activity", TierKind::label, {}}, {}};
        for (int index = 0; index < 1000; ++index)
            tier.annotations.push_back({index + 1, {{index * 10}, {index * 10 + 10}, "walk"}});
        AnnotationListModel model;
        model.setTier(buildTier(tier));
        QSignalSpy changed(&model, &QAbstractItemModel::dataChanged);
        QSignalSpy reset(&model, &QAbstractItemModel::modelReset);
        QSignalSpy removed(&model, &QAbstractItemModel::rowsRemoved);
        tier.annotations[400].annotation.label = "sit";
        model.setTier(buildTier(tier));
        QCOMPARE(reset.count(), 0);
        QCOMPARE(changed.count(), 1);
        QCOMPARE(changed[0][0].toModelIndex().row(), 400);
        QCOMPARE(changed[0][1].toModelIndex().row(), 400);
        tier.annotations.erase(tier.annotations.begin() + 10);
        model.setTier(buildTier(tier));
        QCOMPARE(removed.count(), 1);
        QCOMPARE(removed[0][1].toInt(), 10);
        QCOMPARE(removed[0][2].toInt(), 10);
        QCOMPARE(changed.count(), 1);
        QCOMPARE(model.rowsOf({1, 500, 401}), (std::vector<int>{0, 399, 498}));
    }

    void labelsAreCountedInTheirSetAndBesideIt()
    {
        const auto tier = buildTier(StoredTier{{5, 0, "activity", TierKind::label, {}},
                                               {{1, {{0}, {kNanosPerSecond}, "walk"}}, {2, {{kNanosPerSecond}, {4 * kNanosPerSecond}, "zigzag"}}, {3, {{5 * kNanosPerSecond}, {7 * kNanosPerSecond}, "walk"}}}});
        const std::vector<LabelRow> rows = countLabels(tier.get(), {{QStringLiteral("sit"), QStringLiteral("1"), {}, 0, 0, true}, {QStringLiteral("walk"), QStringLiteral("2"), {}, 0, 0, true}});
        QCOMPARE(rows.size(), std::size_t{3});
        QCOMPARE(rows[0].count, 0);
        QCOMPARE(rows[1].count, 2);
        QCOMPARE(rows[1].duration, 3 * kNanosPerSecond);
        QCOMPARE(rows[2].label, QStringLiteral("zigzag"));
        QVERIFY(!rows[2].isInSet);
    }
};

QTEST_MAIN(AnnotationListModelTest)
#include "annotation_list_model_test.moc"
