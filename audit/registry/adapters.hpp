// The formats that the table in adapter.cpp knows, one file each.
#pragma once

#include "audit/registry/adapter.hpp"

namespace rollcall::audit::detail {

page_result parse_file(std::string_view text);
page_result parse_mcp_registry(std::string_view text);
page_result parse_server_json(std::string_view text);
page_result parse_docker_catalog(std::string_view text);
page_result parse_cline_catalog(std::string_view text);
page_result parse_markdown(std::string_view text);

std::string same_url(std::string_view base, std::string_view cursor);
std::string mcp_registry_url(std::string_view base, std::string_view cursor);
std::string mcp_registry_changes(std::string_view base, std::string_view since);

}  // namespace rollcall::audit::detail
