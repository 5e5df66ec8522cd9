#include "core/nn/encoder_infos.h"

#include "core/base/error.h"

#include <algorithm>

namespace kino {
namespace {

NamedOption widthOption() { return {"width", 512, {}, 1, 8192, true, "Length of the embedding."}; }

NamedOption normalisationOption()
{
    return {"normalisation", "group", {"group", "instance", "layer"}, 0, 0, false, "Statistics over groups of channels (reference), over each channel, or over all."};
}

NamedOption imageNormalisationOption()
{
    return {"normalisation", "batch", {"batch", "split-batch", "group"}, 0, 0, false, "Statistics of the batch (torchvision), of eighths of it, or of 32 groups of channels."};
}

NamedOption patchOption() { return {"patch", 1, {}, 1, 100'000, true, "Samples of a patch."}; }

} // namespace

const std::vector<EncoderInfo> &encoderInfos()
{
    static const std::vector<EncoderInfo> infos = {
        {"mw2", "MW2StackRNNPooling", "IMU2CLIP (Moon et al. 2023), reference implementation", {widthOption(), normalisationOption()}},
        {"primus", "PRIMUS encoder, with heads ssl and mmcl", "PRIMUS (Das et al. 2025), reference implementation", {widthOption(), normalisationOption()}},
        {"attention-pooled", "AttentionPooledIMUEncoder", "IMU2CLIP, reference implementation", {widthOption(), normalisationOption()}},
        {"time-distributed", "TimeDistributedIMUEncoder", "IMU2CLIP, reference implementation", {widthOption()}},
        {"patch-transformer", "PatchTransformer", "IMU2CLIP, reference implementation", {widthOption(), patchOption()}},
        {"patch-rnn", "PatchRNN", "IMU2CLIP, reference implementation", {{"width", 512, {}, 2, 8192, true, "Length of the embedding; even."}, patchOption()}},
        {"har-cnn",
         "Convolutional trunk of multi-task self-supervision",
         "Saeed, Ozcelebi and Lukkien 2019, by SelfHAR's implementation",
         {{"channels", 3, {}, 1, 64, true, "Channels of a window: 3 for an accelerometer alone (reference), 6 with a gyroscope."},
          {"dropout", 0.1, {}, 0, 0.9, false, "Share of activations that are left out after each convolution while it learns."}}},
        {"resnet18", "ResNet-18 for spectrogram images", "He et al. 2016, torchvision's names", {imageNormalisationOption()}},
        {"resnet34", "ResNet-34 for spectrogram images", "He et al. 2016, torchvision's names", {imageNormalisationOption()}},
        {"resnet50", "ResNet-50 for spectrogram images", "He et al. 2016, torchvision's names", {imageNormalisationOption()}},
    };
    return infos;
}

const EncoderInfo &encoderInfo(const std::string &name)
{
    const auto found = std::ranges::find(encoderInfos(), name, &EncoderInfo::name);
    if (found != encoderInfos().end())
        return *found;
    std::vector<std::string> known;
    for (const EncoderInfo &each : encoderInfos())
        known.push_back(each.name);
    throw Error("There is no encoder \"" + name + "\"; there are " + listOfWords(known) + ".");
}

std::vector<std::string> encoderOptionProblems(const EncoderInfo &info, const nlohmann::json &options)
{
    std::vector<std::string> problems = optionProblems("the encoder " + info.name, info.options, options);
    if (problems.empty() && info.name == "patch-rnn" && completeOptions(info.options, options).at("width").get<std::int64_t>() % 2 != 0)
        problems.emplace_back("\"width\" of patch-rnn is even: half of it looks forward and half backward.");
    return problems;
}

EncoderInput encoderInput(const EncoderInfo &info, const nlohmann::json &options)
{
    const nlohmann::json all = completeOptions(info.options, options);
    if (info.name == "mw2")
        return kMw2Input;
    if (info.name == "primus")
        return kPrimusInput;
    if (info.name == "attention-pooled")
        return kAttentionPooledInput;
    if (info.name == "time-distributed")
        return kTimeDistributedInput;
    if (info.name == "patch-transformer" || info.name == "patch-rnn")
        return patchInput(all.at("patch").get<std::int64_t>());
    if (info.name == "har-cnn")
        return harCnnInput(all.at("channels").get<std::int64_t>());
    return kResNetInput;
}

} // namespace kino
