#include "core/data/simulator/plan.h"

#include "core/base/error.h"
#include "core/data/simulator/scene.h"
#include "core/data/simulator/text.h"

#include <algorithm>
#include <array>
#include <string>

namespace kino::simulator {

namespace {

constexpr std::int64_t kTicksPerSecond = 90'000;
constexpr double kQuietBeforeClap = 1.2; // s
constexpr double kQuietAfterClap = 1.3;

Nanos nanosOfTicks(std::int64_t ticks) { return (ticks * 100'000 + 4) / 9; }

std::vector<SimulatedActivity> activitiesOf(const SimulatorOptions &options)
{
    return options.activities.empty() ? allSimulatedActivities() : options.activities;
}

void require(bool holds, const char *sentence)
{
    if (!holds)
        throw Error(sentence);
}

std::string twoDigits(int number) { return (number < 10 ? "0" : "") + std::to_string(number); }

/** Rounded up. */
std::string twoDecimals(double value)
{
    const long hundredths = std::lround(std::ceil(value * 100 - 1e-9));
    return std::to_string(hundredths / 100) + "." + twoDigits(static_cast<int>(hundredths % 100));
}

std::string_view eventName(EventKind kind)
{
    static constexpr std::array<std::string_view, 9> kNames{"look", "turn",   "sit-down", "stand-up", "jump",
                                                            "fall", "get-up", "climb",    "descend"};
    return kNames[static_cast<std::size_t>(kind)];
}

nlohmann::json toJson(Vec3 v) { return {v.x, v.y, v.z}; }

nlohmann::json toJson(const Event &event)
{
    nlohmann::json json{
        {"kind", eventName(event.kind)}, {"start_ns", fromSeconds(event.start)}, {"end_ns", fromSeconds(event.end)}};
    switch (event.kind) {
    case EventKind::look:
    case EventKind::turn: json["angle_rad"] = event.amount; break;
    case EventKind::jump: json["air_s"] = event.amount; break;
    case EventKind::fall:
    case EventKind::getUp: json["angle_rad"] = event.amount; break;
    case EventKind::climb:
    case EventKind::descend: json["steps"] = event.steps; [[fallthrough]];
    default: json["height_m"] = event.amount; break;
    }
    if (event.kind == EventKind::fall)
        json["side"] = event.side == FallSide::left ? "left" : event.side == FallSide::right ? "right" : "back";
    return json;
}

/** Short recordings hold some of all activities, others for each subject. */
void keepWhatFits(std::vector<SimulatedActivity> &activities, double seconds, RandomStream stream)
{
    if (shortestSchedule(activities) <= seconds)
        return;
    stream.shuffle(std::span(activities));
    std::vector<SimulatedActivity> kept;
    for (const SimulatedActivity activity : activities) {
        kept.push_back(activity);
        if (shortestSchedule(kept) > seconds)
            kept.pop_back();
    }
    activities = std::move(kept);
}

/** Frames whose time is within the sensor's record, at least one. */
void planFrames(RecordingPlan &plan)
{
    const double rate = plan.video->rateHz;
    const auto ticksOf = [rate](std::size_t frame) {
        return static_cast<std::int64_t>(std::llround(static_cast<double>(frame) * kTicksPerSecond / rate));
    };
    plan.frameLength = nanosOfTicks(ticksOf(1));
    for (std::size_t frame = 0;; ++frame) {
        const Nanos pts = nanosOfTicks(ticksOf(frame));
        if (frame > 0 && plan.videoClock.toRecording({pts + plan.frameLength}).ns > plan.lengthNs)
            return;
        plan.framePts.push_back(pts);
    }
}

/** A clap of each end, in the quiet before and after; with a video at the very time of a frame. */
void planClaps(RecordingPlan &plan)
{
    const Nanos quiet = fromSeconds(kQuietBeforeClap);
    if (!plan.video) {
        for (const Nanos time : {quiet, plan.lengthNs - quiet})
            plan.claps.push_back({{time}, {time}, 0});
        return;
    }
    const auto clapAt = [&](std::size_t frame) {
        plan.claps.push_back({plan.frameTime(frame), {plan.framePts[frame]}, frame});
    };
    const VideoTime first{std::max(quiet, plan.videoClock.toOwn({quiet}).ns)};
    const auto after = std::lower_bound(plan.framePts.begin(), plan.framePts.end(), first.ns);
    require(after != plan.framePts.end(),
            "The video does not meet the sensor's record for long enough: lessen the offset or ask for more minutes.");
    clapAt(static_cast<std::size_t>(after - plan.framePts.begin()));
    const Nanos lastPts
        = std::min(plan.framePts.back() + plan.frameLength, plan.videoClock.toOwn({plan.lengthNs}).ns) - quiet;
    const auto beyond = std::upper_bound(plan.framePts.begin(), plan.framePts.end(), lastPts);
    require(beyond != plan.framePts.begin(),
            "The video does not meet the sensor's record for long enough: lessen the offset or ask for more minutes.");
    clapAt(static_cast<std::size_t>(beyond - plan.framePts.begin()) - 1);
}

} // namespace

void checkOptions(const SimulatorOptions &o)
{
    // Written so that a NaN fails too.
    require(o.subjects >= 1 && o.subjects <= 999, "The number of subjects must be from 1 to 999.");
    require(o.firstSubject >= 1 && o.firstSubject + o.subjects <= 1000, "The number of the first subject must be from 1 on, that of the last up to 999.");
    require(o.recordingsPerSubject >= 1 && o.recordingsPerSubject <= 99,
            "The number of recordings of each subject must be from 1 to 99.");
    require(o.minutes > 0 && o.minutes <= 24 * 60, "The minutes of a recording must be above 0 and at most 1440.");
    require(o.rateHz >= 10 && o.rateHz <= 10'000, "The sensor's rate must be from 10 to 10000 Hz.");
    require(std::abs(o.offsetSeconds) <= 3600, "The video's offset must be within an hour.");
    require(std::abs(o.driftPpm) <= 10'000, "The video's drift must be within 10000 ppm.");
    require(o.gravity > 0.1 && o.gravity <= 50, "Gravity must be above 0.1 and at most 50 m/s².");
    for (const double size : {o.accelNoise, o.gyroNoise, o.accelBias, o.gyroBias})
        require(size >= 0 && size <= 100, "Noise and bias must be from 0 to 100.");
    require(o.accelRange > 0 && o.gyroRange > 0, "The ranges of accelerometer and gyroscope must be above 0.");
    if (!o.video)
        return;
    const auto goodSide = [](int side) { return side >= 32 && side <= 4096 && side % 2 == 0; };
    require(goodSide(o.video->width) && goodSide(o.video->height),
            "The video's width and height must be even, from 32 to 4096.");
    require(o.video->rateHz >= 5 && o.video->rateHz <= 240, "The video's rate must be from 5 to 240 frames a second.");
    require(o.video->fieldOfViewDegrees >= 20 && o.video->fieldOfViewDegrees <= 140,
            "The lens's opening angle must be from 20° to 140°.");
}

RecordingPlan planRecording(const SimulatorOptions &options, int subject, int recording)
{
    checkOptions(options);
    const RandomStream person = RandomStream(options.seed).split(static_cast<std::uint64_t>(subject));
    const RandomStream stream = person.split(1 + static_cast<std::uint64_t>(recording));

    RecordingPlan plan;
    plan.subject = "s" + twoDigits(subject + 1);
    plan.name = plan.subject + "_" + twoDigits(recording + 1);
    plan.rateHz = options.rateHz;
    plan.gravity = options.gravity;
    plan.lengthNs = fromSeconds(options.minutes * 60);
    plan.samples = static_cast<std::size_t>(std::floor(options.minutes * 60 * options.rateHz + 1e-9));
    plan.videoClock = {fromSeconds(options.offsetSeconds), options.driftPpm};
    plan.video = options.video;
    if (plan.video)
        planFrames(plan);
    planClaps(plan);

    const double from = toSeconds(plan.claps[0].recording.ns) + kQuietAfterClap;
    const double to = toSeconds(plan.claps[1].recording.ns) - kQuietAfterClap;
    std::vector<SimulatedActivity> activities = activitiesOf(options);
    if (options.activities.empty())
        keepWhatFits(activities, to - from, stream.split(3));
    const double needed
        = activities.empty() ? shortestSchedule({SimulatedActivity::stand}) : shortestSchedule(activities);
    if (to - from < needed) {
        const double seconds = std::ceil(needed + options.minutes * 60 - (to - from));
        throw Error((activities.empty() ? std::string("Any activity needs")
                                        : "The activities asked for (" + std::to_string(activities.size()) + ") need")
                    + " recordings of " + std::to_string(static_cast<long>(seconds)) + " seconds at least, "
                    + twoDecimals(seconds / 60) + " minutes: ask for that"
                    + (activities.empty() ? "." : " or for fewer activities."));
    }

    // Some orders leave no way that keeps clear of everything (turning back in front of stairs just walked): another
    // order is drawn then, and the clearest way kept.
    // Minutes and minutes in one square cannot all keep clear, so long ones are not drawn as often.
    const std::uint64_t orders = to - from < 240 ? 12 : 2;
    constexpr double kClear = 0.15; // m
    const Gait gait = drawGait(person.split(0));
    const Ground ground = squareGround();
    for (std::uint64_t order = 0; order < orders; ++order) {
        const RandomStream drawn = stream.split(0).split(order);
        Schedule schedule;
        schedule.segments.push_back({std::nullopt, 0, from, {}});
        for (Segment &segment : drawSegments(activities, from, to, gait, drawn.split(0)))
            schedule.segments.push_back(std::move(segment));
        schedule.segments.push_back({std::nullopt, to, toSeconds(plan.lengthNs), {}});
        for (const ClapTimes &clap : plan.claps)
            schedule.claps.push_back(toSeconds(clap.recording.ns));
        auto motion = std::make_unique<const MotionModel>(
            gait, std::move(schedule), ground, MotionSettings{options.rateHz, options.gravity}, drawn.split(1));
        const double clearance = motion->path().clearance();
        if (!plan.motion || clearance > plan.motion->path().clearance())
            plan.motion = std::move(motion);
        if (clearance > kClear)
            break;
    }
    plan.faults = drawImuFaults(options, stream.split(1));
    plan.stream = stream.split(2);
    return plan;
}

double RecordingPlan::flash(std::size_t frame) const
{
    // Bright at once, then gone in three frames of 1/30 s.
    for (const ClapTimes &clap : claps) {
        const double since = toSeconds(framePts[frame] - clap.video.ns) * 30;
        if (since >= 0 && since < 3)
            return std::array{0.9, 0.35, 0.1}[static_cast<std::size_t>(since)];
    }
    return 0;
}

nlohmann::json toJson(const SimulatorOptions &o)
{
    nlohmann::json activities = nlohmann::json::array();
    for (const SimulatedActivity activity : activitiesOf(o))
        activities.push_back(simulatedActivityName(activity));
    nlohmann::json video;
    if (o.video)
        video = {{"width", o.video->width},
                 {"height", o.video->height},
                 {"rate_hz", o.video->rateHz},
                 {"field_of_view_degrees", o.video->fieldOfViewDegrees}};
    return {{"subjects", o.subjects},
            {"recordings_per_subject", o.recordingsPerSubject},
            {"minutes", o.minutes},
            {"seed", o.seed},
            {"rate_hz", o.rateHz},
            {"video", video},
            {"offset_s", o.offsetSeconds},
            {"drift_ppm", o.driftPpm},
            {"activities", activities},
            {"gravity_m_s2", o.gravity},
            {"accel_noise_m_s2_per_sqrt_hz", o.accelNoise},
            {"gyro_noise_rad_s_per_sqrt_hz", o.gyroNoise},
            {"accel_bias_m_s2", o.accelBias},
            {"gyro_bias_rad_s", o.gyroBias},
            {"accel_range_m_s2", o.accelRange},
            {"gyro_range_rad_s", o.gyroRange}};
}

nlohmann::json toJson(const RecordingPlan &plan)
{
    const Schedule &schedule = plan.motion->schedule();
    nlohmann::json activities = nlohmann::json::array();
    for (const Annotation &annotation : activityTier(schedule).annotations)
        activities.push_back(
            {{"label", annotation.label}, {"start_ns", annotation.start.ns}, {"end_ns", annotation.end.ns}});
    nlohmann::json events = nlohmann::json::array();
    for (const Segment &segment : schedule.segments)
        for (const Event &event : segment.events)
            events.push_back(toJson(event));
    nlohmann::json claps = nlohmann::json::array();
    for (const ClapTimes &clap : plan.claps) {
        nlohmann::json json{{"recording_ns", clap.recording.ns}};
        if (plan.video) {
            json["video_ns"] = clap.video.ns;
            json["frame"] = clap.frame;
        }
        claps.push_back(json);
    }
    nlohmann::json video;
    if (plan.video) {
        const Lens lens = lensOf(*plan.video);
        video = {{"frames", plan.framePts.size()},
                 {"width", plan.video->width},
                 {"height", plan.video->height},
                 {"rate_hz", plan.video->rateHz},
                 {"focal_px", lens.focal},
                 {"centre_px", {lens.cx, lens.cy}},
                 {"offset_ns", plan.videoClock.offsetNs},
                 {"drift_ppm", plan.videoClock.driftPpm}};
    }
    nlohmann::json stairs = nlohmann::json::array();
    for (const Staircase &s : plan.motion->path().staircases())
        stairs.push_back({{"x_m", s.x}, {"y_m", s.y}, {"heading_rad", s.heading}, {"steps", s.steps}});
    return {{"name", plan.name},
            {"subject", plan.subject},
            {"samples", plan.samples},
            {"rate_hz", plan.rateHz},
            {"length_ns", plan.lengthNs},
            {"video", video},
            {"claps", claps},
            {"clap_shock_sigma_s", plan.motion->shockSigma()},
            {"activities", activities},
            {"events", events},
            {"staircases", stairs},
            {"path_clearance_m", plan.motion->path().clearance()},
            {"gait", toJson(plan.motion->gait())},
            {"imu",
             {{"gravity_m_s2", plan.gravity},
              {"accel_bias_m_s2", toJson(plan.faults.accelBias)},
              {"gyro_bias_rad_s", toJson(plan.faults.gyroBias)},
              {"accel_sigma_m_s2", plan.faults.accelSigma},
              {"gyro_sigma_rad_s", plan.faults.gyroSigma},
              {"accel_range_m_s2", plan.faults.accelRange},
              {"gyro_range_rad_s", plan.faults.gyroRange}}}};
}

} // namespace kino::simulator
