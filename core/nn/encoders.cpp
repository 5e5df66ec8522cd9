#include "core/nn/encoders.h"

#include "core/base/error.h"
#include "core/nn/attention_pooled.h"
#include "core/nn/har_cnn.h"
#include "core/nn/patch_encoders.h"
#include "core/nn/resnet.h"
#include "core/nn/stacked_rnn.h"
#include "core/nn/time_distributed.h"

#include <ATen/record_function.h>

#include <algorithm>
#include <string_view>

namespace kino {
namespace {

EncoderOption widthOption() { return {"width", 512, {}, 1, 8192, "Length of the embedding."}; }

EncoderOption normalisationOption()
{
    return {"normalisation", "group", {"group", "instance", "layer"}, 0, 0, "Statistics over groups of channels (reference), over each channel, or over all."};
}

EncoderOption imageNormalisationOption()
{
    return {"normalisation", "batch", {"batch", "split-batch", "group"}, 0, 0, "Statistics of the batch (torchvision), of eighths of it, or of 32 groups of channels."};
}

EncoderOption patchOption() { return {"patch", 1, {}, 1, 100'000, "Samples of a patch."}; }

/** The options with what is not given filled in. */
nlohmann::json complete(const EncoderInfo &info, const nlohmann::json &options)
{
    nlohmann::json all = nlohmann::json::object();
    for (const EncoderOption &option : info.options)
        all[option.name] = options.contains(option.name) ? options.at(option.name) : option.usual;
    return all;
}

std::shared_ptr<Encoder> makeResNet(ResNetDepth depth, const nlohmann::json &options)
{
    return std::make_shared<ResNetEncoder>(ResNetOptions{depth, imageNormalisationFromName(options.at("normalisation"))});
}

/** How many products are added up for each number that an operator gives; 0 for operators that multiply no matrices. */
struct Summands : at::ObserverContext {
    explicit Summands(std::int64_t number) : count(number) {}
    std::int64_t count;
};

std::unique_ptr<at::ObserverContext> summandsOf(const at::RecordFunction &call)
{
    const std::string_view name = call.name();
    const auto inputs = call.inputs();
    if (name == "aten::convolution") {
        const torch::Tensor weight = inputs[1].toTensor();
        return std::make_unique<Summands>(weight.numel() / weight.size(0));
    }
    if (name == "aten::mm" || name == "aten::bmm")
        return std::make_unique<Summands>(inputs[0].toTensor().size(-1));
    if (name == "aten::addmm" || name == "aten::baddbmm")
        return std::make_unique<Summands>(inputs[1].toTensor().size(-1));
    return nullptr;
}

thread_local std::int64_t *countingInto = nullptr;

} // namespace

const std::vector<EncoderInfo> &encoderInfos()
{
    static const std::vector<EncoderInfo> infos = {
        {"mw2", "MW2StackRNNPooling", "IMU2CLIP (Moon et al. 2023), reference implementation", {widthOption(), normalisationOption()}},
        {"primus", "PRIMUS encoder, with heads ssl and mmcl", "PRIMUS (Das et al. 2025), reference implementation", {widthOption(), normalisationOption()}},
        {"attention-pooled", "AttentionPooledIMUEncoder", "IMU2CLIP, reference implementation", {widthOption(), normalisationOption()}},
        {"time-distributed", "TimeDistributedIMUEncoder", "IMU2CLIP, reference implementation", {widthOption()}},
        {"patch-transformer", "PatchTransformer", "IMU2CLIP, reference implementation", {widthOption(), patchOption()}},
        {"patch-rnn", "PatchRNN", "IMU2CLIP, reference implementation", {{"width", 512, {}, 2, 8192, "Length of the embedding; even."}, patchOption()}},
        {"har-cnn",
         "Convolutional trunk of multi-task self-supervision",
         "Saeed, Ozcelebi and Lukkien 2019, by SelfHAR's implementation",
         {{"channels", 3, {}, 1, 64, "Channels of a window: 3 for an accelerometer alone (reference), 6 with a gyroscope."}}},
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
    std::string known;
    for (const EncoderInfo &each : encoderInfos())
        known += (known.empty() ? "" : ", ") + each.name;
    throw Error("There is no encoder \"" + name + "\"; there are " + known + ".");
}

std::vector<std::string> encoderOptionProblems(const EncoderInfo &info, const nlohmann::json &options)
{
    if (!options.is_object())
        return {"The options of an encoder are an object, such as {\"width\": 512}."};
    std::vector<std::string> problems;
    for (const auto &[key, value] : options.items()) {
        const auto option = std::ranges::find(info.options, key, &EncoderOption::name);
        if (option == info.options.end()) {
            std::string known;
            for (const EncoderOption &each : info.options)
                known += (known.empty() ? "" : ", ") + each.name;
            problems.push_back("The encoder " + info.name + " has no option \"" + key + "\"; it has " + known + ".");
        } else if (!option->allowed.empty()) {
            const bool isAllowed = value.is_string() && std::ranges::find(option->allowed, value.get<std::string>()) != option->allowed.end();
            std::string allowed;
            for (const std::string &each : option->allowed)
                allowed += (allowed.empty() ? "" : ", ") + each;
            if (!isAllowed)
                problems.push_back("\"" + key + "\" of " + info.name + " is one of " + allowed + ", not " + value.dump() + ".");
        } else {
            const bool isAllowed = value.is_number_integer() && value.get<std::int64_t>() >= option->least && value.get<std::int64_t>() <= option->most;
            if (!isAllowed)
                problems.push_back("\"" + key + "\" of " + info.name + " is a whole number from " + std::to_string(option->least) + " to "
                                   + std::to_string(option->most) + ", not " + value.dump() + ".");
        }
    }
    if (problems.empty() && info.name == "patch-rnn" && complete(info, options).at("width").get<std::int64_t>() % 2 != 0)
        problems.push_back("\"width\" of patch-rnn is even: half of it looks forward and half backward.");
    return problems;
}

std::shared_ptr<Encoder> makeEncoder(const std::string &name, const nlohmann::json &options)
{
    const EncoderInfo &info = encoderInfo(name);
    const std::vector<std::string> problems = encoderOptionProblems(info, options);
    if (!problems.empty()) {
        std::string all;
        for (const std::string &problem : problems)
            all += (all.empty() ? "" : " ") + problem;
        throw Error(all);
    }
    const nlohmann::json all = complete(info, options);
    const auto number = [&all](const char *key) { return all.at(key).get<std::int64_t>(); };
    const auto norm = [&all] { return normalisationFromName(all.at("normalisation")); };
    if (name == "mw2")
        return std::make_shared<Mw2Encoder>(StackedRnnOptions{number("width"), norm()});
    if (name == "primus")
        return std::make_shared<PrimusEncoder>(StackedRnnOptions{number("width"), norm()});
    if (name == "attention-pooled")
        return std::make_shared<AttentionPooledEncoder>(AttentionPooledOptions{number("width"), norm()});
    if (name == "time-distributed")
        return std::make_shared<TimeDistributedEncoder>(TimeDistributedOptions{number("width")});
    if (name == "patch-transformer")
        return std::make_shared<PatchTransformerEncoder>(PatchTransformerOptions{number("width"), number("patch")});
    if (name == "patch-rnn")
        return std::make_shared<PatchRnnEncoder>(PatchRnnOptions{number("width"), number("patch")});
    if (name == "har-cnn")
        return std::make_shared<HarCnnEncoder>(HarCnnOptions{number("channels")});
    return makeResNet(name == "resnet18" ? ResNetDepth::eighteen : name == "resnet34" ? ResNetDepth::thirtyFour : ResNetDepth::fifty, all);
}

std::int64_t countMultiplyAccumulates(Encoder &encoder)
{
    const EncoderInput &input = encoder.input();
    const torch::Tensor window = input.height > 0 ? torch::zeros({1, input.channels, input.height, input.usualLength})
                                                  : torch::zeros({1, input.channels, input.usualLength});
    const torch::NoGradGuard noGradients;
    const bool wasTraining = encoder.is_training();
    encoder.eval();
    std::int64_t count = 0;
    countingInto = &count;
    const auto handle = at::addThreadLocalCallback(at::RecordFunctionCallback(summandsOf,
                                                                              [](const at::RecordFunction &call, at::ObserverContext *context) {
                                                                                  if (context && countingInto)
                                                                                      *countingInto += call.outputs().at(0).toTensor().numel() * static_cast<Summands *>(context)->count;
                                                                              })
                                                       .needsInputs(true)
                                                       .needsOutputs(true)
                                                       .scopes({at::RecordScope::FUNCTION}));
    encoder.embed(window);
    at::removeCallback(handle);
    countingInto = nullptr;
    encoder.train(wasTraining);
    return count;
}

} // namespace kino
