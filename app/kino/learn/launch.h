// The commands that learn are a program of their own beside this one, `kino-learn`: loading LibTorch takes a quarter of a
// second, which those who only inspect a recording should not wait.
#pragma once

#include <string>
#include <vector>

namespace kino::cli {

struct LearningCommand {
    std::string name;
    std::string about;
};

const std::vector<LearningCommand> &learningCommands();

/** Whether the first word that is no option names one of them. */
bool asksForLearning(int argc, char **argv);

/** Becomes `kino-learn` with the same arguments. Returns only where that is impossible: the exit status, after a sentence. */
int becomeLearningProgram(char **argv);

} // namespace kino::cli
