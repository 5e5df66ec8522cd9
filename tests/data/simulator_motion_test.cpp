// The simulated motion against calculus and mechanics: derivatives by differences, rests, flights, impacts, step rates.
#include "core/data/simulator/manoeuvres.h"
#include "core/data/simulator/plan.h"

#include <numbers>
#include <set>

using namespace kino;
using namespace kino::simulator;

namespace {

constexpr double kGravity = 9.80665;
constexpr double kDegree = std::numbers::pi / 180;

SimulatorOptions quietSensor()
{
    SimulatorOptions options;
    options.minutes = 1.5;
    options.video.reset();
    options.accelNoise = options.gyroNoise = options.accelBias = options.gyroBias = 0;
    return options;
}

std::vector<const Segment *> segmentsOf(const RecordingPlan &plan, SimulatedActivity activity)
{
    std::vector<const Segment *> found;
    for (const Segment &segment : plan.motion->schedule().segments)
        if (segment.activity == activity)
            found.push_back(&segment);
    return found;
}

double force(const RecordingPlan &plan, double time)
{
    return norm(exactReading(plan.motion->poseAt(time), plan.gravity).accel);
}

/** The frequency from 0.5 to 6 Hz at which vertical acceleration between two times is strongest, by its Fourier sum. */
double strongestHz(const RecordingPlan &plan, double from, double to)
{
    double bestHz = 0;
    double bestPower = 0;
    std::vector<double> accelerations;
    for (double t = from; t < to; t += 0.02)
        accelerations.push_back(plan.motion->poseAt(t).acceleration.z);
    for (double hz = 0.5; hz <= 6; hz += 0.02) {
        double re = 0;
        double im = 0;
        for (std::size_t i = 0; i < accelerations.size(); ++i) {
            const double t = 0.02 * static_cast<double>(i);
            const double a = accelerations[i] * (0.5 - 0.5 * std::cos(2 * std::numbers::pi * t / (to - from)));
            re += a * std::cos(2 * std::numbers::pi * hz * t);
            im += a * std::sin(2 * std::numbers::pi * hz * t);
        }
        if (re * re + im * im > bestPower) {
            bestPower = re * re + im * im;
            bestHz = hz;
        }
    }
    return bestHz;
}

} // namespace

class SimulatorMotionTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void smoothFunctionsHaveTheirDerivatives();
    void manoeuvresEndAtRest();
    void velocityAccelerationAndRateBelongToThePose();
    void accelerationHasNoJumps();
    void twiceIntegratedAccelerationLeadsToThePlace();
    void restingSensorReadsGravity();
    void everyActivityOccursAndTimesAreGapless();
    void stepRatesAreThoseOfThePerson();
    void jumpsAreWeightlessThenHard();
    void fallsEndLying();
    void turnsTurnAsFarAsTheySay();
    void stairsAndSeatsHaveTheirHeights();
    void nobodyWalksThroughThings();
    void seedsMakePeople();
    void biasAndNoiseAreThoseAskedFor();
};

void SimulatorMotionTest::smoothFunctionsHaveTheirDerivatives()
{
    const double h = 1e-5;
    const std::vector<std::function<Jet(double)>> functions{
        [](double t) { return smoothStep(t, 0.2, 0.7); }, [](double t) { return smoothRamp(t, 0.1, 1.3, 0.3); },
        [](double t) { return smoothBump(t, 0.1, 0.9); }, [](double t) { return smoothPush(t, 0.2, 0.6, 0.15); },
        [](double t) { return sin(Jet(t * t, 2 * t, 2)) * cos(Jet(3 * t, 3, 0)); }};
    for (const auto &f : functions) {
        for (double t = -0.05; t < 1.5; t += 0.013) {
            QVERIFY(std::abs((f(t + h).value - f(t - h).value) / (2 * h) - f(t).rate) < 1e-6);
            QVERIFY(std::abs((f(t + h).rate - f(t - h).rate) / (2 * h) - f(t).curve) < 1e-4);
        }
    }
    QCOMPARE(smoothRamp(2, 0.1, 1.3, 0.3).value, 1.0);
    // A push of 1 m/s² whose middle edges are 0.4 s apart gives 0.4 m/s.
    QVERIFY(std::abs(smoothPush(3, 0.2, 0.6, 0.15).rate - 0.4) < 1e-12);
}

