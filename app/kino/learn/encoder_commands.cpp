#include "app/kino/learn/array_file.h"
#include "app/kino/learn/learn_command.h"
#include "app/kino/option_checks.h"
#include "core/base/error.h"
#include "core/base/npy.h"
#include "core/nn/encoders.h"
#include "core/nn/weights.h"

namespace kino::cli {
namespace {

constexpr std::int64_t kWindowsAtOnce = 64;

struct Options {
    std::string file, encoder, prefix, in, out;
    std::string head = "embedding";
    std::vector<std::string> settings;
    bool isDouble = false;
};

int listEncoders(const Context &context)
{
    nlohmann::ordered_json list = nlohmann::ordered_json::array();
    std::vector<std::vector<std::string>> rows{{"name", "input", "lengths", "output", "parameters", "multiply-adds"}};
    for (const EncoderInfo &info : encoderInfos()) {
        const std::shared_ptr<Encoder> encoder = makeEncoder(info.name);
        const EncoderInput &input = encoder->input();
        const bool isPicture = input.height > 0;
        const bool hasMost = input.mostLength != std::numeric_limits<std::int64_t>::max();
        const std::int64_t parameters = countParameters(*encoder);
        const std::int64_t operations = countMultiplyAccumulates(*encoder);
        const nlohmann::ordered_json shape = isPicture ? nlohmann::ordered_json{input.channels, input.height, input.usualLength}
                                                       : nlohmann::ordered_json{input.channels, input.usualLength};
        list.push_back({{"name", info.name},
                        {"title", info.title},
                        {"source", info.source},
                        {"input", shape},
                        {"input_min", input.leastLength},
                        {"input_max", hasMost ? nlohmann::ordered_json(input.mostLength) : nlohmann::ordered_json()},
                        {"output", encoder->width()},
                        {"heads", encoder->heads()},
                        {"taps", encoder->tapNames()},
                        {"parameters", parameters},
                        {"macs", operations},
                        {"options", optionsJson(info.options)}});
        rows.push_back({info.name, shape.dump(), std::to_string(input.leastLength) + (hasMost ? " to " + std::to_string(input.mostLength) : " and more"),
                        std::to_string(encoder->width()), std::to_string(parameters), std::to_string(operations)});
    }
    if (context.json)
        printJson({{"encoders", std::move(list)}});
    else
        printText(table(rows));
    return kDone;
}

int showWeights(const Context &context, const Options &options)
{
    const WeightsFile file = readWeights(options.file);
    nlohmann::ordered_json tensors = nlohmann::ordered_json::array();
    std::vector<std::vector<std::string>> rows;
    for (const auto &[name, tensor] : file.tensors) {
        const std::string type = torch::toString(tensor.scalar_type());
        tensors.push_back({{"name", name}, {"dtype", type}, {"shape", tensor.sizes().vec()}});
        rows.push_back({name, type, nlohmann::json(tensor.sizes().vec()).dump()});
    }
    nlohmann::ordered_json document{{"format", file.format}, {"tensors", std::move(tensors)}};
    if (!file.metadata.empty())
        document["metadata"] = file.metadata;
    std::string text = table(rows);
    if (!options.encoder.empty()) {
        const std::shared_ptr<Encoder> encoder = makeEncoder(options.encoder, optionsFrom(options.settings));
        const std::string prefix = options.prefix.empty() ? findPrefix(file.tensors, *encoder) : options.prefix;
        const WeightsMatch match = matchWeights(file.tensors, *encoder, prefix);
        nlohmann::ordered_json wrong = nlohmann::ordered_json::array();
        for (const WrongShape &each : match.wrongShape)
            wrong.push_back({{"name", each.name}, {"found", each.found}, {"wanted", each.wanted}});
        document["encoder"] = options.encoder;
        document["prefix"] = prefix;
        document["matched"] = match.matched;
        document["missing"] = match.missing;
        document["unexpected"] = match.unexpected;
        document["wrong_shape"] = std::move(wrong);
        text += "\n" + options.encoder + (prefix.empty() ? "" : " under " + prefix) + ": " + std::to_string(match.matched.size()) + " matched, "
                + std::to_string(match.missing.size()) + " missing, " + std::to_string(match.unexpected.size()) + " unexpected, "
                + std::to_string(match.wrongShape.size()) + " of another shape\n";
        for (const std::string &name : match.missing)
            text += "  missing      " + name + "\n";
        for (const std::string &name : match.unexpected)
            text += "  unexpected   " + name + "\n";
        for (const WrongShape &each : match.wrongShape)
            text += "  wrong shape  " + each.name + " " + nlohmann::json(each.found).dump() + ", not " + nlohmann::json(each.wanted).dump() + "\n";
    }
    if (context.json)
        printJson(document);
    else
        printText(text);
    return kDone;
}

int encodeWindows(const Context &context, const Options &options)
{
    const torch::ScalarType type = options.isDouble ? torch::kFloat64 : torch::kFloat32;
    const std::shared_ptr<Encoder> encoder = makeEncoder(options.encoder, optionsFrom(options.settings));
    const WeightsFile weights = readWeights(options.file);
    loadWeights(weights.tensors, *encoder, options.prefix.empty() ? findPrefix(weights.tensors, *encoder) : options.prefix);
    encoder->to(type);
    encoder->eval();
    const torch::Tensor windows = readArray(options.in, type);
    const torch::NoGradGuard noGradients;
    std::vector<torch::Tensor> parts;
    ProgressBar bar(context);
    const Progress progress = bar.progress();
    if (windows.dim() == 0 || windows.size(0) == 0)
        throw Error(options.in, "holds no windows.");
    for (std::int64_t first = 0; first < windows.size(0); first += kWindowsAtOnce) {
        context.cancel.throwIfCancelled();
        const torch::Tensor batch = windows.slice(0, first, std::min(first + kWindowsAtOnce, windows.size(0)));
        parts.push_back(encoder->head(options.head, encoder->embed(batch)));
        progress(static_cast<double>(first) / static_cast<double>(windows.size(0)), "encoding");
    }
    const torch::Tensor embeddings = torch::cat(parts).contiguous();
    const auto count = static_cast<std::size_t>(embeddings.numel());
    if (options.isDouble)
        writeNpy<double>(options.out, {embeddings.const_data_ptr<double>(), count}, embeddings.sizes().vec());
    else
        writeNpy<float>(options.out, {embeddings.const_data_ptr<float>(), count}, embeddings.sizes().vec());
    if (context.json)
        printJson({{"windows", embeddings.size(0)}, {"width", embeddings.size(1)}, {"out", options.out}});
    else
        say(context, options.out + ": " + std::to_string(embeddings.size(0)) + " embeddings of " + std::to_string(embeddings.size(1)));
    return kDone;
}

void addEncoderOptions(CLI::App *command, Options &options, bool isRequired)
{
    CLI::Option *encoder = command->add_option("--encoder", options.encoder, "An encoder by its name; `kino encoders` lists them")->check(notEmpty());
    if (isRequired)
        encoder->required();
    command->add_option("--set", options.settings, "option=JSON of the encoder, as often as wanted")->take_all();
    command->add_option("--prefix", options.prefix, "What stands in front of the names in the file; found where it is not given");
}

} // namespace

void addEncoderCommands(Program &program)
{
    CLI::App *list = program.addCommand("encoders", "List the encoders, what they take and give", "kino encoders --json");
    program.onRun(list, [&context = program.context] { return listEncoders(context); });

    CLI::App *weights = program.addCommand("weights", "Show what a file of weights holds, and whether it fits an encoder", "kino weights best_model.ckpt --encoder primus");
    auto shown = std::make_shared<Options>();
    weights->add_option("FILE", shown->file, "safetensors, or what torch.save wrote (.pt, .pth, .ckpt)")->required()->check(notEmpty());
    addEncoderOptions(weights, *shown, false);
    program.onRun(weights, [&context = program.context, shown] { return showWeights(context, *shown); });

    CLI::App *encode = program.addCommand("encode", "Embed windows from a NumPy file", "kino encode --encoder mw2 --weights mw2.safetensors --in windows.npy --out embeddings.npy");
    auto encoded = std::make_shared<Options>();
    addEncoderOptions(encode, *encoded, true);
    encode->add_option("--weights", encoded->file, "safetensors, or what torch.save wrote")->required()->check(notEmpty());
    encode->add_option("--in", encoded->in, "Windows, [N, C, T] or [N, 3, H, W]")->required()->check(notEmpty());
    encode->add_option("--out", encoded->out, "Where the embeddings go, [N, D]")->required()->check(fileEndingIn({".npy"}));
    encode->add_option("--head", encoded->head, "embedding, ssl or mmcl")->check(notEmpty());
    encode->add_flag("--double", encoded->isDouble, "Compute and write in double precision");
    program.onRun(encode, [&context = program.context, encoded] { return encodeWindows(context, *encoded); });
}

} // namespace kino::cli
