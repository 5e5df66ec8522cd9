// kino-learn: the commands of `kino` that need LibTorch. `kino` starts it; nobody else has to know its name.
#include "app/kino/learn/learn_command.h"
#include "app/kino/program.h"

#include <cstdlib>

int main(int argc, char **argv)
{
    // With a BLAS that has threads of its own these fight torch's for the cores: five to twenty times as slow.
    setenv("OPENBLAS_NUM_THREADS", "1", /*overwrite=*/0);
    return kino::cli::runProgram(argc, argv, [](kino::cli::Program &program) {
        kino::cli::addEncoderCommands(program);
        kino::cli::addLossCommands(program);
        kino::cli::addEstimateCommand(program);
        kino::cli::addTrainCommand(program);
        kino::cli::addWorkCommand(program);
    });
}