void SimulatorMotionTest::manoeuvresEndAtRest()
{
    for (const double air : {0.34, 0.4, 0.46}) {
        const JumpProfile jump(air, kGravity);
        const Jet end = jump.height(jump.end() - 1e-9);
        QVERIFY(std::abs(end.value) < 1e-6 && std::abs(end.rate) < 1e-6 && std::abs(end.curve) < 1e-3);
        // A body that is up for T rises by g T² / 8 above where it left the ground, the edges of the push aside.
        double top = -1;
        for (double t = 0; t < jump.end(); t += 0.001)
            top = std::max(top, jump.height(t).value);
        const double rise = top - jump.height(jump.takeOff()).value;
        QVERIFY2(std::abs(rise - kGravity * air * air / 8) < 0.04, qPrintable(QString::number(rise)));
    }
    const FallProfile fall(1.4);
    const Jet end = fall.height(1);
    QVERIFY(std::abs(end.value + 1.4) < 1e-9 && end.rate == 0);
    QVERIFY(std::abs(fall.height(0.72999).rate) < 1e-3);
}

void SimulatorMotionTest::velocityAccelerationAndRateBelongToThePose()
{
    SimulatorOptions options = quietSensor();
    for (int subject = 0; subject < 2; ++subject) {
        const RecordingPlan plan = planRecording(options, subject, 0);
        const MotionModel &motion = *plan.motion;
        const double h = 2e-5;
        for (double t = 0.0037; t < motion.endSeconds(); t += 0.0571) {
            const Pose pose = motion.poseAt(t);
            const Pose before = motion.poseAt(t - h);
            const Pose after = motion.poseAt(t + h);
            const Vec3 velocity = (after.position - before.position) * (0.5 / h);
            const Vec3 acceleration = (after.velocity - before.velocity) * (0.5 / h);
            const Quaternion turned = quaternionOf(before.orientation.transposed() * after.orientation);
            const Vec3 rate = Vec3{turned.x, turned.y, turned.z} * (1 / h);
            QVERIFY2(norm(velocity - pose.velocity) < 1e-5, qPrintable(QString::number(t)));
            QVERIFY2(norm(acceleration - pose.acceleration) < 2e-3, qPrintable(QString::number(t)));
            QVERIFY2(norm(rate - pose.angularRate) < 1e-5, qPrintable(QString::number(t)));
            QVERIFY(std::abs(dot(pose.orientation.x, pose.orientation.y)) < 1e-12);
            QVERIFY(norm(cross(pose.orientation.x, pose.orientation.y) - pose.orientation.z) < 1e-12);
            QVERIFY(angleBetween(rotationOf(pose.quaternion), pose.orientation) < 1e-7);
        }
    }
}

void SimulatorMotionTest::accelerationHasNoJumps()
{
    // A jump would stay as large however short the step; of a continuous function a tenth remains.
    const RecordingPlan plan = planRecording(quietSensor(), 1, 0);
    const auto largestStep = [&](double around, double step) {
        double largest = 0;
        for (double t = around - 0.02; t < around + 0.02; t += step)
            largest = std::max(largest,
                               norm(plan.motion->poseAt(t + step).acceleration - plan.motion->poseAt(t).acceleration));
        return largest;
    };
    for (const Segment &segment : plan.motion->schedule().segments) {
        for (const double at : {segment.start, segment.end})
            QVERIFY2(largestStep(at, 1e-4) < 0.05, qPrintable(QString::number(at)));
        for (const Event &event : segment.events) {
            for (const double at : {event.start, event.end, event.start + 0.6}) {
                const double coarse = largestStep(at, 1e-3);
                QVERIFY2(largestStep(at, 1e-4) < 0.15 * coarse + 0.01, qPrintable(QString::number(at)));
            }
        }
    }
}

