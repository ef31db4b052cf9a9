// health: health documents from files or URLs, read as the audit reads them.
#include "audit/commands/commands.hpp"

#include "audit/health/limits.hpp"
#include "audit/health/read.hpp"
#include "audit/health/safe.hpp"
#include "audit/health/saved_answer.hpp"
#include "audit/health/table.hpp"
#include "audit/net/fetch.hpp"
#include "audit/net/resolver.hpp"
#include "audit/net/tls.hpp"
#include "data/config/config.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>

#include <sys/ioctl.h>
#include <unistd.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <memory>

namespace rollcall::audit::commands {
namespace {

namespace net = boost::asio;

struct health_options {
    std::vector<std::string> sources;
    std::string component;
    double timeout = 5;
    bool json = false, allow_private = false;
};

// Longer than what is read, so that a document which is only a little too long is told from a flood.
constexpr std::size_t most_fetched = 1u << 20;

bool is_url(const std::string& source) { return source.starts_with("http://") || source.starts_with("https://"); }

std::string read_all(const std::string& file)
{
    std::error_code ec;
    if (file != "-" && std::filesystem::is_directory(file, ec)) throw data::config_error(file + ": is a folder, expected a file with a health document");
    std::ifstream opened;
    if (file != "-") opened.open(file, std::ios::binary);
    auto& in = file == "-" ? std::cin : opened;
    std::string out(most_fetched, '\0');
    if (in) in.read(out.data(), static_cast<std::streamsize>(out.size()));
    if (in.bad() || (file != "-" && !opened.is_open())) throw data::config_error(file + ": cannot be read");
    out.resize(static_cast<std::size_t>(in.gcount()));
    return out;
}

// "postgres.exhausted.http" is about postgres.
std::string subject_of_file(const std::string& file)
{
    const auto name = file == "-" ? std::string() : std::filesystem::path(file).filename().string();
    return health::subject_of_path(name.substr(0, name.find('.', 1)));
}

canonical_url parse_url(const std::string& url, bool allow_private)
{
    const auto shown = "\"" + health::safe_line(url, 200) + "\"";
    if (const auto seen = canonicalise(url, true); seen.why != exclusion::none)
        throw data::config_error(shown + " cannot be read (" + std::string(code_of(seen.why)) + "), expected a file, or an http or https URL");
    if (const auto strict = canonicalise(url); !allow_private && strict.why != exclusion::none)
        throw data::config_error(shown + " is excluded (" + std::string(code_of(strict.why)) + "); for a server of your own, add --allow-private");
    const auto parts = split_url(url);
    if (!parts) throw data::config_error(shown + " cannot be read, expected a file, or an http or https URL");
    return *parts;
}

std::variant<fetched, fetch_error> get(const canonical_url& url, const health_options& o)
{
    net::io_context context{1};
    const auto dns = make_resolver(context, {});
    auto tls = make_tls_context({});
    fetch_options options;
    options.user_agent = "Rollcall/" ROLLCALL_VERSION " (health)";
    options.headers = {{"Accept", "application/health+json, application/json, text/plain;q=0.5, */*;q=0.1"}};
    options.body_bytes = most_fetched;
    options.first_byte = options.whole = std::chrono::milliseconds(static_cast<int>(o.timeout * 1000));
    options.same_site = true;
    options.public_only = !o.allow_private;
    std::variant<fetched, fetch_error> out;
    std::exception_ptr failure;
    net::co_spawn(context, fetch(url, options, *dns, tls), [&](std::exception_ptr e, std::variant<fetched, fetch_error> got) {
        failure = e;
        out = std::move(got);
        context.stop();
    });
    context.run();
    if (failure) std::rethrow_exception(failure);
    return out;
}

health::report read_url(const std::string& source, const health_options& o)
{
    const auto url = parse_url(source, o.allow_private);
    const auto subject = o.component.empty() ? health::subject_of_path(url.target) : o.component;
    auto got = get(url, o);
    if (const auto* error = std::get_if<fetch_error>(&got)) {
        if (error->ours) throw std::runtime_error(health::safe_line(source, 200) + ": " + health::safe_line(error->problem, 200));
        const auto code = error->why ? data::code_of(*error->why) : std::string_view("no_document");
        return health::without_document(subject, code, error->problem, error->why.has_value());
    }
    auto& page = std::get<fetched>(got);
    return health::read_health({page.status, std::move(page.headers), std::move(page.body)}, subject);
}

health::report read_file(const std::string& source, const health_options& o)
{
    return health::read_health(health::saved_answer(read_all(source)), o.component.empty() ? subject_of_file(source) : o.component);
}

health::look terminal()
{
    if (!isatty(STDOUT_FILENO)) return {};
    winsize size{};
    const bool known = ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col >= 40;
    return {!std::getenv("NO_COLOR"), known ? size.ws_col : std::size_t{80}};
}

int read_them(const health_options& o)
{
    std::vector<health::titled> documents;
    int code = ok;
    // One source that cannot be read does not cost the others their rows.
    for (const auto& source : o.sources) {
        try {
            documents.push_back({health::safe_line(source, 200), is_url(source) ? read_url(source, o) : read_file(source, o)});
            if (documents.back().read.is != data::state::up) code = std::max<int>(code, finding);
        } catch (const data::config_error& e) {
            std::cerr << "rollcall-audit: " << e.what() << '\n';
            code = std::max<int>(code, misused);
        } catch (const std::runtime_error& e) {
            std::cerr << "rollcall-audit: " << e.what() << '\n';
            code = failed;
        }
    }
    if (o.json) std::cout << health::as_json(documents);
    else std::cout << health::as_table(documents, terminal());
    return code;
}

}  // namespace

void add_health(CLI::App& app, result& code)
{
    auto* command = app.add_subcommand("health", "Read health documents: each component with its state, reason and figures");
    const auto o = std::make_shared<health_options>();
    command->add_option("source", o->sources, "Files (as saved by curl, with or without -i; - is standard input) or URLs")->required();
    command->add_option("--component", o->component, "What a document is about that names no component; default: from the name of the file or the path");
    command->add_option("--timeout", o->timeout, "Seconds for a URL's answer; default 5")->check(CLI::Range(0.1, 60.0));
    command->add_flag("--json", o->json, "One JSON document");
    command->add_flag("--allow-private", o->allow_private, "Private addresses and reserved names too: for one's own servers");
    command->footer("Exit codes: 0 all up; 1 something is degraded, down, or not to be understood; 2 a wrong argument or an unreadable file; 3 the command itself failed.");
    command->callback([o, &code] { code = read_them(*o); });
}

}  // namespace rollcall::audit::commands
