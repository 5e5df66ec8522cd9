// kino-learn: the commands of `kino` that need LibTorch. `kino` starts it; nobody else has to know its name.
#include "app/kino/learn/learn_command.h"
#include "app/kino/program.h"

int main(int argc, char **argv)
{
    return kino::cli::runProgram(argc, argv, [](kino::cli::Program &program) {
        kino::cli::addEncoderCommands(program);
        kino::cli::addLossCommands(program);
        kino::cli::addTrainCommand(program);
    });
}