void SimulatorMotionTest::twiceIntegratedAccelerationLeadsToThePlace()
{
    // As a strapdown navigator does it: from the readings alone, with the pose at the start.
    const RecordingPlan plan = planRecording(quietSensor(), 0, 0);
    for (const double start : {5.0, 20.0, 41.0, 60.0}) {
        const double step = 1.0 / 2000;
        Pose pose = plan.motion->poseAt(start);
        Rotation orientation = pose.orientation;
        Vec3 velocity = pose.velocity;
        Vec3 position = pose.position;
        for (int i = 0; i < 4000; ++i) {
            const ImuReading reading = exactReading(plan.motion->poseAt(start + (i + 0.5) * step), plan.gravity);
            const Rotation halfway = orientation * rotationFromVector(reading.gyro * (0.5 * step));
            const Vec3 acceleration = halfway * reading.accel - Vec3{0, 0, plan.gravity};
            position = position + velocity * step + acceleration * (0.5 * step * step);
            velocity = velocity + acceleration * step;
            orientation = orientation * rotationFromVector(reading.gyro * step);
        }
        pose = plan.motion->poseAt(start + 2);
        QVERIFY2(norm(position - pose.position) < 1e-3, qPrintable(QString::number(norm(position - pose.position))));
        QVERIFY(angleBetween(orientation, pose.orientation) < 1e-4);
    }
}

void SimulatorMotionTest::restingSensorReadsGravity()
{
    const RecordingPlan plan = planRecording(quietSensor(), 0, 0);
    // Before the first clap the person only sways and breathes.
    for (double t = 0; t < 1; t += 0.01)
        QVERIFY2(std::abs(force(plan, t) - kGravity) < 0.12, qPrintable(QString::number(force(plan, t))));
    double mean = 0;
    for (int i = 0; i < 100; ++i)
        mean += force(plan, i * 0.01) / 100;
    QVERIFY2(std::abs(mean - kGravity) < 0.03, qPrintable(QString::number(mean, 'g', 8)));
    // Upright: y points down, so the force that carries the sensor is along −y.
    const ImuReading reading = exactReading(plan.motion->poseAt(0.5), plan.gravity);
    QVERIFY(reading.accel.y < -9);

    // Gravity is an option.
    SimulatorOptions moon = quietSensor();
    moon.gravity = 1.62;
    QVERIFY(std::abs(force(planRecording(moon, 0, 0), 0.5) - 1.62) < 0.1);
}

void SimulatorMotionTest::everyActivityOccursAndTimesAreGapless()
{
    for (int subject = 0; subject < 6; ++subject) {
        const RecordingPlan plan = planRecording(quietSensor(), subject, 0);
        const auto &segments = plan.motion->schedule().segments;
        std::set<SimulatedActivity> seen;
        double end = 0;
        for (const Segment &segment : segments) {
            QCOMPARE(segment.start, end);
            QVERIFY(segment.end > segment.start + 1);
            end = segment.end;
            double eventEnd = segment.start;
            for (const Event &event : segment.events) {
                QVERIFY(event.start >= eventEnd && event.end > event.start && event.end <= segment.end);
                eventEnd = event.end;
            }
            if (segment.activity)
                seen.insert(*segment.activity);
        }
        QCOMPARE(end, 90.0);
        QCOMPARE(seen.size(), std::size_t{9});
        QVERIFY(!segments.front().activity && !segments.back().activity);
        QVERIFY(plan.motion->schedule().claps[0] < segments.front().end);
        QVERIFY(plan.motion->schedule().claps[1] > segments.back().start);
    }
}

