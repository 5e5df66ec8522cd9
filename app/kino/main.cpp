#include "app/kino/program.h"

int main(int argc, char **argv) { return kino::cli::runProgram(argc, argv); }
