// Losses against the references' numbers (methods 6.1: computed with their code in float64), gradients against finite
// differences, and what is asked for where there is no answer.
#include "core/learn/contrastive.h"
#include "core/learn/distillation.h"
#include "core/learn/triplet.h"

#include "core/base/error.h"

#include <QtTest>

#include <cmath>
#include <functional>

using namespace kino;

namespace {

using Mode = DistillationMode;
using Loss = std::function<torch::Tensor(const torch::Tensor &, const torch::Tensor &)>;

struct Case {
    const char *name;
    Loss loss;
    double golden; // NaN: the references do not have it
    bool teaches = false; // no gradient into the second
    std::int64_t leastRows = 1;
};

torch::Tensor grid(std::int64_t size) { return torch::arange(size, torch::kFloat64); }

/** S[i, j] = sin(0.7 i + 0.3 j² + 0.1), T[i, j] = cos(0.5 i - 0.2 j + 0.3 i j). */
torch::Tensor student()
{
    const torch::Tensor i = grid(4).view({4, 1});
    const torch::Tensor j = grid(6).view({1, 6});
    return torch::sin(0.7 * i + 0.3 * j * j + 0.1);
}

torch::Tensor teacher()
{
    const torch::Tensor i = grid(4).view({4, 1});
    const torch::Tensor j = grid(6).view({1, 6});
    return torch::cos(0.5 * i - 0.2 * j + 0.3 * i * j);
}

torch::Tensor mapOfStudent() { return torch::sin(0.9 * grid(24) + 0.2).view({2, 3, 2, 2}); }
torch::Tensor mapOfTeacher() { return torch::cos(0.4 * grid(24) * grid(24) + 0.1).view({2, 3, 2, 2}); }

torch::Tensor queue()
{
    const torch::Tensor k = grid(5).view({5, 1});
    const torch::Tensor j = grid(6).view({1, 6});
    const torch::Tensor rows = torch::sin(0.5 * k - 0.8 * j + 0.2);
    return rows / rows.norm(2, 1, true);
}

constexpr double kNone = std::numeric_limits<double>::quiet_NaN();

const std::vector<Case> &cases()
{
    static const std::vector<Case> all = {
        {"infonce", [](auto &a, auto &b) { return infoNce(a, b); }, 2.75825686948, false, 2},
        {"infonce rows", [](auto &a, auto &b) { return infoNce(a, b, {.directions = ContrastDirections::rows}); }, 1.68911367394, false, 2},
        {"infonce mask", [](auto &a, auto &b) { return infoNce(a, b, {.mask = torch::tensor({1, 1, 0, 1})}); }, 2.11127608298, false, 2},
        {"infonce negatives", [](auto &a, auto &b) { return infoNceWithNegatives(a, b, queue(), torch::scalar_tensor(0.1)); }, kNone},
        {"nt-xent", [](auto &a, auto &b) { return ntXent(a, b); }, 7.98700646813, false, 2},
        {"nt-xent mean", [](auto &a, auto &b) { return ntXent(a, b, 0.1, NtXentReduction::mean); }, 3.99350323407, false, 2},
        {"moco 0.07", [](auto &a, auto &b) { return mocoContrast(a, b, queue(), 0.07); }, 2.99133619247, true},
        {"moco 0.2", [](auto &a, auto &b) { return mocoContrast(a, b, queue(), 0.2); }, 1.88703395074, true},
        {"soft-target", [](auto &a, auto &b) { return softTargetLoss(a, b); }, 0.1767658691, true},
        {"logits", [](auto &a, auto &b) { return meanSquaredLoss(a, b); }, 0.635229239736, true},
        {"attention-transfer as run, 2", [](auto &a, auto &b) { return attentionTransferLoss(a, b, Mode::asRun, 2); }, 0.0117834365987, true, 2},
        {"attention-transfer as run, 5", [](auto &a, auto &b) { return attentionTransferLoss(a, b, Mode::asRun, 5); }, 0.0189838423322, true, 2},
        {"attention-transfer sound", [](auto &a, auto &b) { return attentionTransferLoss(a, b); }, kNone, true},
        {"nst as run", [](auto &a, auto &b) { return neuronSelectivityLoss(a, b, Mode::asRun); }, 0, true},
        {"nst sound", [](auto &a, auto &b) { return neuronSelectivityLoss(a, b, Mode::sound, 3); }, kNone, true},
        {"pkt", [](auto &a, auto &b) { return probabilisticTransferLoss(a, b); }, 0.0226625363552, true, 2},
        {"rkd distance", [](auto &a, auto &b) { return relationalLoss(a, b).distance; }, 0.0372788367791, true, 2},
        {"rkd angle", [](auto &a, auto &b) { return relationalLoss(a, b).angle; }, 0.0312401496598, true, 2},
        {"activation-boundaries 2", [](auto &a, auto &b) { return activationBoundariesLoss(a, b, Mode::asRun, 2); }, 3.38794259077, true},
        {"activation-boundaries 1", [](auto &a, auto &b) { return activationBoundariesLoss(a, b, Mode::asRun, 1); }, 0.947702996864, true},
        {"activation-boundaries sound", [](auto &a, auto &b) { return activationBoundariesLoss(a, b); }, kNone, true, 2},
        {"similarity-preserving", [](auto &a, auto &b) { return similarityPreservingLoss(a, b); }, 0.177033938953, true, 2},
        {"correlation-congruence", [](auto &a, auto &b) { return correlationCongruenceLoss(a, b); }, 0.0538698723663, true, 2},
        {"factor-transfer", [](auto &a, auto &b) { return factorTransferLoss(a, b); }, 0.382068675802, true},
        {"triplet", [](auto &a, auto &b) { return tripletLoss(a, b); }, 1.00173747825, false, 2},
        {"triplet-cs", [](auto &a, auto &b) { return cyclicTripletLoss(a, b); }, 0.231806337909, false, 2},
    };
    return all;
}

const Case &caseOf(const QString &name)
{
    return *std::ranges::find_if(cases(), [&](const Case &each) { return name == QLatin1String(each.name); });
}

void addCases()
{
    QTest::addColumn<QString>("name");
    for (const Case &each : cases())
        QTest::newRow(each.name) << QString::fromLatin1(each.name);
}

/** ∂loss/∂a and ∂loss/∂b; zeros where there is none. */
std::pair<torch::Tensor, torch::Tensor> gradients(const Loss &loss, const torch::Tensor &a, const torch::Tensor &b)
{
    const torch::Tensor x = a.detach().clone().requires_grad_();
    const torch::Tensor y = b.detach().clone().requires_grad_();
    loss(x, y).backward();
    return {x.grad().defined() ? x.grad() : torch::zeros_like(x), y.grad().defined() ? y.grad() : torch::zeros_like(y)};
}

/** Central differences. */
torch::Tensor differences(const std::function<double(const torch::Tensor &)> &loss, const torch::Tensor &at)
{
    constexpr double kStep = 1e-6;
    torch::Tensor slopes = torch::zeros_like(at);
    for (std::int64_t each = 0; each < at.numel(); ++each) {
        torch::Tensor ahead = at.clone();
        torch::Tensor behind = at.clone();
        ahead.view(-1)[each] += kStep;
        behind.view(-1)[each] -= kStep;
        slopes.view(-1)[each] = (loss(ahead) - loss(behind)) / (2 * kStep);
    }
    return slopes;
}

} // namespace

class LossesTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void valuesAreTheReferences_data() { addCases(); }
    void valuesAreTheReferences()
    {
        QFETCH(QString, name);
        const Case &each = caseOf(name);
        const double value = each.loss(student(), teacher()).item<double>();
        QVERIFY(std::isfinite(value));
        if (!std::isnan(each.golden))
            QVERIFY2(std::abs(value - each.golden) <= 1e-9 * std::max(1.0, std::abs(each.golden)), qPrintable(QString::number(value, 'g', 12)));
        const double single = each.loss(student().to(torch::kFloat32), teacher().to(torch::kFloat32)).item<double>();
        QVERIFY2(std::abs(single - value) <= 1e-4 * std::max(1.0, std::abs(value)), qPrintable(QString::number(single, 'g', 12)));
    }

    void relationalWeightsAreTheStudys()
    {
        const RelationalLoss loss = relationalLoss(student(), teacher());
        QVERIFY(std::abs((25 * loss.distance + 50 * loss.angle).item<double>() - 2.49397840247) < 1e-9);
    }

    void mapsAreTheReferences()
    {
        const auto isNear = [](const torch::Tensor &loss, double wanted) { return std::abs(loss.item<double>() - wanted) < 1e-9; };
        QVERIFY(isNear(attentionTransferLoss(mapOfStudent(), mapOfTeacher(), Mode::map), 0.0762077957444));
        QVERIFY(isNear(neuronSelectivityLoss(mapOfStudent(), mapOfTeacher(), Mode::map), 0.614757799228));
        QVERIFY(isNear(similarityPreservingLoss(mapOfStudent(), mapOfTeacher()), 0.127636326182));
        QVERIFY(isNear(activationBoundariesLoss(mapOfStudent(), mapOfTeacher(), Mode::map), 4.49990983413));
    }

    void gradientsAreTheSlopes_data() { addCases(); }
    void gradientsAreTheSlopes()
    {
        QFETCH(QString, name);
        const Case &each = caseOf(name);
        const auto [a, b] = gradients(each.loss, student(), teacher());
        const torch::Tensor slopeA = differences([&](const torch::Tensor &x) { return each.loss(x, teacher()).item<double>(); }, student());
        QVERIFY2(torch::allclose(a, slopeA, 1e-5, 1e-7), qPrintable(QString::number((a - slopeA).abs().max().item<double>())));
        if (each.teaches) {
            QCOMPARE(b.abs().max().item<double>(), 0.0);
            return;
        }
        const torch::Tensor slopeB = differences([&](const torch::Tensor &x) { return each.loss(student(), x).item<double>(); }, teacher());
        QVERIFY2(torch::allclose(b, slopeB, 1e-5, 1e-7), qPrintable(QString::number((b - slopeB).abs().max().item<double>())));
    }

    void mapGradientsAreTheSlopes()
    {
        for (const Loss &loss : {Loss([](auto &a, auto &b) { return attentionTransferLoss(a, b, Mode::map); }),
                                 Loss([](auto &a, auto &b) { return neuronSelectivityLoss(a, b, Mode::map); }),
                                 Loss([](auto &a, auto &b) { return similarityPreservingLoss(a, b); })}) {
            const auto [a, b] = gradients(loss, mapOfStudent(), mapOfTeacher());
            QVERIFY(torch::allclose(a, differences([&](const torch::Tensor &x) { return loss(x, mapOfTeacher()).item<double>(); }, mapOfStudent()), 1e-5, 1e-7));
            QCOMPARE(b.abs().max().item<double>(), 0.0);
        }
    }

    void degenerateInputHasFiniteGradients_data() { addCases(); }
    void degenerateInputHasFiniteGradients()
    {
        QFETCH(QString, name);
        const Case &each = caseOf(name);
        const torch::Tensor equalRows = student()[1].expand({4, 6});
        torch::Tensor zeroRow = student();
        zeroRow[2].zero_();
        const torch::Tensor zeros = torch::zeros({4, 6}, torch::kFloat64);
        for (const auto type : {torch::kFloat64, torch::kFloat32}) {
            for (const torch::Tensor &a : {equalRows, zeroRow, zeros, teacher()}) {
                for (const torch::Tensor &b : {equalRows, zeroRow, zeros, teacher()}) {
                    const torch::Tensor x = a.to(type);
                    const torch::Tensor y = b.to(type);
                    QVERIFY(std::isfinite(each.loss(x, y).item<double>()));
                    const auto [gradientA, gradientB] = gradients(each.loss, x, y);
                    QVERIFY(gradientA.isfinite().all().item<bool>());
                    QVERIFY(gradientB.isfinite().all().item<bool>());
                    QVERIFY2(gradientA.abs().max().item<double>() < 1e7, qPrintable(QString::number(gradientA.abs().max().item<double>())));
                }
            }
        }
    }

    void aBatchOfOneIsRefusedWhereItMeansNothing_data() { addCases(); }
    void aBatchOfOneIsRefusedWhereItMeansNothing()
    {
        QFETCH(QString, name);
        const Case &each = caseOf(name);
        const torch::Tensor one = student().slice(0, 0, 1);
        if (name == QLatin1String("infonce mask"))
            return; // its mask has four rows
        if (each.leastRows == 1)
            QVERIFY(std::isfinite(each.loss(one, teacher().slice(0, 0, 1)).item<double>()));
        else
            QVERIFY_EXCEPTION_THROWN(each.loss(one, one), Error);
    }

    void shapesThatDoNotFitGetASentence_data() { addCases(); }
    void shapesThatDoNotFitGetASentence()
    {
        QFETCH(QString, name);
        QVERIFY_EXCEPTION_THROWN(caseOf(name).loss(student(), teacher().slice(0, 0, 3)), Error);
    }

    void infoNceOfNothingInCommonIsTwiceTheLogarithm()
    {
        // Orthogonal to everything: all cosines are equal.
        const torch::Tensor a = torch::cat({torch::ones({32, 1}), torch::zeros({32, 1})}, 1);
        const torch::Tensor b = torch::cat({torch::zeros({32, 1}), torch::ones({32, 1})}, 1);
        QVERIFY(std::abs(infoNce(a, b).item<double>() - 2 * std::log(32.0)) < 1e-5);
    }

    void aMaskOfZerosGivesZero()
    {
        const auto [a, b] = gradients([](auto &x, auto &y) { return infoNce(x, y, {.mask = torch::zeros({4})}); }, student(), teacher());
        QCOMPARE(infoNce(student(), teacher(), {.mask = torch::zeros({4})}).item<double>(), 0.0);
        QCOMPARE(a.abs().max().item<double>(), 0.0);
        QVERIFY_EXCEPTION_THROWN(infoNce(student(), teacher(), {.mask = torch::ones({3})}), Error);
    }

    void ownNegativesAreThoseOfTheRow()
    {
        // The same negatives for every row, given once and given for each.
        const torch::Tensor t = torch::scalar_tensor(0.1, torch::kFloat64);
        const double shared = infoNceWithNegatives(student(), teacher(), queue(), t).item<double>();
        const double own = infoNceWithNegatives(student(), teacher(), queue().unsqueeze(0).expand({4, 5, 6}), t).item<double>();
        QVERIFY(std::abs(shared - own) < 1e-12);
        // By the definition, in the plainest way.
        double sum = 0;
        for (int row = 0; row < 4; ++row) {
            const auto cosine = [](const torch::Tensor &x, const torch::Tensor &y) { return (x.dot(y) / x.norm() / y.norm()).item<double>(); };
            const double positive = std::exp(cosine(student()[row], teacher()[row]) / 0.1);
            double all = positive;
            for (int k = 0; k < 5; ++k)
                all += std::exp(cosine(student()[row], queue()[k]) / 0.1);
            sum -= std::log(positive / all);
        }
        QVERIFY(std::abs(shared - sum / 4) < 1e-9);
        QVERIFY_EXCEPTION_THROWN(infoNceWithNegatives(student(), teacher(), torch::zeros({5, 7}, torch::kFloat64), t), Error);
    }

    void temperatureIsLearnedAndHeldAboveZero()
    {
        Temperature temperature(0.1);
        QCOMPARE(temperature.parameters().size(), std::size_t{1});
        const torch::Tensor loss = infoNce(student(), teacher(), {.temperature = temperature.value()});
        QVERIFY(std::abs(loss.item<double>() - 2.75825686948) < 1e-6);
        loss.backward();
        const double slope = (infoNce(student(), teacher(), {.temperature = torch::scalar_tensor(0.1001, torch::kFloat64)})
                              - infoNce(student(), teacher(), {.temperature = torch::scalar_tensor(0.0999, torch::kFloat64)}))
                                 .item<double>()
                             / 0.0002;
        QVERIFY(std::abs(temperature.parameters().front().grad().item<double>() - slope) < 1e-3 * std::abs(slope));
        const torch::NoGradGuard guard;
        temperature.parameters().front().fill_(-5);
        QVERIFY(std::abs(temperature.value().item<double>() - Temperature::kLeast) < 1e-9);
    }

    void neuronSelectivityAsRunIsNothing()
    {
        const auto [a, b] = gradients([](auto &x, auto &y) { return neuronSelectivityLoss(x, y, Mode::asRun); }, student(), teacher());
        QVERIFY(a.abs().max().item<double>() < 1e-12);
        QVERIFY_EXCEPTION_THROWN(neuronSelectivityLoss(student(), teacher(), Mode::sound, 4), Error); // 6 is no multiple of 4
    }
};

QTEST_GUILESS_MAIN(LossesTest)
#include "losses_test.moc"
