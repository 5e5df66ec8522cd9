#include "app/kino/learn/launch.h"

#include <algorithm>
#include <filesystem>
#include <iostream>
#include <string_view>
#include <unistd.h>

namespace kino::cli {

const std::vector<LearningCommand> &learningCommands()
{
    static const std::vector<LearningCommand> commands = {{"encoders", "List the encoders, what they take and give"},
                                                          {"weights", "Show what a file of weights holds, and whether it fits an encoder"},
                                                          {"encode", "Embed windows from a NumPy file"},
                                                          {"losses", "List the losses and their options"},
                                                          {"loss", "Compute a loss of two NumPy files, with its gradients' lengths"},
                                                          {"estimate", "Tell what a specification would cost: steps, time, memory, disk"},
                                                          {"train", "Train what a specification says, and test it"},
                                                          {"work", "Do the jobs of a project's queue, one after another"}};
    return commands;
}

bool asksForLearning(int argc, char **argv)
{
    for (int index = 1; index < argc; ++index) {
        const std::string_view word = argv[index];
        if (!word.starts_with('-'))
            return std::ranges::any_of(learningCommands(), [&](const LearningCommand &each) { return each.name == word; });
    }
    return false;
}

int becomeLearningProgram(char **argv)
{
    std::error_code failure;
    const std::filesystem::path own = std::filesystem::read_symlink("/proc/self/exe", failure);
    const std::filesystem::path program = own.parent_path() / "kino-learn";
    if (!failure)
        execv(program.c_str(), argv);
    std::cerr << "kino: the program kino-learn, which belongs beside kino, could not be started; is it installed?\n";
    return 1;
}

} // namespace kino::cli
