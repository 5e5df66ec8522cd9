#include "app/kino/learn/array_file.h"
#include "app/kino/learn/learn_command.h"
#include "app/kino/option_checks.h"
#include "core/base/error.h"
#include "core/learn/losses.h"

namespace kino::cli {
namespace {

struct Options {
    std::string name, a, b, mask, queue, negatives;
    std::vector<std::string> settings;
};

int listLosses(const Context &context)
{
    nlohmann::ordered_json list = nlohmann::ordered_json::array();
    std::vector<std::vector<std::string>> rows;
    for (const LossInfo &info : lossInfos()) {
        std::string words;
        for (const NamedOption &option : info.options)
            words += (words.empty() ? "" : ", ") + option.name + "=" + (option.usual.is_string() ? option.usual.get<std::string>() : option.usual.dump());
        list.push_back({{"name", info.name}, {"title", info.title}, {"source", info.source}, {"teacher", info.teaches}, {"options", optionsJson(info.options)}});
        rows.push_back({info.name, words, info.title + " (" + info.source + ")"});
    }
    if (context.json)
        printJson({{"losses", std::move(list)}});
    else
        printText(table(rows));
    return kDone;
}

int computeOne(const Context &context, const Options &options)
{
    const torch::Tensor a = readArray(options.a, torch::kFloat64).requires_grad_();
    const torch::Tensor b = readArray(options.b, torch::kFloat64).requires_grad_();
    LossExtras extras;
    const auto read = [](const std::string &path) { return path.empty() ? std::nullopt : std::optional(readArray(path, torch::kFloat64)); };
    extras.mask = read(options.mask);
    extras.queue = read(options.queue);
    extras.negatives = read(options.negatives);
    const torch::Tensor loss = computeLoss(options.name, a, b, optionsFrom(options.settings), extras);
    loss.backward();
    const auto norm = [](const torch::Tensor &input) { return input.grad().defined() ? input.grad().norm().item<double>() : 0.0; };
    const double value = loss.item<double>();
    if (context.json)
        printJson({{"loss", value}, {"gradient_norm", {norm(a), norm(b)}}});
    else
        printText(decimal(value, 12) + "\ngradients: " + decimal(norm(a), 12) + " into A, " + decimal(norm(b), 12) + " into B\n");
    return kDone;
}

} // namespace

void addLossCommands(Program &program)
{
    CLI::App *list = program.addCommand("losses", "List the losses and their options", "kino losses --json");
    program.onRun(list, [&context = program.context] { return listLosses(context); });

    CLI::App *loss = program.addCommand("loss", "Compute a loss of two NumPy files in double precision, with its gradients' lengths", "kino loss infonce imu.npy text.npy --set temperature=0.07");
    auto options = std::make_shared<Options>();
    loss->add_option("NAME", options->name, "A loss by its name; `kino losses` lists them")->required()->check(notEmpty());
    loss->add_option("A", options->a, "Student or query, [B, D]")->required()->check(notEmpty());
    loss->add_option("B", options->b, "Teacher or positive, [B, D]")->required()->check(notEmpty());
    loss->add_option("--mask", options->mask, "[B], 1 for rows that have a positive (infonce)");
    loss->add_option("--queue", options->queue, "[K, D], keys of unit length (moco)");
    loss->add_option("--negatives", options->negatives, "[N, D] or [B, M, D] (infonce)");
    loss->add_option("--set", options->settings, "option=JSON of the loss, as often as wanted")->take_all();
    program.onRun(loss, [&context = program.context, options] { return computeOne(context, *options); });
}

} // namespace kino::cli
