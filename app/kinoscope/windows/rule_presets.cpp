#include "app/kinoscope/windows/rule_presets.h"

#include <QCoreApplication>

namespace kino {
namespace {

QString tr(const char *text) { return QCoreApplication::translate("RulePresets", text); }

WindowRule withoutText(double rateHz)
{
    WindowRule rule;
    rule.seconds = 5;
    rule.strideSeconds = 5;
    rule.rateHz = rateHz;
    rule.policy = LabelPolicy::none;
    return rule;
}

WindowRule withText(double rateHz)
{
    WindowRule rule = withoutText(rateHz);
    rule.placement = WindowPlacement::around;
    rule.origin = WindowOrigin::video;
    rule.around = {AnnotationAnchor::start, BorderRule::inside, 5, true};
    rule.policy = LabelPolicy::annotation;
    return rule;
}

WindowRule simclr()
{
    WindowRule rule;
    rule.channels = {StreamKind::accelerometer};
    rule.seconds = 8;
    rule.strideSeconds = 4;
    rule.rateHz = 50;
    return rule;
}

} // namespace

std::vector<RulePreset> rulePresets()
{
    return {
        {tr("Labelled activities"), tr("2.5 s, half overlapping, at 50 Hz; a label that covers at least half"), {}},
        {tr("SimCLR for HAR"), tr("Tang et al. 2020: 400 samples every 200 at 50 Hz, accelerometer only"), simclr()},
        {tr("PRIMUS, without text"), tr("Das et al., ICASSP 2025: 5 s side by side at 50 Hz, no labels"), withoutText(50)},
        {tr("PRIMUS, narrations"), tr("Das et al., ICASSP 2025: 5 s about each narration at 50 Hz, whole seconds of the video's time, moved inside at its ends"), withText(50)},
        {tr("IMU2CLIP, without text"), tr("Moon et al., EMNLP Findings 2023: 5 s side by side at 200 Hz, no labels"), withoutText(200)},
        {tr("IMU2CLIP, narrations"), tr("Moon et al., EMNLP Findings 2023: 5 s about each narration at 200 Hz, whole seconds of the video's time, moved inside at its ends"), withText(200)},
    };
}

WindowRule appliedPreset(const RulePreset &preset, const WindowRule &rule)
{
    WindowRule applied = preset.rule;
    applied.devices = rule.devices;
    applied.joined = rule.joined;
    applied.tier = rule.tier;
    applied.labels = rule.labels;
    return applied;
}

} // namespace kino
