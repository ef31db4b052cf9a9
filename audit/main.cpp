// rollcall-audit: registries -> endpoints -> probes -> cells -> verdicts. The command line, and where errors end.
#include "audit/commands/commands.hpp"
#include "data/config/config.hpp"
#include "data/store/sqlite.hpp"

#include <csignal>
#include <exception>
#include <iostream>

int main(int argc, char** argv)
{
    namespace commands = rollcall::audit::commands;
    std::signal(SIGPIPE, SIG_IGN);  // a peer that vanishes is an error code, not the end
    std::signal(SIGXFSZ, SIG_IGN);  // and so is a file that may not grow

    int code = commands::ok;
    CLI::App app{"Calls the roll of public MCP servers", "rollcall-audit"};
    app.set_version_flag("--version", "rollcall-audit " ROLLCALL_VERSION);
    app.require_subcommand(1);
    commands::add_run(app, code);
    commands::add_intake(app, code);
    commands::add_probe(app, code);
    commands::add_judge(app, code);
    commands::add_shard(app, code);
    commands::add_merge(app, code);
    commands::add_prune(app, code);
    commands::add_check(app, code);
    commands::add_health(app, code);
    commands::add_forget(app, code);
    commands::add_planted(app, code);
    try {
        app.parse(argc, argv);
        return code;
    } catch (const CLI::ParseError& e) {
        return app.exit(e) == 0 ? commands::ok : commands::misused;
    } catch (const rollcall::data::config_error& e) {
        std::cerr << "rollcall-audit: " << e.what() << '\n';
        return commands::misused;
    } catch (const std::exception& e) {
        std::cerr << "rollcall-audit: " << e.what() << '\n';
        return commands::failed;
    }
}
