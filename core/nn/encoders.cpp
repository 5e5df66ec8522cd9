#include "core/nn/encoders.h"

#include "core/nn/attention_pooled.h"
#include "core/nn/har_cnn.h"
#include "core/nn/patch_encoders.h"
#include "core/nn/resnet.h"
#include "core/nn/stacked_rnn.h"
#include "core/nn/time_distributed.h"

#include <ATen/record_function.h>

#include <string_view>

namespace kino {
namespace {

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

std::shared_ptr<Encoder> makeEncoder(const std::string &name, const nlohmann::json &options)
{
    const EncoderInfo &info = encoderInfo(name);
    requireNoProblems(encoderOptionProblems(info, options));
    const nlohmann::json all = completeOptions(info.options, options);
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
        return std::make_shared<HarCnnEncoder>(HarCnnOptions{number("channels"), all.at("dropout").get<double>()});
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