void SimulatorMotionTest::stepRatesAreThoseOfThePerson()
{
    for (int subject = 0; subject < 3; ++subject) {
        const RecordingPlan plan = planRecording(quietSensor(), subject, 0);
        const Gait &gait = plan.motion->gait();
        const std::vector<std::pair<SimulatedActivity, double>> rates{{SimulatedActivity::walk, gait.walkStepHz},
                                                                      {SimulatedActivity::run, gait.runStepHz},
                                                                      {SimulatedActivity::stairs, gait.stairStepHz}};
        for (const auto &[activity, hz] : rates) {
            const Segment &segment = *segmentsOf(plan, activity).front();
            const double found = strongestHz(plan, segment.start + 1, segment.end - 1);
            // The rate wanders by the person's variability, and a segment of some seconds resolves a tenth of a hertz.
            QVERIFY2(std::abs(found - hz) < 0.13 + gait.variability * hz,
                     qPrintable(QString("%1 Hz found, %2 meant").arg(found).arg(hz)));
        }
        QVERIFY(gait.walkStepHz > 1.6 && gait.walkStepHz < 2.1 && gait.runStepHz > 2.5 && gait.runStepHz < 3.0);
    }
}

void SimulatorMotionTest::jumpsAreWeightlessThenHard()
{
    const RecordingPlan plan = planRecording(quietSensor(), 0, 0);
    int jumps = 0;
    for (const Segment *segment : segmentsOf(plan, SimulatedActivity::jump)) {
        for (const Event &event : segment->events) {
            ++jumps;
            const double takeOff = event.start + 0.6;
            for (double t = takeOff + 0.05; t < takeOff + event.amount - 0.01; t += 0.01)
                QVERIFY2(force(plan, t) < 0.6, qPrintable(QString::number(force(plan, t))));
            double hardest = 0;
            for (double t = takeOff + event.amount; t < event.end; t += 0.001)
                hardest = std::max(hardest, force(plan, t));
            QVERIFY2(hardest > 2.5 * kGravity && hardest < 16 * kGravity, qPrintable(QString::number(hardest)));
        }
    }
    QVERIFY(jumps > 0);
}

void SimulatorMotionTest::fallsEndLying()
{
    for (int subject = 0; subject < 4; ++subject) {
        const RecordingPlan plan = planRecording(quietSensor(), subject, 0);
        for (const Segment *segment : segmentsOf(plan, SimulatedActivity::fall)) {
            const Event &fall = segment->events.front();
            double hardest = 0;
            for (double t = fall.start; t < fall.end; t += 0.001)
                hardest = std::max(hardest, force(plan, t));
            QVERIFY2(hardest > 4 * kGravity && hardest < 16 * kGravity, qPrintable(QString::number(hardest)));
            const Pose lying = plan.motion->poseAt(fall.end);
            const double tilt
                = std::acos(-lying.orientation.y.z) / kDegree; // of the device's upright against the world's
            QVERIFY2(tilt > 60 && tilt < 105, qPrintable(QString::number(tilt)));
            QVERIFY(lying.position.z < 0.45);
            const Pose upAgain = plan.motion->poseAt(segment->end);
            QVERIFY(upAgain.position.z > 1.3);
        }
    }
}

void SimulatorMotionTest::turnsTurnAsFarAsTheySay()
{
    const RecordingPlan plan = planRecording(quietSensor(), 2, 0);
    int turns = 0;
    for (const Segment *segment : segmentsOf(plan, SimulatedActivity::turn)) {
        for (const Event &event : segment->events) {
            ++turns;
            double turned = 0; // the rate about the world's vertical, integrated
            const double step = 1e-3;
            for (double t = event.start; t < event.end; t += step) {
                const Pose pose = plan.motion->poseAt(t + step / 2);
                turned += (pose.orientation * pose.angularRate).z * step;
            }
            QVERIFY2(std::abs(turned - event.amount) < 5 * kDegree, qPrintable(QString::number(turned / kDegree)));
            QVERIFY(std::abs(event.amount) >= 89 * kDegree && std::abs(event.amount) <= 180 * kDegree);
        }
    }
    QVERIFY(turns > 0);
}

