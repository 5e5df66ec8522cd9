#include "core/base/error.h"
#include "core/data/annotations/agreement.h"

#include <QTest>
#include <cmath>

using namespace kino;

namespace {

Annotation said(double from, double to, const char *label) { return {{fromSeconds(from)}, {fromSeconds(to)}, label}; }

AnnotationTier tierA()
{
    return {"a",
            TierKind::label,
            {said(0, 10, "walk"), said(10, 14.5, "sit"), said(16, 25.25, "walk"), said(25.25, 31.1, "run"),
             said(40, 47.3, "sit")}};
}

AnnotationTier tierB()
{
    return {"b",
            TierKind::label,
            {said(0.4, 9.2, "walk"), said(9.2, 15, "sit"), said(15.5, 26, "walk"), said(26, 30.5, "run"),
             said(30.5, 33, "walk"), said(41, 46, "sit")}};
}

bool near(double a, double b, double by = 1e-12) { return std::abs(a - b) <= by; }

} // namespace

class AgreementTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    // Kappas from scikit-learn 1.x, cohen_kappa_score on the labels at frame centres 0 … 47.3 s (NumPy), computed by
    // hand.
    void kappaIsThatOfScikitLearn_data()
    {
        QTest::addColumn<double>("rate");
        QTest::addColumn<int>("unlabelled");
        QTest::addColumn<double>("frames");
        QTest::addColumn<double>("kappa");
        QTest::newRow("100 Hz") << 100.0 << int(UnlabelledFrames::asLabel) << 4730.0 << 0.7646834146983397;
        QTest::newRow("100 Hz, both labelled")
            << 100.0 << int(UnlabelledFrames::leaveOut) << 3420.0 << 0.8918318561288662;
        QTest::newRow("100 Hz, one labelled")
            << 100.0 << int(UnlabelledFrames::leaveOutCommon) << 3980.0 << 0.6924097148470026;
        QTest::newRow("25 Hz") << 25.0 << int(UnlabelledFrames::asLabel) << 1182.0 << 0.7629854638488306;
        QTest::newRow("25 Hz, both labelled") << 25.0 << int(UnlabelledFrames::leaveOut) << 854.0 << 0.8911382843114112;
        QTest::newRow("25 Hz, one labelled")
            << 25.0 << int(UnlabelledFrames::leaveOutCommon) << 995.0 << 0.6904065523233271;
    }
    void kappaIsThatOfScikitLearn()
    {
        QFETCH(double, rate);
        QFETCH(int, unlabelled);
        QFETCH(double, frames);
        QFETCH(double, kappa);
        const Agreement agreement = computeAgreement(tierA(), tierB(), {rate, UnlabelledFrames(unlabelled), {}, {}});
        QCOMPARE(agreement.total, frames);
        QVERIFY2(near(agreement.kappa, kappa), qPrintable(QString::number(agreement.kappa, 'g', 17)));
        const Agreement turned = computeAgreement(tierB(), tierA(), {rate, UnlabelledFrames(unlabelled), {}, {}});
        QVERIFY(near(turned.kappa, kappa));
    }

    // scikit-learn's confusion_matrix of the same frames.
    void confusionIsByLabel()
    {
        const Agreement agreement = computeAgreement(tierA(), tierB());
        QCOMPARE(agreement.labels, (std::vector<std::string>{"", "run", "sit", "walk"}));
        QCOMPARE(agreement.confusion,
                 (std::vector<std::vector<double>>{
                     {750, 0, 50, 240}, {0, 450, 0, 135}, {230, 0, 950, 0}, {40, 0, 80, 1805}}));
        const Agreement both = computeAgreement(tierA(), tierB(), {100, UnlabelledFrames::leaveOut, {}, {}});
        QCOMPARE(both.labels, (std::vector<std::string>{"run", "sit", "walk"}));
        QCOMPARE(both.confusion.at(2), (std::vector<double>{0, 80, 1805}));
    }

    // By hand: A walks 19.25 s and B 21.8 s, of which 8.8 + 9.25 s together.
    void secondsAreExact()
    {
        const Agreement agreement = computeAgreement(tierA(), tierB(), {1, UnlabelledFrames::leaveOut, {}, {}});
        QCOMPARE(agreement.perLabel.size(), std::size_t{3});
        const LabelAgreement &walk = agreement.perLabel.at(2);
        QCOMPARE(walk.label, std::string("walk"));
        QVERIFY(near(walk.secondsA, 19.25) && near(walk.secondsB, 21.8) && near(walk.secondsBoth, 18.05));
        QVERIFY(near(walk.specific, 36.1 / 41.05));
        const LabelAgreement &run = agreement.perLabel.at(0);
        QVERIFY(near(run.secondsA, 5.85) && near(run.secondsB, 4.5) && near(run.secondsBoth, 4.5));
    }

    // Two labels, half a second apart on ten: p_o = 0.95, shares (5, 5) and (5.5, 4.5): p_e = 0.5, kappa = 0.9.
    void exactDurationsGiveTheClosedForm()
    {
        const AnnotationTier a{"a", TierKind::label, {said(0, 5, "x"), said(5, 10, "y")}};
        const AnnotationTier b{"b", TierKind::label, {said(0, 5.5, "x"), said(5.5, 10, "y")}};
        const Agreement agreement = computeAgreement(a, b, {0, UnlabelledFrames::asLabel, {}, {}});
        QVERIFY(near(agreement.total, 10) && near(agreement.observed, 0.95) && near(agreement.expected, 0.5));
        QVERIFY(near(agreement.kappa, 0.9));
        QCOMPARE(agreement.labels, (std::vector<std::string>{"x", "y"}));
    }

    void perfectAndOppositeAnnotatorsAreOneAndMinusOne()
    {
        const AnnotationTier a{"a", TierKind::label, {said(0, 5, "x"), said(5, 10, "y")}};
        const AnnotationTier b{"b", TierKind::label, {said(0, 5, "y"), said(5, 10, "x")}};
        QVERIFY(near(computeAgreement(a, a).kappa, 1));
        QVERIFY(near(computeAgreement(a, b).kappa, -1)); // p_o 0, p_e 1/2
    }

    void undefinedKappaIsNotANumber()
    {
        const AnnotationTier one{"a", TierKind::label, {said(0, 5, "x")}};
        QVERIFY(std::isnan(computeAgreement(one, one).kappa));
        const Agreement none = computeAgreement({}, {});
        QVERIFY(std::isnan(none.kappa));
        QCOMPARE(none.total, 0.0);
        QVERIFY(none.perLabel.empty());
    }

    void spanCanBeGivenAndSilenceCounts()
    {
        const AnnotationTier a{"a", TierKind::label, {said(2, 4, "x")}};
        const AnnotationTier b{"b", TierKind::label, {said(3, 5, "x")}};
        // Of 10 s: both x 1, only A 1, only B 1, none 7: p_o 0.8, p_e 0.2² + 0.8² = 0.68, kappa 0.12 / 0.32.
        const Agreement agreement = computeAgreement(
            a, b, {100, UnlabelledFrames::asLabel, RecordingTime{0}, RecordingTime{fromSeconds(10)}});
        QVERIFY(near(agreement.kappa, 0.375));
        QVERIFY_THROWS_EXCEPTION(
            Error, computeAgreement(a, b, {100, UnlabelledFrames::asLabel, RecordingTime{5}, RecordingTime{4}}));
        QVERIFY_THROWS_EXCEPTION(Error, computeAgreement(a, b, {-1, UnlabelledFrames::asLabel, {}, {}}));
        QVERIFY_THROWS_EXCEPTION(
            Error,
            computeAgreement(a, b,
                             {100, UnlabelledFrames::asLabel, RecordingTime{0}, RecordingTime{fromSeconds(9e9)}}));
    }

    void ofOverlappingAnnotationsTheLastStartedCounts()
    {
        const AnnotationTier over{
            "a", TierKind::label, {said(0, 10, "sit"), said(4, 6, "cough"), said(5, 5, "instant")}};
        const AnnotationTier flat{"b", TierKind::label, {said(0, 4, "sit"), said(4, 6, "cough"), said(6, 10, "sit")}};
        QVERIFY(near(computeAgreement(over, flat).kappa, 1));
    }
};

QTEST_GUILESS_MAIN(AgreementTest)
#include "agreement_test.moc"
