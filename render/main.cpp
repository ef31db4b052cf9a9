#include "render/commands/commands.hpp"

int main(int argc, char** argv) { return rollcall::render::run_command_line(argc, argv); }
