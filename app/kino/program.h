// The command line: reads the arguments, runs one command, turns what was thrown into a sentence and an exit status.
#pragma once

namespace kino::cli {

struct Program;

/** `addCommands` says what there is to do. */
int runProgram(int argc, char **argv, void (*addCommands)(Program &));

} // namespace kino::cli
