#include "core/base/error.h"
#include "core/data/windows/window_spec.h"

namespace kino {
namespace {

using OrderedJson = nlohmann::ordered_json;

const char *policyName(LabelPolicy policy)
{
    switch (policy) {
    case LabelPolicy::none: return "none";
    case LabelPolicy::majority: return "majority";
    case LabelPolicy::full: return "full";
    case LabelPolicy::centre: return "centre";
    case LabelPolicy::annotation: return "annotation";
    }
    return "";
}

const char *anchorName(AnnotationAnchor anchor)
{
    return anchor == AnnotationAnchor::start ? "start" : anchor == AnnotationAnchor::end ? "end" : "centre";
}

OrderedJson windowJson(const WindowRule &rule)
{
    OrderedJson window;
    window["seconds"] = rule.seconds;
    window["stride_seconds"] = rule.strideSeconds;
    window["origin"] = rule.origin == WindowOrigin::video ? "video" : "channels";
    if (rule.placement == WindowPlacement::around) {
        OrderedJson &around = window["around"];
        if (!rule.tier.empty())
            around["tier"] = rule.tier;
        around["anchor"] = anchorName(rule.around.anchor);
        around["border"] = rule.around.border == BorderRule::inside ? "inside" : "drop";
        around["border_margin_seconds"] = rule.around.borderMarginSeconds;
        around["whole_seconds"] = rule.around.wholeSeconds;
    }
    OrderedJson &label = window["label"];
    if (!rule.tier.empty())
        label["tier"] = rule.tier;
    label["policy"] = policyName(rule.policy);
    label["minimum"] = rule.minimumShare;
    label["unlabelled"] = rule.unlabelled == UnlabelledWindows::keep ? "keep" : "drop";
    return window;
}

OrderedJson splitJson(const SplitRule &rule)
{
    OrderedJson split;
    if (rule.by == SplitBy::file) {
        split["file"] = rule.file;
        return split;
    }
    split["by"] = rule.by == SplitBy::recording ? "recording" : "subject";
    if (!rule.validation.empty())
        split["validation"] = rule.validation;
    if (!rule.test.empty())
        split["test"] = rule.test;
    if (rule.folds != 0) {
        split["folds"] = rule.folds == kFoldPerSubject ? OrderedJson("subjects") : OrderedJson(rule.folds);
        split["fold"] = rule.fold;
    }
    if (rule.fractions != std::array<double, 3>{})
        split["fractions"] = rule.fractions;
    return split;
}

} // namespace

OrderedJson windowSpecJson(const WindowSpec &spec)
{
    const WindowRule &rule = spec.rule;
    if (rule.placement == WindowPlacement::fixed || !rule.fixed.empty() || !rule.excluded.empty())
        throw Error("windows that are given by a list have no place in a specification");
    OrderedJson data;
    data["source"] = "recordings";
    data["recordings"] = spec.recordings;
    if (!spec.profile.empty())
        data["profile"] = spec.profile;
    if (!rule.devices.empty())
        data["devices"] = rule.devices;
    if (rule.joined)
        data["joined"] = true;
    data["channels"] = OrderedJson::array();
    for (const StreamKind kind : rule.channels)
        data["channels"].push_back(streamKindName(kind));
    data["rate_hz"] = rule.rateHz;
    data["window"] = windowJson(rule);
    if (!rule.labels.empty()) {
        OrderedJson &labels = data["labels"];
        for (const auto &[label, name] : rule.labels)
            labels[label] = name ? OrderedJson(*name) : OrderedJson(nullptr);
    }
    if (spec.split.by != SplitBy::none)
        data["split"] = splitJson(spec.split);
    return {{"kinoscope", 1}, {"kind", "train"}, {"seed", spec.seed}, {"data", std::move(data)}};
}

} // namespace kino