void SimulatorMotionTest::stairsAndSeatsHaveTheirHeights()
{
    const RecordingPlan plan = planRecording(quietSensor(), 1, 0);
    const auto heightAt = [&](double t) { return plan.motion->poseAt(t).position.z; };
    for (const Segment *segment : segmentsOf(plan, SimulatedActivity::stairs)) {
        const Event &up = segment->events.front();
        const double rise = heightAt(up.end + 0.3) - heightAt(segment->start);
        QVERIFY2(std::abs(rise - up.steps * 0.17) < 0.1, qPrintable(QString::number(rise)));
        QVERIFY(std::abs(heightAt(segment->end) - heightAt(segment->start)) < 0.08);
    }
    for (const Segment *segment : segmentsOf(plan, SimulatedActivity::sit)) {
        const double seated = heightAt(segment->events.front().end + 0.2) - heightAt(segment->start);
        QVERIFY2(seated < -0.35 && seated > -0.55, qPrintable(QString::number(seated)));
    }
}

void SimulatorMotionTest::nobodyWalksThroughThings()
{
    SimulatorOptions options = quietSensor();
    options.minutes = 2;
    for (std::uint64_t seed = 1; seed <= 4; ++seed) {
        options.seed = seed;
        for (int subject = 0; subject < 4; ++subject) {
            const double clearance = planRecording(options, subject, 0).motion->path().clearance();
            QVERIFY2(clearance > 0,
                     qPrintable(QString("seed %1, subject %2: %3 m").arg(seed).arg(subject).arg(clearance)));
        }
    }
}

void SimulatorMotionTest::seedsMakePeople()
{
    const SimulatorOptions options = quietSensor();
    const RecordingPlan a = planRecording(options, 0, 0);
    const RecordingPlan again = planRecording(options, 0, 0);
    const RecordingPlan other = planRecording(options, 1, 0);
    const RecordingPlan laterSession = planRecording(options, 0, 1);
    QVERIFY(toJson(a) == toJson(again));
    QVERIFY(toJson(a.motion->gait()) != toJson(other.motion->gait()));
    QVERIFY(toJson(a.motion->gait()) == toJson(laterSession.motion->gait()));
    QVERIFY(toJson(a).at("activities") != toJson(laterSession).at("activities"));
}

void SimulatorMotionTest::biasAndNoiseAreThoseAskedFor()
{
    ImuFaults faults;
    faults.accelBias = {0.5, -0.25, 1};
    faults.accelSigma = 0.1;
    faults.gyroSigma = 0.02;
    faults.accelRange = 16 * kGravity;
    faults.gyroRange = 35;
    RandomStream noise(3);
    const int count = 20'000;
    Vec3 sum;
    Vec3 squares;
    for (int i = 0; i < count; ++i) {
        const Vec3 a = faultyReading({{1, 2, 3}, {0, 0, 0}}, faults, noise).accel - Vec3{1, 2, 3};
        sum = sum + a;
        squares = squares + Vec3{a.x * a.x, a.y * a.y, a.z * a.z};
    }
    // Five standard errors of the mean, 0.1 / sqrt(20000), and of the deviation.
    const Vec3 mean = sum * (1.0 / count);
    QVERIFY(norm(mean - faults.accelBias) < 0.005);
    QVERIFY(std::abs(std::sqrt(squares.x / count - mean.x * mean.x) - 0.1) < 0.003);
    faults.accelRange = 2;
    QCOMPARE(faultyReading({{90, -90, 0}, {}}, faults, noise).accel.y, -2.0);

    // A density of n over a band of rate / 2: 0.0015 * sqrt(100) at 200 Hz.
    QVERIFY(std::abs(drawImuFaults(SimulatorOptions{}, RandomStream(1)).accelSigma - 0.015) < 1e-12);
}

QTEST_GUILESS_MAIN(SimulatorMotionTest)
#include "simulator_motion_test.moc"
