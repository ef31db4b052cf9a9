// What a proxy says: the first line holds the kind, a name or an address, a user or none, and slices; then its bytes.
#include "audit/net/tunnel.hpp"
#include "tests/fuzz/input.hpp"

using namespace rollcall;
using namespace rollcall::audit;
using namespace rollcall::fuzz;

namespace {

struct end { std::string what; std::size_t taken = 0; };

end play(const egress& out, const tunnel_target& to, std::string_view slices, std::string_view heard)
{
    const auto talk = make_talk(out, to);
    must(!talk->begin().empty(), "we speak first");
    end e{"more"};
    in_slices(slices, heard, [&](std::string_view piece) {
        // As it is read: what a piece leaves over is offered again.
        while (!piece.empty()) {
            std::size_t used = 0;
            const auto said = talk->feed(piece, used);
            must(used > 0 && used <= piece.size(), "no more is taken than there is, and never nothing");
            e.taken += used;
            piece.remove_prefix(used);
            if (const auto* f = std::get_if<net_failure>(&said)) {
                const auto c = data::class_of(f->why);
                must(f->why == data::reason::proxy_failed || c == data::cell_class::transport, "whatever a proxy says is its own failure or a connection's");
                must_be_one_line(f->detail, 100, "a detail is one line of ours");
                must(f->detail.find("planted") == std::string::npos, "no secret is told", f->detail);
                e.what = std::string(data::code_of(f->why)) + f->detail;
                return false;
            }
            if (std::holds_alternative<tunnel_talk::open>(said)) {
                e.what = "open";
                return false;
            }
        }
        return true;
    });
    must(e.what != "open" || !talk->refused(), "what is open was not refused");
    return e;
}

}  // namespace

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size)
{
    auto text = text_of(data, size);
    auto choices = take_line(text);
    const bool socks = take_number(choices, 1) == 0, by_name = take_number(choices, 1) == 1, with_user = take_number(choices, 1) == 1;
    egress out;
    out.kind = socks ? egress_kind::socks5 : egress_kind::http_connect;
    if (with_user) out.user = out.password = "planted";
    tunnel_target to{std::string("mcp.test"), 443};
    if (!by_name) to.host = boost::asio::ip::address(boost::asio::ip::address_v4(0x08080808u));

    const auto sliced = play(out, to, choices, text), whole = play(out, to, {}, text);
    must(sliced.what == whole.what && sliced.taken == whole.taken, "the size of the pieces changes nothing", sliced.what + " / " + whole.what);
    return 0;
}
