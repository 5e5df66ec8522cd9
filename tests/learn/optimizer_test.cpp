// Optimizers by name against PyTorch 2.13's own steps, their state through a checkpoint; schedules against their formulas.
#include "core/learn/optimizer.h"
#include "core/learn/schedule.h"

#include "core/base/error.h"

#include <QtTest>

#include <cmath>
#include <numbers>

using namespace kino;

namespace {

torch::Tensor begin() { return torch::tensor({0.5, -0.3, 0.8}, torch::kFloat64).requires_grad_(); }

/** Gradient sin(0.7 t + i) at step t. */
void step(Optimizer &optimizer, torch::Tensor &weights, int t)
{
    optimizer.zeroGradients();
    weights.mutable_grad() = torch::sin(0.7 * t + torch::arange(3, torch::kFloat64));
    optimizer.step();
}

} // namespace

class OptimizerTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void stepsAreTorchs_data()
    {
        QTest::addColumn<QString>("name");
        QTest::addColumn<QString>("options");
        QTest::addColumn<QList<double>>("wanted");
        // torch.optim of Python, five steps in float64.
        QTest::newRow("sgd") << "sgd" << "{}" << QList<double>{0.294147642013, -0.544602639944, 0.741469572467};
        QTest::newRow("nesterov") << "sgd" << "{\"nesterov\": true}" << QList<double>{0.229890962814, -0.578284584368, 0.769311429537};
        QTest::newRow("adam") << "adam" << "{\"lr\": 0.01, \"weight_decay\": 0.1}" << QList<double>{0.455346616637, -0.341792087974, 0.775895203124};
        QTest::newRow("adamw") << "adamw" << "{\"lr\": 0.01, \"weight_decay\": 0.1}" << QList<double>{0.463895944245, -0.340714055165, 0.775094030180};
        QTest::newRow("adagrad") << "adagrad" << "{\"lr\": 0.01, \"lr_decay\": 0.1}" << QList<double>{0.477788112983, -0.318239732790, 0.797254143284};
    }

    void stepsAreTorchs()
    {
        QFETCH(QString, name);
        QFETCH(QString, options);
        QFETCH(QList<double>, wanted);
        const nlohmann::json given = nlohmann::json::parse(options.toStdString());
        torch::Tensor weights = begin();
        Optimizer optimizer(name.toStdString(), given, {{{weights}, 1}});
        for (int t = 0; t < 5; ++t)
            step(optimizer, weights, t);
        for (int i = 0; i < 3; ++i)
            QVERIFY2(std::abs(weights[i].item<double>() - wanted[i]) < 1e-11, qPrintable(QString::number(weights[i].item<double>(), 'g', 15)));

        // Two steps, the state handed to another, three more: the very same numbers.
        torch::Tensor first = begin();
        Optimizer before(name.toStdString(), given, {{{first}, 1}});
        step(before, first, 0);
        step(before, first, 1);
        torch::Tensor second = first.detach().clone().requires_grad_();
        Optimizer after(name.toStdString(), given, {{{second}, 1}});
        after.setState(before.state());
        for (int t = 2; t < 5; ++t)
            step(after, second, t);
        QVERIFY(torch::equal(second, weights));
    }

    void groupsHaveRatesOfTheirOwn()
    {
        torch::Tensor quick = begin(), slow = begin();
        Optimizer optimizer("sgd", {{"lr", 0.5}, {"momentum", 0}, {"weight_decay", 0}}, {{{quick}, 1}, {{slow}, 0.1}});
        optimizer.setRate(0.2);
        quick.mutable_grad() = torch::ones(3, torch::kFloat64);
        slow.mutable_grad() = torch::ones(3, torch::kFloat64);
        optimizer.step();
        QVERIFY(torch::allclose(quick, begin() - 0.2));
        QVERIFY(torch::allclose(slow, begin() - 0.02));
    }

    void nonsenseIsRefused()
    {
        QVERIFY_EXCEPTION_THROWN(optimizerInfo("lion"), Error);
        QVERIFY_EXCEPTION_THROWN(Optimizer("adam", {{"rate", 1}}, {{{begin()}, 1}}), Error);
        QVERIFY_EXCEPTION_THROWN(Optimizer("sgd", {{"nesterov", 1}}, {{{begin()}, 1}}), Error);
        QVERIFY_EXCEPTION_THROWN(Optimizer("adam", nlohmann::json::object(), {}), Error);
        torch::Tensor weights = begin();
        Optimizer sgd("sgd", nlohmann::json::object(), {{{weights}, 1}});
        step(sgd, weights, 0);
        Optimizer adam("adam", nlohmann::json::object(), {{{weights}, 1}});
        QVERIFY_EXCEPTION_THROWN(adam.setState(sgd.state()), Error);
    }

    void schedulesFollowTheirFormulas()
    {
        const Schedule constant("constant", nlohmann::json::object(), 10, 5);
        QCOMPARE(constant.factor(0), 1.0);
        QCOMPARE(constant.factor(49), 1.0);
        const Schedule halved("step", {{"every_epochs", 2}, {"factor", 0.5}}, 10, 7);
        QCOMPARE(halved.factor(19), 1.0);
        QCOMPARE(halved.factor(20), 0.5);
        QCOMPARE(halved.factor(69), 0.125);
        // MoCo v1: a tenth from epochs 120 and 160 on.
        const Schedule milestones("step", {{"milestones", {120, 160}}, {"factor", 0.1}}, 3, 200);
        QCOMPARE(milestones.factor(119 * 3 + 2), 1.0);
        QCOMPARE(milestones.factor(120 * 3), 0.1);
        QVERIFY(std::abs(milestones.factor(199 * 3) - 0.01) < 1e-15);
        // PRIMUS few-shot: warm-up over 10 of 110 steps, then half a cosine.
        const Schedule cosine("cosine", {{"warmup_steps", 10}}, 11, 10);
        QCOMPARE(cosine.factor(0), 0.1);
        QCOMPARE(cosine.factor(9), 1.0);
        QCOMPARE(cosine.factor(10), 1.0);
        QCOMPARE(cosine.factor(60), 0.5 * (1 + std::cos(std::numbers::pi * 0.5)));
        // MoCo v2: lr 0.5 (1 + cos(pi e / E)), by epoch.
        const Schedule byEpoch("cosine", {{"per", "epoch"}}, 4, 200);
        QCOMPARE(byEpoch.factor(50 * 4 + 3), 0.5 * (1 + std::cos(std::numbers::pi * 50 / 200)));
        const Schedule warmEpochs("cosine", {{"warmup_epochs", 2}}, 5, 10);
        QCOMPARE(warmEpochs.factor(4), 0.5);
        QVERIFY_EXCEPTION_THROWN(Schedule("cosine", {{"warmup_steps", 50}}, 10, 5), Error);
        QVERIFY_EXCEPTION_THROWN(Schedule("linear", nlohmann::json::object(), 10, 5), Error);
    }
};

QTEST_GUILESS_MAIN(OptimizerTest)
#include "optimizer_test.moc"
