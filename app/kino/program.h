// The command line: reads the arguments, runs one command, turns what was thrown into a sentence and an exit status.
#pragma once

namespace kino::cli {

int runProgram(int argc, char **argv);

} // namespace kino::cli
